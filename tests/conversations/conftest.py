"""The bot on the local server over real HTTP, with a copy of the sample pages; started once per module."""

import os
import shutil
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from bot.app import Jianbao, running
from bot.config import AccessConfig, ArchiveConfig, Config, LimitsConfig, LocalConfig
from tests.conftest import BOT_API, SEEDS
from tests.conversations.reader import ALEX, GROUP, WANG, Reader

NOW = datetime(2022, 11, 25, 12, 0, tzinfo=UTC)
"""20:00 in Shanghai on the day after the newest issue, when no digest is due."""
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC).timestamp()
SCHEMA = BOT_API if BOT_API.exists() else None


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive folder for the module."""
    folder = tmp_path_factory.mktemp("archive") / "pages"
    shutil.copytree(SEEDS, folder)
    for file in folder.iterdir():
        os.utime(file, (LONG_AGO, LONG_AGO))
    return folder


@pytest.fixture(scope="module")
def config(folder: Path) -> Config:
    return Config(
        data=folder.parent / "data",
        archive=ArchiveConfig(folder=folder, every_seconds=1),
        limits=LimitsConfig(subscriptions=12),
        local=LocalConfig(port=0),
        access=AccessConfig(per_minute=1000),  # tests send faster than people type
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def jianbao(config: Config) -> AsyncIterator[Jianbao]:
    """The running bot; the local server checks its requests if the Bot API's description is at hand."""
    began = time.monotonic()

    def clock() -> datetime:
        return NOW + timedelta(seconds=time.monotonic() - began)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.delivery.throttle.CHAT_BURST_LIMIT", (1000, 1.0))  # tests send faster than people type
        async with running(config, clock=clock, schema=SCHEMA) as bot:
            yield bot
    assert bot.server
    assert bot.server.schema_problems == []


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def page(jianbao: Jianbao) -> AsyncIterator[httpx.AsyncClient]:
    assert jianbao.server
    async with httpx.AsyncClient(base_url=jianbao.server.page_url, trust_env=False) as client:
        yield client


@pytest.fixture
def wang(page: httpx.AsyncClient) -> Reader:
    """A reader of Chinese."""
    return Reader(page, WANG)


@pytest.fixture
def alex(page: httpx.AsyncClient) -> Reader:
    """A reader of English."""
    return Reader(page, ALEX)


@pytest.fixture
def group(page: httpx.AsyncClient) -> Reader:
    """Wang in the group, which he owns and Alex is a member of."""
    return Reader(page, GROUP, WANG)
