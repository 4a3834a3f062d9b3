"""Values -> messages in Telegram HTML. Every text enters here once and is escaped once (see bot/texts/markup.py)."""

from bot.render.alerts import alert
from bot.render.articles import article
from bot.render.chats import greeting, how_to_subscribe, settings, subscribed, subscriptions
from bot.render.digests import digest, no_anniversary, why
from bot.render.hits import search
from bot.render.issues import contents, issues, near
from bot.render.periods import period
from bot.render.trends import rising, trend
from bot.render.unclear import unclear

__all__ = [
    "alert",
    "article",
    "contents",
    "digest",
    "greeting",
    "how_to_subscribe",
    "issues",
    "near",
    "no_anniversary",
    "period",
    "rising",
    "search",
    "settings",
    "subscribed",
    "subscriptions",
    "trend",
    "unclear",
    "why",
]
