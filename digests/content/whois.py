"""Who somebody is, as the archive's articles say it (pure): the titles that stand before a name."""

import re
from collections import Counter
from collections.abc import Iterable

from digests.models import Article
from digests.names import TITLES

LONGEST = 14
"""Characters of a title with what belongs to it: 省委常委 is one, 太原市委书记 another."""
_NO_TITLES = frozenset("代表 委员 居民 村民 市民 学生 职工 员工 同志 先生 女士 记者".split())
"""Words that stand before a name and say too little, or belong to what was said before."""
_ENDS = "|".join(sorted(TITLES - _NO_TITLES, key=len, reverse=True))


def titles(name: str, articles: Iterable[Article], most: int = 4) -> tuple[str, ...]:
    """What stands before `name` as a title in the articles, the oftenest first.

    Only whole stretches between two signs count, such as 太原市委书记 in “省委常委、太原市委书记韦韬”.
    """
    beside = re.compile(rf"(?<![一-鿿])([一-鿿]{{0,{LONGEST - 2}}}?(?:{_ENDS})){re.escape(name)}")
    said = Counter(found for article in articles for found in _found(beside, article))
    return tuple(sorted(said, key=lambda title: (-said[title], title))[:most])


def _found(beside: re.Pattern[str], article: Article) -> set[str]:
    """Each title once an article."""
    return {
        match for text in (article.headline or "", article.deck, *article.paragraphs) for match in beside.findall(text)
    }
