"""Stories that jump: 下转第2版 on one page, 上接第1版 on another, brought together on reading.

The index keeps the pieces as they are printed, each on its page; whoever asks for a story gets all of it.
"""

from collections.abc import Sequence
from dataclasses import replace

from digests.models import Article
from digests.text import join as joined
from digests.text import resemblance

_ENDS = ("。", "！", "？", "”", "）", ")", "!", "?", "…")


def is_piece(article: Article) -> bool:
    """Whether a story says that it goes on elsewhere, or began elsewhere."""
    return article.continued_on_page is not None or article.continued_from_page is not None


def join(articles: Sequence[Article]) -> list[Article]:
    """The articles of one issue in page order, each story in one piece and at the place where it begins."""
    pieces = _pieces(articles)
    within = {piece.id for story in pieces.values() for piece in story}
    return [_whole(article, pieces.get(article.id, [])) for article in articles if article.id not in within]


def whole(piece: Article, articles: Sequence[Article]) -> Article:
    """The story that `piece` is part of, given the articles of its issue; else the piece itself."""
    pieces = _pieces(articles)
    for article in articles:
        story = pieces.get(article.id, [])
        if article.id == piece.id or piece.id in {part.id for part in story}:
            return _whole(article, story)
    return piece


def _pieces(articles: Sequence[Article]) -> dict[str, list[Article]]:
    """For each story that begins here and goes on, its further pieces in order, by the id of its beginning."""
    free = {article.id: article for article in articles if article.continued_from_page is not None}
    pieces: dict[str, list[Article]] = {}
    for article in articles:
        if article.id not in free:
            story, last = [], article
            while further := _next(last, article, list(free.values())):
                del free[further.id]
                story.append(further)
                last = further
            if story:
                pieces[article.id] = story
    return pieces


def _next(piece: Article, story: Article, free: Sequence[Article]) -> Article | None:
    """The piece that goes on where `piece` ends: on the page it names, most like the story in its words."""
    candidates = [
        other
        for other in free
        if other.page == piece.continued_on_page and other.continued_from_page in (piece.page, story.page)
    ]
    return max(candidates, key=lambda other: (_kinship(story, other), -(other.n or 0)), default=None)


def _kinship(story: Article, other: Article) -> float:
    headings = resemblance(_headings(story), _headings(other))
    return headings + resemblance(story.body, other.body)


def _headings(article: Article) -> str:
    return f"{article.kicker}{article.headline or ''}{article.deck}"


def _whole(story: Article, pieces: Sequence[Article]) -> Article:
    if not pieces:
        return story
    paragraphs = list(story.paragraphs)
    for piece in pieces:
        if paragraphs and piece.paragraphs and not paragraphs[-1].endswith(_ENDS):
            paragraphs[-1] = joined((paragraphs[-1], piece.paragraphs[0]))
            paragraphs += piece.paragraphs[1:]
        else:
            paragraphs += piece.paragraphs
    reporters = dict.fromkeys(reporter for piece in (story, *pieces) for reporter in piece.reporters)
    return replace(
        story,
        paragraphs=tuple(paragraphs),
        subheads=tuple(subhead for piece in (story, *pieces) for subhead in piece.subheads),
        reporters=tuple(reporters),
        continued_on_page=pieces[-1].continued_on_page,
        quality=min(piece.quality for piece in (story, *pieces)),
    )
