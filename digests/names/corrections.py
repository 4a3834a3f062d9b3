"""Corrections of the names that the tagger finds, by what the lexicons know for certain."""

from collections.abc import Iterable, Iterator, Sequence

from digests.language import words
from digests.names import lexicons
from digests.names.lexicons import NOT_PLACES, PLACE_ENDINGS, place_codes
from digests.names.model import ORGANISATION, PERSON, PLACE, Span
from digests.names.values import dotted_names

COUNTRY, DIVISION = "c", "f"
SURE_CODES = frozenset({COUNTRY, DIVISION, "s"})
MIN_DIVISION_CHARS = 3
"""A country, and the full name of a division of this length, is a place wherever it is printed (not 范县: 示范县)."""
CONJUNCTIONS = frozenset("和向与同及")
"""Words that the tagger may take for the surname of the name after them."""
DIVISION_ENDINGS = ("省", "市", "区", "县", "镇", "乡", "村", "路", "街", "街道", "社区")
_LONGEST_FIRST = sorted(PLACE_ENDINGS, key=len, reverse=True)
_JOINING_ENDINGS = tuple(ending for ending in _LONGEST_FIRST if len(ending) > 1 and ending[-1] in "区道街路")
"""Endings that belong to the place before them: 两江新区, 龙城大街."""


def corrected(text: str, spans: Sequence[Span]) -> list[Span]:
    """Return the names with their right kinds and limits, and the certain places that were missed."""
    organisations = [span for span in spans if span.kind == ORGANISATION]
    people = []
    places = [span for span in spans if span.kind == PLACE]
    for span in spans:
        if span.kind == PERSON:
            person = _without_conjunction(text, span)
            if _is_sure_place(text[person.start : person.end]):
                places.append(person._replace(kind=PLACE))
            else:
                people.append(person)
    people = _with_foreign(text, people, organisations)
    places = _limited(text, sorted(places, key=lambda span: span.start))
    places = [part for span in places for part in _split(text, span)]
    places = apart_from(people, places)
    places += apart_from([*people, *places], _certain_places(text))
    return [*people, *(span for span in places if _can_be_place(text[span.start : span.end])), *organisations]


def apart_from(others: Iterable[Span], spans: Iterable[Span]) -> list[Span]:
    """Return the spans that share no character with `others`."""
    taken = {at for span in others for at in range(span.start, span.end)}
    return [span for span in spans if taken.isdisjoint(range(span.start, span.end))]


def _without_conjunction(text: str, span: Span) -> Span:
    """Return a person without 和 or 向 before the name, if the clause does not begin there."""
    is_joined = text[span.start] in CONJUNCTIONS and "一" <= text[span.start - 1] <= "鿿"
    return span._replace(start=span.start + 1) if is_joined and span.end - span.start > 2 else span


def _with_foreign(text: str, people: Sequence[Span], organisations: Sequence[Span]) -> list[Span]:
    """Return the people and those with a dot in their names (让·皮埃尔), but not what is named after them."""
    dotted = (
        Span(PERSON, start, end)
        for start, end in dotted_names(text)
        if text[start - 1] not in "“《" and text[end] not in "”》"
    )
    foreign = apart_from(organisations, dotted)
    return [*apart_from(foreign, people), *foreign]


def _is_sure_place(name: str) -> bool:
    return place_codes().get(name, "") in SURE_CODES or _first_place(name) > 0


def _limited(text: str, places: Sequence[Span]) -> list[Span]:
    """Return the places in order, with the ending that belongs to each: 安徽省|黄山市 and not 安徽|省黄山市."""
    found: list[Span] = []
    for span in places:
        start = found[-1].end if found and found[-1].end > span.start else span.start
        end = _whole_end(text, start, span.end)
        if found and found[-1].end == start and text[start] in DIVISION_ENDINGS:
            found[-1] = found[-1]._replace(end=start + 1)
            start += 1
        if start < end:
            found.append(Span(PLACE, start, end))
    return found


def _whole_end(text: str, start: int, end: int) -> int:
    """Return the end of a place with the ending printed after it, if both make a name."""
    if text[end] in DIVISION_ENDINGS and text[start : end + 1] in place_codes():
        return end + 1
    ending = next((ending for ending in _JOINING_ENDINGS if text.startswith(ending, end)), "")
    return end + len(ending)


def _split(text: str, span: Span) -> list[Span]:
    """Return two places that are printed without a separator (吉林长春) one by one."""
    size = _first_place(text[span.start : span.end])
    if not size:
        return [span]
    middle = span.start + size
    return [span._replace(end=middle), *_split(text, span._replace(start=middle))]


def _first_place(name: str) -> int:
    """Return the length of the first of two places in a name; 0 if it is a single one."""
    codes = place_codes()
    if codes.get(name, "q") != "q":
        return 0
    for size in range(len(name) - 2, 1, -1):
        first, rest = name[:size], name[size:]
        is_place = (rest in codes and rest not in PLACE_ENDINGS) or (len(rest) > 2 and rest.endswith(DIVISION_ENDINGS))
        if codes.get(first, "q") != "q" and is_place and not rest.startswith(DIVISION_ENDINGS):
            return size
    return 0


def _certain_places(text: str) -> Iterator[Span]:
    """Yield the countries in a text, and the divisions with their full names."""
    for start, end, code in lexicons.places().find(text):
        if code == COUNTRY or (code == DIVISION and end - start >= MIN_DIVISION_CHARS):
            yield Span(PLACE, start, end)


def _can_be_place(name: str) -> bool:
    """False for endings alone (开发区) and for words that the dictionary has as something else (古塔)."""
    tag = words.tag(name)
    is_named = not tag or tag.startswith(("nz", "nr", "nt", "ns"))
    return name not in PLACE_ENDINGS | NOT_PLACES and (is_named or name in place_codes())
