"""Navigation by buttons: sections, pages, previous and next issues, long and related articles."""

import pytest

from bot import callbacks
from bot.app import Jianbao
from bot.callbacks import Callback
from tests.conversations.reader import Answer, Reader

pytestmark = pytest.mark.asyncio(loop_scope="module")

AUGUST = "/digest 2022-08-29"


async def article(wang: Reader) -> Answer:
    await wang.send(AUGUST)
    return await wang.press("1")


async def test_a_section_of_the_digest_shows_all_its_stories(wang: Reader) -> None:
    await wang.send(AUGUST)
    section = await wang.press("【工业经济】")
    assert section.text.startswith("【工业经济】：2篇　太原日报 · 2022年8月29日")
    assert "厚生锂电池隔膜项目投产" in section.text
    assert "2022年8月29日" in (await wang.press("2")).text


async def test_the_previous_and_next_issue_replace_the_message(wang: Reader) -> None:
    digest = await wang.send(AUGUST)
    before = await wang.press("‹ 上一期")
    assert before.edited
    assert before.text.startswith("太原日报 · 2022年8月12日")
    assert (await wang.press("下一期")).text == digest.text


async def test_beyond_the_first_and_last_issue_a_popup_says_so(wang: Reader, alex: Reader) -> None:
    await wang.send("/today")
    assert (await wang.press("下一期")).popup == "这是最新一期。"
    await alex.send("/digest 2021-07-31")
    assert (await alex.press("‹ Previous issue")).popup == "This is the oldest issue."


async def test_an_article_leads_to_its_page_as_a_table_of_contents(wang: Reader) -> None:
    await article(wang)
    page = await wang.press("第1版")
    assert page.text.startswith("第1版：9篇　太原日报 · 2022年8月29日 星期一\n1. ")
    assert [label for label in page.labels if label.isdigit()] == [str(n) for n in range(1, 10)]
    contents = await wang.press("目录（9篇）")
    assert contents.edited
    assert contents.text.startswith("目录")


async def test_an_article_leads_to_related_ones_and_back(wang: Reader) -> None:
    first = await article(wang)
    related = await wang.press("相关报道")
    assert related.text.startswith("相关报道　统筹工作力量")
    other = await wang.press("1")
    assert other.text != first.text
    assert (await wang.press("返回报道", on=related)).text == first.text


async def test_an_article_leads_to_searches_for_its_people_and_places(wang: Reader) -> None:
    await article(wang)
    names = await wang.press("人物地点")
    assert "人物：韦韬" in names.text
    found = await wang.press("韦韬")
    assert found.text.splitlines()[0].startswith("🔍")
    assert "韦韬" in found.text
    assert "找到" in (await wang.press("太原", on=names)).text


async def test_a_word_of_an_article_can_be_subscribed_to(wang: Reader) -> None:
    await article(wang)
    offered = await wang.press("订阅话题")
    assert "韦韬" in offered.labels
    followed = await wang.press("裴耀军", on=offered)
    assert followed.text.startswith("已订阅“裴耀军”")
    assert "裴耀军" in (await wang.press("裴耀军", on=offered)).text
    await wang.send("/unsubscribe 裴耀军")


async def test_the_next_part_of_a_long_article_is_a_new_message(wang: Reader) -> None:
    first = await article(wang)
    assert first.labels[0] == "继续阅读 ▾"
    rest = await wang.press("继续阅读")
    assert not rest.edited
    assert rest.text.startswith("统筹工作力量 提高检测质效 全力做好疫情应急处置和常态化防控工作（2/2）\n\n")
    assert "继续阅读 ▾" not in rest.labels
    assert rest.labels[0] == "相关报道"


@pytest.mark.parametrize(
    ("press", "answer"),
    [
        (callbacks.ShowRelated("zzzzz-zzzzz"), "找不到这篇报道"),
        (callbacks.ShowNames("zzzzz-zzzzz"), "找不到这篇报道"),
        (callbacks.ShowFollowable("zzzzz-zzzzz"), "找不到这篇报道"),
        (callbacks.ShowArticlePart("zzzzz-zzzzz", 1), "找不到这篇报道"),
    ],
)
async def test_a_button_of_a_missing_article_gets_a_popup(wang: Reader, press: Callback, answer: str) -> None:
    here = (await wang.send("/help")).messages[0]["message_id"]
    assert answer in (await wang.press_data(here, callbacks.encode(press))).popup


async def test_a_button_of_a_missing_name_page_or_section_gets_a_popup(wang: Reader, jianbao: Jianbao) -> None:
    """The issue exists and the rest does not, as after an update of the archive."""
    issue = jianbao.services.archive.issues()[0]
    story = jianbao.services.archive.digest(issue.day).stories[0].article
    here = (await wang.send("/help")).messages[0]["message_id"]
    gone: dict[Callback, str] = {
        callbacks.ShowPage(issue.day, 77): "这一版已没有报道",
        callbacks.TurnPage(issue.day, 77, 15): "这一版已没有报道",
        callbacks.ShowSection(issue.day, "没有的主题"): "本期已没有这个主题的报道",
        callbacks.TurnSection(issue.day, "没有的主题", 15): "本期已没有这个主题的报道",
        callbacks.ShowArticlePart(story, 99): "找不到这篇报道",
    }
    for press, answer in gone.items():
        assert answer in (await wang.press_data(here, callbacks.encode(press))).popup, press


async def test_a_contents_page_beyond_the_end_shows_the_last_one(wang: Reader, jianbao: Jianbao) -> None:
    day = jianbao.services.archive.issues()[0].day
    here = (await wang.send("/help")).messages[0]["message_id"]
    beyond = await wang.press_data(here, callbacks.encode(callbacks.TurnPage(day, 1, 900)))
    assert beyond.text.startswith("第1版：")
