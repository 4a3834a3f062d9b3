"""The table of contents: each command and button with the function that answers it."""

from typing import Any

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

from bot import presses, wishes
from bot.context import Context
from bot.handlers import (
    admin,
    around,
    channels,
    errors,
    exchanging,
    following,
    forgetting,
    groups,
    helping,
    inline,
    leafing,
    linking,
    menu,
    narrowing,
    pictures,
    reading,
    searching,
    settings,
    subscribing,
    tending,
    trends,
    wishing,
)
from bot.handlers.admitting import admit
from bot.handlers.answering import Answer, Answering
from bot.handlers.asking import ADDRESSED, OUR_COMMAND
from bot.handlers.buttons import PressHandler, by_kind
from bot.handlers.meeting import meet, moved
from bot.handlers.order import ChatByChat
from bot.handlers.progress import with_sign
from bot.metrics import Metrics

UPDATES = [Update.MESSAGE, Update.CALLBACK_QUERY, Update.INLINE_QUERY, Update.MY_CHAT_MEMBER]
"""What Telegram is asked to send; nothing else is answered."""

COMMANDS = {
    "today": reading.today,
    "digest": reading.digest,
    "week": trends.week,
    "month": trends.month,
    "issues": reading.issues,
    "search": searching.search,
    "trend": trends.trend,
    "subscribe": subscribing.subscribe,
    "unsubscribe": subscribing.unsubscribe,
    "subscriptions": subscribing.listing,
    "settings": settings.settings,
    "channel": channels.channel,
    "export": exchanging.export,
    "import": exchanging.import_,
    "forget": forgetting.forget,
    "help": helping.usage,
}
"""The menu, in its order."""

UNLISTED = {
    "admin": admin.admin,
    "announce": admin.announce,
    "start": linking.start,
    "article": reading.article,
    "timezone": settings.timezone,
}
"""Commands that need no place in the menu."""

PRESSES: dict[type[presses.Press], PressHandler] = {
    presses.NewestDigest: reading.today_pressed,
    presses.ShowDigest: reading.digest_pressed,
    presses.ShowScores: reading.why_pressed,
    presses.ShowCard: pictures.card_pressed,
    presses.ShowThemes: pictures.themes_pressed,
    presses.ShowWeek: trends.week_turned,
    presses.ShowMonth: trends.month_turned,
    presses.ShowArticle: reading.article_pressed,
    presses.ShowContents: leafing.contents_pressed,
    presses.TurnContents: leafing.contents_turned,
    presses.StepDigest: leafing.digest_stepped,
    presses.ShowSection: leafing.section_pressed,
    presses.TurnSection: leafing.section_turned,
    presses.ShowPage: leafing.page_pressed,
    presses.TurnPage: leafing.page_turned,
    presses.ReadOn: reading.read_on_pressed,
    presses.ShowRelated: around.related_pressed,
    presses.ShowNames: around.names_pressed,
    presses.FindName: around.name_pressed,
    presses.OfferFollowing: following.following_pressed,
    presses.FollowWord: following.word_pressed,
    presses.ShowIssues: reading.issues_pressed,
    presses.TurnIssues: reading.issues_turned,
    presses.TurnHits: searching.hits_turned,
    presses.TurnNewest: searching.hits_turned,
    presses.ShowFacet: narrowing.facet_pressed,
    presses.AskInstead: narrowing.instead_pressed,
    presses.FollowSearch: subscribing.follow_pressed,
    wishes.HowToSubscribe: subscribing.how_pressed,
    wishes.ShowSubscriptions: subscribing.listing_pressed,
    wishes.TurnSubscriptions: subscribing.listing_turned,
    wishes.Unsubscribe: subscribing.drop_pressed,
    wishes.ShowSettings: settings.settings_pressed,
    wishes.SetLanguage: settings.language_pressed,
    wishes.GreetIn: settings.greeting_pressed,
    wishes.SetDigest: settings.digest_pressed,
    wishes.SetTime: settings.time_pressed,
    wishes.SetPictures: settings.pictures_pressed,
    wishes.ShowMenu: settings.menu_pressed,
    wishes.SetWeekday: settings.weekday_pressed,
    wishes.SetZone: settings.zone_pressed,
    wishes.SetQuiet: settings.quiet_pressed,
    wishes.SetStories: settings.stories_pressed,
    wishes.SetAccount: settings.account_pressed,
    wishes.DigestHere: settings.here_pressed,
    wishes.ShowSubscription: tending.opened,
    wishes.SetRhythm: tending.rhythm_pressed,
    wishes.SetCap: tending.cap_pressed,
    wishes.SetPaused: tending.paused_pressed,
    wishes.Mute: tending.mute_pressed,
    wishes.AskName: tending.name_pressed,
    wishes.KeepName: tending.name_kept,
    wishes.NotThis: tending.not_this_pressed,
    wishes.Refuse: tending.refuse_pressed,
    wishes.UseForm: subscribing.form_pressed,
    wishes.FollowAnyway: subscribing.follow_anyway_pressed,
    wishes.ManageChannel: channels.manage_pressed,
    wishes.ManageOwn: channels.own_pressed,
    wishes.Forget: forgetting.forget_pressed,
    presses.Administer: admin.task_pressed,
    presses.Announce: admin.announce_pressed,
}

ANSWERS: dict[type[presses.Press], Answer] = {
    wishes.SetTime: settings.time_typed,
    wishes.SetZone: settings.zone_typed,
    wishes.SetQuiet: settings.quiet_typed,
    wishes.KeepName: tending.named,
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
    application.add_handler(MessageHandler(said & ADDRESSED, with_sign(wishing.words)))
    application.add_handler(MessageHandler(new & filters.ChatType.PRIVATE & exchanging.FILES, exchanging.file_sent))
    private = filters.ChatType.PRIVATE & ~filters.TEXT & ~filters.StatusUpdate.ALL
    application.add_handler(MessageHandler(new & private, searching.not_text))
    application.add_handler(CallbackQueryHandler(by_kind(PRESSES)))
    application.add_error_handler(errors.failed)


def update_processor(metrics: Metrics) -> BaseUpdateProcessor:
    """For the ApplicationBuilder: in which order updates are answered; `metrics` learns how fast."""
    return ChatByChat(metrics)


async def set_menu(bot: Bot) -> None:
    """Bring what Telegram shows of the bot up to date."""
    await menu.bring_up_to_date(bot, tuple(COMMANDS))
