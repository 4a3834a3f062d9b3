"""Continued stories, scores, weekly and monthly reviews, and trends."""

from pathlib import Path

import pytest

from tests.conversations.reader import Reader
from tests.conversations.samples import GARDEN, write_paper

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two issues in two weeks of one month."""
    return write_paper(tmp_path_factory.mktemp("archive") / "pages")


async def test_a_continued_story_links_to_its_earlier_article(wang: Reader) -> None:
    digest = await wang.send("/today")
    assert f"1. {GARDEN}建成　后续报道，前文见2023年3月1日" in digest.text
    assert "3月1日，" in (await wang.press("1 前文")).text


async def test_a_digest_quotes_the_figure_of_a_story(wang: Reader) -> None:
    assert "数字　总投资90亿元（1）" in (await wang.send("/digest 2023-03-01")).text


async def test_the_scores_of_a_digest_are_explained(wang: Reader) -> None:
    digest = await wang.send("/today")
    why = await wang.press("为什么这样排")
    assert why.text.startswith("为什么这样排？　云河日报 · 2023年3月15日 星期三")
    assert "版面35/35 · " in why.text
    assert not why.edited
    assert (await wang.press("2023年3月15日简报")).text == digest.text


async def test_the_scores_are_explained_in_english(alex: Reader) -> None:
    await alex.send("/today")
    assert "position 35/35 · keywords " in (await alex.press("Why this order?")).text


async def test_the_newest_week_leads_to_the_one_before_in_place(wang: Reader) -> None:
    week = await wang.send("/week")
    assert week.text.startswith("一周回顾　2023年3月13日至2023年3月19日\n1期 · 1篇报道")
    assert f"1. {GARDEN}建成　2023年3月15日" in week.text
    earlier = await wang.press("较早")
    assert earlier.edited
    assert earlier.text.startswith("一周回顾　2023年2月27日至2023年3月5日")
    assert (await wang.press("‹ 较新")).text == week.text
    assert "建成开放" in (await wang.press("1")).text


async def test_a_week_without_an_issue_names_the_issues_near_it(wang: Reader) -> None:
    answer = await wang.send("/week 2023-03-08")
    assert answer.text.startswith("2023年3月8日 星期三没有报纸。")
    assert answer.labels == ["2023年3月15日", "2023年3月1日"]


async def test_a_continued_story_appears_once_in_its_month(wang: Reader) -> None:
    month = await wang.send("/month")
    assert f"{GARDEN}建成　2023年3月15日" in month.text
    assert f"{GARDEN}开工" not in month.text
    here = month.messages[0]["message_id"]
    assert (await wang.press_data(here, "1:w:99991231")).text.startswith("一周回顾　2023年3月13日")
    assert (await wang.press_data(here, "1:m:00010101")).text.startswith("整月回顾　2023年3月1日")


async def test_any_day_selects_its_month(wang: Reader, alex: Reader) -> None:
    for command in ("/month", "/month 2023-03-01", "/month 2031-12-31", "/month 1999-01-01"):
        assert (await wang.send(command)).text.startswith("整月回顾　2023年3月1日至2023年3月31日\n2期")
    assert (await alex.send("/month")).text.startswith(
        "Month in review 1 March 2023 to 31 March 2023\n2 issues · 2 stories"
    )
    assert "没看懂“哪个月”是哪一天" in (await wang.send("/month 哪个月")).text


async def test_a_trend_counts_words_issue_by_issue(wang: Reader, alex: Reader) -> None:
    answer = await wang.send("/trend 蓄水池 “孩子们” 足球")
    assert answer.text.startswith("报库共2期。")
    first, second = answer.marked("pre")
    assert [line.split()[0] for line in first.splitlines()] == ["2023-03-01", "2023-03-15"]
    assert second.splitlines()[0].split()[1:] == ["0", "0.0%"]
    assert "足球　没有写到" in answer.text
    assert (await alex.send("/trend 蓄水池")).text.startswith("The archive holds 2 issues.\nOne line per issue")


async def test_a_trend_is_limited_in_words(wang: Reader) -> None:
    answer = await wang.send("/trend 一 二 三 四 五")
    assert answer.text.startswith("报库共2期。")
    assert answer.text.endswith("一次最多比较4个词。")


@pytest.mark.parametrize("command", ["/trend", '/trend ""'])
async def test_a_trend_without_words_shows_rising_keywords(wang: Reader, command: str) -> None:
    assert (await wang.send(command)).text == (
        "报库共2期。\n暂无明显升温的词。\n想看某个词的趋势，请发送 /trend 核酸 防汛。"
    )
