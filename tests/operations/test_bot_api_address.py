"""The bot on a Bot API server of one's own, at another address than Telegram's."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import orjson
import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from bot import app
from bot.config import ArchiveConfig, Config, TelegramConfig
from bot.local import LocalServer
from bot.operations.http_server import HttpServer
from digests.errors import ConfigError
from tests.conftest import SEEDS
from tests.conversations.reader import Reader


@pytest.fixture
async def server() -> AsyncIterator[LocalServer]:
    server = LocalServer(port=0)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def other_address(server: LocalServer) -> AsyncIterator[str]:
    """The same server under a path of another address."""
    outer = HttpServer(Starlette(routes=[Mount("/our-own", server._app())]), "127.0.0.1", 0)
    await outer.start()
    yield f"{outer.url}our-own"
    await outer.stop()


async def test_messages_and_files_go_through_the_configured_server(
    server: LocalServer, other_address: str, tmp_path: Path
) -> None:
    config = Config(
        token=server.token,
        data=tmp_path / "data",
        telegram=TelegramConfig(api=other_address),
        archive=ArchiveConfig(folder=SEEDS, every_seconds=3600),
    )
    export = {"program": "jianbao", "version": 1, "subscriptions": []}
    async with (
        app.running(config) as jianbao,
        httpx.AsyncClient(base_url=server.page_url, trust_env=False) as page,
    ):
        assert (jianbao.server, jianbao.address) == (None, "Telegram")
        wang = Reader(page)
        assert "/today" in (await wang.send("/help")).text
        answer = await wang.send_file("jianbao.json", orjson.dumps(export).decode())
        assert answer.text
    assert {"getMe", "getUpdates", "sendMessage", "getFile"} <= {request.method for request in server.requests}


async def test_the_test_environment_has_methods_of_its_own(tmp_path: Path) -> None:
    paths: list[str] = []

    async def refuse(request: object) -> JSONResponse:
        paths.append(request.url.path)  # type: ignore[attr-defined]
        return JSONResponse({"ok": False, "error_code": 401, "description": "Unauthorized"}, 401)

    server = HttpServer(Starlette(routes=[Route("/{path:path}", refuse, methods=["GET", "POST"])]), "127.0.0.1", 0)
    await server.start()
    token = "123456789:" + "A" * 35
    config = Config(token=token, data=tmp_path / "data", telegram=TelegramConfig(api=server.url, test=True))
    with pytest.raises(ConfigError, match="Telegram refuses it"):
        async with app.running(config):
            raise AssertionError("the bot runs with a token that is refused")
    await server.stop()
    assert set(paths) == {f"/bot{token}/test/getMe"}
