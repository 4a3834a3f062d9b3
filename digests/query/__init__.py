"""What a reader types -> Query: one language for search and for subscriptions.

    防汛 强降雨            both words, in any order
    "核酸检测"             exactly this, as printed (also “” 「」)
    防汛 OR 内涝           either (also | and 或)
    煤改电 -招标           the first without the second (also NOT and 非)
    (小店 OR 迎泽) 养老     parentheses group
    标题:防汛  by:梁涛      only there: 标题 记者 版 主题 人物 地点 机构, title by page theme person place org
    防汛 ~ 强降雨          close together (also ～)
    =太原                 no misread forms
    2022-08  8月28日       days: also 2022年8月, 2021..2022, after:2022-08-01, before:2022-09, 去年, 上周

Full-width forms mean the same as half-width ones. `str(query)` is the normal form: parsed again, it gives an equal
query, so two spellings of one wish compare equal.
"""

import re
from datetime import date

from digests.dates import DayOfYear, DayRange
from digests.query.parser import Parser
from digests.query.tree import MAX_NEAR_GAP_CHARS, And, Field, Near, Not, Or, Query, Term, all_terms, wanted_terms

__all__ = [
    "MAX_NEAR_GAP_CHARS",
    "And",
    "DayOfYear",
    "DayRange",
    "Field",
    "Near",
    "Not",
    "Or",
    "Query",
    "Term",
    "all_terms",
    "parse",
    "plain_words",
    "single_word",
    "wanted_terms",
]

_OPERATORS = frozenset(("或", "非", "-或", "-非"))
_LONE_WORD = re.compile(r'(?:=|(?:title|by|theme|person|place|org):)?"?([一-鿿]{1,64})"?')
_PLAIN_WORDS = re.compile(r"[一-鿿]{1,64}(?: -?[一-鿿]{1,64}){0,8}")


def parse(text: str, *, today: date | None = None) -> Query:
    """The query that `text` means; `today` gives 去年 and 上周 their meaning, without it they are words.

    Raises QueryError where it says nothing to look for, is only a refusal (-防汛), or does not fit together; the error
    knows the place and, where there is one, a suggestion.
    """
    if today is None and (plain := plain_words(text)):  # most are this, and a hundred thousand are read at once
        said = tuple(Not(Term(word[1:])) if word[0] == "-" else Term(word) for word in plain)
        return And(said) if len(said) > 1 else said[0]
    return Parser(text, today).query()


def plain_words(text: str) -> tuple[str, ...]:
    """The words of a query that is nothing but Chinese words, the first one wanted and refused ones with their - before
    them, each once; none for any other query."""
    if not _PLAIN_WORDS.fullmatch(text):
        return ()
    words = tuple(dict.fromkeys(text.split(" "))) if " " in text else (text,)
    return words if _OPERATORS.isdisjoint(words) else ()


def single_word(text: str) -> str:
    """The word of a query that is nothing but one Chinese word with a sign (="防汛", title:防汛); "" for any other."""
    found = _LONE_WORD.fullmatch(text)
    return found[1] if found and found[1] not in _OPERATORS else ""
