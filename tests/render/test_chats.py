"""What a chat is shown of itself: within Telegram's limits whatever it holds, in both languages."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot import render
from bot.callbacks import MAX_CALLBACK_BYTES
from bot.config import Config, DigestConfig
from bot.render.chats import ChatView
from bot.render.packing import MAX_MESSAGE_UNITS, plain_text, utf16_units
from bot.render.settings import DIGEST_TIMES
from digests.chats import Channel, Chat, Language, OutgoingMessage, Settings, Subscription
from digests.dates import ALL_WEEKDAYS
from digests.models import Article, Reason, Snippet
from digests.storage.button_texts import replace_texts
from digests.storage.personal_data import ImportResult, SkippedItem
from digests.subscriptions.backtest import Backtest, BacktestHit, LookAlike

NOW = datetime(2022, 11, 25, 12, tzinfo=UTC)
NASTY = "<b>&amp;{query}</b> \U0001f600"
LANGUAGES: tuple[Language, ...] = ("zh", "en")
ONE = Subscription(1, "防汛", NOW)


def view(*subscriptions: Subscription, lang: Language = "zh", **more: object) -> ChatView:
    settings = more.pop("settings", Settings(language=lang))
    chat = Chat(7, settings, subscriptions)  # type: ignore[arg-type]
    return ChatView(chat, lang, more.pop("config", Config()), NOW, **more)  # type: ignore[arg-type]


def proper(*messages: OutgoingMessage) -> None:
    for message in messages:
        shown = plain_text(message.text)
        assert 0 < utf16_units(shown) <= MAX_MESSAGE_UNITS
        assert sum(len(row) for row in message.buttons) <= 100
        for row in replace_texts(message)[0].buttons:
            for label, data in row:
                assert 0 < len(label) <= 64
                assert len(data.encode()) <= MAX_CALLBACK_BYTES


def labels(message: OutgoingMessage) -> list[str]:
    return [label for row in message.buttons for label, _ in row]


def article(number: int) -> Article:
    return Article(
        id=f"{number:05}-aaaaa", paper=NASTY, date=date(2022, 8, 29), page=1, headline=NASTY * 9, paragraphs=("防汛",)
    )


def told(total: int, **more: object) -> Backtest:
    reason = Reason("防汛", "body", Snippet("防汛", ((0, 2),)))
    hits = tuple(BacktestHit(article(number), reason) for number in range(total))
    return Backtest("防汛", hits, last_year=total, issues=5, **more)  # type: ignore[arg-type]


def test_a_list_of_a_hundred_long_subscriptions_fits_with_its_buttons() -> None:
    many = tuple(Subscription(n, NASTY * 9, NOW, name=NASTY, rhythm="weekly", paused=True) for n in range(100))
    for lang in LANGUAGES:
        for shown in (view(*many, lang=lang), view(*many, lang=lang, channel=NASTY)):
            proper(render.subscriptions(shown, offset=90), render.subscriptions(shown, ending=True))


def test_a_list_says_of_each_what_is_not_as_usual() -> None:
    soon = NOW + timedelta(hours=1)
    shown = view(ONE, replace(ONE, id=2, name="雨"), replace(ONE, id=3, rhythm="daily", muted_until=soon))
    assert plain_text(render.subscriptions(shown).text).startswith(
        "我的订阅（3）\n1. 防汛\n2. 雨\n3. 防汛 · 随简报 · 已暂停\n\n"
    )
    assert labels(render.subscriptions(shown)) == ["防汛", "雨", "防汛", "设置"]
    assert labels(render.subscriptions(shown, ending=True))[:2] == ["退订 防汛", "退订 雨"]


def test_only_the_subscriptions_of_the_topic_are_listed() -> None:
    shown = view(ONE, replace(ONE, id=2, query="内涝", topic=11), topic=11)
    text = plain_text(render.subscriptions(shown).text)
    assert text == "我的订阅（1）\n1. 内涝\n\n群内其他话题另有1个订阅。\n每天 07:30 推送简报。"
    assert "群内其他话题另有2个订阅。" in render.subscriptions(replace(shown, topic=12)).text


def test_a_subscription_says_when_it_comes_and_when_it_rests() -> None:
    until = datetime(2022, 12, 1, 23, 30, tzinfo=UTC)
    muted = replace(ONE, query='title:防汛 -"防汛演练"', cap=3, muted_until=until)
    shown = plain_text(render.subscription(view(muted), muted).text)
    assert shown == (
        '标题:防汛 -"防汛演练"\n搜索条件：标题:防汛 -"防汛演练"\n有新报道立即提醒\n每天最多3篇，其余汇总成一条\n'
        "静音至 2022年12月2日 07:30"
    )
    over = replace(muted, muted_until=NOW)
    assert "静音到" not in render.subscription(view(over), over).text
    daily = replace(muted, rhythm="daily", paused=True, muted_until=None)
    card = render.subscription(view(daily), daily)
    assert "每天最多" not in card.text
    assert "一天3篇" not in labels(card)
    assert "继续" in labels(card)


def test_the_answer_to_a_subscription_says_how_often_and_shows_what() -> None:
    odd = Snippet("校长治学有方", ((1, 3),))
    rehearsed = told(
        7,
        busiest=(date(2022, 8, 29), 3),
        look_alikes=(LookAlike(article(9), odd),),
        tighter=("title:防汛", "防汛 防汛"),
        looser=("防汛 OR 抗洪",),
    )
    answer = render.subscribed(view(ONE), ONE, rehearsed)
    text = plain_text(answer.text)
    assert text.startswith("已订阅“防汛”，有新报道就提醒你。\n每天 07:30 还会推送简报，可在 /settings 中修改。\n")
    assert "过去一年7篇，最多的一天3篇（2022年8月29日）。" in text
    assert "字面相同、意思不同的不会提醒：\n校长治学有方" in text
    assert "缩小范围：标题:防汛\n缩小范围：防汛 防汛\n扩大范围：防汛 OR 抗洪" in text
    assert labels(answer)[:6] == ["1", "2", "3", "改为 标题:防汛", "改为 防汛 防汛", "改为 防汛 OR 抗洪"]
    assert answer.buttons[1][0][1] == "1:vf:1:=title%3A防汛"


def test_how_often_is_said_in_every_case() -> None:
    def said(rehearsed: Backtest, lang: Language = "zh") -> str:
        return plain_text(render.subscribed(view(ONE, ONE, lang=lang), ONE, rehearsed).text)

    assert "现有的5期报纸都没有写到，以后写到就提醒你。" in said(told(0))
    assert "过去一年1篇。" in said(told(1, busiest=(date(2022, 8, 29), 1)))
    assert "过去一年没有，更早有2篇" in said(replace(told(2), last_year=0))
    assert "Not covered in any of the 5 issues so far" in said(told(0), "en")
    assert "1 story in the past year." in said(told(1), "en")


def test_answers_to_the_nastiest_wishes_fit() -> None:
    nasty = replace(ONE, query=NASTY * 20)
    rehearsed = replace(
        told(50, tighter=(NASTY * 20,) * 3, looser=(NASTY * 20,) * 3), query=nasty.query, look_alikes=()
    )  # fmt: skip
    for lang in LANGUAGES:
        shown = view(nasty, lang=lang, channel=NASTY)
        proper(
            render.subscribed(shown, nasty, rehearsed),
            render.too_many_matches(shown, rehearsed),
            render.already_subscribed(shown, nasty),
            render.exclusion_choices(shown, nasty, (NASTY, "theme:天气")),
            render.exclusion_choices(shown, nasty, ()),
            render.subscription(shown, nasty),
            render.ask_name(shown, nasty),
        )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_part_of_the_settings_fits_and_leads_back(lang: Language) -> None:
    chosen = Settings(
        lang, quiet=(time(22), time(7)), weekdays=(1, 2), zone="Europe/Paris", stories=5, weekly_report=True
    )
    for settings in (Settings(lang), chosen, replace(chosen, digest=False), replace(chosen, topic=11)):
        shown = view(lang=lang, settings=settings)
        proper(render.settings(shown))
        for menu in ("time", "days", "zone", "quiet", "stories"):
            opened = render.settings_menu(shown, menu)
            proper(opened)
            assert opened.buttons[-1][0][1] == "1:zm:all"
        assert render.settings_menu(shown, "all") == render.settings(shown)


def test_settings_show_what_is_chosen_and_what_is_usual() -> None:
    usual = plain_text(render.settings(view()).text)
    assert "每日简报：07:30" in usual
    assert "推送日：每天\n每期最多12条" in usual
    assert "时区：Asia/Shanghai（北京），当前 20:00" in usual
    chosen = Settings("zh", digest_time=time(6, 45), weekdays=ALL_WEEKDAYS[:5], zone="Europe/Paris", stories=30)
    text = plain_text(render.settings(view(settings=chosen)).text)
    assert "每日简报：06:45" in text
    assert "推送日：周一至周五\n每期最多12条" in text  # no digest has more
    assert "时区：Europe/Paris，当前 13:00" in text
    assert "07:30" in labels(render.settings_menu(view(settings=chosen), "time"))
    assert [label for label in labels(render.settings_menu(view(), "time")) if label.startswith("✓")] == ["✓ 07:30"]
    off = labels(render.settings(view(settings=replace(chosen, digest=False))))
    assert {"时间", "星期", "条数"}.isdisjoint(off)


def test_no_more_stories_are_offered_than_digests_have() -> None:
    few = Config(digest=DigestConfig(stories=6))
    assert labels(render.settings_menu(view(config=few), "stories"))[:-1] == ["3", "5", "✓ 6"]
    assert len(DIGEST_TIMES) == 8


def test_what_concerns_the_chat_itself_fits() -> None:
    left = tuple(SkippedItem(NASTY * 9, why) for why in ("unclear", "limit", "value") for _ in range(20))
    for lang in LANGUAGES:
        shown = view(ONE, lang=lang, channel=NASTY)
        channels = [Channel(-1001234567890 - n, NASTY * 9) for n in range(9)]
        proper(
            render.greeting(lang),
            render.group_greeting("jianbao_bot", lang),
            render.channels(channels, -1001234567890, lang),
            render.channels([], None, lang),
            render.channel_added(channels[0], lang),
            render.channel_managed(shown),
            render.confirm_forget(shown),
            render.confirm_forget(replace(shown, channel="")),
            render.import_report(ImportResult(shown.chat, 3, 2, left), shown),
        )
