"""Reporters in leads, sign-offs, bylines and photo credits."""

import pytest

from digests.models import Reporter
from digests.segment import bylines


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["本报讯（记者 王 伟、李芳）7月1日，会议召开。"], [("王伟", "记者"), ("李芳", "记者")]),
        (["本报讯(记者 赵继 殷雪莺 丁洁)7月1日,会议召开。"], [("赵继", "记者"), ("殷雪莺", "记者"), ("丁洁", "记者")]),
        (["本报讯（山西日报记者 杨文）会议召开。"], [("杨文", "记者")]),
        (["本报讯（记者王伟 通讯员 李芳）会议召开。"], [("王伟", "记者"), ("李芳", "通讯员")]),
        (["本报讯 会议召开。", "会议要求落实。（王 伟、李芳）"], [("王伟", ""), ("李芳", "")]),
        (["本报讯 会议召开。", "会议要求落实。（王伟）（下转第2版）"], [("王伟", "")]),
        (["会议召开。", "记者 王 伟 李 芳 张振江"], [("王伟", "记者"), ("李芳", "记者"), ("张振江", "记者")]),
        (["会议召开。", "记者 王伟（下转第4版）"], [("王伟", "记者")]),
        (["会议召开。", "困难及时解决。 记者 王伟 通讯员 李芳"], [("王伟", "记者"), ("李芳", "通讯员")]),
        (["会议召开。", "■本报记者 王伟"], [("王伟", "记者")]),
        (["本报讯（记者 王伟）会议召开。（李芳）"], [("王伟", "记者")]),
        (["江城晚报讯（王伟 李芳）会议召开。"], [("王伟", ""), ("李芳", "")]),
        (["商报讯 记者王伟报道 会议召开。"], [("王伟", "记者")]),
        (["记者王伟,李芳报道：会议召开。"], [("王伟", "记者"), ("李芳", "记者")]),
        (["晨报讯 记者 王伟 李芳 会议昨日召开。"], [("王伟", "记者"), ("李芳", "记者")]),
        (["晨报讯 记者 王 伟 上官云 会议昨日召开。"], [("王伟", "记者"), ("上官云", "记者")]),
        (["〔記者王偉／台北報導〕會議召開。"], [("王偉", "记者")]),
        (["【记者王伟北京报导】会议召开。"], [("王伟", "记者")]),
        (["江城晚报记者 王伟", "会议召开。"], [("王伟", "记者")]),
        (["□本报记者 王伟 文/图", "会议召开。"], [("王伟", "记者")]),
        (["文/王伟 图/李芳", "会议召开。"], [("王伟", "文"), ("李芳", "图")]),
        (["本报记者王小伟李芳", "会议召开。"], [("王小伟", "记者"), ("李芳", "记者")]),
        (["□本报评论员", "小事不小。"], [("本报评论员", "评论员")]),
        (["王伟《江城观察报》（2023年05月06日第 02 版）", "会议召开。"], [("王伟", "")]),
        (["会议召开。（滨河区 王伟）"], [("王伟", "")]),
        (["市领导出席", "本报讯（记者 王伟）会议召开。", "会议结束。"], [("王伟", "记者")]),
    ],
)
def test_reporters_are_found_where_newspapers_print_them(lines: list[str], expected: list[tuple[str, str]]) -> None:
    assert bylines.story_reporters(lines) == tuple(Reporter(name, role) for name, role in expected)


@pytest.mark.parametrize(
    "lines",
    [
        ["本报讯 会议召开，市政协党组（扩大）会议同期举行。"],
        ["记者从市民政局了解到，今年将建成三处公园。"],
        ["产品远销国外。（图片来自影像中国）"],
        ["庄歌摄（影像中国）", "会议结束。（完）"],
        ["联系人：（单位）"],
        ["他说：“记者朋友们好。”"],
        ["文昌巷的灯亮了。"],
        ["会议召开。（据新华社）"],
        ["会议召开。（综合）"],
        ["医生（见图，资料照片）每天查房。"],
    ],
)
def test_other_brackets_and_other_reporters_are_no_byline(lines: list[str]) -> None:
    assert bylines.story_reporters(lines) == ()


def test_photographers_are_credited_with_their_role() -> None:
    two = (Reporter("李学", "摄"), Reporter("宋卫东", "摄"))
    assert bylines.caption_photographers(["7月1日，市民散步。 李学 宋卫东 摄"]) == two
    assert bylines.caption_photographers(["图为会场。", "梁 琛 摄"]) == (Reporter("梁琛", "摄"),)
    assert bylines.caption_photographers(["图为会场。本报记者 梁琛/摄"]) == (Reporter("梁琛", "摄"),)
    assert bylines.caption_photographers(["图为会场一角。"]) == ()


def test_lines_of_their_own_credit_whoever_took_or_drew_something() -> None:
    lines = [
        "王伟摄（影像中国）",
        "本版制图：李 芳",
        "会议召开。 李学 宋卫东 摄",
        "第一则。（王小伟）",
        "会议由王大伟主持。",
    ]
    assert bylines.printed_credits(lines) == (
        Reporter("王伟", "摄"),
        Reporter("李芳", "制图"),
        Reporter("李学", "摄"),
        Reporter("宋卫东", "摄"),
        Reporter("王小伟"),
    )


def test_a_reporter_in_brackets_is_within_the_first_sixty_characters_of_a_lead() -> None:
    assert bylines.story_reporters(["字" * 59 + "（记者 王伟）会议召开。", "。", "。"]) == (Reporter("王伟", "记者"),)
    assert bylines.story_reporters(["字" * 60 + "（记者 王伟）会议召开。", "。", "。"]) == ()


def test_a_byline_has_at_most_eighty_characters() -> None:
    assert bylines.is_byline("记者 " + " ".join(["王伟"] * 26))
    assert not bylines.is_byline("记者 " + " ".join(["王伟"] * 25 + ["王小伟"]))


def test_a_sign_off_is_in_one_of_the_last_two_lines() -> None:
    signed, plain = "会议召开。（王伟）", "会议召开。"
    assert bylines.story_reporters([plain, signed, plain]) == (Reporter("王伟"),)
    assert bylines.story_reporters([plain, signed, plain, plain]) == ()


def test_a_word_with_a_surname_is_a_name_unless_it_is_common(monkeypatch: pytest.MonkeyPatch) -> None:
    frequencies = {"王甲": 4999, "王乙": 5000, "丙丁": 1}
    monkeypatch.setattr("digests.language.words.frequency", lambda word: frequencies.get(word, 0))
    names = ["王甲", "王乙", "丙丁", "丙戊", "丙丁戊己", "王丁戊己"]
    assert [name for name in names if bylines.parse_names(name)] == ["王甲", "丙戊", "王丁戊己"]


@pytest.mark.parametrize(
    ("line", "is_signed"),
    [
        ("会议召开(王伟、李芳)", True),
        ("会议召开(记者 王伟)", True),
        ("会议召开(王伟)(下转第2版)", True),
        ("字" * 200 + "(王伟)", True),
        ("会议召开(王伟、丙丁)", False),
        ("会议召开(伟王)", False),
        ("会议召开(单位)", False),
        ("(王伟)会议召开", False),
        ("会议召开", False),
    ],
)
def test_a_sign_off_is_names_with_surnames_in_brackets_at_the_end(line: str, is_signed: bool) -> None:
    assert bylines.has_sign_off(line) is is_signed


def test_a_byline_consists_of_names_and_roles() -> None:
    lines = ["记者 王伟", "■记者 王伟 通讯员 李芳", "记者 王伟(下转第2版)", "王伟", "记者", "记者 王伟 走访了解"]
    assert [bylines.is_byline(line) for line in lines] == [True, True, True, False, False, False]


def test_roles_stand_before_or_after_their_names() -> None:
    assert bylines.parse_names("本报记者 王伟 通讯员 李芳") == [Reporter("王伟", "记者"), Reporter("李芳", "通讯员")]
    assert bylines.parse_names("王伟 李芳 摄") == [Reporter("王伟", "摄"), Reporter("李芳", "摄")]
    assert bylines.parse_names("摄影 王伟") == [Reporter("王伟", "摄影")]


def test_a_line_of_names_alone_is_a_byline_only_where_it_is_known_to_be_one() -> None:
    lines = ["王伟 李芳", "磨盘在院子里转了三十年。"]
    assert bylines.story_reporters(lines) == ()
    assert bylines.story_reporters(lines, {0}) == (Reporter("王伟"), Reporter("李芳"))
    assert bylines.story_reporters(["新视点", lines[1]], {0}) == (), "no surname"


@pytest.mark.parametrize(
    ("headline", "title", "names"),
    [
        ("把小事办实 □本报评论员", "把小事办实", ["本报评论员"]),
        ("把小事办实 本报评论员", "把小事办实", ["本报评论员"]),
        ("把小事办实 ■王伟", "把小事办实", ["王伟"]),
        ("把小事办实", "把小事办实", []),
        ("走进社区 ■走进田野", "走进社区 ■走进田野", []),
    ],
)
def test_a_byline_glued_to_a_headline_is_taken_off(headline: str, title: str, names: list[str]) -> None:
    found, reporters = bylines.split_glued_byline(headline)
    assert (found, [reporter.name for reporter in reporters]) == (title, names)


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("王小溪何雨晴", ["王小溪", "何雨晴"]),
        ("王伟何雨晴", ["王伟", "何雨晴"]),
        ("汪伟刘兰亭", ["汪伟", "刘兰亭"]),
        ("欧阳子轩", ["欧阳子轩"]),
        ("尹 勇汪柏", ["尹勇", "汪柏"]),
        ("何庆林讲话", []),
    ],
)
def test_names_without_separators_are_divided_at_surnames(printed: str, names: list[str]) -> None:
    assert [reporter.name for reporter in bylines.parse_names(printed)] == names
