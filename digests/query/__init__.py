"""The query language of searches and subscriptions: text -> Query.

    防汛 强降雨            both words, in any order
    "核酸检测"             exactly this phrase (also “” 「」)
    防汛 OR 内涝           either word (also | and 或)
    煤改电 -招标           the first word without the second (also NOT and 非)
    (小店 OR 迎泽) 养老     a group
    标题:防汛  by:梁涛      in one field: 标题 记者 版 主题 人物 地点 机构, title by page theme person place org
    防汛 ~ 强降雨          words close together (also ～)
    =太原                 without misread forms
    2022-08  8月28日       days; also 2022年8月, 2021..2022, after:2022-08-01, before:2022-09, 去年, 上周

Full-width characters mean the same as half-width ones. `str(query)` is the query's normal form, from which `parse`
returns an equal query.
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
_SINGLE_WORD = re.compile(r'(?:=|(?:title|by|theme|person|place|org):)?"?([一-鿿]{1,64})"?')
_PLAIN_WORDS = re.compile(r"[一-鿿]{1,64}(?: -?[一-鿿]{1,64}){0,8}")


def parse(text: str, *, today: date | None = None) -> Query:
    """Parse a query. With `today`, relative days such as 去年 and 上周 are parsed as days, otherwise as words.

    Raises QueryError for a query without a term, with only excluded terms (-防汛), or with a syntax error. The error
    has the position of the mistake and, if possible, a corrected query.
    """
    if today is None and (words := plain_words(text)):  # fast path for many subscriptions
        terms = tuple(Not(Term(word[1:])) if word[0] == "-" else Term(word) for word in words)
        return And(terms) if len(terms) > 1 else terms[0]
    return Parser(text, today).query()


def plain_words(text: str) -> tuple[str, ...]:
    """Return the words of a query of Chinese words only, each once, excluded words with "-"; () for other queries."""
    if not _PLAIN_WORDS.fullmatch(text):
        return ()
    words = tuple(dict.fromkeys(text.split(" "))) if " " in text else (text,)
    return words if _OPERATORS.isdisjoint(words) else ()


def single_word(text: str) -> str:
    """Return the word of a query of one Chinese word, also after = or a field ("防汛", title:防汛); else ""."""
    found = _SINGLE_WORD.fullmatch(text)
    return found[1] if found and found[1] not in _OPERATORS else ""
