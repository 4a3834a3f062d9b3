"""An invented paper of two issues that tell one story and how it went on."""

import os
from pathlib import Path

from tests.conversations.conftest import LONG_AGO

GARDEN = "云河市雨水花园蓄水池"
PAGES = {
    "2023-03-01": f"{GARDEN}开工\n\n本报讯（记者 方小满）3月1日，{GARDEN}在河滨公园开工，总投资90亿元。\n",
    "2023-03-15": f"{GARDEN}建成\n\n本报讯（记者 方小满）3月14日，{GARDEN}在河滨公园建成开放，孩子们前来看水草。\n",
}


def lay_out(folder: Path) -> Path:
    """Write the pages into a new folder, as of long ago; gives the folder."""
    folder.mkdir()
    (folder / "archive.toml").write_text('paper = "云河日报"\n', encoding="utf-8")
    for day, text in PAGES.items():
        file = folder / f"{day}.txt"
        file.write_text(text, encoding="utf-8")
        os.utime(file, (LONG_AGO, LONG_AGO))
    return folder
