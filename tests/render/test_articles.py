"""Articles: headings, parts, buttons, and escaping."""

from dataclasses import replace

import pytest

from bot import render
from bot.callbacks import ShowArticlePart, decode
from bot.render.articles import FIRST_PART_UNITS
from bot.render.packing import plain_text, utf16_units
from bot.texts import LANGUAGES
from digests.chats import Language, OutgoingMessage
from digests.models import Article, Reporter, Snippet
from digests.segment.quality import POOR_QUALITY
from tests.render.samples import MARKUP, article, proper


def test_an_article_has_its_headings_and_paragraphs_as_printed() -> None:
    shown = article(kicker="综改示范区", deck="全部达产后年销售额将超百亿元", continued_on_page=3, section="项目为王")
    (message,) = render.article(shown, "zh")
    assert message.text == (
        "栏目：项目为王\n综改示范区\n<b>厚生锂电池隔膜项目投产</b>\n全部达产后年销售额将超百亿元\n"
        "太原日报 · 2022年8月29日 星期一 · 第1版 · 记者 岳霞红\n\n"
        "薄如蝉翼，柔软洁白。\n\n<b>一期工程</b>\n\n一号厂房内，生产线连续转动。\n\n（下转第3版）"
    )
    assert message.buttons == (
        (("相关报道", "1:R:k7f3m-9wq2d"), ("人物地点", "1:N:k7f3m-9wq2d"), ("订阅话题", "1:k:k7f3m-9wq2d")),
        (("第1版", "1:p:20220829:1"), ("2022年8月29日简报", "1:d:20220829")),
    )


def test_the_share_button_holds_the_article_as_an_inline_query() -> None:
    (message,) = render.article(article(), "zh", share=True)
    assert message.buttons[-1][-1] == ("分享", "@k7f3m-9wq2d")


def test_reporters_are_named_by_their_roles() -> None:
    by_role = (Reporter("殷雪嵩", "记者"), Reporter("梁涛", "记者"), Reporter("李明", "通讯员"), Reporter("王伟"))
    text = render.article(article(reporters=by_role), "zh")[0].text
    assert "· 记者 殷雪嵩、梁涛 通讯员 李明 王伟\n" in text


def test_an_article_without_headline_day_and_page_is_shown() -> None:
    shown = Article("k7f3m-9wq2d", None, ("只有这一句。",))
    (message,) = render.article(shown, "zh")
    assert message.text == "日期不详\n\n只有这一句。"
    assert [label for row in message.buttons for label, _ in row] == ["相关报道", "人物地点", "订阅话题"]


def parts(shown: Article, lang: Language = "zh") -> list[OutgoingMessage]:
    """Return all messages of an article, each by the button of the one before it."""
    messages = [*render.article(shown, lang)]
    while label_and_data := next((b for row in messages[-1].buttons for b in row if b[1].startswith("1:r:")), None):
        press = decode(label_and_data[1])
        assert isinstance(press, ShowArticlePart)
        further = render.article_part(shown, press.part, lang)
        assert further
        messages.append(further)
    return messages


def test_the_parts_of_a_long_article_hold_its_whole_text() -> None:
    paragraphs = tuple(f"第{n}段。" + "这是很长的一段话，说了很多事情。" * 40 for n in range(20))
    first, *further = messages = parts(article(paragraphs=paragraphs, continued_on_page=3))
    proper(*messages)
    assert utf16_units(plain_text(first.text)) <= FIRST_PART_UNITS + 100
    assert 2 < len(further) < 6
    assert all(message.text.endswith("。") for message in messages[:-1])
    assert plain_text(messages[-1].text).endswith("（下转第3版）")
    bodies = [plain_text(message.text).partition("\n\n")[2] for message in messages]
    text = "".join("".join(part.split()) for part in bodies).removesuffix("（下转第3版）")
    assert text == "".join(paragraphs)
    assert further[0].text.startswith(f"<b>厚生锂电池隔膜项目投产</b>（2/{len(messages)}）\n\n")


def test_an_article_slightly_longer_than_the_first_part_is_whole() -> None:
    assert len(parts(article(paragraphs=("一句话说完了。" * 98,)))) == 1
    assert len(parts(article(paragraphs=("一句话说完了。" * 110,)))) == 2


def test_the_parts_of_an_article_are_the_same_in_both_languages() -> None:
    shown = article(paragraphs=("这是很长的一段话，说了很多事情。" * 300, MARKUP * 200), continued_on_page=3)
    zh, en = (["".join(plain_text(m.text).split())[-60:-20] for m in parts(shown, lang)[:-1]] for lang in LANGUAGES)
    assert zh == en


@pytest.mark.parametrize("part", [0, 2, 99])
def test_a_part_that_an_article_does_not_have_is_none(part: int) -> None:
    assert render.article_part(article(paragraphs=("一句话说完了。" * 110,)), part, "zh") is None


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_all_fields_of_an_article_are_escaped_once(lang: str) -> None:
    shown = article(headline=MARKUP, kicker=MARKUP, deck=MARKUP, section=MARKUP, paper=MARKUP, paragraphs=(MARKUP,))
    messages = render.article(replace(shown, reporters=(Reporter(MARKUP, MARKUP),)), lang)  # type: ignore[arg-type]
    proper(*messages)
    assert plain_text(messages[0].text).count(MARKUP) == 8


@pytest.mark.parametrize(("units", "messages"), [(500, 1), (700, 1), (701, 2)])
def test_a_body_of_up_to_700_units_is_shown_whole(units: int, messages: int) -> None:
    shown = parts(article(paragraphs=("长" * units,)))
    assert len(shown) == messages
    assert plain_text(shown[0].text).count("长") == (units if messages == 1 else 500)
    assert sum(plain_text(message.text).count("长") for message in shown) == units


def test_a_further_part_has_at_most_3896_units() -> None:
    shown = parts(article(paragraphs=("长" * (500 + 3896 + 1),)))
    assert [plain_text(message.text).count("长") for message in shown] == [500, 3896, 1]


@pytest.mark.parametrize(("characters", "warned"), [(99, False), (100, True)])
def test_poor_quality_is_mentioned_from_100_characters_on(characters: int, warned: bool) -> None:
    poor = article(paragraphs=("长" * characters,), quality=POOR_QUALITY - 0.01)
    assert ("可能有错字" in render.article(poor, "zh")[0].text) == warned
    fair = replace(poor, quality=POOR_QUALITY)
    assert "可能有错字" not in render.article(fair, "zh")[0].text


def test_names_and_topics_stand_three_in_a_row() -> None:
    message = render.people_and_places(article(), ("韦韬", "方小满"), ("太原", "<云河>"), "zh")
    assert message.text == "<b>人物和地点</b>　厚生锂电池隔膜项目投产\n人物：韦韬、方小满\n地点：太原、&lt;云河&gt;"
    assert [[label for label, _ in row] for row in message.buttons] == [
        ["韦韬", "方小满"],
        ["太原", "<云河>"],
        ["返回报道"],
    ]
    topics = render.follow_choices(article(), tuple(f"长{n}" * 13 for n in range(3)), "en")
    assert [[len(label) for label, _ in row] for row in topics.buttons] == [[24, 24, 24], [len("Back to the story")]]


def test_related_articles_are_numbered_with_their_origin() -> None:
    message = render.related_articles(article(), [article(headline="另一篇")] * 6, "zh")
    assert message.text.startswith(
        "<b>相关报道</b>　厚生锂电池隔膜项目投产\n\n1. 另一篇\n太原日报 · 2022年8月29日 · 第1版\n\n2. "
    )
    assert [[label for label, _ in row] for row in message.buttons] == [["1", "2", "3"], ["4", "5", "6"], ["返回报道"]]


def test_a_shared_article_quotes_the_snippet_and_links_to_the_whole() -> None:
    snippet = Snippet("隔膜<。", ((0, 2),))
    assert render.shared_article(article(), snippet, "https://t.me/a?b=c&d", "zh") == (
        "<b>厚生锂电池隔膜项目投产</b>\n太原日报 · 2022年8月29日 · 第1版\n<blockquote><b>隔膜</b>&lt;。</blockquote>\n"
        '<a href="https://t.me/a?b=c&amp;d">阅读全文</a>'
    )
    assert "blockquote" not in render.shared_article(article(), Snippet(""), "https://t.me/a", "zh")
    assert render.plain_origin(article(paper="<&>"), "zh") == "<&> · 2022年8月29日 · 第1版"
