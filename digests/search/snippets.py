"""Snippets: the sentences of an article that match a search best, with the terms found marked (pure)."""

import re
from collections.abc import Iterable, Sequence

from digests import text
from digests.language.normal_form import normal_form, normal_text, term_form
from digests.matching.term_meaning import doubtful_positions, find_meant, find_misread
from digests.models import Article, Snippet, Span
from digests.query import Term

SNIPPET_CHARS = 120
"""Sentences are added to a snippet up to this many characters; the first sentence may be longer."""

MAX_SNIPPET_CHARS = 2 * SNIPPET_CHARS
"""A longer sentence is cut to this many characters."""

CONTEXT_CHARS = MAX_SNIPPET_CHARS // 3
"""Maximum characters kept before the first mark of a sentence that is cut."""

_SENTENCE_ENDS = re.compile(r"[。！？；?!;…\n]")


def snippet(article: Article, terms: Sequence[Term], *, look_alikes: bool = False) -> Snippet:
    """Return sentences of one paragraph, beginning with the first that contains the most of `terms`.

    If no sentence contains a term, the snippet begins with the first sentence that contains a possible misreading (only
    with `look_alikes`), or else with the first sentence of the body.
    """
    words = [term_form(term.text) for term in terms]
    paragraph = _best_paragraph(article, terms, words, look_alikes=look_alikes)
    normal = normal_text(paragraph)
    spans = text.sentences(normal.text)
    if not spans:
        return Snippet("")
    sentences = [normal.text[start:end] for start, end in spans]
    counts = [sum(word in sentence for word in words) for sentence in sentences]
    best = counts.index(max(counts))
    if look_alikes and not any(counts):
        best = next((at for at, sentence in enumerate(sentences) if _misread_spans(sentence, terms)), 0)
    chosen = "".join(paragraph[start:end] for start, end in _filled([normal.printed(span) for span in spans[best:]]))
    return _shortened(chosen, _marks(chosen, terms, look_alikes=look_alikes))


def _marks(printed: str, terms: Sequence[Term], *, look_alikes: bool) -> tuple[Span, ...]:
    """Return the spans that mean a term or, with `look_alikes`, may be misreadings of one."""
    joined = normal_text(printed)
    marks: list[Span] = []
    for term in terms:
        found = [joined.printed(item.span) for item in find_meant(term, joined.text)]
        marks += found or _marks_in_spaced_text(printed, term)
    if look_alikes and not marks:
        marks = [joined.printed(span) for span in _misread_spans(joined.text, terms)]
    return _merged(marks)


def _marks_in_spaced_text(printed: str, term: Term) -> list[Span]:
    """Return the spans that mean `term` if white space separates words, as in names and headlines."""
    if term_form(term.text) not in (spaced := normal_text(printed, keep_spaces=True)).text:
        return []
    return [spaced.printed(item.span) for item in find_meant(term, spaced.text)]


def _best_paragraph(article: Article, terms: Sequence[Term], words: Sequence[str], *, look_alikes: bool) -> str:
    """Return the first paragraph with the most words in one sentence."""
    lines = zip(article.body.split("\n"), normal_form(article.body).split("\n"), strict=True)
    paragraphs = [line for line in lines if line[1]]
    if not paragraphs:
        return ""
    counts = [_most_words_in_a_sentence(normalised, words) for _, normalised in paragraphs]
    if any(counts):
        return paragraphs[counts.index(max(counts))][0]
    return next((p for p in paragraphs if look_alikes and _misread_spans(p[1], terms)), paragraphs[0])[0]


def _most_words_in_a_sentence(paragraph: str, words: Sequence[str]) -> int:
    """Return the largest number of `words` that one sentence contains."""
    present = [word for word in words if word in paragraph]
    if len(present) < 2:
        return len(present)
    return max(sum(word in sentence for word in present) for sentence in _SENTENCE_ENDS.split(paragraph))


def _filled(spans: Sequence[Span]) -> list[Span]:
    """Return the first span and as many following ones as fit into SNIPPET_CHARS together."""
    shown, length = [spans[0]], spans[0][1] - spans[0][0]
    for start, end in spans[1:]:
        length += end - start
        if length > SNIPPET_CHARS:
            break
        shown.append((start, end))
    return shown


def _misread_spans(normalised: str, terms: Sequence[Term]) -> list[Span]:
    """Return the spans that may be misreadings of `terms`."""
    doubtful = doubtful_positions(normalised)
    return [found.span for term in terms for found in find_misread(term, normalised, doubtful)]


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the spans in order, with overlapping and adjacent ones merged."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return tuple(merged)


def _shortened(sentences: str, marks: tuple[Span, ...]) -> Snippet:
    """Cut the sentences to MAX_SNIPPET_CHARS around the first mark, with … at each cut."""
    if len(sentences) <= MAX_SNIPPET_CHARS:
        return Snippet(sentences, marks)
    start = max(0, min((marks[0][0] if marks else 0) - CONTEXT_CHARS, len(sentences) - MAX_SNIPPET_CHARS))
    end = start + MAX_SNIPPET_CHARS
    head, tail = "…" if start else "", "…" if end < len(sentences) else ""
    shift = len(head) - start
    kept = tuple((first + shift, last + shift) for first, last in marks if start <= first and last <= end)
    return Snippet(head + sentences[start:end] + tail, kept)
