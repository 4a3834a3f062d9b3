"""A reader in a real browser on the chat page."""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright

from bot import app, config
from tests.conftest import BOT_API, SEEDS

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""Chromium asks nothing of the outside."""
MUST_RUN = os.environ.get("JIANBAO_BROWSER") == "required"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(BROWSER is None and not MUST_RUN, reason="no browser here: install chromium to run this test"),
]


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[Page]:
    """The chat page of a bot that was started a moment ago, in a browser."""
    assert BROWSER, "JIANBAO_BROWSER=required, and there is no chromium on this machine"
    settings = config.Config(
        data=tmp_path / "data",
        archive=config.ArchiveConfig(folder=SEEDS),
        local=config.LocalConfig(port=0),
    )
    jianbao = app.Jianbao(settings, schema=BOT_API if BOT_API.exists() else None)
    await jianbao.start()
    assert jianbao.server
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=BROWSER, args=QUIET)
        page = await browser.new_page(viewport={"width": 1100, "height": 800})
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        await page.goto(jianbao.server.page_url)
        yield page
        await browser.close()
    await jianbao.stop()
    assert wrong == []


async def test_a_reader_asks_for_today_presses_a_button_and_sees_the_article(page: Page) -> None:
    box = page.get_by_role("textbox")
    await box.fill("/today")
    await box.press("Enter")
    chat = page.get_by_role("log")
    await chat.get_by_text("2022年11月24日").first.wait_for()
    await page.get_by_role("button", name="1", exact=True).click()
    await chat.get_by_text("本报讯（山西日报记者 杨文）").first.wait_for()
