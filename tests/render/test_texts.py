"""Texts: the same keys and placeholders in both languages, each key used and each used key there; dates and plurals."""

import ast
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from string import Formatter

import pytest

from bot.render.packing import plain_text, split
from bot.texts import LANGUAGES, Html, Translation, as_html, bold, join, language_of, lines, texts_for
from tests.conftest import ROOT

METHODS = ("html", "plain", "_date")


def placeholders(entry: Translation) -> set[str]:
    forms = [entry] if isinstance(entry, str) else list(entry.values()) if isinstance(entry, dict) else []
    return {name for form in forms for _, name, _, _ in Formatter().parse(form) if name}


def used_keys(file: Path) -> Iterator[str]:
    """Yield the keys in all html(...) and plain(...) of a file; of an f-string the fixed beginning and a *."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and _name(node.func) in METHODS and node.args:
            yield from _keys(node.args[0])


def _name(function: ast.expr) -> str:
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def _keys(key: ast.expr) -> Iterator[str]:
    match key:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from _keys(body)
            yield from _keys(orelse)
        case ast.JoinedStr(values=[ast.Constant(value=str(beginning)), *_]):
            yield beginning + "*"


USED = {key for file in (ROOT / "bot").rglob("*.py") for key in used_keys(file)}


def is_used(key: str) -> bool:
    return key in USED or any(used.endswith("*") and key.startswith(used[:-1]) for used in USED)


def test_both_languages_have_the_same_keys() -> None:
    assert texts_for("zh").translations.keys() == texts_for("en").translations.keys()


@pytest.mark.parametrize("key", texts_for("zh").translations)
def test_a_text_has_the_same_placeholders_in_both_languages(key: str) -> None:
    assert placeholders(texts_for("zh").translations[key]) == placeholders(texts_for("en").translations[key])


def test_no_text_is_unused() -> None:
    assert [key for key in texts_for("zh").translations if not is_used(key)] == []


def test_no_text_is_missing() -> None:
    known = texts_for("zh").translations
    found = {
        key for key in USED if key in known or any(key[-1] == "*" and other.startswith(key[:-1]) for other in known)
    }
    assert {key for key in USED if "." in key} - found == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_text_is_html_that_telegram_accepts(lang: str) -> None:
    for key, entry in texts_for(lang).translations.items():  # type: ignore[arg-type]
        for form in [entry] if isinstance(entry, str) else entry.values() if isinstance(entry, dict) else []:
            shown = form.format(**dict.fromkeys(placeholders(entry), "x"))
            assert "".join(map(str, split(Html(shown)))) == shown.strip(), key
            assert "<" not in plain_text(shown), key


def test_values_are_escaped_once() -> None:
    html = texts_for("zh").html
    assert html("unsubscribe.unknown", query="<b>&") == "没有订阅过“<b>&lt;b&gt;&amp;</b>”。"
    assert html("unsubscribe.unknown", query=as_html("<b>&")) == "没有订阅过“<b>&lt;b&gt;&amp;</b>”。"
    assert texts_for("zh").plain("button.unsubscribe", query="<b>&") == "退订 <b>&"


def test_dates_times_and_numbers_follow_the_language() -> None:
    zh, en, day = texts_for("zh"), texts_for("en"), date(2022, 8, 29)
    assert (zh.full_date(day), zh.long_date(day)) == ("2022年8月29日 星期一", "2022年8月29日")
    assert (en.full_date(day), en.long_date(day)) == ("Monday, 29 August 2022", "29 August 2022")
    assert (zh.number(1234), zh.number(12345), en.number(1234)) == ("1234", "12,345", "1,234")
    assert zh.time_of_day(time(7, 5)) == en.time_of_day(time(7, 5)) == "07:05"


def test_english_has_a_singular() -> None:
    assert texts_for("en").html("count.articles", count=1) == "1 story"
    assert texts_for("en").html("count.articles", count=1200) == "1,200 stories"
    assert texts_for("zh").html("count.articles", count=1) == "1篇报道"


@pytest.mark.parametrize(
    ("code", "language"),
    [("zh", "zh"), ("zh-hans", "zh"), ("zh-Hant-TW", "zh"), ("en", "en"), ("ru", "en"), ("zha", "en"), (None, "zh")],
)
def test_the_language_follows_the_telegram_client(code: str | None, language: str) -> None:
    assert language_of(code, "zh") == language


def test_empty_parts_leave_no_separator() -> None:
    assert join(" · ", ["a", "", None, bold("<")]) == "a · <b>&lt;</b>"
    assert lines("", "") == ""
