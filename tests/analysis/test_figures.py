"""The leading figure of a story."""

import pytest

from digests.analysis import figures
from tests.invented import article


def _figure(text: str, headline: str = "") -> str | None:
    found = figures.leading_figure(article(headline=headline, paragraphs=(text,)))
    return found and found.text


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("工程投资90亿元。", "投资90亿元"),
        ("建成床位3076张。", "床位3076张"),
        ("道路全长5.24公里。", "全长5.24公里"),
        ("客流增长12.5%。", "增长12.5%"),
        ("来了100多人。", "100多人"),
        ("已经建成152个社区食堂。", "152个社区食堂"),
        ("工程总投资90亿元。", "总投资90亿元"),
        ("产值同比增长约12.5%。", "同比增长约12.5%"),
        ("全年抽排雨水约520万吨。", "雨水约520万吨"),
    ],
)
def test_a_figure_is_a_number_with_its_unit_and_what_it_is_of(text: str, figure: str) -> None:
    assert _figure(text) == figure


def test_the_largest_figure_leads() -> None:
    assert _figure("共有350个小区，投资90亿元。") == "投资90亿元"
    assert _figure("改造管道950米，铺设管道3.5万米。") == "管道3.5万米"


def test_a_figure_of_the_headline_leads() -> None:
    assert _figure("投资90亿元，建成35个小区。", headline="35个小区建成") == "35个小区"


def test_days_and_ordinals_are_no_figures() -> None:
    assert _figure("3月14日第25届书会开幕。") is None
    assert _figure("工期18个月。") is None
    assert _figure("4×100米接力。") is None


def test_a_count_of_a_few_is_no_figure_unless_the_headline_has_it() -> None:
    assert _figure("来了4个人。") is None
    assert _figure("来了4个人。", headline="来了4个人") == "4个人"


def test_a_sum_of_money_or_a_percentage_leads_before_a_count() -> None:
    assert _figure("3000多家企业参加，客流增长12.5%。") == "增长12.5%"


def test_a_figure_with_its_noun_is_a_literal_part_of_its_sentence() -> None:
    story = article(paragraphs=("云河市投资约90亿元，改造道路120条，其中一期工程已经完工。",))
    found = figures.leading_figure(story)
    assert found is not None
    assert found.text in found.quote


def test_the_sentence_is_quoted_word_for_word() -> None:
    story = article(paragraphs=("花园开放。花园可蓄水800吨。",))
    found = figures.leading_figure(story)
    assert found is not None
    assert found.quote == "花园可蓄水800吨。"
    assert found.article == story.id


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("来了100人。", "100人"),
        ("来了99人。", None),
        ("管道10米。", "管道10米"),
        ("管道9米。", None),
        ("管道9.5米。", "管道9.5米"),
        ("管道9999米，雨水1万吨。", "雨水1万吨"),
        ("管道9999米，雨水9998吨。", "管道9999米"),
        ("雨水9999万吨，石料1亿吨。", "石料1亿吨"),
        ("雨水2万吨，石料9999万吨。", "雨水2万吨"),
        ("雨水2万吨，投资10元。", "投资10元"),
        ("雨水2亿吨，增长10个百分点。", "增长10个百分点"),
        ("泵站2百台。", "泵站2百台"),
        ("泵站1千台。", "泵站1千台"),
        ("泵站1,200台。", "泵站1,200台"),
    ],
)
def test_the_limits_of_figures_and_their_order(text: str, figure: str | None) -> None:
    assert _figure(text) == figure


@pytest.mark.parametrize(("paragraphs", "figure"), [(3, "雨水2万吨"), (4, None)])
def test_four_paragraphs_are_searched(paragraphs: int, figure: str | None) -> None:
    found = figures.leading_figure(article(headline="", paragraphs=(*["水。"] * paragraphs, "雨水2万吨。")))
    assert (found and found.text) == figure


def test_of_equal_figures_that_of_the_earlier_paragraph_leads() -> None:
    found = figures.leading_figure(article(headline="", paragraphs=("雨水2万吨。", "石料3万吨。")))
    assert found is not None
    assert found.text == "雨水2万吨"


def test_what_is_measured_or_counted_has_at_most_eight_characters() -> None:
    assert _figure("建成100个社区食堂志愿者食堂。") == "100个社区食堂志愿者"
    assert _figure("建成100个社区食堂食堂志愿者。") == "100个社区食堂食堂"
