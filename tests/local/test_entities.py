"""Telegram's HTML, read into a text and entities in UTF-16 units."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.local.entities import Entity, parse_html, units, with_found_entities
from bot.local.refusals import Refusal


def read(source: str) -> tuple[str, list[tuple[str, int, int]]]:
    rich = with_found_entities(*parse_html(source))
    return rich.text, [(entity.type, entity.offset, entity.length) for entity in rich.entities]


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("一<b>二😀</b>三<i>四</i>", "一二😀三四", [("bold", 1, 3), ("italic", 5, 1)]),
        ("<b>粗<i>斜</i></b>", "粗斜", [("bold", 0, 2), ("italic", 1, 1)]),
        (
            "<ins>a</ins><del>b</del><strike>c</strike>",
            "abc",
            [("underline", 0, 1), ("strikethrough", 1, 1), ("strikethrough", 2, 1)],
        ),
        ("<tg-spoiler>x</tg-spoiler><span class='tg-spoiler'>y</span>", "xy", [("spoiler", 0, 1), ("spoiler", 1, 1)]),
        (
            "<blockquote>引</blockquote><blockquote expandable>长</blockquote>",
            "引长",
            [("blockquote", 0, 1), ("expandable_blockquote", 1, 1)],
        ),
        ('<pre><code class="language-python">1</code></pre>', "1", [("pre", 0, 1)]),
        ("&lt;&gt;&amp;&quot;&#39;&#x62a5;&nbsp;", "<>&\"'报&nbsp;", []),
        ("  <b> 粗 </b>  ", "粗", [("bold", 0, 1)]),
        ("<B>a</b>", "a", [("bold", 0, 1)]),
        ("<b>a</>", "a", [("bold", 0, 1)]),
        ("😀 /today@jianbao_bot #报纸", "😀 /today@jianbao_bot #报纸", [("bot_command", 3, 18), ("hashtag", 22, 3)]),
        ("看 https://a.b/c?d，好", "看 https://a.b/c?d，好", [("url", 2, 15)]),
        ("<code>/today</code> a/b", "/today a/b", [("code", 0, 6)]),
    ],
)
def test_tags_become_entities(source: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    assert read(source) == (text, entities)


def test_a_link_keeps_only_a_valid_address() -> None:
    text, entities = parse_html('<a href="https://a.b/?c=1&amp;d=2">报</a><a href="javascript:x">x</a>')
    assert (text, entities) == ("报x", [Entity("text_link", 0, 1, url="https://a.b/?c=1&d=2")])


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("字<x>", 'Unsupported start tag "x" at byte offset 3'),
        ("1 < 2", "Unclosed start tag at byte offset 2"),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>a</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_invalid_html_is_refused_with_its_byte_offset(source: str, why: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_html(source)
    assert refused.value.description == f"Bad Request: can't parse entities: {why}"


@given(st.text(st.sampled_from("一😀a <>&;/\"'b=#x")))
def test_entities_lie_within_any_text_that_is_accepted(source: str) -> None:
    try:
        rich = with_found_entities(*parse_html(source))
    except Refusal:
        return
    assert all(0 <= entity.offset < entity.end <= len(rich) for entity in rich.entities)


@given(st.text())
def test_units_are_those_of_utf_16(text: str) -> None:
    assert units(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2
