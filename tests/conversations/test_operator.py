"""The operator's commands, access control, the rate limit and monitoring."""

import asyncio
import logging
from pathlib import Path

import httpx
import pytest

from bot.app import Jianbao
from bot.config import AccessConfig, ArchiveConfig, Config, LocalConfig, MonitorConfig
from tests.conversations.reader import ALEX, GROUP, WANG, Reader

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def config(folder: Path) -> Config:
    """Wang is the operator; monitoring is on."""
    return Config(
        data=folder.parent / "data",
        archive=ArchiveConfig(folder=folder, every_seconds=3600),
        access=AccessConfig(admins=(WANG,), per_minute=200),
        local=LocalConfig(port=0),
        monitor=MonitorConfig(port=0),
    )


def _with_access(jianbao: Jianbao, access: AccessConfig) -> None:
    jianbao.apply_reload(jianbao.services.config.model_copy(update={"access": access}))


async def test_admin_shows_the_state_of_the_program(wang: Reader) -> None:
    answer = await wang.send("/admin")
    assert "5期" in answer.text
    assert "2022年11月24日" in answer.text
    assert "定时任务均正常" in answer.text


async def test_operator_commands_are_unknown_to_others(alex: Reader) -> None:
    unknown = (await alex.send("/nonsense")).text
    assert (await alex.send("/admin")).text == unknown
    assert (await alex.send("/announce free beer")).text == unknown


async def test_operator_buttons_do_nothing_for_others(wang: Reader, alex: Reader) -> None:
    await wang.send("/admin")
    _, data = wang.last.button("📥")
    hello = await alex.send("/help")
    answer = await alex.press_data(hello.messages[0]["message_id"], data)
    assert "/admin" not in answer.text
    assert answer.text == (await alex.send("/nonsense")).text


async def test_the_operator_ingests_new_pages_at_once(wang: Reader, folder: Path) -> None:
    page = folder / "2022-11-26_第01版.txt"
    page.write_text(
        "太原日报\n2022年11月26日 星期六\n第01版\n新桥今日通车\n" + "新桥全长一千二百米，今日上午通车。" * 12,
        encoding="utf-8",
    )
    await wang.send("/admin")
    answer = await wang.press("📥")
    assert answer.edited
    assert "已读入" in answer.text
    assert "6期" in (await wang.press("🔄")).text


async def test_the_operator_previews_tomorrows_digest(wang: Reader) -> None:
    await wang.send("/admin")
    answer = await wang.press("📰")
    assert "2022年11月26日" in answer.text.splitlines()[0]
    assert "关键词" in answer.text or "新桥" in answer.text


async def test_the_operator_sees_the_last_warnings(wang: Reader) -> None:
    logging.getLogger("bot.test").warning("a page could not be read")
    await wang.send("/admin")
    assert "a page could not be read" in (await wang.press("⚠️")).text


async def test_a_confirmed_announcement_goes_to_every_chat_once(wang: Reader, alex: Reader) -> None:
    await alex.send("/subscribe 防汛")
    preview = await wang.send("/announce 图书馆周一闭馆 5<6 & 7")
    assert preview.text.endswith("图书馆周一闭馆 5<6 & 7")
    await wang.press("📣", preview)
    heard = await alex.next_message()
    assert heard.text == "图书馆周一闭馆 5<6 & 7"
    await wang.press("📣", preview)
    await asyncio.sleep(1.5)
    seen = [message for message in (await alex._seen()).values() if message["text"] == "图书馆周一闭馆 5<6 & 7"]
    assert len(seen) == 1


async def test_an_announcement_without_text_explains_how(wang: Reader) -> None:
    assert "/announce" in (await wang.send("/announce")).text


async def test_a_user_without_access_is_told_the_chat_id_and_nothing_is_stored(
    jianbao: Jianbao, page: httpx.AsyncClient
) -> None:
    before = jianbao.services.config.access
    stranger = Reader(page, ALEX)
    jianbao.services.chats.delete(ALEX)
    _with_access(jianbao, AccessConfig(admins=(WANG,), allowed=(WANG,)))
    try:
        answer = await stranger.send("/today")
        assert str(ALEX) in answer.text
        await stranger.send_without_waiting("/today")  # the notice comes once a minute
        await asyncio.sleep(0.3)
        assert jianbao.services.chats.get(ALEX) is None
        assert jianbao.server
        assert jianbao.server.messages(ALEX)[-1]["text"] == "/today"
    finally:
        _with_access(jianbao, before)
    assert "简报" in (await stranger.send("/start")).text or "Jianbao" in (await stranger.send("/start")).text


async def test_a_chat_over_the_rate_limit_is_told_once(jianbao: Jianbao, page: httpx.AsyncClient) -> None:
    before = jianbao.services.config.access
    group = Reader(page, GROUP, WANG)
    _with_access(jianbao, AccessConfig(per_minute=2))
    try:
        for _ in range(2):
            assert "2次" not in (await group.send("/issues")).text
        assert "2次" in (await group.send("/issues")).text
        await group.send_without_waiting("/issues")
        await asyncio.sleep(0.3)
        assert jianbao.server
        assert jianbao.server.messages(GROUP)[-1]["text"] == "/issues"
    finally:
        _with_access(jianbao, before)


async def test_monitoring_serves_metrics_and_health(jianbao: Jianbao, wang: Reader) -> None:
    await wang.send("/help")
    assert jianbao.monitor
    async with httpx.AsyncClient(base_url=jianbao.monitor.url, trust_env=False) as client:
        metrics = (await client.get("/metrics")).text
        assert 'jianbao_state{of="issues"} ' in metrics
        assert "jianbao_answer_seconds_count" in metrics
        health = await client.get("/health")
        assert (health.status_code, health.json()) == (200, {"status": "ok", "problems": []})
        jianbao.services.health.job_failed("queue_due_messages", "the disk is full")
        health = await client.get("/health")
        jianbao.services.health.job_succeeded("queue_due_messages")
    assert (health.status_code, health.json()["problems"]) == (503, ["queue_due_messages: the disk is full"])
