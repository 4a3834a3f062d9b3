"""An issue's digest: ranked stories, quoted sentences, the formula."""

from dataclasses import replace

from digests import digest
from digests.models import Article, Digest, Issue
from tests.invented import DAY, article

ISSUE = Issue(DAY, "云河日报", (1, 2), articles=4, notices=1, quality=0.9, fingerprint="f")

FIRST = article(id="first-00001", n=1, headline="防汛演练在云河举行", paragraphs=("各区开展防汛演练。" * 40,))
SECOND = article(id="secon-00002", n=2, headline="图书馆延长开放", paragraphs=("图书馆开放到晚上九点。",))
INNER = article(id="inner-00003", n=1, page=2, headline="小店开张", paragraphs=("一家小店开张。",))
NOTICE = article(id="notic-00004", n=3, kind="notice", headline=None, paragraphs=("遗失声明：云河商行遗失公章。",))


def _build(*articles: Article, **options: int) -> Digest:
    return digest.build(ISSUE, articles, **options)


def test_what_stands_first_and_is_told_at_length_ranks_first() -> None:
    assert [story.article for story in _build(FIRST, SECOND, INNER).stories] == [FIRST.id, SECOND.id, INNER.id]


def test_the_parts_of_a_score_add_up_to_it() -> None:
    for story in _build(FIRST, SECOND, INNER).stories:
        assert abs(sum(value for _, value in story.parts) - story.score) < 1e-9
        assert [name for name, _ in story.parts] == ["prominence", "keywords", "substance"]
        assert 0 <= story.score <= 1


def test_a_story_on_an_inner_page_is_less_prominent() -> None:
    front, inner = _build(SECOND).stories[0], _build(replace(SECOND, page=2)).stories[0]
    assert dict(front.parts)["prominence"] > dict(inner.parts)["prominence"]


def test_notices_captions_and_countdowns_are_counted_and_not_ranked() -> None:
    caption = replace(NOTICE, id="capti-00005", kind="photo_caption")
    countdown = replace(NOTICE, id="count-00006", kind="countdown")
    built = _build(FIRST, NOTICE, caption, countdown)
    assert [story.article for story in built.stories] == [FIRST.id]
    assert built.notices == ISSUE.notices


def test_the_digest_holds_at_most_the_stories_asked_for() -> None:
    assert len(_build(FIRST, SECOND, INNER, stories=2).stories) == 2


def test_every_quote_is_a_literal_part_of_its_article() -> None:
    for story in _build(FIRST, SECOND, INNER).stories:
        told = next(a for a in (FIRST, SECOND, INNER) if a.id == story.article)
        assert story.quote
        assert story.quote in told.body


def test_the_same_articles_give_the_same_digest() -> None:
    assert _build(FIRST, SECOND, INNER) == _build(FIRST, SECOND, INNER)


def test_an_issue_of_notices_only_has_a_digest_without_stories() -> None:
    assert _build(NOTICE).stories == ()
    assert _build(NOTICE).keywords == ()


def test_the_fingerprint_changes_with_the_issue_and_the_number_of_stories() -> None:
    prints = {
        digest.fingerprint(ISSUE),
        digest.fingerprint(ISSUE, stories=5),
        digest.fingerprint(replace(ISSUE, fingerprint="g")),
    }
    assert len(prints) == 3
