"""The chat page in a browser, with mouse and keyboard, on wide and narrow screens, light and dark."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from bot.local import LocalServer
from tests.browser import launched
from tests.local.conftest import ALEX, GROUP, WANG, Caller, png

pytestmark = pytest.mark.browser
KEYS = {"inline_keyboard": [[{"text": "读", "callback_data": "read"}, {"text": "答", "callback_data": "say"}]]}
TEXT = "<b>简报</b> <a href='https://example.com/'>版面</a> /today\n<blockquote>引文😀</blockquote>"


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with launched() as browser:
        yield browser


@pytest.fixture
async def page(browser: Browser, server: LocalServer) -> AsyncIterator[Page]:
    """The opened page; errors and requests to other hosts fail the test."""
    opened = await browser.new_page(viewport={"width": 1100, "height": 760})
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("request", lambda request: request.url.startswith(server.page_url) or wrong.append(request.url))
    opened.on("console", lambda line: line.type == "error" and wrong.append(line.text))
    await opened.goto(server.page_url)
    yield opened
    await opened.close()
    assert wrong == []


async def serve(bot: Caller) -> None:
    """A bot that answers every message, edits it at one button and shows a popup at the other."""
    offset = 0
    while True:
        for update in await bot.updates(offset=offset, timeout=20):
            offset = update["update_id"] + 1
            if message := update.get("message"):
                chat = {"chat_id": message["chat"]["id"]}
                await bot.result("sendMessage", **chat, text=TEXT, parse_mode="HTML", reply_markup=KEYS)
            elif query := update.get("callback_query"):
                await answer(bot, query)


async def answer(bot: Caller, query: dict[str, Any]) -> None:
    message = query["message"]
    if query["data"] == "read":
        await bot.result("answerCallbackQuery", callback_query_id=query["id"])
        place = {"chat_id": message["chat"]["id"], "message_id": message["message_id"]}
        await bot.result("editMessageText", **place, text="全文在此", reply_markup=KEYS)
    else:
        await bot.result("answerCallbackQuery", callback_query_id=query["id"], text="没有更早的", show_alert=True)


@pytest.fixture
async def answering(bot: Caller) -> AsyncIterator[None]:
    task = asyncio.create_task(serve(bot))
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_first_visit_offers_to_start_and_a_button_edits_in_place(page: Page, answering: None) -> None:
    await expect(page).to_have_title("简报")
    await page.get_by_role("button", name="开始 /start").click()
    bubble = page.locator(".message.theirs")
    await expect(bubble.locator("strong")).to_have_text("简报")
    await expect(bubble.locator("blockquote")).to_have_text("引文😀")
    await expect(bubble.locator("a")).to_have_attribute("href", "https://example.com/")
    await page.get_by_role("button", name="读", exact=True).click()
    await expect(bubble.locator(".text")).to_have_text("全文在此")
    await expect(bubble.locator(".stamp")).to_contain_text("已编辑")
    await bubble.get_by_role("button", name="答", exact=True).click()
    await expect(page.get_by_role("dialog")).to_contain_text("没有更早的")
    await page.keyboard.press("Escape")
    await expect(page.locator(".message")).to_have_count(2)


async def test_everything_can_be_done_with_the_keyboard(page: Page, answering: None, bot: Caller) -> None:
    commands = [{"command": "today", "description": "今日简报"}, {"command": "help", "description": "使用帮助"}]
    await bot.result("setMyCommands", commands=commands)
    field = page.get_by_label("写消息")
    await expect(field).to_be_focused()
    await page.keyboard.type("第一行")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("第二行")
    await page.keyboard.press("Enter")
    await expect(page.locator(".mine .text")).to_have_text("第一行\n第二行")
    # Leave and return at once, like a user who presses Tab too often.
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.type("/")
    await page.wait_for_timeout(200)
    await expect(page.get_by_role("option")).to_have_count(2)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.locator(".mine .text").last).to_have_text("/help")
    await expect(page.locator(".theirs")).to_have_count(2)
    key = page.locator(".theirs .key").nth(2)
    await key.focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(".theirs .text").last).to_have_text("全文在此")
    await expect(page.locator(".theirs .key").nth(2)).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(field).to_be_focused()


async def test_a_message_in_another_chat_is_counted_until_that_chat_is_opened(page: Page, bot: Caller) -> None:
    await expect(page.get_by_role("button", name="开始 /start")).to_be_visible()
    for text in ("one", "two"):
        await bot.result("sendMessage", chat_id=ALEX, text=text)
    await expect(page.locator(".unread")).to_contain_text("2")
    await expect(page).to_have_title("(2) 简报")
    await page.locator(f"[data-chat='{ALEX}']").click()
    await expect(page.locator(".theirs .text")).to_have_text(["one", "two"])
    await expect(page).to_have_title("简报")
    await page.locator(f"[data-chat='{GROUP}']").click()
    await page.get_by_label("发言人").select_option("Alex")
    await page.get_by_label("写消息").fill("大家好")
    await page.keyboard.press("Enter")
    await expect(page.locator(".mine .text")).to_have_text("大家好")
    assert bot.server.messages(GROUP)[0]["from"]["id"] == ALEX


async def test_what_looks_like_html_stays_text_and_links_lead_only_to_the_web(page: Page, bot: Caller) -> None:
    await bot.result("sendMessage", chat_id=WANG, text="<img src=x onerror=alert(1)><script>1</script>")
    link = {"type": "text_link", "offset": 0, "length": 1, "url": "javascript:alert(1)"}
    await bot.result("sendMessage", chat_id=WANG, text="x", entities=[link])
    await expect(page.locator(".text")).to_have_text(["<img src=x onerror=alert(1)><script>1</script>", "x"])
    assert await page.locator(".text img, .text script, .text a").count() == 0


async def test_a_picture_opens_in_full(page: Page, bot: Caller) -> None:
    url = f"/bot{bot.server.token}/sendPhoto"
    data = {"chat_id": str(WANG), "caption": "三个月的防汛报道"}
    assert (await bot.http.post(url, data=data, files={"photo": png(640, 360)})).status_code == 200
    await page.get_by_role("button", name="放大图片：三个月的防汛报道").click()
    await expect(page.get_by_role("dialog", name="图片").locator("img")).to_have_js_property("naturalWidth", 640)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_new_messages_wait_behind_a_button_while_the_log_is_scrolled_up(page: Page, bot: Caller) -> None:
    for n in range(40):
        await bot.result("sendMessage", chat_id=WANG, text=f"第{n}条\n两行")
    await expect(page.locator(".message")).to_have_count(40)
    await page.locator("#scroll").evaluate("node => node.scrollTo({top: 0, behavior: 'instant'})")
    await bot.result("sendMessage", chat_id=WANG, text="新的")
    await page.get_by_role("button", name="↓ 1 条新消息").click()
    await expect(page.locator(".text").last).to_be_in_viewport()
    await expect(page.locator("#pill")).to_be_hidden()


async def test_a_reply_quotes_what_it_answers_and_escape_takes_it_back(page: Page, bot: Caller) -> None:
    await bot.result("sendMessage", chat_id=WANG, text="问")
    message = page.locator(".theirs")
    await message.hover()
    await message.get_by_role("button", name="回复这条").click()
    await expect(page.locator("#replying")).to_contain_text("回复 简报：问")
    await page.keyboard.press("Escape")
    await expect(page.locator("#replying")).to_be_hidden()
    await message.hover()
    await message.get_by_role("button", name="回复这条").click()
    await page.keyboard.type("答")
    await page.keyboard.press("Enter")
    await expect(page.locator(".mine .quoted")).to_contain_text("问")
    assert bot.server.messages(WANG)[1]["reply_to_message"]["text"] == "问"


async def test_the_bot_can_be_blocked_and_unblocked(page: Page, bot: Caller) -> None:
    await page.get_by_role("button", name="更多").click()
    await page.get_by_role("button", name="屏蔽机器人").click()
    await expect(page.get_by_label("写消息")).to_be_hidden()
    assert (await bot("sendMessage", chat_id=WANG, text="?"))["error_code"] == 403
    await page.get_by_role("button", name="解除屏蔽").click()
    await expect(page.get_by_label("写消息")).to_be_focused()
    await bot.result("sendMessage", chat_id=WANG, text="!")
    await expect(page.locator(".text")).to_have_text("!")


async def test_inline_results_are_offered_while_typing_and_the_chosen_one_is_sent(page: Page, bot: Caller) -> None:
    await page.get_by_label("写消息").fill("@jianbao_bot 防汛")
    query = (await bot.updates(timeout=5))[-1]["inline_query"]
    content = {"message_text": "防汛会议召开"}
    results = [{"type": "article", "id": "1", "title": "会议", "input_message_content": content}]
    await bot.result("answerInlineQuery", inline_query_id=query["id"], results=results)
    await page.get_by_role("option", name="会议").click()
    await expect(page.locator(".mine .text")).to_have_text("防汛会议召开")
    await expect(page.locator(".mine .via")).to_have_text("经 @jianbao_bot")


async def test_a_long_chat_shows_its_latest_part_and_the_rest_when_asked(page: Page, bot: Caller) -> None:
    for n in range(210):
        await bot.result("sendMessage", chat_id=WANG, text=str(n))
    await page.reload()
    await expect(page.locator(".message")).to_have_count(200)
    await page.get_by_role("button", name="更早的 10 条").click()
    await expect(page.locator(".message")).to_have_count(210)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_fits_a_phone_and_follows_the_systems_colours(
    browser: Browser, server: LocalServer, bot: Caller, scheme: Any
) -> None:
    long = {"inline_keyboard": [[{"text": "很长的按钮文字" * 3, "callback_data": "x"}] * 3]}
    await bot.result("sendMessage", chat_id=WANG, text="字" * 300 + "x" * 300, reply_markup=long)
    page = await browser.new_page(viewport={"width": 375, "height": 667}, color_scheme=scheme)
    await page.goto(server.page_url)
    await expect(page.locator(".key")).to_have_count(3)
    assert await page.evaluate("document.documentElement.scrollWidth") == 375
    assert await page.locator("#scroll").evaluate("node => node.scrollWidth <= node.clientWidth")
    light = await page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g)[0] > 128")
    assert light == (scheme == "light")
    await page.close()


async def test_the_page_reconnects_after_the_server_was_gone(browser: Browser) -> None:
    first = LocalServer(port=0)
    await first.start()
    page = await browser.new_page()
    await page.goto(first.page_url)
    await expect(page.get_by_role("button", name="开始 /start")).to_be_visible()
    await first.stop()
    await expect(page.get_by_role("alert")).to_contain_text("重连")
    second = LocalServer(port=int(first.page_url.rsplit(":", 1)[1].strip("/")))
    await second.start()
    await expect(page.get_by_role("alert")).to_be_hidden()
    await page.get_by_label("写消息").fill("还在吗")
    await page.keyboard.press("Enter")
    await expect(page.locator(".mine .text")).to_have_text("还在吗")
    await page.close()
    await second.stop()


async def test_a_forward_names_its_sender_and_pieces_of_a_spoiler_are_shown_together(page: Page, bot: Caller) -> None:
    text = "||遮*住*了|| a\\.com"
    sent = await bot.result("sendMessage", chat_id=GROUP, text=text, parse_mode="MarkdownV2")
    await bot.result("forwardMessage", chat_id=WANG, from_chat_id=GROUP, message_id=sent["message_id"])
    bubble = page.locator(".message.theirs")
    await expect(bubble.locator(".via")).to_have_text("转发自简报")
    await expect(bubble.locator("a")).to_have_attribute("href", "http://a.com/")
    await expect(bubble.locator(".spoiler")).to_have_count(2)
    await bubble.locator(".spoiler").first.click()
    await expect(bubble.locator(".spoiler.shown")).to_have_count(2)


async def test_a_fifth_page_says_that_too_many_are_open_until_one_is_closed(
    browser: Browser, server: LocalServer, bot: Caller
) -> None:
    """A browser opens six connections to a server, of which each page holds one."""
    pages = [await browser.new_page() for _ in range(5)]
    for opened in pages[:4]:
        await opened.goto(server.page_url)
        await expect(opened.get_by_label("写消息")).to_be_focused()
    await pages[4].goto(server.page_url)
    await expect(pages[4].get_by_role("alert")).to_have_text("打开的页面太多，请关掉一个")
    await pages[0].close()
    await expect(pages[4].get_by_role("alert")).to_be_hidden()
    await bot.result("sendMessage", chat_id=WANG, text="收到吗")
    for opened in pages[1:]:
        await expect(opened.locator(".message .text")).to_have_text("收到吗")
        await opened.close()
