"""Building the digest of an issue."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from digests import digest
from digests.models import Article, Digest, Issue
from digests.storage.stores import DigestStore
from tests.conftest import ROOT
from tests.invented import DAY, article

ISSUE = Issue(DAY, "云河日报", (1, 2), articles=4, notices=1, quality=0.9, fingerprint="f")

FIRST = article(id="first-00001", n=1, headline="防汛演练在云河举行", paragraphs=("各区开展防汛演练。" * 40,))
SECOND = article(id="secon-00002", n=2, headline="图书馆延长开放", paragraphs=("图书馆开放到晚上九点。",))
INNER = article(id="inner-00003", n=1, page=2, headline="小店开张", paragraphs=("一家小店开张。",))
NOTICE = article(id="notic-00004", n=3, kind="notice", headline=None, paragraphs=("遗失声明：云河商行遗失公章。",))


def _build(*articles: Article, **options: Any) -> Digest:
    return digest.build(ISSUE, articles, **options)


def test_a_long_story_at_the_top_of_the_first_page_ranks_first() -> None:
    assert [story.article for story in _build(FIRST, SECOND, INNER).stories] == [FIRST.id, SECOND.id, INNER.id]


def test_the_parts_of_a_score_add_up_to_it() -> None:
    for story in _build(FIRST, SECOND, INNER).stories:
        assert abs(sum(story.parts) - story.score) < 1e-9
        assert 0 <= story.score <= 1


def test_a_story_on_an_inner_page_is_less_prominent() -> None:
    front, inner = _build(SECOND).stories[0], _build(replace(SECOND, page=2)).stories[0]
    assert front.parts.prominence > inner.parts.prominence


def test_notices_captions_and_countdowns_are_counted_and_not_ranked() -> None:
    caption = replace(NOTICE, id="capti-00005", kind="photo_caption")
    countdown = replace(NOTICE, id="count-00006", kind="countdown")
    built = _build(FIRST, NOTICE, caption, countdown)
    assert [story.article for story in built.stories] == [FIRST.id]
    assert built.notices == ISSUE.notices


def test_a_digest_has_at_most_the_given_number_of_stories() -> None:
    assert len(_build(FIRST, SECOND, INNER, stories=2).stories) == 2


def test_every_quote_is_a_literal_part_of_its_article() -> None:
    for story in _build(FIRST, SECOND, INNER).stories:
        printed = next(a for a in (FIRST, SECOND, INNER) if a.id == story.article)
        assert story.quote
        assert story.quote in printed.body


def test_the_same_articles_give_the_same_digest() -> None:
    assert _build(FIRST, SECOND, INNER) == _build(FIRST, SECOND, INNER)


def test_an_issue_of_notices_only_has_a_digest_without_stories() -> None:
    assert _build(NOTICE).stories == ()
    assert _build(NOTICE).keywords == ()


def test_illegible_articles_are_left_out() -> None:
    noise = article(id="noise-1", headline="丶a@#丨l一■#", paragraphs=("■b,@亅一■□,: ##l1I" * 20,), quality=0.5)
    broken = replace(FIRST, quality=0.66, paragraphs=("各区开展防汛演练，" * 5,))
    assert [story.article for story in _build(noise, broken).stories] == [broken.id]
    assert _build(noise).stories == ()
    assert _build(noise).keywords == ()


def test_the_fingerprint_changes_with_the_issue_and_the_number_of_stories() -> None:
    prints = {
        digest.fingerprint(ISSUE, (), digest.method_fingerprint()),
        digest.fingerprint(ISSUE, (), digest.method_fingerprint(stories=5)),
        digest.fingerprint(ISSUE, (), digest.method_fingerprint(themes=[])),
        digest.fingerprint(ISSUE, ("e",), digest.method_fingerprint()),
        digest.fingerprint(replace(ISSUE, fingerprint="g"), (), digest.method_fingerprint()),
    }
    assert len(prints) == 5


NEXT = replace(ISSUE, day=DAY + timedelta(1), fingerprint="g")
BEGUN = article(
    id="begun-1",
    headline="清河湿地公园免费开放 市民参加观鸟节",
    paragraphs=("清河湿地公园3月4日免费开放，观鸟节同时开幕。清河湿地公园有鸟类八十种。",),
)
ENDED = article(
    id="ended-1",
    headline="清河湿地公园观鸟节闭幕",
    paragraphs=("清河湿地公园观鸟节闭幕，二百名市民参加观鸟节。清河湿地公园将建新的观鸟台，明年再办观鸟节。",),
)


def _stories(count: int, text: str) -> list[Article]:
    words = "甲乙丙丁戊己庚辛壬癸"
    return [
        article(
            id=f"story-{n}", n=n, headline=f"{text}{words[n]}", paragraphs=(f"{text}之{words[n]}。" + words[n] * 30,)
        )
        for n in range(count)
    ]


def test_a_section_holds_four_stories_at_most_and_stands_together() -> None:
    built = _build(*_stories(7, "防汛抢险"), article(id="schoo-1", headline="小学开学", paragraphs=("学生走进课堂。",)))
    assert [(theme, len(stories)) for theme, stories in built.sections] == [("防汛应急", 4), ("教育", 1)]


def test_an_article_printed_twice_is_one_story() -> None:
    again = replace(FIRST, id="again-00009", page=2)
    built = _build(FIRST, again, SECOND)
    assert {story.article for story in built.stories} == {again.id, SECOND.id}
    assert next(story for story in built.stories if story.article == again.id).copies == (FIRST.id,)


def test_an_article_of_an_earlier_issue_is_left_out() -> None:
    before = _build(FIRST)
    built = digest.build(NEXT, [replace(FIRST, id="again-00009"), SECOND], earlier=[before])
    assert [story.article for story in built.stories] == [SECOND.id]
    assert built.repeated == 1


def test_a_story_is_linked_to_the_earlier_article_that_it_follows() -> None:
    before = _build(BEGUN)
    story = digest.build(NEXT, [ENDED], earlier=[before]).stories[0]
    assert story.follows is not None
    assert (story.follows.day, story.follows.article) == (DAY, BEGUN.id)
    assert story.parts.novelty < digest.NOVELTY_WEIGHT


def test_keywords_are_new_up_or_down_against_earlier_issues() -> None:
    before = _build(FIRST, SECOND)
    weights = {keyword.text: keyword.weight for keyword in before.keywords}
    lighter = replace(before, keywords=tuple(replace(k, weight=weights[k.text] / 4) for k in before.keywords))
    heavier = replace(before, keywords=tuple(replace(k, weight=weights[k.text] * 4) for k in before.keywords))
    fresh = article(id="fresh-1", headline="雨水花园开放", paragraphs=("雨水花园建成开放。",))
    again = [
        replace(FIRST, id="again-1", paragraphs=("防汛演练在云河举行，防汛演练历时两小时，泵站参加防汛演练。",)),
        fresh,
    ]

    def trends(earlier: Digest) -> dict[str, str]:
        return {k.text: k.trend for k in digest.build(NEXT, again, earlier=[earlier]).keywords}

    assert {keyword.trend for keyword in before.keywords} == {""}
    assert trends(before)["雨水花园"] == "new"
    assert trends(lighter)["防汛演练"] == "up"
    assert trends(heavier)["防汛演练"] == "down"


def test_an_article_that_names_the_paper_s_own_place_is_local() -> None:
    def local(text: str) -> float:
        story = article(headline="", paper="云河日报", paragraphs=("花园开放。", text))
        return _build(story).stories[0].parts.local

    assert local("云河市民前来参观。") > local("市民前来参观。") == 0


def test_figures_are_quoted_with_their_story() -> None:
    story = article(id="bedss-1", paragraphs=("云河市建成床位3076张。",))
    figure = _build(story).figures[0]
    assert (figure.text, figure.article) == ("床位3076张", story.id)
    assert figure.quote in story.body


def test_the_order_of_earlier_digests_changes_nothing() -> None:
    before = [digest.build(replace(ISSUE, day=DAY - timedelta(n), fingerprint=str(n)), [FIRST]) for n in range(1, 4)]
    assert digest.build(ISSUE, [SECOND], earlier=before) == digest.build(ISSUE, [SECOND], earlier=before[::-1])


def test_the_fingerprint_follows_the_earlier_digests_and_is_known_without_building() -> None:
    before = _build(FIRST)
    built = digest.build(NEXT, [SECOND], earlier=[before])
    assert built.fingerprint == digest.fingerprint(NEXT, [before.fingerprint], digest.method_fingerprint())
    assert built.fingerprint != digest.fingerprint(NEXT, [], digest.method_fingerprint())


def test_a_digest_is_stored_and_read_whole(tmp_path: Path) -> None:
    before = _build(BEGUN)
    on = replace(ENDED, paragraphs=(*ENDED.paragraphs, "公园投资90亿元。"))
    built = digest.build(NEXT, [on, replace(on, id="copyy-1"), SECOND], earlier=[before])
    store = DigestStore(tmp_path / "digests")
    store.put(built)
    store.close()
    assert DigestStore(tmp_path / "digests").get(NEXT.day) == built


def test_an_endless_article_has_a_digest() -> None:
    built = _build(article(paragraphs=("云河市首座雨水花园建成开放，市民前来参观。" * 10_000,)))
    assert built.stories[0].quote == "云河市首座雨水花园建成开放，市民前来参观。"


def test_a_digest_is_the_same_in_every_process() -> None:
    program = (
        "from digests import analysis, digest; from tests.digest import test_build as t\n"
        "print(digest.build(t.ISSUE, [t.FIRST, t.BEGUN, t.ENDED]), [analysis.analyse(a) for a in (t.BEGUN, t.ENDED)])"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(outputs) == 1
