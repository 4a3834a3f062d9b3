"""The chat page in a real browser."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page

from bot import app, config
from tests.browser import launched
from tests.conftest import BOT_API, SEEDS

pytestmark = pytest.mark.browser


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[Page]:
    """The chat page of a freshly started bot."""
    async with launched() as browser:
        settings = config.Config(
            data=tmp_path / "data",
            archive=config.ArchiveConfig(folder=SEEDS),
            local=config.LocalConfig(port=0),
        )
        async with app.running(settings, schema=BOT_API if BOT_API.exists() else None) as jianbao:
            page = await browser.new_page(viewport={"width": 1100, "height": 800})
            errors: list[str] = []
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
            await page.goto(jianbao.address)
            yield page
            await page.close()
        assert errors == []


async def test_a_reader_requests_the_digest_and_opens_an_article_by_a_button(page: Page) -> None:
    box = page.get_by_role("textbox")
    await box.fill("/today")
    await box.press("Enter")
    chat = page.get_by_role("log")
    await chat.get_by_text("2022年11月24日 星期四").first.wait_for()
    headline = (await chat.locator("strong", has_text="1. ").first.inner_text()).removeprefix("1. ")
    await page.get_by_role("button", name="1", exact=True).click()
    article = chat.get_by_text("太原日报 · 2022年11月24日 星期四 · 第1版")
    await article.wait_for()
    assert headline.split()[0] in await article.inner_text()
