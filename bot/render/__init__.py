"""Values -> messages in Telegram HTML. Every text enters here once and is escaped once (see bot/texts/markup.py)."""

from bot.render.alerts import account, alert, all_told, bundle, not_understood
from bot.render.articles import article, article_part, following, names, place, related, shared
from bot.render.chats import channel_found, channel_managed, channels, forgetting, greeting, group_greeting, taken_over
from bot.render.digests import digest, no_anniversary, why
from bot.render.issues import contents, issues, near, page, section
from bot.render.pictures import card, themes
from bot.render.search import facet, person, search, unclear
from bot.render.settings import digest_comes, menu, settings
from bot.render.subscriptions import (
    already,
    firehose,
    how_to_subscribe,
    name_asked,
    refusing,
    subscribed,
    subscription,
    subscriptions,
)
from bot.render.trends import period, rising, trend

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
