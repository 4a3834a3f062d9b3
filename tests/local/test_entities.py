"""Telegram's HTML, MarkdownV2 and older Markdown, and the entities that Telegram makes of them, in UTF-16 units."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.local.chats import WANG
from bot.local.entities import Entity, FormattedText, entities_from_json, units, with_found_entities
from bot.local.markdown import parse_markdown, parse_markdown_v2
from bot.local.markup import parse_html
from bot.local.refusals import Refusal

RESERVED = "Character '{}' is reserved and must be escaped with the preceding '\\'"
Parser = Callable[[str], tuple[str, list[Entity]]]
Short = list[tuple[str, int, int]]


def short(entities: tuple[Entity, ...] | list[Entity]) -> Short:
    return [(entity.type, entity.offset, entity.length) for entity in entities]


def read(source: str, parser: Parser = parse_html) -> tuple[str, Short]:
    rich = with_found_entities(*parser(source))
    return rich.text, short(rich.entities)


def refusal(source: str, parser: Parser) -> str:
    with pytest.raises(Refusal) as refused:
        parser(source)
    return refused.value.description.removeprefix("Bad Request: can't parse entities: ")


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("一<b>二😀</b>三<i>四</i>", "一二😀三四", [("bold", 1, 3), ("italic", 5, 1)]),
        ("<b>粗<i>斜</i></b>", "粗斜", [("bold", 0, 1), ("bold", 1, 1), ("italic", 1, 1)]),
        ("<ins>a</ins><del>b</del><s>c</s>", "abc", [("underline", 0, 1), ("strikethrough", 1, 2)]),
        ("<tg-spoiler>x</tg-spoiler> <span class='tg-spoiler'>y</span>", "x y", [("spoiler", 0, 1), ("spoiler", 2, 1)]),
        (
            "<blockquote>引</blockquote><blockquote expandable>长</blockquote>",
            "引长",
            [("blockquote", 0, 1), ("expandable_blockquote", 1, 1)],
        ),
        ('<pre><code class="language-python">1</code></pre>', "1", [("pre", 0, 1)]),
        ("&lt;&gt;&amp;&quot;&#39;&#x62a5;&nbsp;&ltx;", "<>&\"'报&nbsp;&ltx;", []),
        ("  <b> 粗 </b>  ", "粗", [("bold", 0, 1)]),
        ("a <b> 粗</b>", "a  粗", [("bold", 3, 1)]),
        ("<B>a</b>", "a", [("bold", 0, 1)]),
        ("<b>a</>", "a", [("bold", 0, 1)]),
        ("<b> </b>a", "a", []),
        ("<tg-time unix='5' format='t'>早</tg-time>", "早", [("date_time", 0, 1)]),
        ("<tg-emoji emoji-id='7'>😀</tg-emoji>", "😀", []),
        ("<blockquote>引<blockquote>套</blockquote></blockquote>", "引套", [("blockquote", 0, 2)]),
        ("<b>粗<code>码</code></b>", "粗码", [("bold", 0, 1), ("code", 1, 1)]),
        ("<a href='a.b'>链<b>粗</b></a>", "链粗", [("text_link", 0, 2), ("bold", 1, 1)]),
        ("<b>看 #报纸 吧</b>", "看 #报纸 吧", [("bold", 0, 2), ("hashtag", 2, 3), ("bold", 2, 3), ("bold", 6, 1)]),
        ("😀 /today@jianbao_bot #报纸", "😀 /today@jianbao_bot #报纸", [("bot_command", 3, 18), ("hashtag", 22, 3)]),
        ("看 https://a.b/c?d，好", "看 https://a.b/c?d，好", [("url", 2, 15)]),
        ("x@a.org a.com $USD", "x@a.org a.com $USD", [("email", 0, 7), ("url", 8, 5), ("cashtag", 14, 4)]),
        ("<code>/today</code> a/b", "/today a/b", [("code", 0, 6)]),
        ("一\r\n<b>二</b>\x01三\u2029", "一\n二 三", [("bold", 2, 1)]),
        ("https://a.b/<code>c</code>", "https://a.b/c", [("code", 12, 1)]),
    ],
)
def test_tags_become_entities(source: str, text: str, entities: Short) -> None:
    assert read(source) == (text, entities)


def test_a_link_keeps_only_a_valid_address() -> None:
    text, entities = parse_html(
        '<a href="https://a.b/?c=1&amp;d=2">报</a><a href="javascript:x">x</a><a href="A.b?c">c</a><a>d.e</a>'
    )
    assert text == "报xcd.e"
    assert entities == [
        Entity("text_link", 0, 1, url="https://a.b/?c=1&d=2"),
        Entity("text_link", 2, 1, url="http://a.b/?c"),
        Entity("text_link", 3, 3, url="http://d.e/"),
    ]


@pytest.mark.parametrize(
    ("parser", "source"),
    [
        (parse_html, '<a href="tg://user?id={}">王</a>'),
        (parse_markdown_v2, "[王](tg://user?id={})"),
        (parse_markdown, "[王](tg://user?id={})"),
    ],
)
def test_a_link_to_a_user_mentions_a_known_user_only(parser: Parser, source: str) -> None:
    assert parser(source.format(WANG.id)) == ("王", [Entity("text_mention", 0, 1, user=WANG)])
    assert parser(source.format(5)) == ("王", [])


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("字<x>", 'Unsupported start tag "x" at byte offset 3'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("1 <", "Unclosed start tag at byte offset 2"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ("<a =x>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=a/b>", "Unexpected end of name token at byte offset 8"),
        ("<a href='a", "Unclosed start tag at byte offset 0"),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<b><i>a</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<tg-emoji emoji-id='x'>a</tg-emoji>", "Invalid custom emoji identifier specified"),
    ],
)
def test_invalid_html_is_refused_with_its_byte_offset(source: str, why: str) -> None:
    assert refusal(source, parse_html) == why


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("一*二😀*三_四_", "一二😀三四", [("bold", 1, 3), ("italic", 5, 1)]),
        ("*粗_斜_*", "粗斜", [("bold", 0, 1), ("bold", 1, 1), ("italic", 1, 1)]),
        ("__a__~b~||c||", "abc", [("underline", 0, 1), ("strikethrough", 1, 1), ("spoiler", 2, 1)]),
        ("__a_b_**__", "ab", [("underline", 0, 1), ("italic", 1, 1), ("underline", 1, 1)]),
        ("_a__b__c_", "abc", [("italic", 0, 1), ("italic", 1, 2), ("underline", 1, 1)]),
        ("`a*\\\\`", "a*\\", [("code", 0, 3)]),
        ("```python\nx = 1\n```外", "x = 1\n外", [("pre", 0, 6)]),
        ("```x```", "x", [("pre", 0, 1)]),
        ("[报](a.b/\\))", "报", [("text_link", 0, 1)]),
        ("![早](tg://time?unix=5&format=t)", "早", [("date_time", 0, 1)]),
        ("![😀](tg://emoji?id=7)", "😀", []),
        ("1\\.\\_\\!", "1._!", []),
        (">引\n>文\n外", "引\n文\n外", [("blockquote", 0, 4)]),
        ("前\n>引", "前\n引", [("blockquote", 2, 1)]),
        (">一\n**>二||", "一\n二", [("blockquote", 0, 2), ("expandable_blockquote", 2, 1)]),
        (">*粗*", "粗", [("blockquote", 0, 1), ("bold", 0, 1)]),
    ],
)
def test_markdown_v2_becomes_entities(source: str, text: str, entities: Short) -> None:
    raw, parsed = parse_markdown_v2(source)
    rich = with_found_entities(raw, parsed)
    assert (raw, short(rich.entities)) == (text, entities)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        *(
            (char, f"Character '{char}' is reserved and must be escaped with the preceding '\\'")
            for char in "]()#+-=|{}.!"
        ),
        ("a>b", "Character '>' is reserved and must be escaped with the preceding '\\'"),
        ("字*粗", "Can't find end of Bold entity at byte offset 3"),
        ("_a", "Can't find end of Italic entity at byte offset 0"),
        ("__a_", "Can't find end of Italic entity at byte offset 3"),
        ("~a", "Can't find end of Strikethrough entity at byte offset 0"),
        ("||a", "Can't find end of Spoiler entity at byte offset 0"),
        ("`a", "Can't find end of Code entity at byte offset 0"),
        ("```a", "Can't find end of Pre entity at byte offset 0"),
        ("```py\na", "Can't find end of PreCode entity at byte offset 0"),
        ("[a", "Can't find end of TextUrl entity at byte offset 0"),
        ("[a](b\\)", "Can't find end of a URL at byte offset 4"),
        ("![a]", "Custom emoji entity must contain a tg://emoji URL"),
        (">a\n>>b", RESERVED.format(">")),
        (">*a\nb*", "Can't find end of Bold entity at byte offset 1"),
    ],
)
def test_invalid_markdown_v2_is_refused(source: str, why: str) -> None:
    assert refusal(source, parse_markdown_v2) == why


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("一*二😀*三_四_", "一二😀三四", [("bold", 1, 3), ("italic", 5, 1)]),
        ("*a_b* 1.2!", "a_b 1.2!", [("bold", 0, 3)]),
        ("\\*a\\.", "*a\\.", []),
        ("`a` ```py\nb```", "a b", [("code", 0, 1), ("pre", 2, 1)]),
        ("[报](a.b)[c.d]", "报c.d", [("text_link", 0, 1), ("text_link", 1, 3)]),
    ],
)
def test_the_older_markdown_becomes_entities(source: str, text: str, entities: Short) -> None:
    assert read(source, parse_markdown) == (text, entities)


@pytest.mark.parametrize("source", ["字*粗", "字_a", "字`a", "字[a", "字```a``"])
def test_unclosed_older_markdown_is_refused(source: str) -> None:
    assert refusal(source, parse_markdown) == "Can't find end of the entity starting at byte offset 3"


def test_code_has_a_language_only_as_a_block() -> None:
    for source, parser in (
        ('<pre><code class="language-py">1</code></pre>', parse_html),
        ('<code class="language-py"><pre>1</pre></code>', parse_html),
        ("```py\n1```", parse_markdown_v2),
        ("```py\n1```", parse_markdown),
    ):
        assert parser(source) == ("1", [Entity("pre", 0, 1, language="py")])
    for source in ('<code class="language-py">1</code>', '<code><code class="language-py">1</code></code>'):
        assert set(parse_html(source)[1]) == {Entity("code", 0, 1)}


def test_given_entities_are_nested_and_kinds_that_telegram_finds_are_ignored() -> None:
    given = entities_from_json(
        [
            {"type": "code", "offset": 0, "length": 4},
            {"type": "bold", "offset": 2, "length": 4},
            {"type": "hashtag", "offset": 5, "length": 1},
            {"type": "blockquote", "offset": 3, "length": 3},
            {"type": "text_link", "offset": 4, "length": 2, "url": "https://a.b/"},
            {"type": "text_mention", "offset": 6, "length": 1, "user": {"id": 5, "is_bot": False, "first_name": "?"}},
        ]
    )
    fixed = with_found_entities("一二三四五六七", given)
    assert short(fixed.entities) == [
        ("bold", 2, 1),
        ("blockquote", 3, 3),
        ("bold", 3, 1),
        ("text_link", 4, 2),
        ("bold", 4, 2),
    ]


PIECES = (
    "一 😀 a / @ab_cd #b https://a.b \n \\ . ( ) <b> </b> <i> </i> <a> </a> <code> </code> <blockquote> </blockquote> <"
)
MARKS = "* _ __ ~ || ` ``` [ ](a.b) > &lt; &#32;"


@given(st.lists(st.sampled_from([*PIECES.split(" "), *MARKS.split(" "), " "])), st.data())
def test_the_entities_of_any_accepted_text_lie_within_it_and_are_nested(pieces: list[str], data: st.DataObject) -> None:
    parser = data.draw(st.sampled_from([parse_html, parse_markdown_v2, parse_markdown]))
    try:
        rich = with_found_entities(*parser("".join(pieces)))
    except Refusal:
        return
    for number, one in enumerate(rich.entities):
        assert 0 <= one.offset < one.end <= len(rich)
        for other in rich.entities[number + 1 :]:
            apart = one.end <= other.offset
            assert apart or (one.end >= other.end and one.type != other.type and one.type not in {"code", "pre"})


@given(
    st.lists(
        st.tuples(st.sampled_from(["bold", "italic", "code", "blockquote", "text_link"]), *[st.integers(0, 9)] * 2)
    )
)
def test_nested_entities_stay_as_they_are(given_entities: list[tuple[str, int, int]]) -> None:
    entities = [Entity(kind, start, min(length, 10 - start), url="u") for kind, start, length in given_entities]
    rich = with_found_entities("一二三四五六七八九十", entities)
    assert with_found_entities(rich.text, rich.entities) == rich


@given(st.text())
def test_units_are_those_of_utf_16(text: str) -> None:
    assert units(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2
    assert len(FormattedText(text)) == units(text)
