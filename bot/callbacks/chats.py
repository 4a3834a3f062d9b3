"""Callbacks that change what a chat keeps: subscriptions, settings, managed channels; and those of the operator."""

from datetime import time
from typing import Literal

from bot.callbacks.registry import AnyText, Callback, ChatId
from digests.chats import Language, Rhythm

SettingsMenu = Literal["all", "time", "days", "zone", "quiet", "stories"]
"""All settings, and the parts of them that have a keyboard of their own."""


class FollowQuery(Callback, letter="f"):
    """Subscribe to a query."""

    query: AnyText


class ConfirmFollow(Callback, letter="va"):
    """Subscribe to a query although it brings very many articles."""

    query: AnyText


class ShowSubscribeHelp(Callback, letter="h"):
    """What a subscription is and how to make one."""


class ShowSubscriptions(Callback, letter="l"):
    """The subscriptions of the chat, as a new message."""


class TurnSubscriptions(Callback, letter="L"):
    """Another part of the list of subscriptions, in the same message."""

    offset: int


class Unsubscribe(Callback, letter="u"):
    """End a subscription."""

    subscription: int


class ShowSubscription(Callback, letter="vs"):
    """One subscription with all that can be changed about it, in the same message."""

    subscription: int


class SetRhythm(Callback, letter="vr"):
    """Whether the matches of a subscription come at once, daily or weekly."""

    subscription: int
    rhythm: Rhythm


class SetCap(Callback, letter="vc"):
    """At most `cap` alerts of a subscription a day; 0: the limit of the configuration."""

    subscription: int
    cap: int


class SetPaused(Callback, letter="vp"):
    """Pause a subscription, or resume it."""

    subscription: int
    on: bool


class MuteSubscription(Callback, letter="vm"):
    """Mute a subscription for a number of days from now; 0: unmute it."""

    subscription: int
    days: int


class AskName(Callback, letter="vn"):
    """Ask for a name of a subscription."""

    subscription: int


class KeepName(Callback, letter="vk"):
    """Leave a subscription its name. The button marks the question: a reply to its message is the new name."""

    subscription: int


class ChangeQuery(Callback, letter="vf"):
    """Give a subscription another query."""

    subscription: int
    query: AnyText


class ShowExclusions(Callback, letter="vx"):
    """The terms that a subscription could exclude, so that articles like this one do not come."""

    subscription: int
    article: str


class ExcludeTerm(Callback, letter="vy"):
    """Exclude the matches of a subscription that contain a term."""

    subscription: int
    term: AnyText


class ShowSettings(Callback, letter="s"):
    """The settings, as a new message."""


class ShowMenu(Callback, letter="zm"):
    """A part of the settings, in the same message."""

    menu: SettingsMenu


class SetLanguage(Callback, letter="g"):
    """Another language, shown in the settings."""

    language: Language


class GreetInLanguage(Callback, letter="G"):
    """Another language, shown in the greeting."""

    language: Language


class SetDigest(Callback, letter="o"):
    """The daily digest on or off."""

    on: bool


class SetDigestTime(Callback, letter="t"):
    """The time of day of the daily digest."""

    at: time


class SetWeekday(Callback, letter="zd"):
    """The digest on a day of the week (0 is Monday) on or off."""

    day: int
    on: bool


class SetTimeZone(Callback, letter="zz"):
    """The IANA time zone of the chat."""

    zone: str


class SetQuietHours(Callback, letter="zq"):
    """Quiet hours between two times; equal times: none."""

    start: time
    end: time


class SetStoryCount(Callback, letter="zs"):
    """At most so many stories in a digest."""

    stories: int


class SetPictures(Callback, letter="v"):
    """The card of the day with the digest on or off."""

    on: bool


class SetWeeklyReport(Callback, letter="za"):
    """The weekly report on or off."""

    on: bool


class SetDigestTopic(Callback, letter="zt"):
    """Send the digest to the forum topic that the button stands in."""


class ManageChannel(Callback, letter="jc"):
    """Let commands in this private chat concern a channel."""

    channel: ChatId


class ManageOwn(Callback, letter="jo"):
    """Let commands in this private chat concern the chat itself again."""


class Forget(Callback, letter="jf"):
    """Delete all data of the chat if `sure`, else keep it."""

    sure: bool


class RunAdminTask(Callback, letter="ad"):
    """A task of the operator; bot/handlers/admin.py has the names."""

    task: str


class SendAnnouncement(Callback, letter="an"):
    """Send an announcement of the operator to all chats."""

    text: AnyText
