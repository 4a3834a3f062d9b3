"""An article and what was looked for -> whole sentences of it with the found words marked (pure)."""

import re
from collections.abc import Iterable, Sequence

from digests import text
from digests.matching import level, occurrences
from digests.models import Article, Excerpt, Span
from digests.occurring import lone, misread
from digests.query import Term

EXCERPT_LENGTH = 120
"""Characters an excerpt aims at; a longer sentence is shortened around its first found word."""

_ENDS = re.compile(r"[。！？；?!;…\n]")


def excerpt(article: Article, wanted: Sequence[Term], *, alike: bool = False) -> Excerpt:
    """The sentences of the body that hold most of `wanted`, from the best one on; the first ones if none does.

    With `alike` also forms that only look like a term are marked.
    """
    paragraph = _best_paragraph(article, wanted, alike=alike)
    places = [paragraph[start:end].strip() for start, end in text.sentences(paragraph)]
    if not places:
        return Excerpt("")
    plain = [level(term.text) for term in wanted]
    counts = [sum(one in said for one in plain) for said in map(level, places)]
    best = max(range(len(places)), key=lambda i: (counts[i], -i))
    if alike and not any(counts):
        best = next((i for i, said in enumerate(places) if _misread(said, wanted)), 0)
    said = places[best]
    for following in places[best + 1 :]:
        if len(said) + len(following) > EXCERPT_LENGTH:
            break
        said += following
    spans = [span for term in wanted for span in occurrences(term, said)]
    return _shortened(said, _joined(spans or (_misread(said, wanted) if alike else [])))


def _best_paragraph(article: Article, wanted: Sequence[Term], *, alike: bool) -> str:
    """The first of the paragraphs that hold the most of `wanted` in one sentence."""
    plain = [level(term.text) for term in wanted]

    def most(paragraph: str) -> int:
        said = level(paragraph)
        if not any(one in said for one in plain):
            return 0
        return max(sum(one in sentence for one in plain) for sentence in _ENDS.split(said))

    paragraphs = [paragraph for paragraph in article.paragraphs if paragraph.strip()]
    if not paragraphs:
        return ""
    counts = [most(paragraph) for paragraph in paragraphs]
    if any(counts):
        return paragraphs[counts.index(max(counts))]
    return next((p for p in paragraphs if alike and _misread(p, wanted)), paragraphs[0])


def _misread(said: str, wanted: Sequence[Term]) -> list[Span]:
    levelled = level(said)
    loners = lone(levelled)
    return [found.span for term in wanted for found in misread(term, levelled, loners)]


def _joined(found: Iterable[Span]) -> tuple[Span, ...]:
    """The spans in order, overlapping ones joined."""
    joined: list[Span] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return tuple(joined)


def _shortened(said: str, marks: tuple[Span, ...]) -> Excerpt:
    """At most about twice EXCERPT_LENGTH, around the first mark, with … where something was left out."""
    longest = 2 * EXCERPT_LENGTH
    if len(said) <= longest:
        return Excerpt(said, marks)
    start = max(0, min((marks[0][0] if marks else 0) - longest // 3, len(said) - longest))
    end = start + longest
    head, tail = "…" if start else "", "…" if end < len(said) else ""
    shift = len(head) - start
    kept = tuple((a + shift, b + shift) for a, b in marks if start <= a and b <= end)
    return Excerpt(head + said[start:end] + tail, kept)
