"""How a chat wants to be served: all of it in one message, and a keyboard for each part of it.

What was understood of a reader's own words, where the answer does not show it otherwise.
"""

from collections.abc import Iterable
from datetime import time

from bot import callbacks
from bot.keyboards import Button, Row, button, rows
from bot.render.chats import ChatView
from bot.render.fragments import checked_label
from bot.texts import LANGUAGES, Texts, texts_for
from bot.texts.markup import Html, join, lines
from digests.chats import Language, OutgoingMessage
from digests.dates import ALL_WEEKDAYS

DIGEST_TIMES = tuple(map(time.fromisoformat, ("06:30", "07:00", "07:30", "08:00", "09:00", "12:00", "18:00", "21:00")))
"""The times of day that are offered for the digest."""
QUIET_HOURS = tuple(
    (time.fromisoformat(start), time.fromisoformat(end))
    for start, end in (("21:00", "07:00"), ("22:00", "07:00"), ("23:00", "08:00"), ("00:00", "09:00"))
)
"""The quiet hours that are offered."""
ZONES = (
    "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Asia/Tokyo", "Asia/Urumqi",
    "Australia/Sydney", "Europe/London", "Europe/Berlin", "America/New_York", "America/Los_Angeles", "UTC",
)  # fmt: skip
"""The time zones that are offered; any other is typed."""
STORY_LIMITS = (3, 5, 8, 12, 20, 30)
"""The numbers of stories that are offered, as far as digests have so many."""
WORKDAYS, WEEKEND = ALL_WEEKDAYS[:5], ALL_WEEKDAYS[5:]


def settings(view: ChatView, *, notice: Html | None = None) -> OutgoingMessage:
    """All settings, with buttons that change them or open the keyboard of one; `notice` says what just happened."""
    texts, chosen = view.texts, view.chat.settings
    title = texts.html("settings.title_of", channel=view.channel) if view.channel else texts.html("settings.title")
    text = lines(
        title,
        texts.html("settings.language", language=texts_for(chosen.language).html("settings.language_name")),
        *_digest(view),
        texts.html(
            "settings.zone", zone=zone_name(view), time=texts.time_of_day(view.now.astimezone(view.zone).time())
        ),
        _quiet(view),
        texts.html("settings.weekly_report_on") if chosen.weekly_report else texts.html("settings.weekly_report_off"),
    )
    return OutgoingMessage(join("\n\n", [notice, text]), _keyboard(view))


def settings_menu(view: ChatView, which: callbacks.SettingsMenu, *, notice: Html | None = None) -> OutgoingMessage:
    """One part of the settings with what can be chosen; the time, the zone and quiet hours can be typed as a reply."""
    texts = view.texts
    back = button(texts.plain("button.to_settings"), callbacks.ShowMenu("all"))
    if which == "time":
        text, choices = texts.html("settings.time_menu", time=texts.time_of_day(view.digest_time)), _times(view)
    elif which == "days":
        text, choices = texts.html("settings.days_menu", days=weekday_names(view)), _days(view)
    elif which == "zone":
        text, choices = texts.html("settings.zone_menu", zone=zone_name(view)), _zones(view)
    elif which == "quiet":
        text, choices = lines(_quiet(view), texts.html("settings.quiet_menu")), _quiets(view)
    elif which == "stories":
        text, choices = texts.html("settings.stories_menu", count=view.stories), _stories(view)
    else:
        return settings(view, notice=notice)
    return OutgoingMessage(join("\n\n", [notice, text]), (*choices, (back,)))


def weekday_names(view: ChatView) -> str:
    """The weekdays of the digest, named."""
    texts, chosen = view.texts, view.chat.settings.weekdays
    if set(chosen) == set(ALL_WEEKDAYS):
        return texts.plain("settings.every_day")
    if tuple(chosen) == WORKDAYS:
        return texts.plain("settings.workdays")
    return texts.listed(texts.weekday(day) for day in chosen)


def zone_name(view: ChatView) -> str:
    """The zone as it is known, with its city in the reader's language where that is known too."""
    key = view.zone.key
    return view.texts.plain("settings.zone_of", zone=key, city=view.texts.plain(f"zone.{key}")) if key in ZONES else key


def _digest(view: ChatView) -> Iterable[Html]:
    texts, chosen = view.texts, view.chat.settings
    if not chosen.digest:
        yield texts.html("settings.digest_off")
        return
    yield texts.html("settings.digest_on", time=texts.time_of_day(view.digest_time))
    yield texts.html("settings.days", days=weekday_names(view))
    yield texts.html("settings.stories", count=view.stories)
    yield texts.html("settings.pictures_on") if chosen.pictures else texts.html("settings.pictures_off")
    if view.topic != chosen.topic:
        yield texts.html("settings.elsewhere")


def _quiet(view: ChatView) -> Html:
    quiet = view.chat.settings.quiet
    if quiet is None:
        return view.texts.html("settings.never_quiet")
    return view.texts.html(
        "settings.quiet", start=view.texts.time_of_day(quiet[0]), end=view.texts.time_of_day(quiet[1])
    )


def _keyboard(view: ChatView) -> tuple[Row, ...]:
    texts, chosen = view.texts, view.chat.settings
    languages = tuple(_language(one, view) for one in LANGUAGES)
    account = button(
        checked_label(texts.plain("button.weekly_report"), chosen.weekly_report, texts),
        callbacks.SetWeeklyReport(not chosen.weekly_report),
    )
    switch = button(texts.plain("button.digest_off" if chosen.digest else "button.digest_on"),
                    callbacks.SetDigest(not chosen.digest))  # fmt: skip
    zone, quiet = _opens("zone", view), _opens("quiet", view)
    if not chosen.digest:
        return (languages, (zone, quiet), (account,), (switch,))
    pictures = button(texts.plain("button.pictures_off" if chosen.pictures else "button.pictures_on"),
                      callbacks.SetPictures(not chosen.pictures))  # fmt: skip
    here = button(texts.plain("button.digest_here"), callbacks.SetDigestTopic())
    return (
        languages,
        (_opens("time", view), _opens("days", view), _opens("stories", view)),
        (zone, quiet),
        (account, pictures),
        (switch, *([here] if view.topic != chosen.topic else [])),
    )


def _opens(which: callbacks.SettingsMenu, view: ChatView) -> Button:
    return button(view.texts.plain(f"button.menu.{which}"), callbacks.ShowMenu(which))


def _language(one: Language, view: ChatView) -> Button:
    label = texts_for(one).plain("settings.language_name")
    return button(checked_label(label, one == view.chat.settings.language, view.texts), callbacks.SetLanguage(one))


def _times(view: ChatView) -> tuple[Row, ...]:
    now = view.digest_time
    return rows(
        (
            button(checked_label(view.texts.time_of_day(at), at == now, view.texts), callbacks.SetDigestTime(at))
            for at in DIGEST_TIMES
        ),
        4,
    )


def _days(view: ChatView) -> tuple[Row, ...]:
    chosen = view.chat.settings.weekdays
    return rows((_day(day, day in chosen, view) for day in ALL_WEEKDAYS), 4)


def _day(day: int, on: bool, view: ChatView) -> Button:
    return button(checked_label(view.texts.weekday(day), on, view.texts), callbacks.SetWeekday(day, not on))


def _zones(view: ChatView) -> tuple[Row, ...]:
    now = view.zone.key
    return rows(
        (
            button(checked_label(view.texts.plain(f"zone.{one}"), one == now, view.texts), callbacks.SetTimeZone(one))
            for one in ZONES
        ),
        3,
    )


def _quiets(view: ChatView) -> tuple[Row, ...]:
    texts, now = view.texts, view.chat.settings.quiet
    offered = (
        button(checked_label(_span(hours, texts), hours == now, texts), callbacks.SetQuietHours(*hours))
        for hours in QUIET_HOURS
    )
    never = button(
        checked_label(texts.plain("button.never_quiet"), now is None, texts), callbacks.SetQuietHours(time(0), time(0))
    )
    return (*rows(offered, 2), (never,))


def _span(hours: tuple[time, time], texts: Texts) -> str:
    start, end = hours
    return texts.plain("button.quiet", start=texts.time_of_day(start), end=texts.time_of_day(end))


def _stories(view: ChatView) -> tuple[Row, ...]:
    most = view.config.digest.stories
    offered = sorted({number for number in STORY_LIMITS if number < most} | {most})
    texts = view.texts
    return rows(
        (
            button(checked_label(str(number), number == view.stories, texts), callbacks.SetStoryCount(number))
            for number in offered
        ),
        4,
    )


def digest_schedule(view: ChatView) -> Html:
    """When the digest comes from now on; to a chat that follows nothing yet, also that it needs to."""
    texts = view.texts
    comes = texts.html("settings.schedule_changed", days=weekday_names(view), time=texts.time_of_day(view.digest_time))
    return lines(comes, "" if view.subscriptions else texts.html("settings.needs_subscription"))
