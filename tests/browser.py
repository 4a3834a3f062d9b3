"""A real browser for tests: Debian's Chromium, driven by Playwright, asking nothing of the outside."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

CHROMIUM = shutil.which("chromium")
PATIENT = 20_000
"""Milliseconds that an expectation waits; a busy machine is slow, and only what is broken takes as long."""

_QUIET = (
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
    """A browser of its own; where there is none, the test is skipped with a word, and in CI it fails."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("chromium is not installed, and in CI the page has to be tried")
        pytest.skip("chromium is not installed; the page was not tried in a browser")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=_QUIET)
        expect.set_options(timeout=PATIENT)
        yield browser
        await browser.close()


async def drawn(page: Page) -> None:
    """Wait until the page has drawn what it knows, and with it has scrolled where it belongs."""
    await page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
