"""Themes of an article."""

from pathlib import Path
from typing import Any

import pytest

from digests.analysis import themes
from digests.errors import ThemesError
from digests.models import Article
from tests.invented import article


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("全市开展核酸检测，落实疫情防控措施。", "疫情防控"),
        ("暴雨来临，防汛人员值守泵站，开展抢险。", "防汛应急"),
        ("新生产线投产，产值增长，订单饱满。", "工业经济"),
        ("足球联赛开赛，球队备战，教练布置训练。", "体育"),
        ("部队官兵帮助村民收麦，军民一家亲。", "军民共建"),
        ("中小学开学，老师迎接学生走进课堂。", "教育"),
    ],
)
def test_a_theme_shows_by_its_words(text: str, theme: str) -> None:
    assert themes.article_themes(article(headline="", paragraphs=(text,)))[0].name == theme


def test_the_theme_of_a_meeting_is_its_matter() -> None:
    meeting = article(
        headline="市委书记主持召开会议强调",
        paragraphs=("市委书记主持会议，强调落实防汛责任，检查堤防，做好抢险准备。会议要求部署到位。",),
    )
    assert themes.article_themes(meeting)[0].name == "防汛应急"


def test_the_words_of_a_theme_come_the_weightiest_first() -> None:
    found = themes.article_themes(article(headline="防汛演练", paragraphs=("防汛人员值守泵站。",)))[0]
    assert found.words[0] == "防汛"
    assert "泵站" in found.words


def test_a_second_theme_is_named_if_it_weighs_nearly_as_much() -> None:
    both = article(headline="", paragraphs=("学生在学校课堂学习防汛、抢险、救灾。",))
    assert {found.name for found in themes.article_themes(both)} == {"教育", "防汛应急"}


def test_a_text_without_words_of_a_theme_has_none() -> None:
    assert themes.article_themes(article(headline="", paragraphs=("一只猫走过。",))) == ()
    assert themes.article_themes(article(headline=None, paragraphs=())) == ()


def test_the_program_has_fifteen_themes() -> None:
    names = [theme.name for theme in themes.builtin_themes()]
    assert len(names) == 15
    assert len(set(names)) == 15


def test_operators_can_use_their_own_themes(tmp_path: Path) -> None:
    file = tmp_path / "themes.toml"
    file.write_text('[[theme]]\nname = "猫"\nwords = "猫"\n', encoding="utf-8")
    found = themes.article_themes(article(headline="", paragraphs=("一只猫走过。",)), themes.load_themes(file))
    assert [theme.name for theme in found] == ["猫"]


def test_one_error_lists_all_mistakes(tmp_path: Path) -> None:
    file = tmp_path / "themes.toml"
    file.write_text(
        'other = 1\n[[theme]]\nname = ""\ncolour = "red"\n[[theme]]\nname = "猫"\nwords = ["猫"]\n'
        '[[theme]]\nname = "狗"\n[[theme]]\nname = "狗"\nwords = "狗"\n',
        encoding="utf-8",
    )
    with pytest.raises(ThemesError) as error:
        themes.load_themes(file)
    assert str(file) in str(error.value)
    for problem in (
        "other",
        "theme 1: name is ''",
        "theme 1: colour",
        "theme 2: words",
        "theme 3: 狗 has no words",
        "theme 4",
    ):
        assert any(problem in found for found in error.value.problems), problem


@pytest.mark.parametrize("text", ["[[theme]", "", "theme = 3"])
def test_a_file_without_themes_is_an_error(tmp_path: Path, text: str) -> None:
    file = tmp_path / "themes.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ThemesError):
        themes.load_themes(file)
    with pytest.raises(ThemesError):
        themes.load_themes(tmp_path / "missing.toml")


def _theme(name: str = "猫", **words: float) -> themes.Theme:
    return themes.Theme(name, tuple(words.items()))


def _scores(story: Article, *own: themes.Theme) -> dict[str, float]:
    return {found.name: found.score for found in themes.article_themes(story, own)}


@pytest.mark.parametrize(
    ("fields", "score"),
    [
        ({"headline": "猫"}, 4.0),
        ({"kicker": "猫"}, 4.0),
        ({"deck": "猫"}, 4.0),
        ({"paragraphs": ("猫",)}, 2.8284),
        ({"paragraphs": ("", "猫")}, 2.0),
        ({"paragraphs": ("", "猫猫", "猫猫")}, 4.0),
        ({"headline": "猫", "paragraphs": ("猫", "猫猫猫")}, 6.0),
    ],
)
def test_a_word_counts_by_its_place_and_with_the_root_of_its_occurrences(fields: dict[str, Any], score: float) -> None:
    story = article(**{"headline": "", "paragraphs": ()} | fields)
    assert _scores(story, _theme(猫=2.0)) == {"猫": score}


def test_weak_plain_and_strong_words_weigh_a_quarter_one_and_three(tmp_path: Path) -> None:
    file = tmp_path / "themes.toml"
    file.write_text('[[theme]]\nname = "动物"\nweak = "狗"\nwords = "猫"\nstrong = "虎"\n', encoding="utf-8")
    assert themes.load_themes(file) == (themes.Theme("动物", (("狗", 0.25), ("猫", 1.0), ("虎", 3.0))),)


def test_a_theme_is_named_from_a_score_of_one_and_a_second_from_six_tenths_of_the_first_on() -> None:
    story = article(headline="", paragraphs=("", "猫狗鸟"))
    assert _scores(story, _theme(猫=1.0)) == {"猫": 1.0}
    assert _scores(story, _theme(猫=0.9999)) == {}
    assert _scores(story, _theme("猫", 猫=10.0), _theme("狗", 狗=6.0)) == {"猫": 10.0, "狗": 6.0}
    assert _scores(story, _theme("猫", 猫=10.0), _theme("狗", 狗=5.9999)) == {"猫": 10.0}
    assert list(_scores(story, _theme("狗", 狗=2.0), _theme("猫", 猫=2.0), _theme("鸟", 鸟=2.0))) == ["狗", "猫"]


def test_three_thousand_characters_of_the_first_paragraph_and_of_the_others_are_read() -> None:
    assert _scores(article(headline="", paragraphs=("水" * 2999 + "猫",)), _theme(猫=1.0))
    assert not _scores(article(headline="", paragraphs=("水" * 3000 + "猫",)), _theme(猫=1.0))
    assert _scores(article(headline="", paragraphs=("", "水" * 2999 + "猫")), _theme(猫=1.0))
    assert not _scores(article(headline="", paragraphs=("", "水" * 3000 + "猫")), _theme(猫=1.0))


def test_words_are_found_inside_each_other_and_beside_broken_characters(tmp_path: Path) -> None:
    file = tmp_path / "themes.toml"
    file.write_text('[[theme]]\nname = "水"\nwords = "雨 暴雨 雨水 人人"', encoding="utf-8")
    mine = themes.load_themes(file)
    (found,) = themes.article_themes(article(headline="\ud800暴雨水", paragraphs=("人人人人",)), mine)
    assert (found.words, found.score) == (("人人", "暴雨", "雨", "雨水"), 8.0)
