"""Greeting, digests, issues, contents, articles and help."""

import pytest

from tests.conversations.reader import Reader

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_greeting_has_three_lines_and_first_steps(wang: Reader) -> None:
    answer = await wang.send("/start")
    assert len(answer.text.splitlines()) == 3
    assert answer.labels == ["今日简报", "往期", "如何订阅", "English"]


async def test_the_greeting_is_in_the_readers_language(alex: Reader) -> None:
    answer = await alex.send("/start")
    assert answer.text.startswith("Jianbao reads the paper for you")
    assert answer.labels[-1] == "中文"


async def test_today_is_the_newest_issue_with_a_button_for_each_story(wang: Reader) -> None:
    answer = await wang.send("/today")
    assert answer.text.startswith("太原日报 · 2022年11月24日 星期四\n第1版")
    assert "关键词" in answer.text
    stories = [line for line in answer.marked("bold") if line[0].isdigit()]
    assert len(stories) >= 3
    assert [label for label in answer.labels if label.isdigit()] == [str(n) for n in range(1, len(stories) + 1)]
    assert answer.marked("blockquote")


async def test_a_story_is_read_in_full_and_leads_back_to_its_digest(wang: Reader) -> None:
    digest = await wang.send("/digest 2022-08-29")
    article = await wang.press("1")
    assert "韦韬在督导检查常态化核酸检测工作时强调" in article.text
    assert "2022年8月29日 星期一 · 第1版 · 记者 殷雪嵩、梁涛" in article.text
    rest = await wang.press("继续阅读")
    assert rest.text.endswith("共同筑牢疫情防控的人民防线。")
    assert (await wang.press("2022年8月29日简报")).text == digest.text


@pytest.mark.parametrize("day", ["2022-08-29", "8月29日", "2022年8月29日", "2022/8/29"])
async def test_a_day_may_be_written_in_many_ways(wang: Reader, day: str) -> None:
    answer = await wang.send(f"/digest {day}")
    assert answer.text.startswith("太原日报 · 2022年8月29日 星期一")


async def test_digest_without_a_day_lists_the_issues(wang: Reader) -> None:
    answer = await wang.send("/digest")
    assert answer.labels[0].startswith("2022年11月24日 星期四")
    assert len(answer.labels) == 5
    digest = await wang.press("2021年7月31日")
    assert digest.text.startswith("太原日报 · 2021年7月31日 星期六")


async def test_a_day_without_an_issue_offers_the_nearest_ones(wang: Reader) -> None:
    answer = await wang.send("/digest 2022-08-20")
    assert "2022年8月20日 星期六没有报纸" in answer.text
    assert answer.labels == ["2022年8月12日", "2022年8月29日", "2022年7月29日"]
    assert (await wang.press("2022年8月12日")).text.startswith("太原日报 · 2022年8月12日")


@pytest.mark.parametrize("nonsense", ["下周哪天", "2022-13-45", "<b>8月</b>", "2月30日"])
async def test_text_that_is_not_a_day_gets_an_explanation(wang: Reader, nonsense: str) -> None:
    answer = await wang.send(f"/digest {nonsense}")
    assert f"没看懂“{nonsense}”" in answer.text
    assert answer.marked("code") == ["2022-08-29", "8月29日"]


async def test_the_contents_of_an_issue_lead_to_every_article(wang: Reader) -> None:
    await wang.send("/digest 2022-08-29")
    contents = await wang.press("目录")
    assert "距“2022年太原能源低碳发展论坛”" in contents.text
    numbers = [label for label in contents.labels if label.isdigit()]
    assert len(numbers) > 3
    for number in (*numbers[:2], numbers[-1]):
        article = await wang.press(number, on=contents)
        assert "2022年8月29日 星期一 · 第1版" in article.text


async def test_an_article_can_be_asked_for_by_its_id(wang: Reader) -> None:
    digest = await wang.send("/today")
    _, data = digest.button("1")
    pressed = await wang.press("1")
    assert (await wang.send(f"/article {data.split(':')[-1]}")).text == pressed.text
    assert "找不到这篇报道" in (await wang.send("/article zzzzz-zzzzz")).text
    assert "/article" in (await wang.send("/article")).text


async def test_an_english_reader_gets_english_around_the_chinese_news(alex: Reader) -> None:
    digest = await alex.send("/digest 2022-08-29")
    assert digest.text.startswith("太原日报 · Monday, 29 August 2022\nPage 1 · ")
    assert "Contents (" in " ".join(digest.labels)
    missing = await alex.send("/digest 2020-01-01")
    assert missing.text == "There is no issue for Wednesday, 1 January 2020.\nNearest issues:"


async def test_help_names_the_commands_and_the_time_of_the_digest(wang: Reader, alex: Reader) -> None:
    for answer in (await wang.send("/help"), await alex.send("/help")):
        for command in ("/today", "/week", "/month", "/issues", "/trend", "/subscribe", "/settings", "07:30"):
            assert command in answer.text


async def test_an_unknown_command_points_to_help(wang: Reader) -> None:
    assert (await wang.send("/weather")).text == "没有这个命令，用法见 /help。"
