"""Articles on the same matter as a given one."""

import math
from collections.abc import Iterator, Mapping
from typing import cast

import pytest

from digests.models import Article, SourceFile
from digests.search import related
from digests.search.index import Index
from tests.invented import article

BRIDGE = article(
    id="bridg-00001",
    headline="石桥修缮工程开工",
    paragraphs=(
        "云河市石桥修缮工程开工，桥面将加固，工期三个月。",
        "施工期间行人绕行浮桥，桥面加固的三个月里行人绕行，石桥修缮工程完工以后桥面恢复通行。开工以前，石桥的桥面已经量过三次。",
    ),
)
DONE = article(
    id="bridg-00002",
    headline="石桥通行",
    paragraphs=("历时三个月，石桥修缮工程完工，加固后的桥面恢复通行，行人不再绕行。",),
)
COPY = article(id="bridg-00003", headline="石桥工程", paragraphs=BRIDGE.paragraphs)
PASSING = article(
    id="sport-00001",
    headline="市民运动会开幕",
    paragraphs=("运动会在石桥边的广场开幕，跑步、跳绳、拔河的队伍来自全城。", "晚上还有烟火。"),
)
GARDEN = article(id="garde-00001", headline="雨水花园开放", paragraphs=("雨水花园种下睡莲，市民前来赏花。",))


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    index = Index(tmp_path_factory.mktemp("related") / "index")
    index.replace(SourceFile("invented", "1", (), 0), [BRIDGE, DONE, COPY, PASSING, GARDEN])
    index.commit()
    yield index
    index.close()


def test_of_two_copies_on_the_same_matter_one_is_related(index: Index) -> None:
    (other,) = related.related(index, DONE, limit=5)
    assert other.id in (BRIDGE.id, COPY.id)


def test_neither_the_article_nor_a_copy_of_it_is_related_to_it(index: Index) -> None:
    assert [other.id for other in related.related(index, BRIDGE, limit=5)] == [DONE.id]


def test_one_common_word_does_not_make_an_article_related(index: Index) -> None:
    assert related.related(index, PASSING, limit=5) == []
    assert PASSING not in related.related(index, DONE, limit=5)


def test_an_article_on_a_matter_of_its_own_has_no_related_articles(index: Index) -> None:
    assert related.related(index, GARDEN, limit=5) == []


def test_the_parts_of_the_article_itself_are_not_related_to_it(index: Index) -> None:
    assert [other.id for other in related.related(index, DONE, limit=5, pieces=(DONE.id, BRIDGE.id))] == [COPY.id]


class _Frequencies:
    """In place of an index: the given document frequencies, and the weights that it was searched with."""

    def __init__(self, articles: int, frequencies: Mapping[str, int], *found: Article) -> None:
        self._articles = articles
        self._frequencies = frequencies
        self._found = found
        self.weights: Mapping[str, float] = {}
        self.limit = 0

    def document_frequency(self, term: str, field: str = "body") -> int:
        return self._articles if field == "what" else self._frequencies.get(term, 0)

    def find_weighted(self, words: Mapping[str, float], *, limit: int) -> list[Article]:
        self.weights, self.limit = words, limit
        return list(self._found)


def _searched(articles: int, frequencies: Mapping[str, int], given: Article) -> Mapping[str, float]:
    index = _Frequencies(articles, frequencies)
    related.related(cast(Index, index), given, limit=3)
    assert index.limit == 3 * 4 + 1
    return index.weights


def test_a_word_weighs_the_root_of_its_count_times_the_log_of_its_rarity() -> None:
    given = article(headline="石桥", kicker="花园", deck="浮桥", paragraphs=("石桥，石桥，花园，码头，八百，八百。",))
    weights = _searched(100, {"石桥": 10, "花园": 5, "浮桥": 2, "码头": 4, "八百": 3}, given)
    assert weights == pytest.approx(
        {
            "石桥": math.sqrt(2 + 3) * math.log(1 + 100 / 10),
            "花园": math.sqrt(1 + 3) * math.log(1 + 100 / 5),
            "浮桥": math.sqrt(3) * math.log(1 + 100 / 2),
            "码头": math.log(1 + 100 / 4),
        }
    )


@pytest.mark.parametrize(
    ("articles", "frequency", "characteristic"),
    [(100, 10, True), (100, 11, False), (20, 5, True), (20, 6, False), (100, 2, True), (100, 1, False)],
)
def test_a_word_of_this_article_alone_and_a_common_one_are_not_characteristic(
    articles: int, frequency: int, characteristic: bool
) -> None:
    given = article(headline="石桥", paragraphs=("石桥。",))
    assert ("石桥" in _searched(articles, {"石桥": frequency}, given)) is characteristic


def test_sixteen_words_at_most_stand_for_an_article_the_weightiest() -> None:
    words = [f"word{chr(97 + n)}" for n in range(17)]
    given = article(headline="", paragraphs=(" ".join(words),))
    frequencies = {word: 2 + n for n, word in enumerate(words)}
    assert list(_searched(1000, frequencies, given)) == words[:16]


def _related(weights: Mapping[str, int], *others: Article, pieces: tuple[str, ...] = ()) -> list[str]:
    """Return what is related to an article of these words, each as often as given and all equally rare."""
    body = "，".join(word for word, count in weights.items() for _ in range(count))
    given = article(id="given-00001", headline="", paragraphs=(body,))
    index = _Frequencies(1000, dict.fromkeys(weights, 10), *others)
    return [other.id for other in related.related(cast(Index, index), given, limit=2, pieces=pieces)]


@pytest.mark.parametrize(("body", "is_related"), [("石桥，花园，码头，天晴", True), ("石桥，花园，天晴", False)])
def test_a_related_article_holds_three_of_the_words(body: str, is_related: bool) -> None:
    other = article(id="other-00001", headline="", paragraphs=(body,))
    assert bool(_related(dict.fromkeys(("石桥", "花园", "码头"), 1), other)) is is_related


@pytest.mark.parametrize(("count", "is_related"), [(49, True), (50, False)])
def test_a_related_article_holds_three_tenths_of_the_weight(count: int, is_related: bool) -> None:
    """The weights are 1, 1, 1 and the root of `count`, of which three make up three tenths: 3 / (3 + 7)."""
    other = article(id="other-00001", headline="", paragraphs=("石桥，花园，码头",))
    assert bool(_related({"石桥": 1, "花园": 1, "码头": 1, "球场": count}, other)) is is_related


def test_the_closest_come_first_by_their_words_for_their_length() -> None:
    weights = dict.fromkeys(("石桥", "花园", "码头"), 1)
    once = article(id="once0-00001", headline="", paragraphs=("石桥，花园，码头，天晴",))
    twice = article(id="twice-00001", headline="石桥", paragraphs=("石桥，花园，码头",))
    longer = article(id="longe-00001", headline="", paragraphs=("石桥，花园，码头，天晴，市民",))
    assert _related(weights, longer, once, twice) == [twice.id, once.id], "no more than the limit"
    assert _related(weights, longer, once, twice, pieces=(twice.id,)) == [once.id, longer.id]


def test_a_copy_of_a_related_article_is_not_related_too() -> None:
    weights = dict.fromkeys(("石桥", "花园", "码头"), 1)
    first, copy = (article(id=f"copy0-0000{n}", headline="", paragraphs=("石桥，花园，码头",)) for n in (1, 2))
    given_again = article(id="given-00002", headline="", paragraphs=("石桥，花园，码头",))
    longer = article(id="longe-00001", headline="", paragraphs=("石桥，花园，码头，天晴",))
    assert _related(weights, given_again, longer) == [longer.id]
    assert len(_related({"石桥": 2, "花园": 1, "码头": 1}, first, copy, longer)) == 2
