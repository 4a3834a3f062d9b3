"""The webhook on its own: secret, size limit, path, and what Telegram is told."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, cast

import httpx
import pytest
from telegram import Bot

from bot.config import WebhookConfig
from bot.operations.http_server import MAX_UPDATE_BYTES, Webhook

HEADER = "X-Telegram-Bot-Api-Secret-Token"


class _Bot:
    """Records what is registered with Telegram."""

    def __init__(self) -> None:
        self.registered: list[dict[str, Any]] = []

    async def set_webhook(self, url: str, **fields: Any) -> None:
        self.registered.append({"url": url, **fields})


@pytest.fixture
def bot() -> _Bot:
    return _Bot()


@pytest.fixture
def updates() -> "asyncio.Queue[Any]":
    return asyncio.Queue()


@pytest.fixture
async def client(bot: _Bot, updates: "asyncio.Queue[Any]") -> AsyncIterator[httpx.AsyncClient]:
    config = WebhookConfig(url="https://example.org/updates-x7", port=0)
    webhook = Webhook(config, cast(Bot, bot), updates)
    await webhook.start(["message"])
    secret = {HEADER: bot.registered[0]["secret_token"]}
    async with httpx.AsyncClient(base_url=webhook._server.url, headers=secret, trust_env=False) as client:
        yield client
    await webhook.stop()


async def test_an_update_goes_into_the_queue(client: httpx.AsyncClient, updates: "asyncio.Queue[Any]") -> None:
    answer = await client.post("/updates-x7", content=b'{"update_id": 7}')
    assert answer.status_code == 200
    assert updates.get_nowait().update_id == 7


async def test_without_a_configured_secret_each_start_makes_a_long_one(client: httpx.AsyncClient, bot: _Bot) -> None:
    [registered] = bot.registered
    assert registered["url"] == "https://example.org/updates-x7"
    assert registered["allowed_updates"] == ["message"]
    assert len(registered["secret_token"]) == 43  # 32 random bytes
    answer = await client.post("/updates-x7", content=b'{"update_id": 7}', headers={HEADER: "another"})
    assert answer.status_code == 403


async def test_a_body_of_a_mebibyte_is_read_and_a_larger_one_refused(client: httpx.AsyncClient) -> None:
    update = b'{"update_id": 7}'
    largest = update + b" " * (2**20 - len(update))
    assert len(largest) == MAX_UPDATE_BYTES
    assert (await client.post("/updates-x7", content=largest)).status_code == 200
    assert (await client.post("/updates-x7", content=largest + b" ")).status_code == 413


async def test_only_posts_to_the_path_are_answered(client: httpx.AsyncClient) -> None:
    assert (await client.get("/updates-x7")).status_code == 405
    assert (await client.post("/")).status_code == 404
