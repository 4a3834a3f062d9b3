"""Cutting and packing of long messages: the places of the cuts, the limits, open tags, buttons."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.packing import MAX_ENTITIES, Entry, entity_count, pack, plain_text, split, utf16_units
from bot.texts import Html, as_html, bold, join, quoted
from digests.chats import OutgoingMessage
from tests.render.samples import proper

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


def test_a_surrogate_pair_is_never_cut() -> None:
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


def test_a_message_of_4096_units_is_whole_and_one_more_unit_makes_two() -> None:
    assert split(Html("一" * 4096)) == ("一" * 4096,)
    assert split(Html("一" * 4097)) == ("一" * 4096, "一")
    assert split(Html("😀" * 2048)) == ("😀" * 2048,)
    assert split(Html("😀" * 2048 + "一")) == ("😀" * 2048, "一")


def test_tags_and_entities_do_not_count() -> None:
    text = Html("<b>" + "&lt;" * 10 + "</b>")
    assert split(text, 10) == (text,)
    assert split(text, 9) == ("<b>" + "&lt;" * 9 + "</b>", "<b>&lt;</b>")


def test_a_text_of_white_space_has_no_parts() -> None:
    assert split(Html(" \n ")) == ()
    assert split(Html(" 一 ")) == ("一",)


def test_the_first_part_may_have_its_own_limit() -> None:
    assert split(Html("甲乙丙丁戊己庚辛"), 3, first=2) == ("甲乙", "丙丁戊", "己庚辛")
    assert split(Html("甲乙丙"), 2, first=3) == ("甲乙丙",)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("一二三四\n\n\n五。六，七八九十", "一二三四"),  # a paragraph before a line, a sentence and a phrase
        ("一二三四五\n六。七，八九十一", "一二三四五"),  # a line before a sentence
        ("一二三四五。六，七八九十一", "一二三四五。"),  # a sentence before a phrase
        ("一二三四五，六七八九十一", "一二三四五，"),
        ("一二三四、五六七八九十一", "一二三四、五六七八九"),  # in the first half nothing is cut
        ("一二三四五、六七八九十一", "一二三四五、"),
        ("一二三四五，六，七八九十一", "一二三四五，六，"),  # of equal places the last
    ],
)
def test_a_cut_prefers_paragraphs_then_lines_sentences_and_phrases(text: str, first: str) -> None:
    assert split(Html(text), 10)[0] == first


def test_entries_fill_a_message_to_its_last_unit() -> None:
    entries = [Entry(Html("乙" * 4)), Entry(Html("丙" * 2))]
    assert [message.text for message in pack(Html("甲" * 4), entries, limit=14)] == ["甲甲甲甲\n\n乙乙乙乙\n\n丙丙"]
    assert [message.text for message in pack(Html("甲" * 4), entries, limit=13)] == ["甲甲甲甲\n\n乙乙乙乙", "丙丙"]


def test_five_buttons_or_four_extra_buttons_stand_in_a_row() -> None:
    entries = [Entry(Html("一"), (str(n), "1:a:x"), (f"+{n}", "1:a:y")) for n in range(5)]
    (message,) = pack(Html("题"), entries)
    assert [len(row) for row in message.buttons] == [5, 3, 2]
    (message,) = pack(Html("题"), [*entries, entries[0]])
    assert [len(row) for row in message.buttons] == [3, 3, 3, 3]


def test_a_length_counts_as_utf_16() -> None:
    assert [utf16_units(text) for text in ("", "一a", "😀", "𠮷", "\ud83d")] == [0, 2, 2, 2, 1]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("<b>甲</b> <i>乙</i> 丙", 2),
        ('<b>甲<a href="https://example.org">乙</a></b>', 2),
        ("/today 与 /week@jianbao_bot，看 8/29 和 a/b", 2),
        ("@jianbao_bot #标签 #tag $USD", 3),
        ("https://example.org/a example.com", 3),
        ("3 &lt; 5，<8>，&lt;/b&gt;", 0),
    ],
)
def test_entities_are_counted_at_least_as_telegram_finds_them(text: str, count: int) -> None:
    assert entity_count(text) == count


def test_a_message_has_at_most_a_hundred_entities() -> None:
    entries = [Entry(Html(f"<b>{n}</b> <i>甲</i> <code>乙</code>")) for n in range(70)]
    messages = pack(Html("<b>题</b>"), entries)
    assert [entity_count(message.text) for message in messages] == [100, 99, 12]
    assert MAX_ENTITIES == 100


def test_a_text_with_more_than_a_hundred_entities_is_split() -> None:
    parts = split(Html("\n".join(f"<b>{n}</b>甲。" for n in range(250))))
    assert [entity_count(part) for part in parts] == [95, 95, 60]
    assert "".join(plain_text(part) for part in parts).count("甲") == 250
