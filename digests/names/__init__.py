"""Names in an article: people, places and organisations."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from digests.language import words
from digests.language.person_names import SURNAMES
from digests.language.words import MAX_BODY_CHARS
from digests.models import Article
from digests.names import model
from digests.names.corrections import apart_from, corrected
from digests.names.lexicons import Lexicon, place_codes
from digests.names.model import ORGANISATION, PERSON, PLACE, Span, Tagger
from digests.segment.bylines import parse_dateline

MIN_NAME_CHARS = 2
BATCH_CHARS = 8000
"""Characters of the articles that are searched at once; more need more memory and are not faster."""
MAX_CHINESE_NAME_CHARS = 4


@dataclass(frozen=True, slots=True)
class Names:
    """The names in an article, the most frequent of each kind first."""

    people: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownNames:
    """Names already found in the archive."""

    people: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()

    def lexicon(self) -> Lexicon:
        """Return a lexicon that finds these names."""
        by_kind = ((ORGANISATION, self.organisations), (PLACE, self.places), (PERSON, self.people))
        return Lexicon({name: kind for kind, names in by_kind for name in sorted(names)})


def find_names(
    articles: Sequence[Article],
    *,
    max_body_chars: int = MAX_BODY_CHARS,
    known: Lexicon | None = None,
    tagger: Tagger | None = None,
) -> list[Names]:
    """Return the names in each of the articles, without their own reporters.

    `known` finds names that count wherever they are printed (`KnownNames.lexicon`).

    Names are searched in the first `max_body_chars` characters of the body. The names in an article do not depend on
    the other articles, but many at once are searched faster.
    """
    found: list[Names] = []
    for batch in _batches(articles, max_body_chars):
        cut = [words.cut_article(article, max_body_chars) for article in batch]
        tagged = model.tag([(own.heading, *own.paragraphs) for own in cut], tagger)
        found += [_names(article, *own, known) for article, own in zip(batch, tagged, strict=True)]
    return found


def _batches(articles: Sequence[Article], max_body_chars: int) -> Iterator[list[Article]]:
    """Yield the articles in groups of about BATCH_CHARS characters."""
    batch: list[Article] = []
    chars = 0
    for article in articles:
        batch.append(article)
        chars += min(len(article.body), max_body_chars)
        if chars >= BATCH_CHARS:
            yield batch
            batch, chars = [], 0
    if batch:
        yield batch


def _names(article: Article, text: str, spans: Sequence[Span], known: Lexicon | None) -> Names:
    counted: dict[str, Counter[str]] = {kind: Counter() for kind in (PERSON, PLACE, ORGANISATION)}
    found = corrected(text, spans)
    if known:
        found += apart_from(found, (Span(kind, start, end) for start, end, kind in known.find(text)))
    for kind, start, end in found:
        name = "".join(text[start:end].split())
        if len(name) >= MIN_NAME_CHARS:
            counted[kind][name] += 1
    filed_from = article.dateline_place or (parse_dateline(article.paragraphs[0])[0] if article.paragraphs else "")
    if filed_from in place_codes():
        counted[PLACE][filed_from] += 1
    people, places = _by_majority(counted[PERSON], counted[PLACE])
    people = _whole_people(people)
    for name in article.byline:
        people.pop(name, None)
    return Names(_ranked(people), _ranked(places), _ranked(counted[ORGANISATION]))


def _by_majority(people: Counter[str], places: Counter[str]) -> tuple[Counter[str], Counter[str]]:
    """Return people and places without the names that are more often of the other kind; equal ones are people."""
    are_places = {name for name in people if places[name] > people[name]}
    return (
        Counter({name: count for name, count in people.items() if name not in are_places}),
        Counter({name: count for name, count in places.items() if name not in people or name in are_places}),
    )


def _whole_people(people: Counter[str]) -> Counter[str]:
    """Return the people, without a character too many where the article shows the name alone (向兰辉, 学兰辉, 兰辉)."""
    found: Counter[str] = Counter()
    for name, count in people.items():
        found[_core(name, people)] += count
    return found


def _core(name: str, people: Counter[str]) -> str:
    if "·" in name or len(name) > MAX_CHINESE_NAME_CHARS:
        return name
    for other in people:
        if other != name and (name.startswith(other) or name.endswith(other)) and people[other] >= people[name]:
            return other
    for size in (2, 3):
        for at in range(len(name) - size + 1):
            core = name[at : at + size]
            if core != name and core[0] in SURNAMES and sum(core in other for other in people) > 1:
                return core
    return name


def _ranked(names: Counter[str]) -> tuple[str, ...]:
    """Return names by descending frequency, then in the order of the text."""
    return tuple(name for name, _ in names.most_common())
