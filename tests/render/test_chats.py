"""A chat's subscriptions and settings, channels, imports: texts, choices, and the longest of each."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot import render
from bot.callbacks import MAX_CALLBACK_BYTES, SettingsMenu
from bot.config import Config, DigestConfig
from bot.render.chats import ChatView
from bot.render.packing import MAX_MESSAGE_UNITS, plain_text, utf16_units
from bot.render.settings import DIGEST_TIMES
from digests.chats import Channel, Chat, Language, OutgoingMessage, Settings, Subscription
from digests.dates import ALL_WEEKDAYS
from digests.models import Article, Reason, Snippet
from digests.storage.button_texts import replace_texts
from digests.storage.personal_data import ImportResult, SkippedItem, SkipReason
from digests.subscriptions.backtest import Backtest, BacktestHit, LookAlike

NOW = datetime(2022, 11, 25, 12, tzinfo=UTC)
MARKUP = "<b>&amp;{query}</b> \U0001f600"
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
        id=f"{number:05}-aaaaa", paper=MARKUP, date=date(2022, 8, 29), page=1, headline=MARKUP * 9, paragraphs=("防汛",)
    )


def backtest(total: int, **more: object) -> Backtest:
    reason = Reason("防汛", "body", Snippet("防汛", ((0, 2),)))
    hits = tuple(BacktestHit(article(number), reason) for number in range(total))
    return Backtest("防汛", hits, total=total, last_year=total, issues=5, **more)  # type: ignore[arg-type]


def test_a_list_of_a_hundred_long_subscriptions_fits_with_its_buttons() -> None:
    many = tuple(Subscription(n, MARKUP * 9, NOW, name=MARKUP, rhythm="weekly", paused=True) for n in range(100))
    for lang in LANGUAGES:
        for shown in (view(*many, lang=lang), view(*many, lang=lang, channel=MARKUP)):
            proper(render.subscriptions(shown, offset=90), render.subscriptions(shown, ending=True))


def test_a_list_names_rhythms_and_pauses() -> None:
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


def test_a_subscription_shows_its_rhythm_cap_and_pause() -> None:
    until = datetime(2022, 12, 1, 23, 30, tzinfo=UTC)
    muted = replace(ONE, query='title:防汛 -"防汛演练"', cap=3, muted_until=until)
    shown = plain_text(render.subscription(view(muted), muted).text)
    assert shown == (
        '标题:防汛 -"防汛演练"\n搜索条件：标题:防汛 -"防汛演练"\n有新报道立即提醒\n每天最多3篇，其余汇总成一条\n'
        "静音至 2022年12月2日 07:30"
    )
    over = replace(muted, muted_until=NOW)
    assert "静音" not in render.subscription(view(over), over).text
    daily = replace(muted, rhythm="daily", paused=True, muted_until=None)
    card = render.subscription(view(daily), daily)
    assert "每天最多" not in card.text
    assert "每天3篇" not in labels(card)
    assert "继续" in labels(card)


def test_the_answer_to_a_subscription_shows_its_back_test() -> None:
    odd = Snippet("校长治学有方", ((1, 3),))
    result = backtest(
        7,
        busiest=(date(2022, 8, 29), 3),
        look_alikes=(LookAlike(article(9), odd),),
        tighter=("title:防汛", "防汛 防汛"),
        looser=("防汛 OR 抗洪",),
    )
    answer = render.subscribed(view(ONE), ONE, result)
    text = plain_text(answer.text)
    assert text.startswith("已订阅“防汛”，有新报道就提醒你。\n每天 07:30 还会推送简报，可在 /settings 中修改。\n")
    assert "过去一年7篇，最多的一天3篇（2022年8月29日）。" in text
    assert "字面相同、意思不同的不会提醒：\n校长治学有方" in text
    assert "缩小范围：标题:防汛\n缩小范围：防汛 防汛\n扩大范围：防汛 OR 抗洪" in text
    assert labels(answer)[:6] == ["1", "2", "3", "改为 标题:防汛", "改为 防汛 防汛", "改为 防汛 OR 抗洪"]
    assert answer.buttons[1][0][1] == "1:vf:1:=title%3A防汛"


def test_the_counts_of_a_back_test_in_every_case() -> None:
    def counts(result: Backtest, lang: Language = "zh") -> str:
        return plain_text(render.subscribed(view(ONE, ONE, lang=lang), ONE, result).text)

    assert "现有的5期报纸都没有写到，以后写到就提醒你。" in counts(backtest(0))
    assert "过去一年1篇。" in counts(backtest(1, busiest=(date(2022, 8, 29), 1)))
    assert "过去一年没有，更早有2篇" in counts(replace(backtest(2), last_year=0))
    assert "Not covered in any of the 5 issues so far" in counts(backtest(0), "en")
    assert "1 story in the past year." in counts(backtest(1), "en")
    estimate = replace(backtest(1), last_year=12_345, total=67_890, total_is_estimate=True)
    assert "过去一年12,345篇" in counts(estimate), "the last year was counted"
    assert "过去一年约12,000篇" in counts(replace(estimate, last_year_is_estimate=True))
    assert "过去一年没有，更早约68,000篇" in counts(replace(estimate, last_year=0))
    assert "About 12,000 stories in the past year" in counts(replace(estimate, last_year_is_estimate=True), "en")


def test_answers_to_the_longest_queries_fit() -> None:
    nasty = replace(ONE, query=MARKUP * 20)
    result = replace(
        backtest(50, tighter=(MARKUP * 20,) * 3, looser=(MARKUP * 20,) * 3), query=nasty.query, look_alikes=()
    )  # fmt: skip
    for lang in LANGUAGES:
        shown = view(nasty, lang=lang, channel=MARKUP)
        proper(
            render.subscribed(shown, nasty, result),
            render.too_many_matches(shown, result),
            render.already_subscribed(shown, nasty),
            render.exclusion_choices(shown, nasty, (MARKUP, "theme:天气")),
            render.exclusion_choices(shown, nasty, ()),
            render.subscription(shown, nasty),
            render.ask_name(shown, nasty),
        )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_menu_of_the_settings_fits_and_leads_back(lang: Language) -> None:
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


def test_settings_show_chosen_values_and_defaults() -> None:
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
    assert {"时间", "推送日", "条数"}.isdisjoint(off)


def test_story_limits_end_at_the_configured_number() -> None:
    few = Config(digest=DigestConfig(stories=6))
    assert labels(render.settings_menu(view(config=few), "stories"))[:-1] == ["3", "5", "✓ 6"]
    assert len(DIGEST_TIMES) == 8


def test_greetings_channels_imports_and_forgetting_fit() -> None:
    left = tuple(SkippedItem(MARKUP * 9, why) for why in ("unclear", "limit", "value") for _ in range(20))
    for lang in LANGUAGES:
        shown = view(ONE, lang=lang, channel=MARKUP)
        channels = [Channel(-1001234567890 - n, MARKUP * 9) for n in range(9)]
        proper(
            render.greeting(lang),
            render.group_greeting("jianbao_bot", lang, reads_all=True),
            render.group_greeting("jianbao_bot", lang, reads_all=False),
            render.channels(channels, -1001234567890, lang),
            render.channels([], None, lang),
            render.channel_added(channels[0], lang),
            render.channel_managed(shown),
            render.confirm_forget(shown),
            render.confirm_forget(replace(shown, channel="")),
            render.import_report(ImportResult(shown.chat, 3, 2, left), shown),
        )


@pytest.mark.parametrize(("total", "offset", "shown"), [(10, 0, 10), (10, 10, 10), (11, 10, 1), (20, 20, 10)])
def test_the_list_shows_10_subscriptions(total: int, offset: int, shown: int) -> None:
    many = tuple(replace(ONE, id=number, name=f"话题{number}") for number in range(total))
    message = render.subscriptions(view(*many), offset=offset)
    assert sum("话题" in label for label in labels(message)) == shown
    assert [len(row) for row in message.buttons if "话题" in row[0][0]][:1] == [min(2, shown)]


def test_a_subscription_offers_rhythms_caps_and_rests() -> None:
    rows = [[label for label, _ in row] for row in render.subscription(view(ONE), replace(ONE, cap=3)).buttons]
    assert rows == [
        ["✓ 立即", "随简报", "每周"],
        ["默认", "每天1篇", "✓ 每天3篇", "每天10篇"],
        ["静音1天", "静音7天", "暂停"],
        ["改名", "退订 防汛"],
        ["‹ 全部订阅"],
    ]
    muted = replace(ONE, muted_until=NOW + timedelta(days=1))
    assert "1:vm:1:0" in str(render.subscription(view(muted), muted).buttons)
    assert "1:vp:1:0" in str(render.subscription(view(ONE), replace(ONE, paused=True)).buttons)


def test_a_back_test_shows_3_articles_2_look_alikes_and_2_queries_of_each_kind() -> None:
    odd = LookAlike(article(9), Snippet("校长治学有方"))
    long = backtest(4, look_alikes=(odd,) * 3, tighter=("a", "b", "c"), looser=("d", "e", "f"))
    answer = render.subscribed(view(ONE, ONE), ONE, long)
    assert [[label for label, _ in row] for row in answer.buttons] == [
        ["1", "2", "3"],
        ["改为 a"],
        ["改为 b"],
        ["改为 d"],
        ["改为 e"],
        ["我的订阅", "修改"],
        ["退订 防汛"],
    ]
    assert answer.text.count("校长治学有方") == 2
    assert "每天 07:30 还会推送简报" not in answer.text  # only with the first subscription


def test_the_busiest_day_is_named_from_two_articles_on() -> None:
    text = render.subscribed(view(ONE), ONE, backtest(2, busiest=(date(2022, 8, 29), 2))).text
    assert "过去一年2篇，最多的一天2篇（2022年8月29日）。" in text


def test_10_skipped_items_of_an_import_are_listed() -> None:
    skipped = tuple(SkippedItem(f"话题{number}", "limit") for number in range(12))
    text = render.import_report(ImportResult(Chat(7), 0, 0, skipped), view()).text
    assert text.count("未添加") == 10
    assert text.endswith("\n另有2处未采用。")
    ten = render.import_report(ImportResult(Chat(7), 1, 1, skipped[:10]), view(lang="en")).text
    assert ten.startswith("Settings restored from the file; 1 subscription added.\n1 subscription existed already.\n\n")
    assert "more" not in ten


def test_the_choices_of_the_settings_stand_in_rows() -> None:
    def widths(menu: SettingsMenu) -> list[int]:
        return [len(row) for row in render.settings_menu(view(), menu).buttons[:-1]]

    assert widths("time") == [4, 4]
    assert widths("days") == [4, 3]
    assert widths("zone") == [3, 3, 3, 3]
    assert widths("quiet") == [2, 2, 1]
    assert widths("stories") == [4]
    assert labels(render.settings_menu(view(), "quiet"))[:5] == [
        "21:00 – 07:00",
        "22:00 – 07:00",
        "23:00 – 08:00",
        "00:00 – 09:00",
        "✓ 关闭免打扰",
    ]
    assert labels(render.settings_menu(view(), "time"))[:8] == [
        "06:30", "07:00", "✓ 07:30", "08:00", "09:00", "12:00", "18:00", "21:00",
    ]  # fmt: skip
    many = Config(digest=DigestConfig(stories=25))
    assert labels(render.settings_menu(view(config=many), "stories"))[:-1] == [
        "3", "5", "8", "12", "20", "✓ 25",
    ]  # fmt: skip


@pytest.mark.parametrize(("lang", "other", "data"), [("zh", "English", "1:G:en"), ("en", "中文", "1:G:zh")])
def test_the_greeting_offers_the_other_language(lang: Language, other: str, data: str) -> None:
    assert render.greeting(lang).buttons[1][1] == (other, data)


def test_channels_lead_back_to_the_chat_only_while_one_is_managed() -> None:
    channel = Channel(-1001, "长" * 25)
    free = render.channels([channel], None, "zh")
    assert free.text.startswith("要管理哪个频道？\n请先在频道中")
    assert labels(free) == ["管理 " + "长" * 23 + "…"]
    assert labels(render.channels([channel], -1001, "zh"))[1:] == ["返回我的订阅"]
    assert render.channels([], None, "zh").text.startswith("还没有可管理的频道。\n")


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        ("limit", "“雨”未添加：最多100个订阅。"),
        ("unclear", "“雨”未添加：看不懂它的搜索条件。"),
        ("value", "“雨”未采用：不是有效的值。"),
    ],
)
def test_a_skipped_item_has_its_reason(reason: SkipReason, text: str) -> None:
    result = ImportResult(Chat(7), 0, 0, (SkippedItem("雨", reason),))
    assert render.import_report(result, view()).text == f"设置已按文件恢复，新增0个订阅。\n\n{text}"


def test_forgetting_asks_for_the_chat_or_for_the_channel() -> None:
    assert "1 subscription, the settings" in render.confirm_forget(view(ONE, lang="en")).text
    assert "频道“快讯”的全部数据吗？0个订阅" in render.confirm_forget(view(channel="快讯")).text
    assert [data for row in render.confirm_forget(view()).buttons for _, data in row] == ["1:jf:1", "1:jf:0"]


def test_the_settings_have_their_values_and_buttons_in_order() -> None:
    message = render.settings(view())
    assert plain_text(message.text) == (
        "设置\n语言：中文\n每日简报：07:30（有订阅时推送）\n推送日：每天\n每期最多12条\n简报配图：已关闭\n"
        "时区：Asia/Shanghai（北京），当前 20:00\n免打扰：已关闭\n每周小结：已关闭"
    )
    assert [[(label, data) for label, data in row] for row in message.buttons] == [
        [("✓ 中文", "1:g:zh"), ("English", "1:g:en")],
        [("时间", "1:zm:time"), ("推送日", "1:zm:days"), ("条数", "1:zm:stories")],
        [("时区", "1:zm:zone"), ("免打扰", "1:zm:quiet")],
        [("每周小结", "1:za:1"), ("开启简报配图", "1:v:1")],
        [("关闭每日简报", "1:o:0")],
    ]


def test_the_settings_of_a_channel_with_everything_changed() -> None:
    chosen = Settings("en", quiet=(time(22), time(7)), pictures=True, weekly_report=True, topic=11)
    message = render.settings(view(lang="en", settings=chosen, channel="<快讯>"))
    assert message.text.startswith("<b>Settings of the channel “&lt;快讯&gt;”</b>\nLanguage: English\n")
    assert "Picture with the digest: on\nThe digest goes to another topic of this group\n" in message.text
    assert message.text.endswith(
        "Quiet hours: 22:00 to 07:00; messages are held and sent together afterwards\n"
        "Weekly summary: on (issues received, stories per subscription)"
    )
    assert message.buttons[-2:] == (
        (("✓ Weekly summary", "1:za:0"), ("Turn pictures off", "1:v:0")),
        (("Turn the daily digest off", "1:o:0"), ("Send the digest to this topic", "1:zt")),
    )
    off = render.settings(view(lang="en", settings=replace(chosen, digest=False)))
    assert off.buttons[1:] == (
        (("Time zone", "1:zm:zone"), ("Quiet hours", "1:zm:quiet")),
        (("✓ Weekly summary", "1:za:0"),),
        (("Turn the daily digest on", "1:o:1"),),
    )


def test_a_weekday_button_turns_its_day_on_or_off() -> None:
    menu = render.settings_menu(view(settings=Settings("zh", weekdays=(0, 6))), "days")
    assert menu.buttons[0][:2] == (("✓ 星期一", "1:zd:0:0"), ("星期二", "1:zd:1:1"))
    assert menu.buttons[1][-1] == ("✓ 星期日", "1:zd:6:0")


def test_five_choices_are_two_rows() -> None:
    menu = render.settings_menu(view(config=Config(digest=DigestConfig(stories=20))), "stories")
    assert [[label for label, _ in row] for row in menu.buttons[:-1]] == [["3", "5", "8"], ["12", "✓ 20"]]


def test_a_query_with_too_many_matches_is_subscribed_only_by_its_buttons() -> None:
    answer = render.too_many_matches(view(), backtest(1, tighter=("a",)))
    assert answer.text.startswith("“<code>防汛</code>”的报道会非常多，暂未订阅。\n过去一年1篇。")
    assert answer.buttons[1:] == ((("改为 a", "1:f:=a"),), (("仍要订阅", "1:va:=防汛"),))


def test_exclusions_are_buttons_or_a_hint_without_any() -> None:
    choices = render.exclusion_choices(view(ONE), ONE, ("title:演练",))
    assert choices.text == "“<b>防汛</b>”要排除哪一类？点选后，写到它的报道不再提醒。"
    assert [label for row in choices.buttons for label, _ in row] == ["排除 标题:演练"]
    nothing = render.exclusion_choices(view(ONE), ONE, ())
    assert "没有可从“<b>防汛</b>”排除的词" in nothing.text
    assert labels(nothing) == ["修改"]


def test_all_subscriptions_begin_with_the_first() -> None:
    assert render.subscription(view(ONE), ONE).buttons[-1] == (("‹ 全部订阅", "1:L:0"),)
