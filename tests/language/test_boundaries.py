"""Word boundaries: the likelihood of cuts."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.language import words
from digests.language.boundaries import Lattice, join_split_words, log_likelihood
from digests.language.person_names import shared_name_probability


def test_the_best_cut_splits_characters_that_meet_by_accident() -> None:
    likelihoods = Lattice("这位校长治学严谨").span_likelihoods(3, 5)
    assert likelihoods.split > max(likelihoods.alone, likelihoods.covered)


def test_a_word_between_its_neighbours_is_likeliest_alone() -> None:
    likelihoods = Lattice("做好防汛准备").span_likelihoods(2, 4)
    assert likelihoods.alone > max(likelihoods.split, likelihoods.covered)


def test_a_longer_word_covers_the_stretch() -> None:
    likelihoods = Lattice("来到国防部大楼").span_likelihoods(2, 4)
    assert likelihoods.covered > likelihoods.alone
    assert likelihoods.cover == (2, 5)


def test_the_best_cut_is_as_likely_as_its_likeliest_kind() -> None:
    lattice = Lattice("做好防汛准备")
    likelihoods = lattice.span_likelihoods(2, 4)
    assert max(likelihoods.alone, likelihoods.covered, likelihoods.split) <= lattice.best


def test_the_edges_are_those_of_the_best_cut() -> None:
    lattice = Lattice("做好防汛准备")
    assert lattice.edges == {0, 2, 4, 6}
    assert lattice.span_likelihoods(2, 4).alone == pytest.approx(lattice.best)


def test_common_words_and_names_are_likelier() -> None:
    assert log_likelihood("中国") > log_likelihood("防汛") > log_likelihood("韦韬")
    assert shared_name_probability("王晓") > shared_name_probability("殷雪")


def _log_share(word: str) -> float:
    return math.log(words.frequency(word) / words.total_frequency())


def test_the_likelihood_of_a_word_is_its_share_of_the_corpus_and_an_unknown_word_counts_three() -> None:
    assert log_likelihood("防汛") == pytest.approx(_log_share("防汛"))
    assert log_likelihood("锂电池隔膜") == pytest.approx(math.log(3 / words.total_frequency()))


def test_likelihoods_of_words_add_up() -> None:
    likelihoods = Lattice("防汛准备").span_likelihoods(0, 2)
    assert likelihoods.alone == pytest.approx(_log_share("防汛") + _log_share("准备"))
    assert Lattice("防汛准备").best == pytest.approx(_log_share("防汛") + _log_share("准备"))
    assert Lattice("防汛准备").likelihood_with_word(0, 2, 200) == pytest.approx(
        math.log(200 / words.total_frequency()) + _log_share("准备")
    )


def test_a_character_that_the_dictionary_lacks_counts_once() -> None:
    assert Lattice("㐀㐀").best == pytest.approx(-2 * math.log(words.total_frequency()))


@pytest.mark.parametrize("unit", ["12", "12.5%", "约30年", "gdp", "三月", "5km"])
def test_numbers_with_their_unit_and_latin_words_are_one_word(unit: str) -> None:
    assert Lattice(unit).best == pytest.approx(math.log(0.001))


def test_words_of_four_characters_are_compounds_in_the_lattice() -> None:
    assert words.frequency("中华人民共和国") > 0
    lattice = Lattice("中华人民共和国")
    assert lattice.edges == {0, 2, 4, 7}
    assert (0, 7, "ns") in lattice.names


def test_the_names_of_a_clause_have_three_to_ten_characters() -> None:
    ten, eleven = "云南省楚雄彝族自治州", "克孜勒苏柯尔克孜自治州"
    assert words.tag(ten) == words.tag(eleven) == "ns"
    assert (0, 10, "ns") in Lattice(ten).names
    assert (0, 11, "ns") not in Lattice(eleven).names
    assert (0, 3, "ns") in Lattice("太原市").names
    assert Lattice("太原").names == []


def test_without_the_whole_the_clause_is_no_word() -> None:
    assert Lattice("防汛").edges == {0, 2}
    assert Lattice("防汛", whole=False).edges == {0, 1, 2}


def test_the_likelier_of_two_stretches_is_known() -> None:
    lattice = Lattice("这位校长治学严谨")
    assert lattice.is_likelier((2, 4), (3, 5))
    assert not lattice.is_likelier((3, 5), (2, 4))


def test_the_first_character_of_a_clause_can_stand_alone() -> None:
    likelihoods = Lattice("防汛准备").span_likelihoods(0, 1)
    assert likelihoods.alone == pytest.approx(_log_share("防") + _log_share("汛") + _log_share("准备"))
    assert likelihoods.cover == (0, 2)


@pytest.mark.parametrize(
    ("printed", "joined"),
    [
        # letter-spaced lines
        ("防 汛 抗 旱 工 作 会 议 召 开", "防汛抗旱工作会议召开"),
        ("2 0 2 2 年 8 月 2 8 日 ， 本 报 讯", "2022年8月28日，本报讯"),
        ("G D P 增 长 5 . 2 %", "GDP增长5.2%"),
        ("云 河 市  防 汛 会 议", "云河市  防汛会议"),
        # spaces before punctuation, inside words, between words
        ("记者 从 云河 获悉 ， 防汛 工作 展开 。", "记者从云河获悉，防汛工作展开。"),
        ("全市防 汛工作会 议召开，市长 出席会议。", "全市防汛工作会议召开，市长出席会议。"),
        ("市水务局 召开 会议，部署 防汛 工作，要求 加强 巡查。", "市水务局召开会议，部署防汛工作，要求加强巡查。"),
        # names of reporters, Latin words and marks of headings stay apart
        ("本报讯 （ 记者 王伟 李芳 ） 8 月 5 日 ， 会议 召开 。", "本报讯（记者 王伟 李芳）8月5日，会议召开。"),
        ("采用 machine learning 技术 ， 提高 防汛 能力 。", "采用machine learning技术，提高防汛能力。"),
        ("## 防 汛 工 作 会 议", "## 防汛工作会议"),
    ],
)
def test_white_space_inside_sentences_and_words_is_removed(printed: str, joined: str) -> None:
    assert join_split_words(printed) == joined


@pytest.mark.parametrize(
    "printed",
    [
        "以更加饱满的精神状态 狠抓工业高质量发展",
        "记者 王勇 司勇 李杰华 阎轶洁 侯慧琴 刘志刚",
        "出席会议的有王勇 司勇 李杰华 阎轶洁 侯慧琴。",
        "本报记者 何 勇 孙 超",
        "教育 医疗 养老 住房",
        "2 要闻 2023年5月6日 星期六",
        "A 甲 B 乙 C 丙 D 丁",
        "| 区 | 县 | 市 | 镇 |",
        "张 伟  李芳  王小刚",
        "防 汛",
        "第一章 总 则",
        "this is a test",
    ],
)
def test_white_space_between_names_phrases_and_columns_stays(printed: str) -> None:
    assert join_split_words(printed) == printed


def test_in_a_spaced_text_short_lines_are_joined_beside_single_characters_and_in_words() -> None:
    spaced = "全 市 防 汛 工 作 会 议 召 开 ， 部 署 工 作 。"
    assert join_split_words(f"防 汛 会议\n全市动 员大会\n{spaced}") == (
        "防汛会议\n全市动员大会\n全市防汛工作会议召开，部署工作。"
    )
    assert join_split_words("全面发动 万众一心奔前\n" + spaced).startswith("全面发动 万众一心奔前\n")
    plain = "\n".join(["全市防汛工作会议召开，部署工作。"] * 3)
    assert join_split_words(f"防 汛 会议\n{plain}\n{spaced}").startswith("防 汛 会议\n")


@given(st.text(alphabet="防汛工作王伟，。（） \u3000\nab8#|", max_size=60))
def test_joining_changes_white_space_alone(printed: str) -> None:
    joined = join_split_words(printed)
    assert "".join(joined.split()) == "".join(printed.split())
    assert joined.count("\n") == printed.count("\n")
