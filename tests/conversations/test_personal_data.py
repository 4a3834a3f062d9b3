"""/export, /import and /forget."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import httpx
import orjson
import pytest
import pytest_asyncio

from bot.app import Jianbao
from digests.chats import Chat, OutgoingMessage, Settings, Subscription
from digests.storage import backup as backup_module
from digests.storage.backup_catalog import BACKUPS_FOLDER, backup_name, read_manifest
from digests.storage.outbox import OutboxEntry
from digests.storage.personal_data import MAX_EXPORT_BYTES
from tests.conversations.conftest import NOW
from tests.conversations.reader import ALEX, GROUP, WANG, Reader

pytestmark = pytest.mark.asyncio(loop_scope="module")

NAME = "窦大夫祠的碑刻"
"""Occurs in no page, so that a file that holds it has it from the chat."""


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def nothing_kept(jianbao: Jianbao) -> AsyncIterator[None]:
    yield
    for chat in (WANG, ALEX, GROUP):
        jianbao.services.chats.delete(chat)


def stored(jianbao: Jianbao, chat: int = WANG) -> Chat:
    known = jianbao.services.chats.get(chat)
    assert known
    return known


def file(*subscriptions: object, **rest: object) -> str:
    usual = {"format": "jianbao-chat", "version": 1, "settings": {"language": "zh"}}
    return orjson.dumps({**usual, "subscriptions": subscriptions, **rest}).decode()


async def test_an_export_is_imported_by_replying_to_its_file(wang: Reader, jianbao: Jianbao) -> None:
    subscriptions = (
        Subscription(1, "防汛", NOW, name="雨", rhythm="daily", cap=3),
        Subscription(2, "煤改电 -招标", NOW, paused=True),
    )
    settings = Settings(digest_time=time(18), zone="Europe/Paris", quiet=(time(22), time(7)), weekdays=(0, 2))
    before = Chat(WANG, settings, subscriptions, next_subscription=3)
    jianbao.services.chats.put(before)
    exported = await wang.send("/export")
    assert "把它发回给我" in exported.text
    document = exported.messages[0]["document"]
    assert document["file_name"] == "jianbao.json"
    assert str(WANG) not in (await wang.page.get(f"/api/files/{document['file_id']}")).text
    jianbao.services.chats.delete(WANG)
    taken = await wang.send("/import", reply_to=exported.messages[0]["message_id"])
    assert taken.text == "设置已按文件恢复，新增2个订阅。"
    after = stored(jianbao)
    assert after.settings == settings
    assert [replace(subscription, created=NOW) for subscription in after.subscriptions] == list(subscriptions)
    again = await wang.send("/import", reply_to=exported.messages[0]["message_id"])
    assert "2个订阅原已存在。" in again.text


async def test_a_sent_file_is_imported_and_its_invalid_entries_are_named(
    wang: Reader, alex: Reader, jianbao: Jianbao
) -> None:
    odd = file({"query": "地铁"}, {"query": "的"}, {"query": "(防汛"}, settings={"language": "zh", "zone": "Mars/Base"})
    answer = await wang.send_file("jianbao.json", odd)
    assert "新增1个订阅" in answer.text
    assert "“zone: Mars/Base”未采用" in answer.text
    assert "“的”未添加：看不懂它的搜索条件。" in answer.text
    assert "“(防汛”未添加" in answer.text
    assert [subscription.query for subscription in stored(jianbao).subscriptions] == ["地铁"]
    assert (await alex.send_file("jianbao.json", file({"query": "地铁"}, settings={"language": "en"}))).text.startswith(
        "Settings restored from the file; 1 subscription added."
    )


async def test_an_import_over_the_subscription_limit_is_cut_there(wang: Reader, jianbao: Jianbao) -> None:
    answer = await wang.send_file("many.json", file(*({"query": f"话题{number}号"} for number in range(500))))
    assert "新增12个订阅" in answer.text
    assert "“话题12号”未添加：最多12个订阅。" in answer.text
    assert "另有478处未采用。" in answer.text
    assert len(stored(jianbao).subscriptions) == 12
    assert "订阅已达上限（12个" in (await wang.send("/subscribe 防汛")).text


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("{", "这不是从这里导出的文件，未作任何修改。"),
        ('{"hello": 1}', "这不是从这里导出的文件，未作任何修改。"),
        ("[" * MAX_EXPORT_BYTES + "]", "文件太大，不是从这里导出的。"),
        (file(version=2), "这个文件由更新的版本导出，暂时无法读取，未作任何修改。"),
    ],
    ids=["broken", "foreign", "huge", "newer"],
)
async def test_a_file_that_is_not_an_export_is_refused_and_changes_nothing(
    wang: Reader, jianbao: Jianbao, content: str, expected: str
) -> None:
    assert (await wang.send_file("x.json", content)).text == expected
    assert jianbao.services.chats.get(WANG) is None


async def test_import_without_a_file_explains_how(wang: Reader, alex: Reader) -> None:
    assert "/export" in (await wang.send("/import")).text
    assert "Send me the file" in (await alex.send("/import")).text


async def test_in_a_group_a_file_is_imported_only_by_command(
    group: Reader, jianbao: Jianbao, page: httpx.AsyncClient
) -> None:
    shared = {"name": "jianbao.json", "content": file({"query": "地铁"}), "from": WANG}
    sent = (await page.post(f"/api/chats/{GROUP}/files", json=shared)).json()
    assert len((await group.send("/subscriptions")).messages) == 1
    assert jianbao.services.chats.get(GROUP) is None
    member = Reader(page, GROUP, ALEX)
    assert "只有管理员" in (await member.send("/import", reply_to=sent["message_id"])).text
    assert "新增1个订阅" in (await group.send("/import", reply_to=sent["message_id"])).text


async def test_forget_asks_for_confirmation(alex: Reader, wang: Reader, jianbao: Jianbao) -> None:
    await wang.send("/subscribe 防汛")
    question = await wang.send("/forget")
    assert "1个订阅" in question.text
    kept_on = await wang.press("保留")
    assert kept_on.edited
    assert kept_on.text == "好的，数据全部保留。"
    assert stored(jianbao).subscriptions
    await alex.send("/subscribe 防汛")
    assert "Delete all data of this chat? 1 subscription" in (await alex.send("/forget")).text
    assert (await alex.press("Delete everything")).text.startswith("All data has been deleted")
    assert jianbao.services.chats.get(ALEX) is None
    assert stored(jianbao).subscriptions


async def test_forget_removes_the_chat_from_every_file_of_the_data_folder(wang: Reader, jianbao: Jianbao) -> None:
    services, data = jianbao.services, jianbao.services.config.data
    await wang.send(f"/subscribe {NAME}")
    services.outbox.add(OutboxEntry(WANG, "alert:x", (OutgoingMessage(f"🔔 {NAME}"),), ("x",)), NOW)
    services.outbox.add(OutboxEntry(ALEX, "alert:x", (OutgoingMessage("🔔 其他"),), ("x",)), NOW)
    assert (await wang.next_message()).text == f"🔔 {NAME}"
    services.outbox.hold(WANG)
    services.outbox.add(OutboxEntry(WANG, "alert:y", (OutgoingMessage(f"🔔 {NAME} 又来了"),), ("y",)), NOW)
    backup_module.back_up(data, data / BACKUPS_FOLDER / backup_name(NOW + timedelta(hours=2)), NOW)
    assert files_with(data, NAME) >= {"chats.json", "outbox.sqlite"}
    await wang.send("/forget")
    gone = await wang.press("全部删除")
    assert gone.text == "数据已全部删除。欢迎随时回来。"
    await asyncio.sleep(0.6)  # one run of the delivery job
    assert files_with(data, NAME) == set()
    assert files_with(data, str(WANG)) == set()
    for backup in (data / BACKUPS_FOLDER).iterdir():
        read_manifest(backup)  # raises an error for an inconsistent backup
    assert not services.outbox.reported_articles(WANG)
    assert services.outbox.reported_articles(ALEX) == {"x"}
    await wang.send("/today")
    await wang.send("核酸")
    assert files_with(data, str(WANG)) == set()


def files_with(folder: Path, text: str) -> set[str]:
    """Names of the files outside the index that hold a text, as UTF-8 or escaped; a number as a whole word."""
    forms = {text.encode(), orjson.dumps(text)[1:-1], text.encode("unicode_escape")}
    word = rb"(?<![0-9A-Za-z.])(?:%s)(?![0-9A-Za-z])" if text.isdecimal() else rb"(?:%s)"
    pattern = re.compile(word % b"|".join(map(re.escape, forms)))
    files = (path for path in folder.rglob("*") if path.is_file() and "index" not in path.parts)
    return {path.name for path in files if pattern.search(path.read_bytes())}


async def test_a_subscription_after_forget_starts_a_new_chat(wang: Reader, jianbao: Jianbao) -> None:
    await wang.send("/settings")
    await wang.press("English")
    await wang.send("/forget")
    await wang.press("Delete everything")
    assert (await wang.send("/subscribe 防汛")).text.startswith("已订阅“防汛”")
    assert stored(jianbao).next_subscription == 2
