"""Titles of people: what is printed directly before a name (太原市委书记韦韬) or after it (杨凤池教授)."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from digests.language import words
from digests.language.person_names import SURNAMES
from digests.models import Article
from digests.names.lexicons import PLACE_ENDINGS, TITLE_ENDINGS, TITLES

MAX_TITLE_CHARS = 30
"""Maximum characters of the titles before a name, with the organisation and with several titles joined by 、."""
_ENDINGS = (*TITLE_ENDINGS, *"秘书 老板 大师 助理 参谋 人物 妻子 丈夫 母亲 父亲 儿子 女儿".split())
_CLAUSE = re.compile(r"[^，。；：！？“”‘’（）《》\s,;:!?()]*$")
_ROLE_CLAUSE = re.compile(r"作为([^，。；：！？\s]{2,40})，$")
"""作为永辉超市食品安全负责人，刘旭"""
_IS = re.compile(r"(?:[^，。；：！？\s]{0,12}?(?:担任|出任|当选)|(?:就|便)?是|任)([^，。；：！？、\s]{2,40})")
"""王腾是中国工艺美术家协会会员; 陆宇到凤美村担任第一书记"""
_ONE = re.compile(r"^(?:了|一[名位个])+")
_LISTED = re.compile(r"([一-鿿]{2,4})、$")
_NOUN_TAGS = ("n", "j", "b", "vn", "s", "f", "m", "q", "l", "a")
_JOINED = frozenset("、兼")
_AFTER = tuple(sorted((title for title in TITLES if len(title) > 1), key=len, reverse=True))
_NOT_PART = frozenset("记者 通讯员 图为 据介绍 介绍 同时".split())
MAX_LISTED = 6
"""A title before a list of names counts for this many names: 象棋大师党斐、郎祺琪."""


def titles_in(text: str, name: str) -> tuple[str, ...]:
    """Return the titles printed with a person's name in a text, each once, the longer of two that overlap."""
    found: list[str] = []
    for match in re.finditer(re.escape(name), text):
        before, after = text[: match.start()], text[match.end() :]
        found += filter(None, (_title_before(before, MAX_LISTED), _title_after(after), _predicate(after)))
    distinct = list(dict.fromkeys(found))
    return tuple(title for title in distinct if not any(title != other and title in other for other in distinct))


def _title_before(text: str, listed: int) -> str:
    """Return the title with which a text ends, together with its organisation and further titles before it; or ""."""
    if role := _ROLE_CLAUSE.search(text[-MAX_TITLE_CHARS:]):
        return _last_title(role[1])
    if listed and (others := _LISTED.search(text)):
        names = (others[1][-size:] for size in (2, 3, 4) if len(others[1]) >= size)
        name = next((name for name in names if name[0] in SURNAMES), "")
        return _title_before(text[: -len(name) - 1], listed - 1) if name else ""
    clause = _CLAUSE.search(text[-MAX_TITLE_CHARS - 10 :])
    return _last_title(clause[0]) if clause else ""


def _last_title(clause: str) -> str:
    """Return the title with which a clause ends, or ""."""
    found = words.cut(clause)
    if not found or not found[-1].endswith(_ENDINGS):
        return ""
    kept: list[str] = []
    for at in range(len(found) - 1, -1, -1):
        word = found[at]
        if word in _JOINED or word == "和":
            is_title = at > 0 and found[at - 1].endswith(_ENDINGS)
            if is_title == (word == "和"):  # 、 joins titles, 和 joins parts of a name (发展和改革委员会)
                break
        elif not _belongs(word) or sum(map(len, kept)) + len(word) > MAX_TITLE_CHARS:
            break
        kept.insert(0, word)
    return _ONE.sub("", "".join(kept).strip("、兼和"))


def _belongs(word: str) -> bool:
    """True if a word can be part of a title or of the organisation before it."""
    tag = words.tag(word)
    is_noun = not tag or tag.startswith(_NOUN_TAGS) or word.endswith(_ENDINGS) or word in PLACE_ENDINGS
    return is_noun and word not in _NOT_PART and not word.isdigit()


def _title_after(text: str) -> str:
    """Return the title with which a text begins, or ""."""
    return next((title for title in _AFTER if text.startswith(title)), "")


def _predicate(text: str) -> str:
    """Return what a text says that somebody is: 是公司的驻村干部; or ""."""
    match = _IS.match(text)
    return _last_title(match[1].rpartition("的")[2]) if match else ""


def titles_of(name: str, articles: Iterable[Article], limit: int = 4) -> tuple[str, ...]:
    """Return at most `limit` titles printed with `name`, one by one, the titles in the most articles first."""
    articles_with = Counter(title for article in articles for title in set(_titles_in_article(name, article)))
    return tuple(sorted(articles_with, key=lambda title: (-articles_with[title], title))[:limit])


def _titles_in_article(name: str, article: Article) -> Iterator[str]:
    for text in (article.headline or "", article.deck, *article.paragraphs):
        for titles in titles_in(text, name):
            yield from titles.split("、")
