"""The webhook on its own: secret, size limit, path, and what Telegram is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, cast

import httpx
import pytest
from telegram import Bot, WebhookInfo
from telegram.error import BadRequest, RetryAfter

from bot.config import WebhookConfig
from bot.operations.monitoring import Health, Metrics
from bot.receiving import Inbox
from bot.receiving.webhook import MAX_UPDATE_BYTES, Webhook

HEADER = "X-Telegram-Bot-Api-Secret-Token"
URL = "https://example.org/updates-x7"


class _Bot:
    """Records what is registered, and answers with the next states of the webhook; the last one stays."""

    def __init__(self) -> None:
        self.registered: list[dict[str, Any]] = []
        self.refusals: list[Exception] = []
        self.states = [WebhookInfo(URL, has_custom_certificate=False, pending_update_count=0)]
        self.seen = asyncio.Event()

    async def set_webhook(self, url: str, **fields: Any) -> None:
        if self.refusals:
            raise self.refusals.pop(0)
        self.registered.append({"url": url, **fields})

    async def get_webhook_info(self) -> WebhookInfo:
        if len(self.states) == 1:
            self.seen.set()
            return self.states[0]
        return self.states.pop(0)


@pytest.fixture
def bot() -> _Bot:
    return _Bot()


@pytest.fixture
def inbox() -> Inbox:
    return Inbox(Metrics())


@pytest.fixture
def health() -> Health:
    return Health()


@pytest.fixture
async def webhook(bot: _Bot, inbox: Inbox, health: Health, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Webhook]:
    monkeypatch.setattr("bot.receiving.webhook.MIN_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr("bot.receiving.webhook.CHECK_SECONDS", 0.01)
    webhook = Webhook(WebhookConfig(url=URL, port=0), cast(Bot, bot), inbox, health)
    await webhook.start()
    yield webhook
    await webhook.stop()


@asynccontextmanager
async def watching(webhook: Webhook, bot: _Bot) -> AsyncIterator[None]:
    """Register the webhook, and watch it until the last state has been seen."""
    task = asyncio.create_task(webhook.run(["message"]))
    async with asyncio.timeout(10):
        await bot.seen.wait()
    yield
    task.cancel()
    await asyncio.wait({task})


@pytest.fixture
async def client(bot: _Bot, webhook: Webhook) -> AsyncIterator[httpx.AsyncClient]:
    async with watching(webhook, bot):
        secret = {HEADER: bot.registered[0]["secret_token"]}
        async with httpx.AsyncClient(base_url=webhook._server.url, headers=secret, trust_env=False) as client:
            yield client


async def test_an_update_goes_into_the_queue(client: httpx.AsyncClient, inbox: Inbox) -> None:
    answer = await client.post("/updates-x7", content=b'{"update_id": 7}')
    assert answer.status_code == 200
    assert inbox.updates.get_nowait().update_id == 7


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


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"NaN",
        b"\xef\xbb\xbf{}",
        b"[" * 500 + b"]" * 500,
        b"[" * 5000 + b"]" * 5000,
        b'{"x":' * 500 + b"1" + b"}" * 500,
        b'{"update_id": true}',
        b'{"update_id": null}',
        b'{"update_id": 99999999999999999999}',
        b'{"update_id": 1, "message": {"text": "\\ud800"}}',
    ],
)
async def test_a_body_that_is_no_update_is_refused(client: httpx.AsyncClient, inbox: Inbox, body: bytes) -> None:
    assert (await client.post("/updates-x7", content=body)).status_code == 400
    assert inbox.updates.empty()


async def test_a_deeply_nested_update_is_skipped(
    client: httpx.AsyncClient, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    deep = b'{"update_id": 7, "message": ' + b"[" * 500 + b"]" * 500 + b"}"
    assert (await client.post("/updates-x7", content=deep)).status_code == 200
    assert inbox.updates.get_nowait().update_id == 7
    assert caplog.messages == ["an update cannot be read (TypeError) and is skipped: a value nested too deeply"]


async def test_a_sender_that_hangs_up_in_the_middle_of_an_update_is_no_error(
    client: httpx.AsyncClient, webhook: Webhook, caplog: pytest.LogCaptureFixture
) -> None:
    port = webhook._server.port
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST /updates-x7 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 9\r\n"
    writer.write(f"{head}{HEADER}: {client.headers[HEADER]}\r\n\r\n{{".encode())
    await writer.drain()
    await asyncio.sleep(0.05)
    writer.close()
    await writer.wait_closed()
    assert (await client.post("/updates-x7", json={"update_id": 8})).status_code == 200
    assert caplog.messages == []


async def test_only_posts_to_the_path_are_answered(client: httpx.AsyncClient) -> None:
    assert (await client.get("/updates-x7")).status_code == 405
    assert (await client.post("/")).status_code == 404


async def test_an_update_that_telegram_repeats_is_passed_on_once(client: httpx.AsyncClient, inbox: Inbox) -> None:
    for number in (7, 8, 7):
        assert (await client.post("/updates-x7", json={"update_id": number})).status_code == 200
    assert [inbox.updates.get_nowait().update_id for _ in range(inbox.updates.qsize())] == [7, 8]


async def test_a_refused_registration_is_tried_again_and_told_meanwhile(
    webhook: Webhook, bot: _Bot, health: Health, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    bot.refusals = [RetryAfter(0), BadRequest("bad webhook: HTTPS url must be provided")]
    async with watching(webhook, bot):
        assert [registered["url"] for registered in bot.registered] == [URL]
    assert [record.getMessage() for record in caplog.records] == [
        f"Telegram does not take the webhook {URL} (Flood control exceeded. Retry in 0:00:00)",
        f"Telegram does not take the webhook {URL} (bad webhook: HTTPS url must be provided)",
    ]
    await asyncio.sleep(0)
    assert health.problems() == ()


async def test_a_webhook_that_another_program_removed_is_registered_again(
    webhook: Webhook, bot: _Bot, caplog: pytest.LogCaptureFixture
) -> None:
    bot.states.insert(0, WebhookInfo("", has_custom_certificate=False, pending_update_count=0))
    async with watching(webhook, bot):
        assert len(bot.registered) == 2
    assert caplog.messages == ["another program changed the webhook of this bot; stop it"]


async def test_health_tells_that_telegram_cannot_reach_the_webhook(webhook: Webhook, bot: _Bot, health: Health) -> None:
    failed = datetime(2022, 8, 29, tzinfo=UTC)
    for seconds in range(3):
        at = failed.replace(second=seconds)
        state = WebhookInfo(URL, False, 3, last_error_date=at, last_error_message="Connection refused")
        bot.states = [state, state] if seconds else [state]
        assert await webhook._is_registered()
    problem = f"webhook: Telegram cannot deliver updates to {URL} (Connection refused)"
    assert health.problems() == (problem,)
    assert await webhook._is_registered(), "the same error as before: Telegram has not failed since"
    assert health.problems() == ()
