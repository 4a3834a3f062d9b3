"""The patterns of leads, jumps and notices."""

import pytest

from digests.segment import printed_signs
from digests.text import parse_number


@pytest.mark.parametrize(
    "jump",
    [
        "(下转第2版)",
        "下转第2版",
        "(下转2版)",
        "(转第二版)",
        "(下轉第2版)",
        "(下转A02版)",
        "(下转02版·要闻)",
        "(文转A2版)",
        "(文轉A2)",
        "(紧接第二版)",
        "全文见2版",
        "(详见2版)",
        "(下转第2版",
    ],
)
def test_a_jump_names_its_page(jump: str) -> None:
    match = printed_signs.JUMP_TO.search(f"会议要求落实。{jump}")
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
        "江城晚报讯(记者 王伟)会议召开。",
        "江城晚报讯会议召开。",
        "青川日报古田5月5日电(记者 王伟)会议召开。",
        "商报讯 记者王伟报道 会议召开。",
        "记者王伟报道 会议召开。",
        "江城五日电 会议召开。",
        "【本报北京五日专电】会议召开。",
        "〔記者王偉/台北報導〕會議召開。",
        "〔綜合報導〕會議召開。",
        "(本报今日讯)会议召开。",
        "江城台消息:会议召开。",
        "据新华社电 会议召开。",
        "本报谎(记者 王伟)会议召开。",
        "木报讯 会议召开。",
    ],
)
def test_a_lead_is_recognised_by_its_first_words(line: str) -> None:
    assert printed_signs.LEAD.match(line)


@pytest.mark.parametrize(
    "line",
    [
        "会议召开，本报讯 无。",
        "本报记者来到现场。",
        "本报电视专栏",
        "市民举报诈骗电话",
        "我市通报电信诈骗案",
        "【乡村振兴】石桥完工",
        "(记者 王伟)",
        "本报电信专版",
        "五日电影上映",
    ],
)
def test_other_beginnings_are_no_lead(line: str) -> None:
    assert not printed_signs.LEAD.match(line)


@pytest.mark.parametrize(
    "line",
    ["遗失声明 李芳遗失身份证。", "注销公告 某公司拟注销。", "通告 道路封闭。", "公告", "某公司拍卖公告 定于明日。"],
)
def test_notices_are_recognised_by_their_name(line: str) -> None:
    assert printed_signs.NOTICE.match(line)


@pytest.mark.parametrize("line", ["通告发布后，市民反响热烈。", "公告栏前挤满了人。", "会议通告了有关情况。"])
def test_the_names_of_notices_in_a_sentence_are_no_notice(line: str) -> None:
    assert not printed_signs.NOTICE.match(line)


@pytest.mark.parametrize("line", ["转3个站", "详见8月1日通知", "(相关新闻见2版)", "上接第2版"])
def test_other_references_are_no_jump(line: str) -> None:
    assert not printed_signs.JUMP_TO.search(line)


@pytest.mark.parametrize(
    "line", ["(上接第2版)", "上接02版", "(上接A2版)", "【上接第二版】", "接第2版", "(紧接第二版)", "(上接A2】"]
)
def test_the_further_part_of_an_article_names_the_page_it_comes_from(line: str) -> None:
    match = printed_signs.JUMP_FROM.match(line)
    assert match
    assert parse_number(match["page"]) == 2


@pytest.mark.parametrize("line", ["关于滨河路停水的通知", "国有建设用地使用权拍卖出让公告", "招聘", "停电预告", "訃告"])
def test_a_heading_that_ends_with_the_name_of_a_notice_is_one(line: str) -> None:
    assert printed_signs.NOTICE.match(line)


@pytest.mark.parametrize(
    "line", ["今日天气", "天气预报", "福彩双色球第2021017期开奖公告", "今日股市", "外汇牌价", "昨日赛果"]
)
def test_boxes_are_recognised_by_their_title(line: str) -> None:
    assert printed_signs.BOX.match(line)


@pytest.mark.parametrize("line", ["天气转凉注意添衣", "他买彩票中了大奖,全部捐出。", "股市里的人生"])
def test_headlines_about_weather_and_money_are_no_box(line: str) -> None:
    assert not printed_signs.BOX.match(line)
