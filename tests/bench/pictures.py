"""`make pictures`: the README's pictures, taken from the running program in a real browser."""

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Page

from bot import app, config
from tests.browser import CHROMIUM, launched
from tests.conftest import ROOT, SEEDS

PICTURES = ROOT / "bot" / "local" / "pictures"


async def main() -> None:
    if CHROMIUM is None:
        sys.exit("there is no browser chromium on this machine: no picture can be taken")
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "pages"
        shutil.copytree(SEEDS, archive)
        settings = config.Config(
            data=Path(folder) / "data",
            archive=config.ArchiveConfig(folder=archive),
            local=config.LocalConfig(port=0),
        )
        jianbao = app.Jianbao(settings)
        await jianbao.start()
        try:
            async with launched() as browser:
                assert jianbao.server
                page = await browser.new_page(viewport={"width": 1180, "height": 820})
                await page.goto(jianbao.server.page_url)
                await _talk(page)
                await page.screenshot(path=PICTURES / "chat.png")
        finally:
            await jianbao.stop()
    print(f"took {PICTURES / 'chat.png'}")


async def _talk(page: Page) -> None:
    """A search and a subscription."""
    box = page.get_by_role("textbox")
    for said, answered in (("防汛", "找到"), ("/subscribe 养老", "已订阅")):
        await box.fill(said)
        await box.press("Enter")
        await page.get_by_role("log").get_by_text(answered).last.wait_for()
    await page.wait_for_timeout(400)  # the page scrolls smoothly


if __name__ == "__main__":
    asyncio.run(main())
