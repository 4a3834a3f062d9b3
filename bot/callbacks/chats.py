"""Callbacks for a chat's subscriptions, settings, managed channels and stored data, and for the operator."""

from datetime import time
from typing import Literal

from bot.callbacks.registry import AnyText, Callback, ChatId
from digests.chats import Language, Rhythm

SettingsMenu = Literal["all", "time", "days", "zone", "quiet", "stories"]
""""all" for the message with all settings, or the menu of one setting."""


class FollowQuery(Callback, letter="f"):
    """Subscribe to a query."""

    query: AnyText


class ConfirmFollow(Callback, letter="va"):
    """Subscribe to a query even if very many articles match it."""

    query: AnyText


class ShowSubscribeHelp(Callback, letter="h"):
    """Explain what a subscription is and how to make one."""


class ShowSubscriptions(Callback, letter="l"):
    """Show the list of the chat's subscriptions, as a new message."""


class TurnSubscriptions(Callback, letter="L"):
    """Show another part of the list of subscriptions, in the same message."""

    offset: int


class Unsubscribe(Callback, letter="u"):
    """End a subscription."""

    subscription: int


class ShowSubscription(Callback, letter="vs"):
    """Show a subscription and the buttons that change it, in the same message."""

    subscription: int


class SetRhythm(Callback, letter="vr"):
    """Set whether the matches of a subscription are sent at once, daily or weekly."""

    subscription: int
    rhythm: Rhythm


class SetCap(Callback, letter="vc"):
    """Limit a subscription to `cap` alerts a day; 0 restores the configured limit."""

    subscription: int
    cap: int


class SetPaused(Callback, letter="vp"):
    """Pause (`on`) or resume a subscription."""

    subscription: int
    on: bool


class ResumeAll(Callback, letter="vR"):
    """End every pause of the chat."""


class MuteSubscription(Callback, letter="vm"):
    """Mute a subscription for `days` days from the press; 0 unmutes it."""

    subscription: int
    days: int


class AskName(Callback, letter="vn"):
    """Ask for a new name of a subscription."""

    subscription: int


class KeepName(Callback, letter="vk"):
    """Keep the name of a subscription. The button marks a prompt: a typed reply to its message is the new name."""

    subscription: int


class ChangeQuery(Callback, letter="vf"):
    """Change the query of a subscription."""

    subscription: int
    query: AnyText


class ShowExclusions(Callback, letter="vx"):
    """Show terms that a subscription could exclude so that it no longer matches articles like `article`."""

    subscription: int
    article: str


class ExcludeTerm(Callback, letter="vy"):
    """Make a subscription exclude articles that contain a term."""

    subscription: int
    term: AnyText


class ShowSettings(Callback, letter="s"):
    """Show the settings, as a new message."""


class ShowMenu(Callback, letter="zm"):
    """Show all settings or the menu of one setting, in the same message."""

    menu: SettingsMenu


class SetLanguage(Callback, letter="g"):
    """Set the language and show the settings in it."""

    language: Language


class GreetInLanguage(Callback, letter="G"):
    """Set the language and show the greeting in it."""

    language: Language


class SetDigest(Callback, letter="o"):
    """Turn the daily digest on or off."""

    on: bool


class SetDigestTime(Callback, letter="t"):
    """Set the time of day of the daily digest."""

    at: time


class SetWeekday(Callback, letter="zd"):
    """Turn the digest on a day of the week (0 is Monday) on or off."""

    day: int
    on: bool


class SetTimeZone(Callback, letter="zz"):
    """Set the IANA time zone of the chat."""

    zone: str


class SetQuietHours(Callback, letter="zq"):
    """Set the quiet hours; if `start` and `end` are equal, turn quiet hours off."""

    start: time
    end: time


class SetStoryCount(Callback, letter="zs"):
    """Set the number of stories in a digest."""

    stories: int


class SetPictures(Callback, letter="v"):
    """Turn the card sent with the digest on or off."""

    on: bool


class SetWeeklyReport(Callback, letter="za"):
    """Turn the weekly report on or off."""

    on: bool


class SetDigestTopic(Callback, letter="zt"):
    """Send the digest to the forum topic of the button's message."""


class ManageChannel(Callback, letter="jc"):
    """Make a channel the target of the commands in this private chat."""

    channel: ChatId


class ManageOwn(Callback, letter="jo"):
    """Make this private chat the target of its own commands again."""


class Forget(Callback, letter="jf"):
    """Delete all data of the chat if `sure`; otherwise keep it."""

    sure: bool


class RunAdminTask(Callback, letter="ad"):
    """Run a task of the operator; bot/handlers/admin.py lists the names of the tasks."""

    task: str


class SendAnnouncement(Callback, letter="an"):
    """Send an announcement of the operator to all active chats."""

    text: AnyText
