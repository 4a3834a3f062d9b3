"""The query language of searches and subscriptions: text -> Query.

    防汛 强降雨            both words, in any order
    "核酸检测"             exactly this phrase (also “” 「」)
    防汛 OR 内涝           either word (also | and 或)
    煤改电 -招标           the first word without the second (also NOT and 非)
    (小店 OR 迎泽) 养老     a group
    标题:防汛  by:梁涛      in one field: 标题 记者 版 主题 人物 地点 机构 报纸,
                          title by page theme person place org paper
    防汛 ~ 强降雨          words close together (also ～)
    =太原                 without misread forms
    2022-08  8月28日       days; also 2022年8月, 2021..2022, after:2022-08-01, before:2022-09, 去年, 上周

Full-width characters mean the same as half-width ones. `str(query)` is the query's normal form, from which `parse`
returns an equal query.
"""

import re
from datetime import date
from itertools import pairwise

from digests.dates import DayOfYear, DayRange
from digests.language.boundaries import lattice
from digests.language.characters import HANZI, HYPHENS, NAME_DOTS
from digests.language.normal_form import clean_text, normal_form, signs_in_context
from digests.query.parser import Parser, check_length
from digests.query.tree import MAX_NEAR_GAP_CHARS, And, Field, Near, Not, Or, Query, Term, all_terms, wanted_terms
from digests.text import normalise_widths

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
    "written_form",
]

_IN_WORD = re.compile(rf"(?<=\w)[{HYPHENS}{NAME_DOTS}](?=\w)")
_LETTER_SPACED = re.compile(rf"(?<![^\s(=|~:-])(?![或非])[{HANZI}](?:\s+(?![或非])[{HANZI}])+(?![^\s)|~])")
_OPERATORS = frozenset(("或", "非", "-或", "-非"))
_SINGLE_WORD = re.compile(r'(?:=|(?:title|by|theme|person|place|org):)?"?([一-鿿]{1,64})"?')
_SINGLE_CHARACTERS = re.compile(r" [一-鿿](?: |\Z)")
_PLAIN_WORDS = re.compile(r"[一-鿿]{1,64}(?: -?[一-鿿]{1,64}){0,8}")


def parse(text: str, *, today: date | None = None) -> Query:
    """Parse a query. With `today`, relative days such as 去年 and 上周 are parsed as days, otherwise as words.

    Raises QueryError for a query without a term, with only excluded terms (-防汛), or with a syntax error. The error
    has the position of the mistake and, if possible, a corrected query.
    """
    if today is None and (words := plain_words(text)):  # fast path for many subscriptions
        terms = tuple(Not(Term(word[1:])) if word[0] == "-" else Term(word) for word in words)
        return And(terms) if len(terms) > 1 else terms[0]
    check_length(text, "characters")
    return Parser(text, written_form(text), today).query()


def plain_words(text: str) -> tuple[str, ...]:
    """Return the words of a query of Chinese words only, each once, excluded words with "-"; () for other queries."""
    if not _PLAIN_WORDS.fullmatch(text) or _SINGLE_CHARACTERS.search(text):
        return ()
    words = tuple(dict.fromkeys(text.split(" "))) if " " in text else (text,)
    return words if _OPERATORS.isdisjoint(words) else ()


def single_word(text: str) -> str:
    """Return the word of a query of one Chinese word, also after = or a field ("防汛", title:防汛); else ""."""
    found = _SINGLE_WORD.fullmatch(text)
    return found[1] if found and found[1] not in _OPERATORS else ""


def written_form(text: str) -> str:
    """Return a query in the form in which it is parsed; the positions of errors refer to it."""
    text = signs_in_context(normalise_widths(clean_text(text)))
    return _LETTER_SPACED.sub(_one_word, _IN_WORD.sub(_one_sign, text)).replace("〜", "~")


def _one_word(match: re.Match[str]) -> str:
    """Return the words or names whose characters are apart (习 近 平, 防 汛 抗 旱); other characters stay apart."""
    word = "".join(match[0].split())
    edges = sorted(lattice(normal_form(word)).edges)
    return word if all(end - start > 1 for start, end in pairwise(edges)) else match[0]


def _one_sign(match: re.Match[str]) -> str:
    """Return the usual form of a hyphen or dot inside a word."""
    return "-" if match[0] in HYPHENS else "·"
