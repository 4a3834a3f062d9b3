"""The table of contents: each command and button with the function that answers it."""

from typing import Any  # noqa: I001

from telegram import Bot, Update
from telegram.ext import (
    Application,
    BaseUpdateProcessor,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot import callbacks
from bot.context import Context
from bot.handlers import (
    admin,
    articles,
    digests,
    errors,
    free_text,
    groups,
    help as help_commands,
    inline,
    personal_data,
    search,
    settings,
    subscription_settings,
    subscriptions,
    trends,
)
from bot.handlers.button_presses import PressHandler, by_kind
from bot.handlers.messages import ADDRESSED, OUR_COMMAND, Answer, Answering
from bot.handlers.middleware import ChatByChat, admit, meet, moved, with_sign
from bot.operations.metrics import Metrics

UPDATES = [Update.MESSAGE, Update.CALLBACK_QUERY, Update.INLINE_QUERY, Update.MY_CHAT_MEMBER]
"""What Telegram is asked to send; nothing else is answered."""

COMMANDS = {
    "today": digests.today,
    "digest": digests.digest,
    "week": trends.week,
    "month": trends.month,
    "issues": digests.issues,
    "search": search.search,
    "trend": trends.trend,
    "subscribe": subscriptions.subscribe,
    "unsubscribe": subscriptions.unsubscribe,
    "subscriptions": subscriptions.listing,
    "settings": settings.settings,
    "channel": groups.channel,
    "export": personal_data.export,
    "import": personal_data.import_,
    "forget": personal_data.forget,
    "help": help_commands.usage,
}
"""The menu, in its order."""

UNLISTED = {
    "admin": admin.admin,
    "announce": admin.announce,
    "start": help_commands.start,
    "article": articles.article,
    "timezone": settings.timezone,
}
"""Commands that need no place in the menu."""

PRESSES: dict[type[callbacks.Callback], PressHandler] = {
    callbacks.NewestDigest: digests.today_pressed,
    callbacks.ShowDigest: digests.digest_pressed,
    callbacks.ShowScores: digests.why_pressed,
    callbacks.ShowCard: digests.card_pressed,
    callbacks.ShowThemes: digests.themes_pressed,
    callbacks.ShowWeek: trends.week_turned,
    callbacks.ShowMonth: trends.month_turned,
    callbacks.ShowArticle: articles.article_pressed,
    callbacks.ShowContents: digests.contents_pressed,
    callbacks.TurnContents: digests.contents_turned,
    callbacks.StepDigest: digests.digest_stepped,
    callbacks.ShowSection: digests.section_pressed,
    callbacks.TurnSection: digests.section_turned,
    callbacks.ShowPage: digests.page_pressed,
    callbacks.TurnPage: digests.page_turned,
    callbacks.ReadOn: articles.read_on_pressed,
    callbacks.ShowRelated: articles.related_pressed,
    callbacks.ShowNames: articles.names_pressed,
    callbacks.FindName: articles.name_pressed,
    callbacks.OfferFollowing: subscriptions.following_pressed,
    callbacks.FollowWord: subscriptions.word_pressed,
    callbacks.ShowIssues: digests.issues_pressed,
    callbacks.TurnIssues: digests.issues_turned,
    callbacks.TurnHits: search.hits_turned,
    callbacks.TurnNewest: search.hits_turned,
    callbacks.ShowFacet: search.facet_pressed,
    callbacks.AskInstead: search.instead_pressed,
    callbacks.FollowSearch: subscriptions.follow_pressed,
    callbacks.HowToSubscribe: subscriptions.how_pressed,
    callbacks.ShowSubscriptions: subscriptions.listing_pressed,
    callbacks.TurnSubscriptions: subscriptions.listing_turned,
    callbacks.Unsubscribe: subscriptions.drop_pressed,
    callbacks.ShowSettings: settings.settings_pressed,
    callbacks.SetLanguage: settings.language_pressed,
    callbacks.GreetIn: settings.greeting_pressed,
    callbacks.SetDigest: settings.digest_pressed,
    callbacks.SetTime: settings.time_pressed,
    callbacks.SetPictures: settings.pictures_pressed,
    callbacks.ShowMenu: settings.menu_pressed,
    callbacks.SetWeekday: settings.weekday_pressed,
    callbacks.SetZone: settings.zone_pressed,
    callbacks.SetQuiet: settings.quiet_pressed,
    callbacks.SetStories: settings.stories_pressed,
    callbacks.SetAccount: settings.account_pressed,
    callbacks.DigestHere: settings.here_pressed,
    callbacks.ShowSubscription: subscription_settings.opened,
    callbacks.SetRhythm: subscription_settings.rhythm_pressed,
    callbacks.SetCap: subscription_settings.cap_pressed,
    callbacks.SetPaused: subscription_settings.paused_pressed,
    callbacks.Mute: subscription_settings.mute_pressed,
    callbacks.AskName: subscription_settings.name_pressed,
    callbacks.KeepName: subscription_settings.name_kept,
    callbacks.NotThis: subscription_settings.not_this_pressed,
    callbacks.Refuse: subscription_settings.refuse_pressed,
    callbacks.UseForm: subscriptions.form_pressed,
    callbacks.FollowAnyway: subscriptions.follow_anyway_pressed,
    callbacks.ManageChannel: groups.manage_pressed,
    callbacks.ManageOwn: groups.own_pressed,
    callbacks.Forget: personal_data.forget_pressed,
    callbacks.Administer: admin.task_pressed,
    callbacks.Announce: admin.announce_pressed,
}

ANSWERS: dict[type[callbacks.Callback], Answer] = {
    callbacks.SetTime: settings.time_typed,
    callbacks.SetZone: settings.zone_typed,
    callbacks.SetQuiet: settings.quiet_typed,
    callbacks.KeepName: subscription_settings.named,
}
"""What a reply to one of our messages means, by the buttons of that message."""


def register(application: "Application[Any, Context, Any, Any, Any, Any]") -> None:
    """Give the application all handlers, the more particular ones first."""
    new = filters.UpdateType.MESSAGE
    application.add_handler(TypeHandler(Update, admit), group=-2)
    application.add_handler(MessageHandler(new & filters.StatusUpdate.MIGRATE, moved), group=-1)
    application.add_handler(InlineQueryHandler(inline.offer), group=-1)  # nobody is met: it is asked from any chat
    application.add_handler(ChatMemberHandler(groups.membership), group=-1)  # nor is who lets the bot in or puts it out
    application.add_handler(TypeHandler(Update, meet), group=-1)
    for name, handler in (COMMANDS | UNLISTED).items():
        application.add_handler(CommandHandler(name, with_sign(handler), filters=new))
    application.add_handler(MessageHandler(new & OUR_COMMAND, errors.unknown_command))
    answering = Answering(ANSWERS)
    application.add_handler(MessageHandler(new & filters.TEXT & ~filters.COMMAND & answering, answering.answered))
    said = new & filters.TEXT & ~filters.COMMAND & ~filters.VIA_BOT  # what is chosen inline says nothing to us
    application.add_handler(MessageHandler(said & ADDRESSED, with_sign(free_text.words)))
    application.add_handler(
        MessageHandler(new & filters.ChatType.PRIVATE & personal_data.FILES, personal_data.file_sent)
    )
    private = filters.ChatType.PRIVATE & ~filters.TEXT & ~filters.StatusUpdate.ALL
    application.add_handler(MessageHandler(new & private, search.not_text))
    application.add_handler(CallbackQueryHandler(by_kind(PRESSES)))
    application.add_error_handler(errors.failed)


def update_processor(metrics: Metrics) -> BaseUpdateProcessor:
    """For the ApplicationBuilder: in which order updates are answered; `metrics` learns how fast."""
    return ChatByChat(metrics)


async def set_menu(bot: Bot) -> None:
    """Bring what Telegram shows of the bot up to date."""
    await help_commands.bring_up_to_date(bot, tuple(COMMANDS))
