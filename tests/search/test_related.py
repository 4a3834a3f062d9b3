"""Articles that tell of the same as a given one."""

from collections.abc import Iterator

import pytest

from digests.models import SourceFile
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


def test_an_article_of_the_same_matter_is_related_once_and_no_other(index: Index) -> None:
    (other,) = related.related(index, DONE, limit=5)
    assert other.id in (BRIDGE.id, COPY.id)


def test_neither_the_article_nor_a_copy_of_it_is_related_to_it(index: Index) -> None:
    assert [other.id for other in related.related(index, BRIDGE, limit=5)] == [DONE.id]


def test_a_word_in_common_makes_no_article_related(index: Index) -> None:
    assert related.related(index, PASSING, limit=5) == []
    assert PASSING not in related.related(index, DONE, limit=5)


def test_an_article_of_a_matter_of_its_own_has_no_related_ones(index: Index) -> None:
    assert related.related(index, GARDEN, limit=5) == []


def test_the_parts_of_the_article_itself_are_not_related_to_it(index: Index) -> None:
    assert [other.id for other in related.related(index, DONE, limit=5, pieces=(DONE.id, BRIDGE.id))] == [COPY.id]
