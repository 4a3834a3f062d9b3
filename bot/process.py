"""The bot as a process: start, serve until a signal, stop.

SIGINT, SIGTERM   stop cleanly: accept no more updates, finish the work in progress, close the files. The process exits
                  at once on a second signal, or if it has not stopped after STOP_SECONDS.
SIGHUP            read the configuration again and apply the keys that need no restart
"""

import asyncio
import gc
import logging
import os
import signal
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from bot.app import Jianbao
from bot.config import Config
from digests.errors import JianbaoError

log = logging.getLogger(__name__)

STOP_SECONDS = 4.5
"""Seconds that a clean stop may take. After that the process exits at once; all acknowledged writes are on the disk."""

Program = AbstractAsyncContextManager[Jianbao]


async def serve(program: Program, announce: Callable[[str], None], load_config: Callable[[], Config]) -> None:
    """Enter `program`, call `announce` with its address, and serve until SIGINT or SIGTERM.

    SIGHUP calls `load_config`; during the start of the program, the call is delayed until the start is complete.
    Raises the error that ended the program, if any.
    """
    loop = asyncio.get_running_loop()
    reload, stopping = asyncio.Event(), asyncio.Event()
    serving = asyncio.create_task(_serve(program, announce, load_config, reload))

    def stop(number: int) -> None:
        if stopping.is_set():
            os._exit(128 + number)  # all acknowledged writes are on the disk
        stopping.set()
        serving.cancel()
        # Not a timer of the event loop: by then the loop may be closed, or blocked while it waits for a thread.
        signal.signal(signal.SIGALRM, lambda *_: os._exit(0))
        signal.setitimer(signal.ITIMER_REAL, STOP_SECONDS)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop, int(number))
    loop.add_signal_handler(signal.SIGHUP, reload.set)
    try:
        await serving
    except asyncio.CancelledError:
        if not stopping.is_set():
            raise


async def _serve(
    program: Program, announce: Callable[[str], None], load_config: Callable[[], Config], reload: asyncio.Event
) -> None:
    """Enter `program`, announce its address, and reload the configuration each time `reload` is set."""
    async with program as jianbao:
        gc.collect()
        gc.freeze()  # objects loaded at the start are permanent: the garbage collector need not examine them
        announce(jianbao.address)
        while not jianbao.failure.done():
            reloading: asyncio.Future[Any] = asyncio.ensure_future(reload.wait())
            try:
                await asyncio.wait({reloading, jianbao.failure}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                reloading.cancel()
            if reload.is_set():
                reload.clear()
                _reload(jianbao, load_config)
        jianbao.failure.result()  # raises the error


def _reload(jianbao: Jianbao, load_config: Callable[[], Config]) -> None:
    """Read and apply the configuration; log the keys whose change takes effect only at the next start."""
    try:
        next_start_keys = jianbao.apply_reload(load_config())
    except JianbaoError as error:
        log.warning("%s; the configuration stays as it was", error)
        return
    log.info("the configuration was read again")
    for key in next_start_keys:
        log.warning("%s: the change takes effect at the next start", key)
