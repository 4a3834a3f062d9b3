"""Scheduled digests, and delivery after a restart."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from bot import app
from bot.app import Jianbao
from bot.config import Config
from bot.local import Faults
from tests.conversations.conftest import LONG_AGO, SCHEMA
from tests.conversations.reader import Reader

EARLY = datetime(2022, 11, 24, 23, 29, tzinfo=UTC)
"""07:29 in Shanghai."""
MISTY = "晨雾锁城\n\n本报讯（记者 李明）11月25日清晨，大雾锁城，多条高速公路临时封闭。\n"


class Clock:
    """A wall clock that tests set."""

    def __init__(self) -> None:
        self.now = EARLY

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def config(config: Config, folder: Path, tmp_path: Path) -> Config:
    """The pages of the module with a data folder for each test."""
    return config.model_copy(update={"data": tmp_path / "data", "archive": config.archive})


@asynccontextmanager
async def running(config: Config, clock: Clock) -> AsyncIterator[tuple[Jianbao, Reader]]:
    async with app.running(config, clock=clock, schema=SCHEMA) as bot:
        assert bot.server
        async with httpx.AsyncClient(base_url=bot.server.page_url, trust_env=False) as page:
            yield bot, Reader(page)
    assert bot.server.schema_problems == []


async def test_the_digest_comes_at_its_time_once(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.jobs.DUE_SECONDS", 0.1)
    clock = Clock()
    async with running(config, clock) as (bot, wang):
        await wang.send("/subscribe 防汛")
        await asyncio.sleep(0.5)
        assert bot.services.outbox.keys_with_prefix("digest:") == set()
        clock.now = EARLY.replace(minute=30)
        digest = await wang.next_message()
        assert digest.text.startswith("太原日报 · 2022年11月24日 星期四")
        assert "目录" in " ".join(digest.labels)
        await asyncio.sleep(0.5)
        assert len(bot.services.outbox.keys_with_prefix("digest:")) == 1
        assert bot.services.outbox.counts()["owed"] == 0


async def test_an_undelivered_alert_comes_after_a_restart(config: Config, folder: Path) -> None:
    clock = Clock()
    async with running(config, clock) as (bot, wang):
        await wang.send("/subscribe 大雾")
        assert bot.server
        bot.server.faults = Faults(server_error=10_000)
        page = folder / "2022-11-25-04.txt"
        page.write_text(MISTY, encoding="utf-8")
        os.utime(page, (LONG_AGO, LONG_AGO))
        async with asyncio.timeout(10):
            while not bot.services.outbox.counts()["owed"]:
                await asyncio.sleep(0.05)
    clock.now = EARLY.replace(hour=23, minute=29, second=50)
    async with running(config, clock) as (bot, wang):
        alert = await wang.next_message()
        assert alert.text.startswith("🔔 晨雾锁城")
        assert "2022年11月25日 · 第4版" in alert.text
        await asyncio.sleep(1)
        assert bot.services.outbox.counts() == {"owed": 0, "held": 0, "sent": 1, "failed": 0}


async def test_the_on_this_day_plan_sends_the_issue_of_the_same_date(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.jobs.DUE_SECONDS", 0.1)
    clock = Clock()
    clock.now = EARLY.replace(year=2025, day=26)  # the morning of 27 November there
    digest_config = config.digest.model_copy(update={"mode": "on_this_day"})
    async with running(config.model_copy(update={"digest": digest_config}), clock) as (_, wang):
        await wang.send("/subscribe 防汛")
        clock.now += timedelta(minutes=1)
        assert (await wang.next_message()).text == "往年今日没有报纸。"
        clock.now += timedelta(days=362)  # 24 November
        digest = await wang.next_message()
        assert digest.text.startswith("太原日报 · 2022年11月24日 星期四")
        assert (await wang.send("/today")).text == digest.text
