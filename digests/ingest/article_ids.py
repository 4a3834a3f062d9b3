"""Ids of articles: if a file is read again, its articles keep their ids, and only new or changed ones are announced."""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from itertools import islice

from digests.matching import article_fields
from digests.models import Article, NewArticle
from digests.search.index import Index
from digests.text import article_id, containment, jaccard_similarity, shingles

MIN_SAME_ARTICLE_SIMILARITY = 0.6
"""Minimum Jaccard similarity at which an article of a changed file counts as a corrected version of an earlier one."""

MIN_KNOWN_TEXT_SHARE = 0.6
"""An article is not new if its file already contained at least this share of the article's text."""

MAX_COMPARED = 20
"""Earlier articles with which an article of a changed file is compared."""

Identified = tuple[list[Article], list[NewArticle]]
"""Articles with their final ids, and those among them that are new or whose text has changed."""


class ArticleIds:
    """Assigns ids to articles that are read between two commits of the index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._sources: dict[str, str] = {}  # id -> file, for ids assigned since the last commit
        self._repetitions: dict[str, int] = {}  # id -> number of its repetitions since the last commit

    def forget(self) -> None:
        """Forget the ids assigned since the last commit; call this after a commit or a rollback."""
        self._sources.clear()
        self._repetitions.clear()

    def identify(self, name: str, articles: Sequence[Article], *, known: bool, vanished: Container[str]) -> Identified:
        """Assign ids to all articles of the file `name`, which is `known` if the index has an earlier reading of it.

        An article keeps its id if it belonged to this file or to a `vanished` one, for example if the file was renamed.
        """
        earlier = {article.id: article for article in (self._index.articles("source", name) if known else ())}
        unchanged = {article.id for article in articles}
        unclaimed = _Corrections(article for id_, article in earlier.items() if id_ not in unchanged)
        known_text = shingles("".join(article.body for article in earlier.values()))
        named: dict[str, Article] = {}
        news: list[NewArticle] = []
        for article in articles:
            own = article.id not in named and self._belongs(article.id, name, vanished)
            kept = article.id if own else unclaimed.take(article)
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
        id_, repetition = article.id, self._repetitions.get(article.id, 0)
        while id_ in named or self._source(id_) not in (None, name):
            repetition += 1
            id_ = article_id(article.body or article.title, repetition)
        self._repetitions[article.id] = repetition  # the last of a thousand equal articles needs one attempt
        return id_

    def _source(self, id_: str) -> str | None:
        """Return the file of the article with this id, None for an unused id."""
        return self._sources.get(id_) or self._index.source_of(id_)


class _Corrections:
    """The earlier articles of a file of which the new reading may have corrected versions."""

    def __init__(self, earlier: Iterable[Article]) -> None:
        self._shingles = {article.id: shingles(article.body) for article in earlier}
        self._ids: dict[str, dict[str, None]] = defaultdict(dict)  # ordered sets, by shingle
        for id_, contained in self._shingles.items():
            for shingle in contained:
                self._ids[shingle][id_] = None

    def take(self, article: Article) -> str | None:
        """Return the id of the most similar earlier article and remove it; None if none is similar enough.

        Only the MAX_COMPARED articles that share most of the rarest shingles are compared, so that the time grows with
        the length of the file and not with its square.
        """
        contained = shingles(article.body)
        rarest = sorted((len(self._ids.get(shingle, ())), shingle) for shingle in contained)
        shared = Counter[str]()
        for count, shingle in rarest:
            if count and len(shared) < MAX_COMPARED:
                shared.update(islice(self._ids[shingle], MAX_COMPARED))
        compared = (id_ for id_, _ in shared.most_common(MAX_COMPARED))
        similar = ((jaccard_similarity(contained, self._shingles[id_]), id_) for id_ in compared)
        similarity, id_ = max(similar, default=(0.0, ""))
        if similarity < MIN_SAME_ARTICLE_SIMILARITY:
            return None
        for shingle in self._shingles.pop(id_):
            del self._ids[shingle][id_]
        return id_


def _reads_differently(former: Article, article: Article) -> bool:
    """True if a field, the day or the page differs, so that subscriptions may match that did not before."""
    return (*article_fields(former), former.date, former.page) != (*article_fields(article), article.date, article.page)
