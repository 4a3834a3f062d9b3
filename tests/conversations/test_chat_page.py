"""The chat page with the bot in a browser, from /start to alerts, charts, faults and accessibility."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.async_api import Browser, Page, expect

from bot.app import Jianbao, running
from bot.config import Config, LocalConfig
from tests.browser import launched
from tests.conftest import BOT_API
from tests.conversations.reader import ALEX, GROUP, WANG

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

SERIOUS = ("serious", "critical")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def jianbao(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Jianbao]:
    """The program with its default configuration."""
    data = tmp_path_factory.mktemp("jianbao") / "data"
    config = Config(data=data, local=LocalConfig(port=0))
    async with running(config, schema=BOT_API if BOT_API.exists() else None) as jianbao:
        yield jianbao


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with launched() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, jianbao: Jianbao) -> AsyncIterator[Page]:
    """The opened page; errors and requests to other hosts fail the test."""
    opened = await open_page(browser, jianbao)
    yield opened
    await opened.close()
    assert opened.problems == []  # type: ignore[attr-defined]


async def open_page(browser: Browser, jianbao: Jianbao, **screen: Any) -> Page:
    assert jianbao.server
    here = jianbao.server.page_url
    usual = {"viewport": {"width": 1100, "height": 800}, "reduced_motion": "reduce"}
    page = await browser.new_page(**usual | screen)
    problems: list[str] = []
    page.problems = problems  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: line.type == "error" and problems.append(line.text))
    page.on("request", lambda request: request.url.startswith(here) or problems.append(request.url))
    await page.goto(here)
    await expect(page.get_by_label("写消息")).to_be_enabled()
    return page


async def open_chat(page: Page, chat: int) -> None:
    await page.locator(f"[data-chat='{chat}']").click()


async def send(page: Page, text: str) -> None:
    box = page.get_by_label("写消息")
    await box.fill(text)
    await box.press("Enter")


def newest(page: Page) -> Any:
    """The latest message of the bot."""
    return page.locator(".message.theirs").last


async def expect_answer(page: Page, text: str) -> None:
    await expect(newest(page)).to_contain_text(text)


async def test_start_leads_to_the_digest_and_to_an_article(page: Page) -> None:
    await page.get_by_role("button", name="开始 /start").click()
    await expect_answer(page, "为你读报")
    await (
        newest(page)
        .get_by_role("button", name="今日简报")
        .or_(newest(page).get_by_role("button", name="最新简报"))
        .click()
    )
    await expect_answer(page, "关键词")
    headline = (await newest(page).locator("strong", has_text="1. ").first.inner_text()).removeprefix("1. ")
    await newest(page).get_by_role("button", name="1", exact=True).click()
    await expect_answer(page, headline.split()[0])


async def test_a_subscription_alerts_live_and_is_ended_again(page: Page) -> None:
    await send(page, "防汛")
    await expect_answer(page, "找到2篇")
    await newest(page).get_by_role("button", name="1", exact=True).click()
    await expect_answer(page, "太原日报")
    await send(page, "/subscribe 雨水花园")
    await expect_answer(page, "雨水花园")
    await open_chat(page, ALEX)
    await page.get_by_role("button", name="添加一版样报").click()
    await expect(page.locator(".toast")).to_contain_text("内容虚构")
    await expect(page.locator(f"[data-chat='{WANG}'] .unread")).to_contain_text("1")
    await open_chat(page, WANG)
    await expect_answer(page, "云河市雨水花园建成")
    await send(page, "/unsubscribe 雨水花园")
    await expect(newest(page)).not_to_contain_text("云河市")


async def test_a_sample_page_is_ingested_once(page: Page, jianbao: Jianbao) -> None:
    add = page.get_by_role("button", name="添加一版样报")
    for _ in range(3):
        await add.click()
        await expect(add).to_be_enabled()
    await expect(page.locator(".toast").last).to_contain_text("样报已全部添加")
    days = [issue.day.isoformat() for issue in jianbao.services.archive.issues()]
    assert days[:3] == ["2022-11-26", "2022-11-25", "2022-11-24"]


async def test_a_chart_has_its_words_as_alternative_text_and_opens_full_size(page: Page) -> None:
    await send(page, "/trend 疫情 防汛")
    picture = newest(page).locator(".photo img")
    await expect(picture).to_have_js_property("naturalWidth", 1080)
    text = await newest(page).locator(".text").inner_text()
    assert (await picture.get_attribute("alt") or "").split() == text.split()
    await newest(page).locator(".photo").click()
    await expect(page.get_by_role("dialog", name="图片").locator("img")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_in_the_group_two_people_ask_and_each_is_answered(page: Page) -> None:
    await open_chat(page, GROUP)
    for person in ("读者小王", "Alex"):
        await page.get_by_label("发言人").select_option(person)
        before = await page.locator(".message").count()
        await send(page, "/search@jianbao_bot 养老")
        await expect(page.locator(".message")).to_have_count(before + 2)
        await expect(newest(page).locator(".quoted")).to_contain_text(person)
    await page.get_by_label("发言人").select_option("读者小王")


async def test_a_digest_is_read_with_the_keyboard_alone(page: Page) -> None:
    await expect(page.get_by_label("写消息")).to_be_focused()
    await page.keyboard.type("/to")
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Enter")
    await expect_answer(page, "关键词")
    key = newest(page).get_by_role("button", name="1", exact=True)
    for _ in range(60):
        await page.keyboard.press("Shift+Tab")
        if await key.evaluate("node => node === document.activeElement"):
            break
    await expect(key).to_be_focused()
    before = await page.locator(".message.theirs").count()
    await page.keyboard.press("Enter")
    await expect(page.locator(".message.theirs")).not_to_have_count(before)
    await page.keyboard.press("Escape")
    await expect(page.get_by_label("写消息")).to_be_focused()


async def test_an_answer_comes_although_sending_fails_at_first(page: Page, jianbao: Jianbao) -> None:
    await page.get_by_role("button", name="更多").click()
    await page.get_by_role("button", name="3 次服务器错误（502）").click()
    await expect(page.locator("#fault-state")).to_have_text("还有 3 次 502")
    await page.get_by_role("button", name="恢复正常").click()
    await expect(page.locator("#fault-state")).to_have_text("现在一切正常")
    await page.get_by_role("button", name="3 次“太快了”（429）").click()
    await page.keyboard.press("Escape")
    await send(page, "/issues")
    await expect_answer(page, "点日期看简报")
    assert jianbao.server
    assert jianbao.server.faults.flood == 0


SCREENS = {
    "wide": {"viewport": {"width": 1180, "height": 820}},
    "a dark phone": {"viewport": {"width": 390, "height": 780}, "color_scheme": "dark", "has_touch": True},
}


@pytest.mark.parametrize("screen", SCREENS)
async def test_axe_finds_no_serious_accessibility_fault(browser: Browser, jianbao: Jianbao, screen: str) -> None:
    page = await open_page(browser, jianbao, **SCREENS[screen])
    await send(page, "/today")
    await expect_answer(page, "关键词")
    await send(page, "/trend 疫情")
    await expect(newest(page).locator(".photo img")).to_have_js_property("complete", True)
    assert await serious_faults(page) == [], "a digest and a picture"
    await page.get_by_label("写消息").fill("/")
    await expect(page.get_by_role("listbox")).to_be_visible()
    assert await serious_faults(page) == [], "the commands"
    await page.get_by_label("写消息").fill("")
    await page.get_by_role("button", name="更多").click()
    assert await serious_faults(page) == [], "the panel"
    await page.keyboard.press("Escape")
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert await page.evaluate("document.documentElement.scrollWidth") == width
    await page.close()
    assert page.problems == []  # type: ignore[attr-defined]


async def serious_faults(page: Page) -> list[str]:
    """The serious accessibility faults that axe-core finds."""
    if not await page.evaluate("typeof axe !== 'undefined'"):
        await page.evaluate(Path(AXE_FILE_PATH).read_text(encoding="utf-8"))
    found = await page.evaluate("axe.run()")
    return [
        f"{fault['id']}: {fault['nodes'][0]['html']}" for fault in found["violations"] if fault["impact"] in SERIOUS
    ]
