"""Alternatives to a query: all forms of a name, similar words, wider and narrower queries."""

from collections.abc import Mapping

from digests.language.characters import look_alikes, pinyin_readings
from digests.language.normal_form import normal_form
from digests.query import And, Not, Or, Query, Term
from digests.search.compiler import term_words
from digests.search.index import Index

MAX_SUGGESTIONS = 3

MAX_MISSPELT_CHARS = 24
"""Maximum characters of a word for which similar words are suggested; about six Hanzi in pinyin."""

_QUESTION_WORDS = frozenset(
    """
    哪里 哪儿 哪些 哪个 什么 怎么 怎样 怎么样 如何 为什么 为何 谁 多少 几 吗 呢 吧 啊 么 是否 能否 可否 可以 能 要
    会 请问 想 知道 有没有 有 是 是不是 的 了 在 去 查 找 看 关于 有关 what where when who why how the a of is
    """.split()
)
"""Question words, and words around them that do not describe what is searched for."""


def with_name_forms(query: Query, index: Index) -> Query:
    """Return `query` with every person's name replaced by all forms in which the archive prints it."""
    return _with_forms(query, index.name_variants())


def _with_forms(query: Query, variants: Mapping[str, tuple[str, ...]]) -> Query:
    match query:
        case Term() if not query.exact and not query.as_printed:
            name = normal_form(query.text)
            forms = dict.fromkeys((name, *variants[name])) if name in variants else ()
            return Or(tuple(query._replace(text=form) for form in forms)) if forms else query
        case And(parts):
            return And(tuple(_with_forms(part, variants) for part in parts))
        case Or(parts):
            return Or(tuple(_with_forms(part, variants) for part in parts))
        case Not(part):
            return Not(_with_forms(part, variants))
        case _:
            return query


def without_question_words(query: Query) -> Query:
    """Return `query` without question words (哪里可以查民生档案 -> 民生档案), unchanged if it has no other words."""
    match query:
        case Term() if not query.exact and not query.field:
            terms = [Term(run) for run in _runs(term_words(query))]
            return And(tuple(terms)) if len(terms) > 1 else terms[0] if terms else query
        case And(parts):
            kept = [without_question_words(part) for part in parts if not _only_asks(part)]
            return And(tuple(kept)) if kept else query
        case Or(parts):
            return Or(tuple(map(without_question_words, parts)))
        case _:
            return query


def _runs(words: tuple[str, ...]) -> list[str]:
    """Return the texts between question words."""
    runs = [""]
    for word in words:
        if word in _QUESTION_WORDS:
            runs.append("")
        else:
            runs[-1] += word
    return [run for run in runs if run]


def _only_asks(query: Query) -> bool:
    """True for a term that consists of question words."""
    return isinstance(query, Term) and all(word in _QUESTION_WORDS for word in term_words(query))


def similar_words(query: Query, index: Index) -> tuple[str, ...]:
    """Return words of the archive that look or sound like a query of one term, the most frequent first."""
    if not isinstance(query, Term) or query.exact or query.field or len(query.text) > MAX_MISSPELT_CHARS:
        return ()
    word = normal_form(query.text)
    sounds = [word.replace("'", "")] if word.isascii() else pinyin_readings(word)
    candidates = [other for sound in sounds for other in index.words_sounding_like(sound)]
    candidates += [other for other in _resembling(word) if _is_headline_word_or_name(other, index)]
    frequencies = {
        other: max(index.document_frequency(other), index.document_frequency(other, "title"))
        for other in candidates
        if other != word
    }
    return tuple(sorted(frequencies, key=lambda other: -frequencies[other])[:MAX_SUGGESTIONS])


def _resembling(word: str) -> list[str]:
    """Return all strings with one character of `word` replaced by a look-alike."""
    if len(word) < 2:
        return []
    return [word[:at] + char + word[at + 1 :] for at, old in enumerate(word) for char in look_alikes(old)]


def _is_headline_word_or_name(word: str, index: Index) -> bool:
    """True if the archive has the word in a headline or as a person's name."""
    return any(index.document_frequency(word, field) for field in ("title", "names"))


def wider_queries(query: Query) -> tuple[str, ...]:
    """Return less restrictive queries: each omits the excluded parts and one wanted part."""
    if not isinstance(query, And):
        return ()
    wanted = [part for part in query.parts if not isinstance(part, Not)]
    if len(wanted) < 2:
        return ()
    wider = [And(tuple(part for part in wanted if part is not left)) for left in wanted if len(wanted) > 2]
    return tuple(map(str, wider or wanted))[:MAX_SUGGESTIONS]


def narrowed_query(query: Query, facet: str, value: str) -> str:
    """Return the query restricted to articles with `value` in `facet`."""
    condition = value if facet == "month" else f'{facet}:"{value}"'
    return f"({query}) {condition}" if isinstance(query, Or) else f"{query} {condition}"
