"""Tables of all commands, buttons and prompts with their handlers, and the registration of the handlers."""

from typing import Any

from telegram import Bot, Update
from telegram.ext import (
    Application,
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
    inline,
    personal_data,
    search,
    settings,
    subscription_settings,
    subscription_wishes,
    subscriptions,
    trends,
)
from bot.handlers import help as help_commands
from bot.handlers.button_presses import CallbackHandler, dispatch
from bot.handlers.messages import OUR_COMMAND, TO_BOT, PromptHandler, PromptReplies, WrittenCommands
from bot.handlers.middleware import check_access, move_migrated_group, reactivate_sender, with_typing_action

ALLOWED_UPDATES = [Update.MESSAGE, Update.CALLBACK_QUERY, Update.INLINE_QUERY, Update.MY_CHAT_MEMBER]
"""Kinds of updates that the bot requests from Telegram."""

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
    "subscriptions": subscriptions.list_subscriptions,
    "settings": settings.settings,
    "channel": groups.channel,
    "export": personal_data.export,
    "import": personal_data.import_,
    "forget": personal_data.forget,
    "help": help_commands.help_command,
}
"""Handlers of the commands in the command menu, in menu order."""

UNLISTED_COMMANDS = {
    "admin": admin.admin,
    "announce": admin.announce,
    "start": help_commands.start,
    "article": articles.article,
    "timezone": settings.timezone,
}
"""Handlers of the commands that are not in the menu."""

CALLBACK_HANDLERS: dict[type[callbacks.Callback], CallbackHandler] = {
    callbacks.ShowNewestDigest: digests.today_pressed,
    callbacks.ShowDigest: digests.digest_pressed,
    callbacks.ShowScores: digests.scores_pressed,
    callbacks.ShowCard: digests.card_pressed,
    callbacks.ShowThemeChart: digests.themes_pressed,
    callbacks.ShowWeek: trends.week_pressed,
    callbacks.ShowMonth: trends.month_pressed,
    callbacks.ShowArticle: articles.article_pressed,
    callbacks.ShowContents: digests.contents_pressed,
    callbacks.TurnContents: digests.contents_page_pressed,
    callbacks.StepDigest: digests.adjacent_digest_pressed,
    callbacks.ShowSection: digests.section_pressed,
    callbacks.TurnSection: digests.section_part_pressed,
    callbacks.ShowPage: digests.page_pressed,
    callbacks.TurnPage: digests.page_part_pressed,
    callbacks.ShowArticlePart: articles.read_on_pressed,
    callbacks.ShowRelated: articles.related_pressed,
    callbacks.ShowNames: articles.names_pressed,
    callbacks.ShowFollowable: subscriptions.followable_pressed,
    callbacks.ShowIssues: digests.issues_pressed,
    callbacks.TurnIssues: digests.issues_page_pressed,
    callbacks.TurnHits: search.hits_turned,
    callbacks.ShowFacet: search.facet_pressed,
    callbacks.RunSearch: search.search_pressed,
    callbacks.FollowQuery: subscriptions.follow_pressed,
    callbacks.ShowSubscribeHelp: subscriptions.help_pressed,
    callbacks.ShowSubscriptions: subscriptions.list_pressed,
    callbacks.TurnSubscriptions: subscriptions.list_turned,
    callbacks.Unsubscribe: subscriptions.unsubscribe_pressed,
    callbacks.ShowSettings: settings.settings_pressed,
    callbacks.SetLanguage: settings.language_pressed,
    callbacks.GreetInLanguage: settings.greeting_pressed,
    callbacks.SetDigest: settings.digest_pressed,
    callbacks.SetDigestTime: settings.digest_time_pressed,
    callbacks.SetPictures: settings.pictures_pressed,
    callbacks.ShowMenu: settings.menu_pressed,
    callbacks.SetWeekday: settings.weekday_pressed,
    callbacks.SetTimeZone: settings.time_zone_pressed,
    callbacks.SetQuietHours: settings.quiet_hours_pressed,
    callbacks.SetStoryCount: settings.story_count_pressed,
    callbacks.SetWeeklyReport: settings.weekly_report_pressed,
    callbacks.SetDigestTopic: settings.digest_topic_pressed,
    callbacks.ShowSubscription: subscription_settings.subscription_pressed,
    callbacks.SetRhythm: subscription_settings.rhythm_pressed,
    callbacks.SetCap: subscription_settings.cap_pressed,
    callbacks.SetPaused: subscription_settings.pause_pressed,
    callbacks.MuteSubscription: subscription_settings.mute_pressed,
    callbacks.ResumeAll: subscription_wishes.resume_pressed,
    callbacks.AskName: subscription_settings.rename_pressed,
    callbacks.KeepName: subscription_settings.keep_name_pressed,
    callbacks.ShowExclusions: subscription_settings.exclusions_pressed,
    callbacks.ExcludeTerm: subscription_settings.exclude_pressed,
    callbacks.ChangeQuery: subscriptions.change_query_pressed,
    callbacks.ConfirmFollow: subscriptions.confirm_follow_pressed,
    callbacks.ManageChannel: groups.manage_pressed,
    callbacks.ManageOwn: groups.manage_own_pressed,
    callbacks.Forget: personal_data.forget_pressed,
    callbacks.RunAdminTask: admin.task_pressed,
    callbacks.SendAnnouncement: admin.announce_pressed,
}

PROMPT_HANDLERS: dict[type[callbacks.Callback], PromptHandler] = {
    callbacks.SetDigestTime: settings.digest_time_replied,
    callbacks.SetTimeZone: settings.time_zone_replied,
    callbacks.SetQuietHours: settings.quiet_hours_replied,
    callbacks.KeepName: subscription_settings.name_replied,
}
"""Handlers of typed replies to a prompt, by the callback class of one of the prompt's buttons."""


def register(application: "Application[Any, Context, Any, Any, Any, Any]") -> None:
    """Add all handlers to the application.

    In each handler group, only the first handler that accepts an update is called.
    """
    application.add_handler(TypeHandler(Update, check_access), group=-2)
    _add_chat_updates(application)
    application.add_handler(TypeHandler(Update, reactivate_sender), group=-1)
    _add_messages(application)
    application.add_handler(CallbackQueryHandler(dispatch(CALLBACK_HANDLERS)))
    application.add_error_handler(errors.handle_error)


def _add_chat_updates(application: "Application[Any, Context, Any, Any, Any, Any]") -> None:
    """Add the handlers of updates that must not reach `reactivate_sender`, the last of this handler group."""
    migration = filters.UpdateType.MESSAGE & filters.StatusUpdate.MIGRATE
    application.add_handler(MessageHandler(migration, move_migrated_group), group=-1)
    application.add_handler(InlineQueryHandler(inline.answer_inline_query), group=-1)
    application.add_handler(ChatMemberHandler(groups.membership_changed), group=-1)


def _add_messages(application: "Application[Any, Context, Any, Any, Any, Any]") -> None:
    new = filters.UpdateType.MESSAGE
    for name, handler in (COMMANDS | UNLISTED_COMMANDS).items():
        application.add_handler(CommandHandler(name, with_typing_action(handler), filters=new))
    application.add_handler(MessageHandler(new & OUR_COMMAND, errors.unknown_command))
    written = WrittenCommands(COMMANDS | UNLISTED_COMMANDS, free_text.answer_free_text)
    application.add_handler(MessageHandler(new & filters.TEXT & written, with_typing_action(written.handle)))
    text = new & filters.TEXT & ~filters.COMMAND
    prompt_replies = PromptReplies(PROMPT_HANDLERS)
    application.add_handler(MessageHandler(text & prompt_replies, prompt_replies.handle))
    typed = text & ~filters.VIA_BOT & TO_BOT  # an inline result posted in the chat is not a message to the bot
    application.add_handler(MessageHandler(typed, with_typing_action(free_text.answer_free_text)))
    private = new & filters.ChatType.PRIVATE
    application.add_handler(MessageHandler(private & personal_data.EXPORT_FILES, personal_data.file_sent))
    other = private & ~filters.TEXT & ~filters.StatusUpdate.ALL
    application.add_handler(MessageHandler(other, search.unsupported_message))


async def set_menu(bot: Bot) -> None:
    """Update the bot's command menus and descriptions in Telegram."""
    await help_commands.update_profile(bot, tuple(COMMANDS))
