"""Questions: the sentence of the archive that answers, word for word, or a refusal."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import cli
from digests import ask
from digests.ask import Answers
from digests.search.index import Index

BRIDGE = {
    "id": "bridge.txt#1",
    "date": "2022-08-29",
    "headline": "云河石桥改造开工",
    "paragraphs": [
        "本报讯 8月28日，云河石桥改造工程正式开工。",
        "该工程总投资2300万元，由市城建局组织实施。石桥全长86米。",
        "由于桥面多处开裂，石桥自去年起限制重型货车通行。",
    ],
}
LIBRARY = {
    "id": "library",
    "date": "2022-08-12",
    "headline": "云河图书馆延长开放",
    "paragraphs": ["云河图书馆9月1日起延长开放至22时。", "馆长林晓岚说，全馆共有36家分馆参与。"],
}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    file = tmp_path / "ready.jsonl"
    file.write_text("\n".join(json.dumps(article, ensure_ascii=False) for article in (BRIDGE, LIBRARY)), "utf-8")
    result = CliRunner().invoke(cli, ["ingest", "--data", str(tmp_path / "data"), str(file)])
    assert result.exit_code == 0, result.output
    return tmp_path / "data"


@pytest.fixture
def index(archive: Path) -> Iterator[Index]:
    index = Index(archive / "index", owner=False)
    yield index
    index.close()


def _features(index: Index, question: str, quote: str) -> ask.Features:
    return next(features for found, features in ask.candidates(index, question) if found.quote == quote)


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("云河石桥改造工程总投资多少钱？", "该工程总投资2300万元，由市城建局组织实施。"),
        ("石桥全长多少米", "石桥全长86米。"),
        ("为什么石桥限制货车通行？", "由于桥面多处开裂，石桥自去年起限制重型货车通行。"),
        ("云河图书馆什么时候起延长开放？", "云河图书馆9月1日起延长开放至22时。"),
        ("图书馆一共有几家分馆参与", "馆长林晓岚说，全馆共有36家分馆参与。"),
    ],
)
def test_the_sentence_that_answers_is_quoted_first(index: Index, question: str, quote: str) -> None:
    best = ask.answer(index, question).best[0]
    assert best.quote == quote
    assert best.quote in best.article.body


def test_at_most_three_sentences_are_quoted(index: Index) -> None:
    assert len(ask.answer(index, "云河石桥改造工程什么时候开工").best) == ask.MAX_ANSWERS == 3


def test_a_question_without_any_known_word_is_refused_without_sentences(index: Index) -> None:
    assert ask.answer(index, "？？") == Answers((), refused=True)
    assert ask.answer(index, "什么时候呢") == Answers((), refused=True)
    assert ask.answer(index, "火星探测器着陆") == Answers((), refused=True)


def test_a_year_that_the_article_does_not_have_is_missing(index: Index) -> None:
    quote = "石桥全长86米。"
    assert _features(index, "2022年石桥全长多少米", quote).missing_numbers == 0.0
    assert _features(index, "2019年石桥全长多少米", quote).missing_numbers == 1.0


def test_a_wrong_year_makes_an_answer_less_likely_until_it_is_refused(index: Index) -> None:
    assert not ask.answer(index, "2022年云河石桥改造工程总投资多少元").refused
    assert ask.answer(index, "2019年云河石桥改造工程总投资多少元").refused


def test_a_sentence_with_the_kind_and_the_unit_of_the_answer_is_marked(index: Index) -> None:
    bridge, money = "石桥全长86米。", "该工程总投资2300万元，由市城建局组织实施。"
    length = "石桥工程全长多少米"
    assert _features(index, length, bridge)[7:9] == (1.0, 1.0)
    assert _features(index, length, money)[7:9] == (1.0, 0.0)
    assert _features(index, "为什么石桥工程限制通行", bridge).kind == 0.0


def test_words_of_the_sentence_before_count_apart(index: Index) -> None:
    found = _features(index, "石桥投资", "石桥全长86米。")
    assert found.in_sentence > 0
    assert found.in_previous > 0
    assert found.in_sentence + found.in_previous == pytest.approx(1.0)
    assert found.in_headings == 0.0


def test_the_command_answers_lines_of_json_with_the_ids_of_the_archive(archive: Path) -> None:
    question = "石桥全长多少米"
    result = CliRunner().invoke(
        cli, ["ask", "--jsonl", "--data", str(archive)], input=json.dumps({"q": question}).encode()
    )
    printed = json.loads(result.output)
    assert printed["q"] == question
    assert printed["refused"] is False
    assert printed["answers"][0] == {"id": "bridge.txt#1", "quote": "石桥全长86米。"}


def test_a_refusal_is_a_sentence_in_text_and_has_no_answers_in_json(archive: Path) -> None:
    text = CliRunner().invoke(cli, ["ask", "火星探测器着陆", "--data", str(archive)])
    assert text.output == "the archive does not seem to answer this question\n"
    line = CliRunner().invoke(cli, ["ask", "火星探测器着陆", "--json", "--data", str(archive)])
    assert json.loads(line.output) == {"q": "火星探测器着陆", "answers": [], "refused": True}


def test_the_text_shows_the_article_of_each_quote(archive: Path) -> None:
    printed = CliRunner().invoke(cli, ["ask", "石桥全长多少米", "--data", str(archive)]).output
    assert printed.splitlines()[:2] == ["石桥全长86米。", "    2022-08-29  云河石桥改造开工  (bridge.txt#1)"]


def test_ask_without_a_question_says_what_it_expects(archive: Path) -> None:
    result = CliRunner().invoke(cli, ["ask", "--data", str(archive)])
    assert result.exit_code == 2
    assert "ask: expected either a QUESTION or --jsonl with questions on stdin" in result.output
