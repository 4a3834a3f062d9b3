"""The patterns of leads, jumps and notices."""

import pytest

from digests.segment import lines
from digests.text import parse_number


@pytest.mark.parametrize("jump", ["(下转第2版)", "下转第2版", "(下转2版)", "(转第二版)", "(下轉第2版)"])
def test_a_jump_names_its_page(jump: str) -> None:
    match = lines.JUMP_TO.search(f"会议要求落实。{jump}")
    assert match
    assert parse_number(match["page"]) == 2


@pytest.mark.parametrize(
    "line",
    [
        "本报讯 会议召开。",
        "本报讯(记者 王伟)会议召开。",
        "本報訊 會議召開。",
        "新华社北京8月28日电 会议召开。",
        "本报8月1日讯 会议召开。",
    ],
)
def test_a_lead_is_recognised_by_its_first_words(line: str) -> None:
    assert lines.LEAD.match(line)


@pytest.mark.parametrize("line", ["会议召开，本报讯 无。", "本报记者来到现场。", "本报电视专栏"])
def test_other_beginnings_are_no_lead(line: str) -> None:
    assert not lines.LEAD.match(line)


@pytest.mark.parametrize(
    "line",
    ["遗失声明 李芳遗失身份证。", "注销公告 某公司拟注销。", "通告 道路封闭。", "公告", "某公司拍卖公告 定于明日。"],
)
def test_notices_are_recognised_by_their_name(line: str) -> None:
    assert lines.NOTICE.match(line)


@pytest.mark.parametrize("line", ["通告发布后，市民反响热烈。", "公告栏前挤满了人。", "会议通告了有关情况。"])
def test_the_names_of_notices_in_a_sentence_are_no_notice(line: str) -> None:
    assert not lines.NOTICE.match(line)
