"""A real browser for tests: Debian's Chromium, driven by Playwright, with no requests of its own."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

CHROMIUM = shutil.which("chromium")
EXPECT_TIMEOUT_MS = 20_000
"""Milliseconds that an expectation waits: long enough for a busy machine."""

_QUIET_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """Launch a browser; if none is installed, skip the test, or fail it in CI."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("chromium is not installed; in CI the page has to be tested")
        pytest.skip("chromium is not installed; the page was not tested in a browser")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=_QUIET_FLAGS)
        expect.set_options(timeout=EXPECT_TIMEOUT_MS)
        yield browser
        await browser.close()


async def drawn(page: Page) -> None:
    """Wait until the page has rendered and scrolled."""
    await page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
