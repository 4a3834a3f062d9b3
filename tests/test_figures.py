"""The figures that a story gives."""

import pytest

from digests import figures
from tests.invented import article


def _figure(text: str, headline: str = "") -> str | None:
    found = figures.of_article(article(headline=headline, paragraphs=(text,)))
    return found and found.text


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("工程投资90亿元。", "90亿元"),
        ("建成床位3076张。", "3076张"),
        ("道路全长5.24公里。", "5.24公里"),
        ("客流增长12.5%。", "12.5%"),
        ("来了100多人。", "100多人"),
    ],
)
def test_a_figure_is_a_number_with_its_unit(text: str, figure: str) -> None:
    assert _figure(text) == figure


def test_the_largest_is_told() -> None:
    assert _figure("共有35个小区，投资90亿元。") == "90亿元"


def test_one_that_the_headline_has_is_told_first() -> None:
    assert _figure("投资90亿元，建成35个小区。", headline="35个小区建成") == "35个"


def test_days_and_ordinals_are_no_figures() -> None:
    assert _figure("3月14日第25届书会开幕。") is None
    assert _figure("工期18个月。") is None


def test_a_count_of_a_few_is_no_figure_unless_the_headline_has_it() -> None:
    assert _figure("来了4个人。") is None
    assert _figure("来了4个人。", headline="来了4个人") == "4个"


def test_the_sentence_is_quoted_word_for_word() -> None:
    told = article(paragraphs=("花园开放。花园可蓄水800吨。",))
    found = figures.of_article(told)
    assert found is not None
    assert found.quote == "花园可蓄水800吨。"
    assert found.article == told.id
