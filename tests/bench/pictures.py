"""`make pictures`: takes the README's pictures from the running program in a browser."""

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, expect

from bot import app, config
from tests.browser import CHROMIUM, launched
from tests.conftest import ROOT

PICTURES = ROOT / "bot" / "local" / "pictures"


async def main() -> None:
    if CHROMIUM is None:
        sys.exit("there is no browser chromium on this machine: no picture can be taken")
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        settings = config.Config(data=Path(folder) / "data", local=config.LocalConfig(port=0))
        async with app.running(settings) as jianbao, launched() as browser:
            await _chat(browser, jianbao.address)
            await _phone(browser, jianbao.address)


async def _chat(browser: Browser, address: str) -> None:
    """A subscription and a trend chart on the chat page, and the chart alone."""
    page = await _opened(browser, address, viewport={"width": 1180, "height": 860})
    await _ask(page, "/subscribe 养老", "养老")
    answer = await _ask(page, "/trend 疫情 防汛", "疫情")
    chart = answer.locator(".photo img")
    await expect(chart).to_have_js_property("naturalWidth", 1080)
    await _take(page, "chat.png")
    drawn = await page.request.get(f"{address.rstrip('/')}{await chart.get_attribute('src')}")
    (PICTURES / "chart.png").write_bytes(await drawn.body())
    print(f"took {PICTURES / 'chart.png'}")
    await page.close()


async def _phone(browser: Browser, address: str) -> None:
    """An issue card on a phone in dark colours."""
    phone = {"width": 390, "height": 780}
    page = await _opened(browser, address, viewport=phone, color_scheme="dark", device_scale_factor=2)
    await page.locator("[data-chat='1002']").click()
    await _ask(page, "/settings", "Settings")
    await page.locator(".message.theirs").last.get_by_role("button", name="中文").click()
    digest = await _ask(page, "/today", "关键词")
    await digest.get_by_role("button", name="一图看完").click()
    card = page.locator(".message.theirs").last.locator(".photo img")
    await expect(card).to_have_js_property("naturalWidth", 1080)
    await _take(page, "phone.png")
    await page.close()


async def _opened(browser: Browser, address: str, **screen: Any) -> Page:
    page = await browser.new_page(**{"reduced_motion": "reduce"} | screen)
    await page.goto(address)
    await expect(page.get_by_label("写消息")).to_be_enabled()
    return page


async def _ask(page: Page, text: str, answered: str) -> Any:
    """Send a message and return the answer's element."""
    box = page.get_by_label("写消息")
    await box.fill(text)
    await box.press("Enter")
    answer = page.locator(".message.theirs").last
    await expect(answer).to_contain_text(answered)
    return answer


async def _take(page: Page, name: str) -> None:
    await page.mouse.move(0, 0)
    await page.screenshot(path=PICTURES / name)
    print(f"took {PICTURES / name}")


if __name__ == "__main__":
    asyncio.run(main())
