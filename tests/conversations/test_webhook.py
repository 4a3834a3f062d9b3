"""Updates by webhook."""

import socket
from pathlib import Path

import httpx
import pytest

from bot.app import Jianbao
from bot.config import ArchiveConfig, Config, LocalConfig, WebhookConfig
from tests.conversations.reader import Reader

pytestmark = pytest.mark.asyncio(loop_scope="module")
SECRET = "a-secret_of-this-test"


@pytest.fixture(scope="module")
def config(folder: Path) -> Config:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return Config(
        data=folder.parent / "data",
        archive=ArchiveConfig(folder=folder, every_seconds=3600),
        local=LocalConfig(port=0),
        webhook=WebhookConfig(url=f"http://127.0.0.1:{port}/updates-x7", port=port, secret=SECRET),
    )


async def _post(config: Config, body: bytes, secret: str, path: str = "/updates-x7") -> int:
    async with httpx.AsyncClient(trust_env=False) as client:
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
        answer = await client.post(f"http://127.0.0.1:{config.webhook.port}{path}", content=body, headers=headers)
    return answer.status_code


async def test_a_posted_update_is_answered_like_a_fetched_one(wang: Reader) -> None:
    assert "/today" in (await wang.send("/help")).text


async def test_the_bot_fetches_nothing(jianbao: Jianbao, wang: Reader) -> None:
    await wang.send("/issues")
    assert jianbao.server
    methods = {request.method for request in jianbao.server.requests}
    assert "setWebhook" in methods
    assert "getUpdates" not in methods


async def test_an_update_with_another_secret_is_refused(config: Config, wang: Reader) -> None:
    await wang.send("/help")
    assert await _post(config, b'{"update_id": 1}', "wrong") == 403
    assert await _post(config, b'{"update_id": 1}', "") == 403
    assert await _post(config, b'{"update_id": 1}', SECRET) == 200


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b"null", b'{"message": {}}', b'{"update_id": "x"}', b"\xff"])
async def test_what_is_no_update_is_refused_and_the_bot_continues(config: Config, wang: Reader, body: bytes) -> None:
    assert await _post(config, body, SECRET) == 400
    assert "/today" in (await wang.send("/help")).text


@pytest.mark.parametrize(
    "message",
    [
        b"7",
        b"[]",
        b'{"message_id": 1, "date": 9e18, "chat": {"id": 1, "type": "private"}}',
        b'{"message_id": 1, "date": 9999999999999, "chat": {"id": 1, "type": "private"}}',
        b'{"message_id": 1, "date": 1, "chat": {"id": "x", "type": "private"}, "text": "/help"}',
        b'{"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "entities": [{"type": "bold"}]}',
    ],
)
async def test_an_unreadable_update_is_skipped_so_that_telegram_does_not_post_it_again(
    jianbao: Jianbao, config: Config, wang: Reader, message: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    number = 1000 + len(message)
    assert await _post(config, b'{"update_id": %d, "message": %b}' % (number, message), SECRET) == 200
    assert f'is skipped: {{"update_id":{number},' in caplog.text
    assert "/today" in (await wang.send("/help")).text
    assert jianbao.services.health.problems() == ()


async def test_a_huge_body_is_refused(config: Config, wang: Reader) -> None:
    await wang.send("/help")
    assert await _post(config, b" " * (2 << 20), SECRET) == 413


async def test_another_path_is_not_found(config: Config, wang: Reader) -> None:
    await wang.send("/help")
    assert await _post(config, b'{"update_id": 1}', SECRET, "/updates") == 404
