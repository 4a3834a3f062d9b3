"""What else could have been meant: other forms of a name, words that look or sound alike, less or more of the same."""

from collections.abc import Mapping

from digests.language.characters import look_alikes, normalise_in_place, pinyin_readings
from digests.query import And, Not, Or, Query, Term
from digests.search.compiler import term_words
from digests.search.index import Index

MAX_SUGGESTIONS = 3

MAX_MISSPELT_CHARS = 24
"""Characters of a word for which others are proposed; six Hanzi in pinyin are about as many."""

_QUESTION_WORDS = frozenset(
    """
    哪里 哪儿 哪些 哪个 什么 怎么 怎样 怎么样 如何 为什么 为何 谁 多少 几 吗 呢 吧 啊 么 是否 能否 可否 可以 能 要
    会 请问 想 知道 有没有 有 是 是不是 的 了 在 去 查 找 看 关于 有关 what where when who why how the a of is
    """.split()
)
"""Words that ask, and those that go with them: they say nothing of what is asked for."""


def with_name_forms(query: Query, index: Index) -> Query:
    """`query` with every name that is printed in several ways asked for in all of them."""
    return _with_forms(query, index.name_variants())


def _with_forms(query: Query, names: Mapping[str, tuple[str, ...]]) -> Query:
    match query:
        case Term() if (
            not query.exact and not query.as_printed and (forms := names.get(normalise_in_place(query.text)))
        ):
            return Or(tuple(query._replace(text=form) for form in _first(normalise_in_place(query.text), forms)))
        case And(parts):
            return And(tuple(_with_forms(part, names) for part in parts))
        case Or(parts):
            return Or(tuple(_with_forms(part, names) for part in parts))
        case Not(part):
            return Not(_with_forms(part, names))
        case _:
            return query


def _first(asked: str, forms: tuple[str, ...]) -> tuple[str, ...]:
    return (asked, *(form for form in forms if form != asked))


def without_question_words(query: Query) -> Query:
    """`query` without the words that only ask (哪里可以查民生档案 -> 民生档案); itself if nothing is left."""
    match query:
        case Term() if not query.exact and not query.field:
            said = [Term(run) for run in _runs(term_words(query))]
            return And(tuple(said)) if len(said) > 1 else said[0] if said else query
        case And(parts):
            kept_parts = [without_question_words(part) for part in parts if not _asks_only(part)]
            return And(tuple(kept_parts)) if kept_parts else query
        case Or(parts):
            return Or(tuple(map(without_question_words, parts)))
        case _:
            return query


def _runs(said: tuple[str, ...]) -> list[str]:
    """The words between those that only ask, joined as they were."""
    runs = [""]
    for word in said:
        if word in _QUESTION_WORDS:
            runs.append("")
        else:
            runs[-1] += word
    return [run for run in runs if run]


def _asks_only(query: Query) -> bool:
    return isinstance(query, Term) and all(word in _QUESTION_WORDS for word in term_words(query))


def similar_words(query: Query, index: Index) -> tuple[str, ...]:
    """Queries of one word that the archive knows, where the one asked for stands nowhere: alike in shape or sound."""
    if not isinstance(query, Term) or query.exact or query.field or len(query.text) > MAX_MISSPELT_CHARS:
        return ()
    asked = normalise_in_place(query.text)
    shaped = [
        asked[:at] + char + asked[at + 1 :]
        for at, old in enumerate(asked)
        for char in look_alikes(old)
        if len(asked) > 1
    ]
    spoken = [asked.replace("'", "")] if asked.isascii() else pinyin_readings(asked)
    heard = [word for sound in spoken for word in index.words_sounding_like(sound)]
    seen = [
        word for word in shaped if index.document_frequency(word, "title") or index.document_frequency(word, "names")
    ]
    candidates = dict.fromkeys(word for word in (*heard, *seen) if word != asked)
    ranked = sorted(
        candidates, key=lambda word: -max(index.document_frequency(word), index.document_frequency(word, "title"))
    )
    return tuple(ranked[:MAX_SUGGESTIONS])


def wider_queries(query: Query) -> tuple[str, ...]:
    """Queries that ask for more of the same: with one of the wanted words left out."""
    if not isinstance(query, And):
        return ()
    wanted = [part for part in query.parts if not isinstance(part, Not)]
    if len(wanted) < 2:
        return ()
    wider = [And(tuple(part for part in wanted if part is not left)) for left in wanted if len(wanted) > 2]
    return tuple(map(str, wider or wanted))[:MAX_SUGGESTIONS]


def narrowed_query(query: Query, name: str, value: str) -> str:
    """The query that asks for those of the hits which have the `value` of the facet `name`."""
    one = value if name == "month" else f'{name}:"{value}"'
    return f"({query}) {one}" if isinstance(query, Or) else f"{query} {one}"
