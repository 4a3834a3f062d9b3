"""Values -> messages in Telegram HTML. Every text enters here once and is escaped once (see bot/texts/markup.py)."""

from bot.render.alerts import alert, bundle, not_understood
from bot.render.around import following, names, related
from bot.render.articles import article, article_part
from bot.render.chats import (
    channel_found,
    channel_managed,
    channels,
    forgetting,
    greeting,
    group_greeting,
    taken_over,
)
from bot.render.digests import digest, no_anniversary, why
from bot.render.hits import facet, search
from bot.render.issues import contents, issues, near, page, section
from bot.render.people import person
from bot.render.periods import period
from bot.render.personal import account, all_told
from bot.render.pictures import card, themes
from bot.render.settings import menu, settings
from bot.render.sharing import place, shared
from bot.render.subscribed import already, firehose, refusing, subscribed
from bot.render.subscriptions import how_to_subscribe, name_asked, subscription, subscriptions
from bot.render.trends import rising, trend
from bot.render.unclear import unclear
from bot.render.understood import digest_comes

__all__ = [
    "account",
    "alert",
    "all_told",
    "already",
    "article",
    "article_part",
    "bundle",
    "card",
    "channel_found",
    "channel_managed",
    "channels",
    "contents",
    "digest",
    "digest_comes",
    "facet",
    "firehose",
    "following",
    "forgetting",
    "greeting",
    "group_greeting",
    "how_to_subscribe",
    "issues",
    "menu",
    "name_asked",
    "names",
    "near",
    "no_anniversary",
    "not_understood",
    "page",
    "period",
    "person",
    "place",
    "refusing",
    "related",
    "rising",
    "search",
    "section",
    "settings",
    "shared",
    "subscribed",
    "subscription",
    "subscriptions",
    "taken_over",
    "themes",
    "trend",
    "unclear",
    "why",
]
