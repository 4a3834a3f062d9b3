"""Stories that jump: 下转第2版 on one page, 上接第1版 on another, brought together on reading.

The index keeps the pieces as they are printed, each on its page; whoever asks for a story gets all of it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from digests.models import Article
from digests.text import join_lines as joined
from digests.text import letters_and_digits

Place = tuple[str, date | None, int, int]
"""Paper, day, the page a story leaves and the page it goes on on."""

_ENDS = ("。", "！", "？", "”", "）", ")", "!", "?", "…")


def is_continued(article: Article) -> bool:
    """Whether a story says that it goes on elsewhere, or began elsewhere."""
    return article.continued_on_page is not None or article.continued_from_page is not None


def join_continued(articles: Sequence[Article]) -> list[Article]:
    """The articles of one issue in page order, each story in one piece and at the place where it begins."""
    pieces = _pieces(articles)
    within = {piece.id for story in pieces.values() for piece in story}
    return [_whole(article, pieces.get(article.id, [])) for article in articles if article.id not in within]


def whole_story(piece: Article, articles: Sequence[Article]) -> Article:
    """The story that `piece` is part of, given the articles of its issue; else the piece itself."""
    pieces = _pieces(articles)
    for article in articles:
        story = pieces.get(article.id, [])
        if article.id == piece.id or piece.id in {part.id for part in story}:
            return _whole(article, story)
    return piece


def piece_ids(piece: Article, articles: Sequence[Article]) -> frozenset[str]:
    """The ids of all pieces of the story that `piece` is part of, given the articles of its issue; its own too."""
    stories = ({beginning, *(part.id for part in parts)} for beginning, parts in _pieces(articles).items())
    return frozenset(next((ids for ids in stories if piece.id in ids), {piece.id}))


def _pieces(articles: Sequence[Article]) -> dict[str, list[Article]]:
    """For each story that begins here and goes on, its further pieces in order, by the id of its beginning."""
    by_id = {article.id: article for article in articles}
    goes_on = match_pieces(articles)
    pieces: dict[str, list[Article]] = {}
    for beginning in goes_on.keys() - goes_on.values():
        at = beginning
        while at := goes_on.get(at, ""):
            pieces.setdefault(beginning, []).append(by_id[at])
    return pieces


def match_pieces(articles: Iterable[Article]) -> dict[str, str]:
    """The id of each piece that jumps with the id of the piece that goes on from it, within one issue.

    Where several stories jump between the same two pages, headings decide; a piece that fits none is left alone.
    """
    leaving: dict[Place, list[Article]] = defaultdict(list)
    arriving: dict[Place, list[Article]] = defaultdict(list)
    for article in articles:
        if article.page is not None and article.continued_on_page:
            leaving[article.paper, article.date, article.page, article.continued_on_page].append(article)
        if article.page is not None and article.continued_from_page:
            arriving[article.paper, article.date, article.continued_from_page, article.page].append(article)
    found: dict[str, str] = {}
    for place, firsts in leaving.items():
        found |= _matched(firsts, arriving.get(place, []))
    return found


def _matched(firsts: list[Article], rests: list[Article]) -> dict[str, str]:
    """The likeliest pairs, each article in one; likeness counts only where there is a choice."""
    if len(firsts) == len(rests) == 1:
        return {firsts[0].id: rests[0].id}
    pairs = sorted(((_likeness(a, b), i, k) for i, a in enumerate(firsts) for k, b in enumerate(rests)), reverse=True)
    found: dict[int, int] = {}
    for likeness, i, k in pairs:
        if likeness > 0 and i not in found and k not in found.values():
            found[i] = k
    return {firsts[i].id: rests[k].id for i, k in found.items()}


def _likeness(first: Article, rest: Article) -> float:
    """How many pairs of characters of the shorter heading stand in the longer."""
    ours, theirs = _pairs(first), _pairs(rest)
    return len(ours & theirs) / (min(len(ours), len(theirs)) or 1)


def _pairs(article: Article) -> set[str]:
    text = letters_and_digits(f"{article.kicker} {article.headline or ''}")
    return {text[k : k + 2] for k in range(len(text) - 1)}


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
