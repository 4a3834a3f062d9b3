"""The program as a process: until when it serves, and what the signals mean.

SIGINT, SIGTERM   end in order: answer no more, finish what is under way, close; once more, or too late: end at once
SIGHUP            read the configuration anew and take over what needs no restart
"""

import asyncio
import logging
import os
import signal
from collections.abc import Callable

from bot.app import Jianbao
from bot.config import Config
from digests.errors import JianbaoError

log = logging.getLogger(__name__)

STOP_SECONDS = 4.5
"""Seconds for an end in order; what is then still under way is cut off, as by a crash, which loses nothing."""


async def serve(jianbao: Jianbao, announce: Callable[[str], None], reread: Callable[[], Config]) -> None:
    """Start, announce where the bot is to be found, and serve until told to end; `reread` gives the configuration."""
    loop = asyncio.get_running_loop()
    asked_to_stop = asyncio.Event()

    def end(number: int) -> None:
        if asked_to_stop.is_set():
            os._exit(128 + number)  # all that was acknowledged is on the disk
        asked_to_stop.set()
        # Of the system and not of the loop, which may be closed, or waiting for a thread, by then.
        signal.signal(signal.SIGALRM, lambda *_: os._exit(0))
        signal.setitimer(signal.ITIMER_REAL, STOP_SECONDS)

    for wanted in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(wanted, end, int(wanted))
    loop.add_signal_handler(signal.SIGHUP, _take_over, jianbao, reread)
    asked = asyncio.create_task(asked_to_stop.wait())
    starting = asyncio.create_task(jianbao.start())
    await asyncio.wait({asked, starting}, return_when=asyncio.FIRST_COMPLETED)
    if not starting.done():
        starting.cancel()
        await asyncio.wait({starting})
        return
    try:
        starting.result()
        announce(jianbao.server.page_url if jianbao.server else "Telegram")
        await asked
    finally:
        asked.cancel()
        await jianbao.stop()


def _take_over(jianbao: Jianbao, reread: Callable[[], Config]) -> None:
    try:
        waiting = jianbao.take_over(reread())
    except JianbaoError as error:
        log.warning("%s; the configuration stays as it was", error)
        return
    log.info("the configuration was read anew")
    for key in waiting:
        log.warning("%s: the change takes effect at the next start", key)
