"""Sample data: an invented paper with a continued story in two issues, and a forum and a channel."""

import os
from pathlib import Path

from bot.local.chats import ALEX, WANG, Chat
from tests.conversations.conftest import LONG_AGO

GARDEN = "云河市雨水花园蓄水池"
PAPER = {
    "2023-03-01": f"{GARDEN}开工\n\n本报讯（记者 方小满）3月1日，{GARDEN}在河滨公园开工，总投资90亿元。\n",
    "2023-03-15": f"{GARDEN}建成\n\n本报讯（记者 方小满）3月14日，{GARDEN}在河滨公园建成开放，孩子们前来看水草。\n",
}


def write_paper(folder: Path) -> Path:
    """Write the pages into a new folder, with an old modification time; return the folder."""
    folder.mkdir()
    (folder / "archive.toml").write_text('paper = "云河日报"\n', encoding="utf-8")
    for day, text in PAPER.items():
        file = folder / f"{day}.txt"
        file.write_text(text, encoding="utf-8")
        os.utime(file, (LONG_AGO, LONG_AGO))
    return folder


WEATHER, CITY = 11, 12
"""Thread ids of the forum's topics."""
FORUM = Chat(-1001000000004, "supergroup", "读报论坛", (WANG, ALEX), topics=(WEATHER, CITY))
CHANNEL = Chat(-1001000000005, "channel", "防汛快讯", (WANG,), username="fangxun")
EXTRA_CHATS = {place.id: place for place in (FORUM, CHANNEL)}
