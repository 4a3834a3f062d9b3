"""Functions that return messages in Telegram HTML; handlers call `render.digest(...)`, `render.search_results(...)`.

Values are escaped once, when they are put into a text (see bot/texts/__init__.py). No function of this package
reads the archive or the clock.
"""

from bot.render.alerts import alert, alert_bundle, digest_covered_by_alerts, unreadable_subscription, weekly_report
from bot.render.articles import (
    article,
    article_part,
    follow_choices,
    people_and_places,
    plain_origin,
    related_articles,
    shared_article,
)
from bot.render.chats import (
    channel_added,
    channel_managed,
    channels,
    confirm_forget,
    greeting,
    group_greeting,
    import_report,
    paused,
    with_wish_buttons,
)
from bot.render.digests import digest, issue_card, no_issue_in_earlier_years, story_scores, theme_counts
from bot.render.issues import contents, issue_list, missing_issue, page_contents, section_contents
from bot.render.search import facet_values, person, query_error, search_results
from bot.render.settings import digest_schedule, settings, settings_menu
from bot.render.subscriptions import (
    already_subscribed,
    ask_name,
    exclusion_choices,
    how_to_subscribe,
    subscribed,
    subscription,
    subscriptions,
    too_many_matches,
)
from bot.render.trends import period_review, rising_words, word_trends

__all__ = [
    "alert",
    "alert_bundle",
    "already_subscribed",
    "article",
    "article_part",
    "ask_name",
    "channel_added",
    "channel_managed",
    "channels",
    "confirm_forget",
    "contents",
    "digest",
    "digest_covered_by_alerts",
    "digest_schedule",
    "exclusion_choices",
    "facet_values",
    "follow_choices",
    "greeting",
    "group_greeting",
    "how_to_subscribe",
    "import_report",
    "issue_card",
    "issue_list",
    "missing_issue",
    "no_issue_in_earlier_years",
    "page_contents",
    "paused",
    "people_and_places",
    "period_review",
    "person",
    "plain_origin",
    "query_error",
    "related_articles",
    "rising_words",
    "search_results",
    "section_contents",
    "settings",
    "settings_menu",
    "shared_article",
    "story_scores",
    "subscribed",
    "subscription",
    "subscriptions",
    "theme_counts",
    "too_many_matches",
    "unreadable_subscription",
    "weekly_report",
    "with_wish_buttons",
    "word_trends",
]
