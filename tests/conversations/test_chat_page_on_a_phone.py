"""Scrolling of the chat page on a phone."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from bot.app import Jianbao
from tests.browser import drawn, launched

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

AT_THE_END = """() => {
  const log = document.getElementById("scroll");
  return log.clientHeight < 400 && log.scrollHeight - log.scrollTop - log.clientHeight < 2;
}"""


@pytest_asyncio.fixture(loop_scope="module")
async def phone(jianbao: Jianbao) -> AsyncIterator[Page]:
    assert jianbao.server
    async with launched() as browser:
        page = await browser.new_page(viewport={"width": 390, "height": 720}, reduced_motion="reduce")
        await page.goto(jianbao.server.page_url)
        yield page


async def send(phone: Page, text: str) -> None:
    box = phone.get_by_role("textbox")
    await box.fill(text)
    await box.press("Enter")


async def top_of(message: Locator, phone: Page) -> float:
    """Pixels from the upper edge of the log to the message; negative above the visible part."""
    box, view = await message.bounding_box(), await phone.locator("#scroll").bounding_box()
    assert box
    assert view
    return box["y"] - view["y"]


async def test_a_long_answer_opens_at_its_beginning(phone: Page) -> None:
    await send(phone, "/digest 2022-08-29")
    answers = phone.locator(".message.theirs")
    await expect(answers).to_have_count(1)
    await drawn(phone)
    assert await top_of(answers.nth(0), phone) >= 0
    await answers.nth(0).get_by_role("button", name="1", exact=True).click()
    await expect(answers).to_have_count(2)
    await expect(answers.nth(1)).to_contain_text("太原日报 · 2022年8月29日 星期一 · 第1版")
    await drawn(phone)
    assert 0 <= await top_of(answers.nth(1), phone) < 60


async def test_a_log_scrolled_to_its_end_stays_there_when_the_keyboard_opens(phone: Page) -> None:
    messages = phone.locator(".message")
    await expect(phone.get_by_label("写消息")).to_be_enabled()
    before = await messages.count()
    await send(phone, "/digest 2022-08-29")
    await expect(messages).to_have_count(before + 2)
    scroller = phone.locator("#scroll")
    await scroller.evaluate("e => e.scrollTo({ top: e.scrollHeight, behavior: 'instant' })")
    await drawn(phone)
    await phone.set_viewport_size({"width": 390, "height": 400})
    await phone.wait_for_function(AT_THE_END)
