"""Messages: what they say, that every text is escaped once, and that all of them fit."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot import render
from bot.callbacks import ShowArticle, ShowArticlePart, decode
from bot.render.articles import FIRST_PART_UNITS
from bot.render.packing import MAX_MESSAGE_UNITS, plain_text, utf16_units
from bot.texts import LANGUAGES
from digests.archive import Archive
from digests.chats import Language, Match, OutgoingMessage, Subscription
from digests.models import Article, Hit, Issue, Reason, Reporter, SearchResult, Snippet
from digests.search.index import Index
from digests.storage.stores import DigestStore
from digests.subscriptions.alerts import MatchedArticle
from tests.conftest import SEEDS

DAY = date(2022, 8, 29)
NASTY = '<b>50%</b> & "5 < 6" 😀'


def article(**parts: object) -> Article:
    usual = Article(
        "k7f3m-9wq2d",
        "厚生锂电池隔膜项目投产",
        ("薄如蝉翼，柔软洁白。", "一期工程", "一号厂房内，生产线连续转动。"),
        paper="太原日报",
        date=DAY,
        page=1,
        reporters=(Reporter("岳霞红"),),
        subheads=("一期工程",),
    )
    return replace(usual, **parts)  # type: ignore[arg-type]


def opened(message: OutgoingMessage) -> list[str]:
    """The articles that the message's buttons lead to."""
    presses = [decode(data) for row in message.buttons for _, data in row]
    return [press.article for press in presses if isinstance(press, ShowArticle)]


def proper(*messages: OutgoingMessage) -> None:
    """Telegram takes them: tags closed in order, nothing unescaped, within the limits."""
    for message in messages:
        assert 0 < utf16_units(plain_text(message.text)) <= MAX_MESSAGE_UNITS
        inside: list[str] = []
        for closing, name in re.findall(r"<(/?)([a-z]+)>", message.text):
            if closing:
                assert inside.pop() == name
            else:
                inside.append(name)
        assert not inside
        bare = re.sub(r"</?(b|i|code|pre|blockquote)>", "", message.text)
        assert "<" not in bare
        assert not re.search(r"&(?!(lt|gt|amp);)", bare)
        assert sum(len(row) for row in message.buttons) <= 100


# ---- an article


def test_an_article_stands_as_it_stood_in_the_paper() -> None:
    told = article(kicker="综改示范区", deck="全部达产后年销售额将超百亿元", continued_on_page=3, section="项目为王")
    (message,) = render.article(told, "zh")
    assert message.text == (
        "栏目：项目为王\n综改示范区\n<b>厚生锂电池隔膜项目投产</b>\n全部达产后年销售额将超百亿元\n"
        "太原日报 · 2022年8月29日 星期一 · 第1版 · 记者 岳霞红\n\n"
        "薄如蝉翼，柔软洁白。\n\n<b>一期工程</b>\n\n一号厂房内，生产线连续转动。\n\n（下转第3版）"
    )
    assert message.buttons == (
        (("相关报道", "1:R:k7f3m-9wq2d"), ("人物地点", "1:N:k7f3m-9wq2d"), ("订阅话题", "1:k:k7f3m-9wq2d")),
        (("第1版", "1:p:20220829:1"), ("2022年8月29日简报", "1:d:20220829")),
    )


def test_an_article_is_shared_where_telegram_offers_to() -> None:
    (message,) = render.article(article(), "zh", share=True)
    assert message.buttons[-1][-1] == ("分享", "@k7f3m-9wq2d")


def test_reporters_are_named_by_their_roles() -> None:
    told = article(reporters=(Reporter("殷雪嵩"), Reporter("梁涛"), Reporter("李明", "通讯员")))
    assert "记者 殷雪嵩、梁涛 通讯员 李明" in render.article(told, "zh")[0].text


def test_an_article_of_which_little_is_known_is_shown_all_the_same() -> None:
    told = Article("k7f3m-9wq2d", None, ("只有这一句。",))
    (message,) = render.article(told, "zh")
    assert message.text == "日期不详\n\n只有这一句。"
    assert [label for row in message.buttons for label, _ in row] == ["相关报道", "人物地点", "订阅话题"]


def parts(told: Article, lang: Language = "zh") -> list[OutgoingMessage]:
    """All messages that a reader gets who reads on to the end."""
    messages = [*render.article(told, lang)]
    while label_and_data := next((b for row in messages[-1].buttons for b in row if b[1].startswith("1:r:")), None):
        press = decode(label_and_data[1])
        assert isinstance(press, ShowArticlePart)
        further = render.article_part(told, press.part, lang)
        assert further
        messages.append(further)
    return messages


def test_a_long_article_is_read_on_part_by_part_and_nothing_of_it_is_lost() -> None:
    paragraphs = tuple(f"第{n}段。" + "这是很长的一段话，说了很多事情。" * 40 for n in range(20))
    first, *further = messages = parts(article(paragraphs=paragraphs, continued_on_page=3))
    proper(*messages)
    assert utf16_units(plain_text(first.text)) <= FIRST_PART_UNITS + 100
    assert 2 < len(further) < 6
    assert all(message.text.endswith("。") for message in messages[:-1])
    assert plain_text(messages[-1].text).endswith("（下转第3版）")
    headed = [plain_text(message.text).partition("\n\n")[2] for message in messages]
    said = "".join("".join(text.split()) for text in headed).removesuffix("（下转第3版）")
    assert said == "".join(paragraphs)
    assert further[0].text.startswith(f"<b>厚生锂电池隔膜项目投产</b>（2/{len(messages)}）\n\n")


def test_an_article_that_is_hardly_longer_than_a_screen_is_shown_whole() -> None:
    assert len(parts(article(paragraphs=("一句话说完了。" * 98,)))) == 1
    assert len(parts(article(paragraphs=("一句话说完了。" * 110,)))) == 2


def test_the_parts_of_an_article_are_the_same_in_both_languages() -> None:
    told = article(paragraphs=("这是很长的一段话，说了很多事情。" * 300, NASTY * 200), continued_on_page=3)
    zh, en = (["".join(plain_text(m.text).split())[-60:-20] for m in parts(told, lang)[:-1]] for lang in LANGUAGES)
    assert zh == en


@pytest.mark.parametrize("part", [0, 2, 99])
def test_a_part_that_an_article_does_not_have_is_none(part: int) -> None:
    assert render.article_part(article(paragraphs=("一句话说完了。" * 110,)), part, "zh") is None


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_everything_of_an_article_is_escaped_once(lang: str) -> None:
    told = article(headline=NASTY, kicker=NASTY, deck=NASTY, section=NASTY, paper=NASTY, paragraphs=(NASTY,))
    messages = render.article(replace(told, reporters=(Reporter(NASTY, NASTY),)), lang)  # type: ignore[arg-type]
    proper(*messages)
    assert plain_text(messages[0].text).count(NASTY) == 8


# ---- contents and issues


def test_the_contents_number_everything_and_say_what_is_no_story() -> None:
    issue = Issue(DAY, "太原日报", (1, 2), 2, 1, 0.9, "f")
    told = [article(), article(id="zzzzz-zzzzz", headline="通告", kind="notice", page=2)]
    message = render.contents(issue, told, 0, "zh")
    assert plain_text(message.text) == (
        "目录　太原日报 · 2022年8月29日 星期一\n\n第1版\n1. 厚生锂电池隔膜项目投产\n\n第2版\n2. 通告　公告"
    )
    assert opened(message) == ["k7f3m-9wq2d", "zzzzz-zzzzz"]


def test_long_contents_are_shown_in_parts_that_lead_to_each_other() -> None:
    issue = Issue(DAY, "太原日报", (1,), 40, 0, 0.9, "f")
    middle = render.contents(issue, [article(headline=NASTY * 9)] * 40, 15, "zh")
    proper(middle)
    assert "第16–30篇，共40篇" in middle.text
    assert [label for label, _ in middle.buttons[-2]] == ["‹ 上一页", "下一页 ›"]
    beyond = render.contents(issue, [article()] * 20, 300, "zh")
    assert "第16–20篇，共20篇" in beyond.text


def test_the_list_of_issues_is_turned_from_newer_to_older() -> None:
    held = [Issue(date(2022, 8, day), "太原日报", (1,), 1, 0, 0.9, "f") for day in range(20, 0, -1)]
    first = render.issue_list(held, 0, "en")
    assert first.text.startswith("20 issues.")
    assert first.buttons[0] == (("Saturday, 20 August 2022 · 1 story", "1:d:20220820"),)
    assert first.buttons[-1] == (("Older ›", "1:I:8"),)
    assert "还没有报纸" in render.issue_list([], 0, "zh").text


# ---- a search


def hit(text: str, *marks: tuple[int, int], **parts: object) -> Hit:
    return Hit(article(**parts), 1.0, Snippet(text, marks))


def test_a_search_shows_what_was_found_with_the_words_marked() -> None:
    message = render.search_results(SearchResult("锂电池", 1, 0, (hit("刚投产的锂电池隔膜。", (4, 7)),)), "zh")
    assert message.text == (
        "🔍 <code>锂电池</code>\n找到1篇\n\n<b>1. 厚生锂电池隔膜项目投产</b>\n"
        "太原日报 · 2022年8月29日 · 第1版\n刚投产的<b>锂电池</b>隔膜。"
    )
    assert [[label for label, _ in row] for row in message.buttons] == [["1"], ["订阅这个搜索"]]


def test_marks_are_set_in_text_that_needs_escaping() -> None:
    message = render.search_results(SearchResult("<6 & 7>", 1, 0, (hit("5<6 & 7>6", (1, 3), (6, 7)),)), "zh")
    assert message.text.endswith("5<b>&lt;6</b> &amp; <b>7</b>&gt;6")
    assert message.text.startswith("🔍 <code>&lt;6 &amp; 7&gt;</code>")


def test_a_search_that_found_nothing_offers_what_could_have_been_meant() -> None:
    message = render.search_results(SearchResult("fangxun", 0, 0, (), suggestions=("防汛", "<汛")), "zh")
    assert message.text.endswith("是不是要找：<code>防汛</code> · <code>&lt;汛</code>")


def test_a_hit_by_a_misread_form_is_marked_as_one() -> None:
    found = Hit(article(), 1.0, Snippet("防讯"), look_alike=True)
    assert "</b> <i>字形相近</i>" in render.search_results(SearchResult("防汛", 1, 0, (found,)), "zh").text


def test_a_search_that_found_only_parts_says_so() -> None:
    result = SearchResult("锂电池 足球", 1, 0, (hit("锂电池。"),), partial_only=True)
    assert "符合部分条件" in render.search_results(result, "zh").text


def test_a_search_in_the_middle_leads_both_ways() -> None:
    message = render.search_results(SearchResult("疫情", 23, 5, (hit("疫情"),) * 5), "zh")
    assert "找到23篇，这里是第6–10篇" in message.text
    assert message.buttons[1] == (("‹ 上一页", "1:q:=疫情:0:0"), ("下一页 ›", "1:q:=疫情:10:0"))


def test_the_longest_search_fits_one_message() -> None:
    hits = (hit(NASTY * 11, headline=NASTY * 40, paper="太原日报、山西日报、山西晚报"),) * 5
    proper(render.search_results(SearchResult("疫" * 200, 1000, 500, hits), "en"))


# ---- alerts


def match(query: str, told: Article, where: str = "body", term: str | None = None) -> Match:
    reason = Reason(term or query, where, Snippet("锂电池隔膜被源源不断地生产出来。", ((0, 3),)))  # type: ignore[arg-type]
    return Match(7, Subscription(1, query, datetime(2022, 8, 1, tzinfo=UTC)), told.id, reason)


def found(because: Match, told: Article) -> list[MatchedArticle]:
    return [MatchedArticle(told, (because,))]


def test_an_alert_says_why_it_came() -> None:
    told = article()
    (message,) = render.alert(found(match("锂电池", told), told), "zh")
    assert message.text == (
        "🔔 <b>厚生锂电池隔膜项目投产</b>\n太原日报 · 2022年8月29日 · 第1版\n订阅“<b>锂电池</b>”，见于正文：\n"
        "<blockquote><b>锂电池</b>隔膜被源源不断地生产出来。</blockquote>"
    )
    assert [[label for label, _ in row] for row in message.buttons] == [["阅读全文", "不看这类"], ["我的订阅"]]


def test_an_alert_names_the_term_where_it_is_not_the_whole_subscription() -> None:
    told = article()
    (message,) = render.alert(found(match("锂电池 OR 光伏", told, "headline", "锂电池"), told), "zh")
    assert "订阅“<b>锂电池 OR 光伏</b>”，标题写到“锂电池”：" in message.text


def test_several_articles_are_one_alert_and_each_is_told_once() -> None:
    one, other = article(), article(id="zzzzz-zzzzz", headline="另一篇")
    both = MatchedArticle(one, (match("锂电池", one), match("隔膜", one)))
    (message,) = render.alert([both, *found(match("锂电池", other), other)], "zh")
    assert plain_text(message.text).startswith("🔔 你订阅的话题有2篇新报道\n\n1. 厚生锂电池隔膜项目投产")
    assert "订阅“<b>隔膜</b>”" in message.text
    assert opened(message) == ["k7f3m-9wq2d", "zzzzz-zzzzz"]


def test_an_article_that_two_subscriptions_met_can_be_refused_for_either() -> None:
    told = article()
    (message,) = render.alert([MatchedArticle(told, (match("锂电池", told), match("隔膜", told)))], "zh")
    assert [[label for label, _ in row] for row in message.buttons] == [
        ["阅读全文", "我的订阅"],
        ["不看这类：锂电池"],
        ["不看这类：隔膜"],
    ]


def test_an_alert_of_very_many_articles_goes_out_in_parts() -> None:
    many = {f"{n:05}-aaaaa": article(id=f"{n:05}-aaaaa", headline=NASTY * 9) for n in range(150)}
    messages = render.alert([one for told in many.values() for one in found(match("<锂>" * 60, told), told)], "en")
    proper(*messages)
    assert [name for message in messages for name in opened(message)] == list(many)


# ---- the real pages


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    data = tmp_path_factory.mktemp("data")
    digests = DigestStore(data / "digests.json")
    archive = Archive(SEEDS, Index(data / "index"), digests)
    archive.ingest()
    yield archive
    archive.close()
    digests.close()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_of_the_real_pages_can_be_sent(archive: Archive, lang: Language) -> None:
    proper(render.issue_list(archive.issues(), 0, lang))
    for issue in archive.issues():
        articles = archive.articles(issue.day)
        told_of = archive.digest(issue.day)
        proper(
            *render.digest(told_of, lang),
            *render.story_scores(told_of, lang),
            render.contents(issue, articles, 0, lang),
        )
        for told in articles:
            proper(*render.article(told, lang), *render.alert(found(match("报", told), told), lang))
            proper(render.search_results(archive.search(told.title[:20]), lang))
