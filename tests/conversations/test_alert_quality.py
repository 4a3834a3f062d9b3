"""Quality of alerts: the sample pages arrive one by one, and the alerts are compared with labelled topics."""

import json
import os
import re
import shutil
from pathlib import Path

import pytest

from bot.app import Jianbao
from digests.query import parse
from tests.bench.quality_search import gold_names, known_gold
from tests.conftest import SEEDS
from tests.conversations.conftest import LONG_AGO
from tests.conversations.reader import Answer, Reader, text_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

ENOUGH = 0.90


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive folder without pages."""
    folder = tmp_path_factory.mktemp("archive") / "pages"
    folder.mkdir()
    shutil.copy(SEEDS / "archive.toml", folder)
    return folder


async def test_alerts_match_the_labelled_topics_and_quote_the_article(
    wang: Reader, jianbao: Jianbao, folder: Path, evaluation: Path
) -> None:
    lines = (evaluation / "topics_dev.jsonl").read_text(encoding="utf-8").splitlines()
    topics = [json.loads(line) for line in lines if line.strip()]
    for topic in topics:
        topic["q"] = str(parse(topic["q"]))  # as alerts print it
    for topic in topics:
        assert "已订阅" in (await wang.send(f"/subscribe {topic['q']}")).text
    alerted: dict[str, set[str]] = {topic["q"]: set() for topic in topics}
    for page in sorted(SEEDS.glob("*.txt")):
        shutil.copy(page, folder)
        os.utime(folder / page.name, (LONG_AGO, LONG_AGO))
        for article, reason in _articles_with_reasons(await wang.next_message()):
            read = jianbao.services.archive.article(article)
            assert read
            for query, quoted in re.findall(r"订阅“(.*?)”.*?：\n(.*)", reason):
                assert any(quoted in printed for printed in (read.body, read.headline or "", read.kicker, read.deck))
                alerted[query].add(article)
    archive = jianbao.services.archive
    for topic in topics:
        assert {hit.article.id for hit in archive.backtest(topic["q"]).hits} == alerted[topic["q"]]
    assert _f1(topics, alerted, jianbao) >= ENOUGH


def _articles_with_reasons(answer: Answer) -> list[tuple[str, str]]:
    """The articles of an alert, each with its reason."""
    found = []
    for message in answer.messages:
        buttons = [b for row in message["reply_markup"]["inline_keyboard"] for b in row]
        articles = [b["callback_data"].split(":")[2] for b in buttons if b.get("callback_data", "").startswith("1:a:")]
        entries = [part for part in text_of(message).split("\n\n") if "订阅“" in part]
        found += list(zip(articles, entries, strict=True))
    return found


def _f1(topics: list[dict[str, list[str]]], alerted: dict[str, set[str]], jianbao: Jianbao) -> float:
    issues = jianbao.services.archive.issues()
    named = dict(gold_names(part for issue in issues for part in jianbao.services.archive.articles(issue.day)))
    right = found = relevant = 0
    for topic in topics:
        fired = {named[article] for article in alerted[str(topic["q"])]} - {*topic["acceptable"]}
        fired, meant = set(known_gold(dict.fromkeys(fired))), set(known_gold(dict.fromkeys(topic["relevant"])))
        right += len(fired & meant)
        found += len(fired)
        relevant += len(meant)
    return 2 * right / (found + relevant)
