"""Long messages: cut where a reader would cut them, with nothing lost and every tag closed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.packing import Entry, pack, plain_text, split, utf16_units
from bot.texts.markup import Html, as_html, bold, join, quoted
from digests.chats import OutgoingMessage
from tests.render.test_messages import proper

PARAGRAPHS = st.lists(st.text(alphabet="核酸检测，。！？ <>&😀𠮷a", min_size=1, max_size=60), min_size=1, max_size=8)


@given(PARAGRAPHS, st.integers(8, 80), st.none() | st.integers(2, 40))
def test_a_split_text_loses_nothing_but_white_space(paragraphs: list[str], limit: int, first: int | None) -> None:
    dressed = [bold(p) if n % 3 == 0 else quoted(as_html(p)) if n % 3 == 1 else p for n, p in enumerate(paragraphs)]
    whole = join("\n\n", dressed)
    parts = split(whole, limit, first=first)
    if plain_text(whole)[:1].strip():  # else the first stretch may be white space alone, which is no part
        assert utf16_units(plain_text(parts[0])) <= (first or limit)
    assert "".join("".join(plain_text(part).split()) for part in parts) == "".join(plain_text(whole).split())
    for part in parts:
        assert utf16_units(plain_text(part)) <= max(limit, first or 0)
        proper(OutgoingMessage(part))


def test_a_text_is_cut_at_the_best_place_in_its_second_half() -> None:
    assert split(Html("甲乙丙。\n\n丁戊己庚辛"), 8) == ("甲乙丙。", "丁戊己庚辛")
    assert split(Html("甲，乙丙。丁，戊己庚辛"), 8) == ("甲，乙丙。", "丁，戊己庚辛")
    assert split(Html("甲乙丙丁，戊己庚辛"), 8) == ("甲乙丙丁，", "戊己庚辛")
    assert split(Html("甲乙丙丁戊己庚辛壬"), 8) == ("甲乙丙丁戊己庚辛", "壬")


def test_an_open_tag_is_closed_at_the_cut_and_opened_again() -> None:
    assert split(Html("<b>甲乙丙丁。戊己</b>庚"), 6) == ("<b>甲乙丙丁。</b>", "<b>戊己</b>庚")
    assert split(Html("甲乙丙丁。<b>戊己</b>"), 6) == ("甲乙丙丁。", "<b>戊己</b>")


def test_a_character_of_two_units_is_never_cut() -> None:
    assert split(Html("😀" * 5), 5) == ("😀😀", "😀😀", "😀")


def test_an_entry_longer_than_a_message_is_split_and_keeps_its_button() -> None:
    entries = [Entry(Html("甲" * 25), ("1", "1:a:x")), Entry(Html("乙"), ("2", "1:a:y"))]
    messages = pack(Html("题"), entries, [(("末", "1:n"),)], limit=10)
    assert [message.text for message in messages] == ["题", "甲" * 10, "甲" * 10, "甲" * 5, "乙"]
    assert [len(message.buttons) for message in messages] == [0, 0, 0, 1, 2]
    assert messages[-1].buttons == ((("2", "1:a:y"),), (("末", "1:n"),))


@pytest.mark.parametrize(
    ("marked", "words"),
    [
        ("<b>煤改电</b>", "煤改电"),
        ('<a href="https://example.org/?a=1&amp;b=2">全文</a>', "全文"),
        ("3 &lt; 5 & 7 <8> <body>", "3 < 5 & 7 <8> <body>"),
        ("<blockquote expandable>一</blockquote>\n<pre>二</pre>", "一\n二"),
    ],
)
def test_plain_text_keeps_the_words_and_drops_only_telegrams_tags(marked: str, words: str) -> None:
    assert plain_text(marked) == words
