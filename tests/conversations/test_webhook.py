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


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"[]", b"7", b'{"message": {}}', b'{"update_id": 1, "message": 7}', b"\xff"),
        b'{"update_id": 1, "message": {"message_id": 1, "date": 9e18, "chat": {"id": 1, "type": "private"}}}',
        b'{"update_id": 1, "message": {"message_id": 1, "date": 9999999999999, "chat": {"id": 1, "type": "private"}}}',
    ],
)
async def test_an_invalid_update_is_refused_and_the_bot_continues(config: Config, wang: Reader, body: bytes) -> None:
    assert await _post(config, body, SECRET) == 400
    assert "/today" in (await wang.send("/help")).text


async def test_a_huge_body_is_refused(config: Config, wang: Reader) -> None:
    await wang.send("/help")
    assert await _post(config, b" " * (2 << 20), SECRET) == 413


async def test_another_path_is_not_found(config: Config, wang: Reader) -> None:
    await wang.send("/help")
    assert await _post(config, b'{"update_id": 1}', SECRET, "/updates") == 404
