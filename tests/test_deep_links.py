"""Payloads of deep links, encoded and decoded."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import deep_links

DAYS = st.dates(date(1000, 1, 1))
IDS = st.from_regex(r"[0-9a-z]{5}-[0-9a-z]{5}", fullmatch=True)
QUERIES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80)
SHORT_QUERIES = QUERIES.filter(lambda query: len(query.encode()) <= 46)
TARGETS = st.one_of(
    st.builds(deep_links.ArticleLink, IDS),
    st.builds(deep_links.IssueLink, DAYS),
    st.builds(deep_links.SearchLink, SHORT_QUERIES),
)


@given(TARGETS)
def test_a_payload_is_decoded_to_its_target(target: deep_links.Target) -> None:
    payload = deep_links.encode_payload(target) or ""
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", payload)
    assert deep_links.decode_payload(payload) == target


@given(QUERIES)
def test_a_search_has_a_payload_if_its_query_has_at_most_46_bytes(query: str) -> None:
    payload = deep_links.encode_payload(deep_links.SearchLink(query))
    assert (payload is None) == (len(query.encode()) > 46)


@given(st.one_of(st.text(), st.from_regex(r"[adq]_[A-Za-z0-9_-]{1,62}", fullmatch=True)))
def test_a_decoded_payload_can_be_encoded_again(payload: str) -> None:
    target = deep_links.decode_payload(payload)
    assert target is None or deep_links.encode_payload(target) is not None or isinstance(target, deep_links.ArticleLink)


@pytest.mark.parametrize("payload", ["", "a_", "d_2022", "d_20220230", "q_____", "x_1", "q_" + "A" * 63, "inline"])
def test_an_invalid_payload_has_no_target(payload: str) -> None:
    assert deep_links.decode_payload(payload) is None


def test_a_payload_has_a_letter_for_its_kind_and_at_most_64_characters() -> None:
    assert deep_links.encode_payload(deep_links.ArticleLink("k7f3m-9wq2d")) == "a_k7f3m-9wq2d"
    assert deep_links.encode_payload(deep_links.IssueLink(date(2023, 3, 5))) == "d_20230305"
    assert deep_links.encode_payload(deep_links.SearchLink("a>?")) == "q_YT4_"
    assert len(deep_links.encode_payload(deep_links.SearchLink("a" * 46)) or "") == 64
    assert deep_links.encode_payload(deep_links.SearchLink("a" * 47)) is None
    assert deep_links.decode_payload("a_" + "x" * 62) == deep_links.ArticleLink("x" * 62)
    assert deep_links.decode_payload("a_" + "x" * 63) is None


def test_a_lone_surrogate_in_a_search_becomes_a_question_mark() -> None:
    assert deep_links.encode_payload(deep_links.SearchLink("\ud800")) == "q_Pw"


def test_a_link_carries_a_payload_that_fits() -> None:
    assert (
        deep_links.url("jianbao_bot", deep_links.IssueLink(date(2023, 3, 5)))
        == "https://t.me/jianbao_bot?start=d_20230305"
    )
    assert deep_links.url("jianbao_bot", deep_links.SearchLink("雨" * 16)) == "https://t.me/jianbao_bot"
    assert deep_links.url("jianbao_bot", deep_links.SearchLink("雨" * 15)).startswith(
        "https://t.me/jianbao_bot?start=q_"
    )
