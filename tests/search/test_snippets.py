"""Snippets: which sentences are shown, how long they may be, and what is marked in them."""

import pytest

from digests.models import Snippet
from digests.query import Term
from digests.search.snippets import snippet
from tests.invented import article

BRIDGE = [Term("石桥", exact=True)]


def _snippet(*paragraphs: str, terms: list[Term] | None = None, look_alikes: bool = False) -> Snippet:
    return snippet(article(paragraphs=paragraphs), terms or BRIDGE, look_alikes=look_alikes)


def test_sentences_follow_the_best_one_until_they_have_120_characters_together() -> None:
    best = "石桥" + "甲" * 57 + "。"
    assert _snippet(best + "乙" * 59 + "。" + "丙。").text == best + "乙" * 59 + "。"
    assert _snippet(best + "乙" * 60 + "。" + "丙。").text == best


def test_a_sentence_of_240_characters_is_whole_and_a_longer_one_is_cut() -> None:
    assert _snippet("石桥" + "甲" * 237 + "。") == Snippet("石桥" + "甲" * 237 + "。", ((0, 2),))
    assert _snippet("石桥" + "甲" * 238 + "。") == Snippet("石桥" + "甲" * 238 + "…", ((0, 2),))


def test_a_sentence_is_cut_80_characters_before_its_first_mark_and_at_its_end_at_the_latest() -> None:
    middle = _snippet("甲" * 100 + "石桥" + "乙" * 300 + "石桥" + "。")
    assert middle == Snippet("…" + "甲" * 80 + "石桥" + "乙" * 158 + "…", ((81, 83),))
    end = _snippet("甲" * 300 + "石桥" + "。")
    assert end == Snippet("…" + "甲" * 237 + "石桥" + "。", ((238, 240),))


def test_a_mark_that_the_cut_divides_is_left_out() -> None:
    cut = _snippet("石桥" + "甲" * 237 + "石桥。")
    assert cut == Snippet("石桥" + "甲" * 237 + "石…", ((0, 2),))
    kept = _snippet("石桥" + "甲" * 236 + "石桥。")
    assert kept == Snippet("石桥" + "甲" * 236 + "石桥…", ((0, 2), (238, 240)))


def test_the_first_paragraph_with_most_terms_in_one_sentence_is_shown_from_the_first_such_sentence_on() -> None:
    terms = [Term("石桥", exact=True), Term("花园", exact=True)]
    paragraphs = ("石桥。花园。", "天晴。石桥旁是花园。石桥。", "花园旁是石桥。")
    assert _snippet(*paragraphs, terms=terms).text == "石桥旁是花园。石桥。"


def test_marks_that_overlap_or_touch_are_one_and_others_stay_apart() -> None:
    terms = [Term(text, exact=True) for text in ("雨水花园", "花园建成", "花园", "昨日", "石桥")]
    found = _snippet("石桥旁，雨水花园建成昨日，花园，雨水花园建成，石桥。", terms=terms)
    assert found.marks == ((0, 2), (4, 12), (13, 15), (16, 22), (23, 25))


def test_without_any_term_the_beginning_is_shown_without_marks() -> None:
    assert _snippet(" ", "天晴。市民散步。", "花园。") == Snippet("天晴。市民散步。")


def test_look_alikes_are_marked_only_on_request_and_where_the_term_is_not_printed() -> None:
    paragraphs = ("天晴。市民散步。", "云河。客人来到析州古城。市民散步。")
    terms = [Term("忻州")]
    assert _snippet(*paragraphs, terms=terms) == Snippet("天晴。市民散步。")
    assert _snippet(*paragraphs, terms=terms, look_alikes=True) == Snippet("客人来到析州古城。市民散步。", ((4, 6),))
    printed = _snippet("析州。忻州。", terms=terms, look_alikes=True)
    assert printed == Snippet("忻州。", ((0, 2),))


@pytest.mark.parametrize("paragraphs", [(), ("",), ("  ", "\n")])
def test_an_article_without_a_body_has_an_empty_snippet(paragraphs: tuple[str, ...]) -> None:
    assert _snippet(*paragraphs) == Snippet("")
