"""The bot as a process: start, serve until a signal ends it, stop.

SIGINT, SIGTERM   stop in order: answer no more, finish what is under way, close the files; a second signal, or
                  STOP_SECONDS after the first, ends the process at once
SIGHUP            read the configuration again and apply the keys that need no restart
"""

import asyncio
import logging
import os
import signal
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from bot.app import Jianbao
from bot.config import Config
from digests.errors import JianbaoError

log = logging.getLogger(__name__)

STOP_SECONDS = 4.5
"""Seconds that stopping in order may take. The process then ends at once, which like a crash loses nothing."""

Program = AbstractAsyncContextManager[Jianbao]


async def serve(program: Program, announce: Callable[[str], None], load_config: Callable[[], Config]) -> None:
    """Enter `program`, call `announce` with its address, and serve until SIGINT or SIGTERM.

    SIGHUP calls `load_config`, also one that arrives while the program starts: its turn is after the start.
    """
    loop = asyncio.get_running_loop()
    reload, stopping = asyncio.Event(), asyncio.Event()
    serving = asyncio.create_task(_serve(program, announce, load_config, reload))

    def stop(number: int) -> None:
        if stopping.is_set():
            os._exit(128 + number)  # all acknowledged writes are on the disk
        stopping.set()
        serving.cancel()
        # Not a timer of the event loop: the loop may be closed, or wait for a thread, when the time is over.
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
    async with program as jianbao:
        announce(jianbao.address)
        while await reload.wait():
            reload.clear()
            _reload(jianbao, load_config)


def _reload(jianbao: Jianbao, load_config: Callable[[], Config]) -> None:
    try:
        waiting = jianbao.apply_reload(load_config())
    except JianbaoError as error:
        log.warning("%s; the configuration stays as it was", error)
        return
    log.info("the configuration was read again")
    for key in waiting:
        log.warning("%s: the change takes effect at the next start", key)
