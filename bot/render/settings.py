"""The settings of a chat in one message, and a menu for each setting that has several choices."""

from collections.abc import Iterable, Iterator
from datetime import time

from bot import callbacks
from bot.keyboards import Button, Row, button, rows
from bot.render.chats import ChatView
from bot.render.fragments import checked_label
from bot.texts import LANGUAGES, Html, Texts, join, lines, texts_for
from digests.chats import Language, OutgoingMessage
from digests.dates import ALL_WEEKDAYS, WORKDAYS
from digests.times import utc_distance

DIGEST_TIMES = tuple(map(time.fromisoformat, ("06:30", "07:00", "07:30", "08:00", "09:00", "12:00", "18:00", "21:00")))
"""Digest times that have a button; a reader can type any other time."""
QUIET_HOURS = tuple(
    (time.fromisoformat(start), time.fromisoformat(end))
    for start, end in (("21:00", "07:00"), ("22:00", "07:00"), ("23:00", "08:00"), ("00:00", "09:00"))
)
"""Quiet hours that have a button; a reader can type any others."""
ZONES = (
    "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Asia/Tokyo", "Asia/Urumqi",
    "Australia/Sydney", "Europe/London", "Europe/Berlin", "America/New_York", "America/Los_Angeles", "UTC",
)  # fmt: skip
"""Time zones that have a button with the name of a city; a reader can type any other time zone."""
STORY_LIMITS = (3, 5, 8, 12, 20)
"""Story limits that have a button if they are below the configured limit, which always has a button."""
CHOICES_PER_ROW, ZONES_PER_ROW, QUIET_HOURS_PER_ROW = 4, 3, 2


def settings(view: ChatView, *, notice: Html | None = None) -> OutgoingMessage:
    """Return all settings, with buttons that change them or open their menus; `notice` is shown above them."""
    texts, chosen = view.texts, view.chat.settings
    text = lines(
        texts.html("settings.title_of", channel=view.channel) if view.channel else texts.html("settings.title"),
        texts.html("settings.language", language=texts_for(chosen.language).html("settings.language_name")),
        *_digest_settings(view),
        texts.html(
            "settings.zone", zone=zone_name(view), time=texts.time_of_day(view.now.astimezone(view.zone).time())
        ),
        _quiet_hours(view),
        texts.html("settings.weekly_report_on") if chosen.weekly_report else texts.html("settings.weekly_report_off"),
    )
    return OutgoingMessage(join("\n\n", [notice, text]), _keyboard(view))


def settings_menu(view: ChatView, menu: callbacks.SettingsMenu, *, notice: Html | None = None) -> OutgoingMessage:
    """Return the choices of one setting; time, zone and quiet hours can also be typed as a reply."""
    texts = view.texts
    if menu == "time":
        text, choices = texts.html("settings.time_menu", time=texts.time_of_day(view.digest_time)), _times(view)
    elif menu == "days":
        text, choices = texts.html("settings.days_menu", days=weekday_names(view)), _days(view)
    elif menu == "zone":
        text, choices = texts.html("settings.zone_menu", zone=zone_name(view)), _zones(view)
    elif menu == "quiet":
        text, choices = lines(_quiet_hours(view), texts.html("settings.quiet_menu")), _quiet_choices(view)
    elif menu == "stories":
        text, choices = texts.html("settings.stories_menu", count=view.stories), _story_limits(view)
    else:
        return settings(view, notice=notice)
    back = button(texts.plain("button.to_settings"), callbacks.ShowMenu("all"))
    return OutgoingMessage(join("\n\n", [notice, text]), (*choices, (back,)))


def digest_schedule(view: ChatView) -> Html:
    """Return the new digest schedule; without subscriptions, also the note that the digest needs a subscription."""
    texts = view.texts
    schedule = texts.html(
        "settings.schedule_changed", days=weekday_names(view), time=texts.time_of_day(view.digest_time)
    )
    return lines(schedule, "" if view.subscriptions else texts.html("settings.needs_subscription"))


def digest_line(view: ChatView) -> Html:
    """Return the schedule of the digest, for the list of subscriptions."""
    texts = view.texts
    if not view.chat.settings.digest:
        return texts.html("subscriptions.digest_off")
    return texts.html("subscriptions.digest_on", days=weekday_names(view), time=texts.time_of_day(view.digest_time))


def weekday_names(view: ChatView) -> str:
    """Return the weekdays of the digest: 每天, 周一至周五, or the names of the days."""
    texts, chosen = view.texts, view.chat.settings.weekdays
    if set(chosen) == set(ALL_WEEKDAYS):
        return texts.plain("settings.every_day")
    if tuple(chosen) == WORKDAYS:
        return texts.plain("settings.workdays")
    return texts.listed(texts.weekday(day) for day in chosen)


def zone_name(view: ChatView) -> str:
    """Return the chat's time zone, with its city in the reader's language if it is one of ZONES."""
    key = view.zone.key
    if key in ZONES:
        return view.texts.plain("settings.zone_of", zone=key, city=view.texts.plain(f"zone.{key}"))
    return utc_distance(key) or key


def _digest_settings(view: ChatView) -> Iterator[Html]:
    """Yield a line for each setting of the digest, or a single line if the digest is off."""
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


def _quiet_hours(view: ChatView) -> Html:
    texts, quiet = view.texts, view.chat.settings.quiet
    if quiet is None:
        return texts.html("settings.never_quiet")
    start, end = quiet
    return texts.html("settings.quiet", start=texts.time_of_day(start), end=texts.time_of_day(end))


def _keyboard(view: ChatView) -> tuple[Row, ...]:
    texts, chosen = view.texts, view.chat.settings
    languages = tuple(_language_button(language, view) for language in LANGUAGES)
    report = button(
        checked_label(texts.plain("button.weekly_report"), chosen.weekly_report, texts),
        callbacks.SetWeeklyReport(not chosen.weekly_report),
    )
    switch = button(
        texts.plain("button.digest_off" if chosen.digest else "button.digest_on"),
        callbacks.SetDigest(not chosen.digest),
    )
    zone, quiet = _menu_button("zone", view), _menu_button("quiet", view)
    if not chosen.digest:
        return (languages, (zone, quiet), (report,), (switch,))
    pictures = button(
        texts.plain("button.pictures_off" if chosen.pictures else "button.pictures_on"),
        callbacks.SetPictures(not chosen.pictures),
    )
    here = [button(texts.plain("button.digest_here"), callbacks.SetDigestTopic())]
    return (
        languages,
        (_menu_button("time", view), _menu_button("days", view), _menu_button("stories", view)),
        (zone, quiet),
        (report, pictures),
        (switch, *(here if view.topic != chosen.topic else [])),
    )


def _menu_button(menu: callbacks.SettingsMenu, view: ChatView) -> Button:
    return button(view.texts.plain(f"button.menu.{menu}"), callbacks.ShowMenu(menu))


def _language_button(language: Language, view: ChatView) -> Button:
    label = texts_for(language).plain("settings.language_name")
    return button(
        checked_label(label, language == view.chat.settings.language, view.texts), callbacks.SetLanguage(language)
    )


def _times(view: ChatView) -> tuple[Row, ...]:
    texts = view.texts
    choices = (
        button(checked_label(texts.time_of_day(at), at == view.digest_time, texts), callbacks.SetDigestTime(at))
        for at in DIGEST_TIMES
    )
    return rows(choices, CHOICES_PER_ROW)


def _days(view: ChatView) -> tuple[Row, ...]:
    texts, chosen = view.texts, view.chat.settings.weekdays
    choices = (
        button(checked_label(texts.weekday(day), day in chosen, texts), callbacks.SetWeekday(day, day not in chosen))
        for day in ALL_WEEKDAYS
    )
    return rows(choices, CHOICES_PER_ROW)


def _zones(view: ChatView) -> tuple[Row, ...]:
    texts = view.texts
    choices = (
        button(checked_label(texts.plain(f"zone.{zone}"), zone == view.zone.key, texts), callbacks.SetTimeZone(zone))
        for zone in ZONES
    )
    return rows(choices, ZONES_PER_ROW)


def _quiet_choices(view: ChatView) -> tuple[Row, ...]:
    texts, chosen = view.texts, view.chat.settings.quiet
    choices = (
        button(checked_label(_hours_label(hours, texts), hours == chosen, texts), callbacks.SetQuietHours(*hours))
        for hours in QUIET_HOURS
    )
    never = checked_label(texts.plain("button.never_quiet"), chosen is None, texts)
    midnight = time(0)
    return (*rows(choices, QUIET_HOURS_PER_ROW), (button(never, callbacks.SetQuietHours(midnight, midnight)),))


def _hours_label(hours: tuple[time, time], texts: Texts) -> str:
    start, end = hours
    return texts.plain("button.quiet", start=texts.time_of_day(start), end=texts.time_of_day(end))


def _story_limits(view: ChatView) -> tuple[Row, ...]:
    highest = view.config.digest.stories
    limits: Iterable[int] = sorted({limit for limit in STORY_LIMITS if limit < highest} | {highest})
    choices = (
        button(checked_label(str(limit), limit == view.stories, view.texts), callbacks.SetStoryCount(limit))
        for limit in limits
    )
    return rows(choices, CHOICES_PER_ROW)
