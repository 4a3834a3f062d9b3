"""The line that stands for a story in digests and lists."""

import pytest

from digests.analysis import story_lines as module
from digests.analysis.story_lines import CHOICES, FEATURES, MAX_LINE_CHARS, WEIGHTS, story_line
from digests.models import Article


def article(kicker: str, headline: str | None, deck: str = "", *paragraphs: str) -> Article:
    return Article("", headline, paragraphs, kicker=kicker, deck=deck)


@pytest.mark.parametrize(
    ("kicker", "headline", "deck", "line"),
    [
        ("", "云河石桥完工通车", "", "云河石桥完工通车"),
        ("", "云河石桥完工通车", "两岸居民出行时间缩短一半", "云河石桥完工通车"),
        ("云河重工集团：", "全力推进项目建设", "", "云河重工集团 全力推进项目建设"),
        ("", "携手同行 共创未来", "——云河市青年志愿者服务综述", "云河市青年志愿者服务综述"),
        ("", "让孩子爱上读书", "——访云河市图书馆馆长方小满", "让孩子爱上读书 访云河市图书馆馆长方小满"),
        ("", "云河石桥完工通车（民生看点）", "", "云河石桥完工通车"),
    ],
)
def test_the_line_has_the_parts_that_tell_who_did_what(kicker: str, headline: str, deck: str, line: str) -> None:
    assert story_line(article(kicker, headline, deck)).text == line


def test_the_parts_are_named_in_printed_order() -> None:
    assert story_line(article("云河重工集团：", "全力推进项目建设")).parts == ("kicker", "headline")


def test_a_line_has_at_most_forty_characters() -> None:
    kicker, headline = "云河市召开会议" + "部署" * 6, "字" * 21
    assert len(kicker) + 1 + len(headline) == MAX_LINE_CHARS + 1
    assert ("kicker", "headline") not in module.choices(module.printed_parts(article(kicker, headline)))
    assert ("kicker", "headline") in module.choices(module.printed_parts(article(kicker, headline[1:])))


def test_a_headline_that_is_too_long_stands_alone() -> None:
    assert story_line(article("", "字" * 60)).parts == ("headline",)


def test_without_a_headline_the_line_is_the_title() -> None:
    line = story_line(article("", None, "", "市民在河边散步。"))
    assert (line.text, line.parts) == ("市民在河边散步。", ())


def test_every_choice_has_a_weight_for_every_feature() -> None:
    assert set(WEIGHTS) == set(CHOICES)
    assert {len(weights) for weights in WEIGHTS.values()} == {len(FEATURES)}


@pytest.mark.parametrize(
    ("kicker", "headline", "deck", "name", "value"),
    [
        ("字" * 30, "题", "", "kicker length", 1.0),
        ("字" * 15, "题", "", "kicker length", 0.5),
        ("字" * 8, "题", "", "kicker short", 1.0),
        ("字" * 9, "题", "", "kicker short", 0.0),
        ("市民政局：", "题", "", "kicker introduces", 1.0),
        ("市民政局强调", "题", "", "kicker says", 1.0),
        ("就石桥完工", "题", "", "kicker preposition", 1.0),
        ("", "云河石桥 两岸通行", "", "headline halves", 1.0),
        ("", "云河石桥 通", "", "headline halves", 0.0),
        ("", "“石桥通了”", "", "headline quoted", 1.0),
        ("", "建成3座石桥", "", "headline digits", 1.0),
        ("", "3座石桥建成", "", "headline subject", 1.0),
        ("", "题", "——访馆长", "deck dash", 1.0),
        ("", "题", "——访馆长", "deck visit", 1.0),
        ("字" * 20, "字" * 20, "", "kicker and headline too long", 1.0),
        ("字" * 20, "字" * 19, "", "kicker and headline too long", 0.0),
    ],
)
def test_features_have_exact_values(kicker: str, headline: str, deck: str, name: str, value: float) -> None:
    values = module.features(module.printed_parts(article(kicker, headline, deck)))
    assert dict(zip(FEATURES, values, strict=True))[name] == value


def test_a_long_headline_is_not_replaced_by_who_was_there() -> None:
    headline = "云河市召开第三次防汛工作会议要求各县区各部门切实做好汛期各项准备 全力保障人民群众生命安全"
    assert len(headline) > MAX_LINE_CHARS
    assert story_line(article("", headline, "方小满讲话 李一帆出席")).parts == ("headline",)
