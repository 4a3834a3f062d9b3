"""An article and what was looked for -> whole sentences of it with the found words marked (pure)."""

import re
from collections.abc import Iterable, Sequence

from digests import text
from digests.language.characters import normalise_in_place
from digests.matching.term_meaning import doubtful_positions, find_meant, find_misread
from digests.models import Article, Snippet, Span
from digests.query import Term

SNIPPET_CHARS = 120
"""Characters an excerpt aims at; a longer sentence is shortened around its first found word."""

_ENDS = re.compile(r"[。！？；?!;…\n]")


def snippet(article: Article, wanted: Sequence[Term], *, alike: bool = False) -> Snippet:
    """The sentences of the body that hold most of `wanted`, from the best one on; the first ones if none does.

    With `alike` also forms that only look like a term are marked.
    """
    plain = [normalise_in_place(term.text) for term in wanted]
    paragraph, levelled = _best_paragraph(article, wanted, plain, alike=alike)
    places = text.sentences(paragraph)
    if not places:
        return Snippet("")
    counts = [sum(one in levelled[start:end] for one in plain) for start, end in places]
    best = counts.index(max(counts))
    if alike and not any(counts):
        best = next((i for i, (start, end) in enumerate(places) if _misread(levelled[start:end], wanted)), 0)
    shown = [places[best]]
    length = places[best][1] - places[best][0]
    for start, end in places[best + 1 :]:
        length += end - start
        if length > SNIPPET_CHARS:
            break
        shown.append((start, end))
    said = "".join(paragraph[start:end] for start, end in shown)
    read = "".join(levelled[start:end] for start, end in shown)
    spans = [found.span for term in wanted for found in find_meant(term, read)]
    return _shortened(said, _joined(spans or (_misread(read, wanted) if alike else [])))


def _best_paragraph(article: Article, wanted: Sequence[Term], plain: Sequence[str], *, alike: bool) -> tuple[str, str]:
    """The first of the paragraphs that hold the most of `plain` in one sentence, as printed and levelled."""
    paragraphs = [(paragraph, normalise_in_place(paragraph)) for paragraph in article.paragraphs if paragraph.strip()]
    if not paragraphs:
        return "", ""
    counts = [_most(levelled, plain) for _, levelled in paragraphs]
    if any(counts):
        return paragraphs[counts.index(max(counts))]
    return next((p for p in paragraphs if alike and _misread(p[1], wanted)), paragraphs[0])


def _most(levelled: str, plain: Sequence[str]) -> int:
    """How many of `plain` one sentence of the paragraph holds at most."""
    held = [one for one in plain if one in levelled]
    if len(held) < 2:
        return len(held)
    return max(sum(one in sentence for one in held) for sentence in _ENDS.split(levelled))


def _misread(levelled: str, wanted: Sequence[Term]) -> list[Span]:
    doubts = doubtful_positions(levelled)
    return [found.span for term in wanted for found in find_misread(term, levelled, doubts)]


def _joined(found: Iterable[Span]) -> tuple[Span, ...]:
    """The spans in order, overlapping ones joined."""
    joined: list[Span] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return tuple(joined)


def _shortened(said: str, marks: tuple[Span, ...]) -> Snippet:
    """At most about twice EXCERPT_LENGTH, around the first mark, with … where something was left out."""
    longest = 2 * SNIPPET_CHARS
    if len(said) <= longest:
        return Snippet(said, marks)
    start = max(0, min((marks[0][0] if marks else 0) - longest // 3, len(said) - longest))
    end = start + longest
    head, tail = "…" if start else "", "…" if end < len(said) else ""
    shift = len(head) - start
    kept = tuple((a + shift, b + shift) for a, b in marks if start <= a and b <= end)
    return Snippet(head + said[start:end] + tail, kept)
