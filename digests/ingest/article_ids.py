"""Ids of articles: if a file is read again, its articles keep their ids, and only new or changed ones are announced."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace

from digests.matching import article_fields
from digests.models import Article, NewArticle
from digests.search.index import Index
from digests.text import article_id, containment, jaccard_similarity, shingles

MIN_SAME_ARTICLE_SIMILARITY = 0.6
"""Minimum Jaccard similarity at which an article of a changed file counts as a corrected version of an earlier one."""

MIN_KNOWN_TEXT_SHARE = 0.6
"""An article is not new if its file already contained at least this share of the article's text."""

Identified = tuple[list[Article], list[NewArticle]]
"""Articles with their final ids, and those among them that are new or whose text has changed."""


class ArticleIds:
    """Assigns ids to articles that are read between two commits of the index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._sources: dict[str, str] = {}  # id -> file, for ids assigned since the last commit

    def forget(self) -> None:
        """Forget the ids assigned since the last commit; call this after a commit or a rollback."""
        self._sources.clear()

    def identify(self, name: str, articles: Sequence[Article], *, known: bool, vanished: Container[str]) -> Identified:
        """Assign ids to all articles of the file `name`, which is `known` if the index has an earlier reading of it.

        An article keeps its id if it belonged to this file or to a `vanished` one, for example if the file was renamed.
        """
        earlier = {article.id: article for article in (self._index.articles("source", name) if known else ())}
        unchanged = {article.id for article in articles}
        unclaimed = {id_: article for id_, article in earlier.items() if id_ not in unchanged}
        known_text = shingles("".join(article.body for article in earlier.values()))
        named: dict[str, Article] = {}
        news: list[NewArticle] = []
        for article in articles:
            own = article.id not in named and self._belongs(article.id, name, vanished)
            kept = article.id if own else _corrected(article, unclaimed.values())
            if kept:
                unclaimed.pop(kept, None)
            id_ = kept or self._free_id(name, article, named)
            named[id_] = replace(article, id=id_)
            if id_ in earlier:
                if _reads_differently(earlier[id_], named[id_]):
                    news.append(NewArticle(id_, article.date, late=True, former=earlier[id_]))
            elif not kept and containment(shingles(article.body), known_text) < MIN_KNOWN_TEXT_SHARE:
                news.append(NewArticle(id_, article.date, late=bool(earlier) and article.n is not None))
        self._sources |= dict.fromkeys(named, name)
        return list(named.values()), news

    def identify_part(self, name: str, articles: Iterable[Article], *, vanished: Container[str]) -> Identified:
        """Assign ids to one part of a large file; its earlier articles are not in memory, so only ids are compared."""
        named: list[Article] = []
        news: list[NewArticle] = []
        for article in articles:
            own = article.id not in self._sources and self._belongs(article.id, name, vanished)
            id_ = article.id if own else self._free_id(name, article, self._sources)
            former = self._index.article(id_) if own else None
            named.append(replace(article, id=id_))
            if former is None or _reads_differently(former, named[-1]):
                news.append(NewArticle(id_, article.date, late=former is not None, former=former))
            self._sources[id_] = name
        return named, news

    def _belongs(self, id_: str, name: str, vanished: Container[str]) -> bool:
        """True if the article with this id is in the file `name` or in a vanished file."""
        source = self._source(id_)
        return source == name or source in vanished

    def _free_id(self, name: str, article: Article, named: Container[str]) -> str:
        """Return the article's id or, if another article has it, an unused id derived from the text."""
        id_, repetition = article.id, 0
        while id_ in named or self._source(id_) not in (None, name):
            repetition += 1
            id_ = article_id(article.body or article.title, repetition)
        return id_

    def _source(self, id_: str) -> str | None:
        """Return the file of the article with this id, None for an unused id."""
        return self._sources.get(id_) or self._index.source_of(id_)


def _corrected(article: Article, earlier: Iterable[Article]) -> str | None:
    """Return the id of the most similar earlier article, None if no article is similar enough."""
    similar = ((jaccard_similarity(article.body, former.body), former.id) for former in earlier)
    similarity, id_ = max(similar, default=(0.0, None))
    return id_ if similarity >= MIN_SAME_ARTICLE_SIMILARITY else None


def _reads_differently(former: Article, article: Article) -> bool:
    """True if a field, the day or the page differs, so that subscriptions may match that did not before."""
    return (*article_fields(former), former.date, former.page) != (*article_fields(article), article.date, article.page)
