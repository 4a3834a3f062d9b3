"""The table of supported Bot API methods: name -> function, and the names of the others; all are case-insensitive."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.local.methods import messages, profile, updates
from bot.local.requests import Params
from bot.local.state import ServerState

Method = Callable[[ServerState, Params], Awaitable[Any]]

METHODS: dict[str, Method] = {
    "getMe": profile.get_me,
    "logOut": profile.log_out,
    "close": profile.close,
    "getUpdates": updates.get_updates,
    "setWebhook": updates.set_webhook,
    "deleteWebhook": updates.delete_webhook,
    "getWebhookInfo": updates.get_webhook_info,
    "sendMessage": messages.send_message,
    "editMessageText": messages.edit_message_text,
    "editMessageReplyMarkup": messages.edit_message_reply_markup,
    "deleteMessage": messages.delete_message,
    "deleteMessages": messages.delete_messages,
    "forwardMessage": messages.forward_message,
    "forwardMessages": messages.forward_messages,
    "copyMessage": messages.copy_message,
    "copyMessages": messages.copy_messages,
    "sendChatAction": messages.send_chat_action,
    "sendPhoto": messages.send_photo,
    "sendDocument": messages.send_document,
    "sendMediaGroup": messages.send_media_group,
    "editMessageCaption": messages.edit_message_caption,
    "editMessageMedia": messages.edit_message_media,
    "getFile": messages.get_file,
    "answerCallbackQuery": updates.answer_callback_query,
    "answerInlineQuery": updates.answer_inline_query,
    "setMyCommands": profile.set_my_commands,
    "getMyCommands": profile.get_my_commands,
    "deleteMyCommands": profile.delete_my_commands,
    "setMyName": profile.set_my_name,
    "getMyName": profile.get_my_name,
    "setMyDescription": profile.set_my_description,
    "getMyDescription": profile.get_my_description,
    "setMyShortDescription": profile.set_my_short_description,
    "getMyShortDescription": profile.get_my_short_description,
    "getChat": profile.get_chat,
    "getChatMember": profile.get_chat_member,
    "getChatMemberCount": profile.get_chat_member_count,
    "getChatAdministrators": profile.get_chat_administrators,
    "leaveChat": profile.leave_chat,
}

UNSUPPORTED_METHODS = frozenset(
    """
    sendLivePhoto sendAudio sendVideo sendAnimation sendVoice sendVideoNote sendPaidMedia sendLocation sendVenue
    sendContact sendPoll sendChecklist sendDice sendMessageDraft setMessageReaction getUserProfilePhotos
    getUserProfileAudios setUserEmojiStatus banChatMember unbanChatMember restrictChatMember promoteChatMember
    setChatAdministratorCustomTitle setChatMemberTag banChatSenderChat unbanChatSenderChat setChatPermissions
    exportChatInviteLink createChatInviteLink editChatInviteLink createChatSubscriptionInviteLink
    editChatSubscriptionInviteLink revokeChatInviteLink approveChatJoinRequest declineChatJoinRequest setChatPhoto
    deleteChatPhoto setChatTitle setChatDescription pinChatMessage unpinChatMessage unpinAllChatMessages
    getUserPersonalChatMessages setChatStickerSet deleteChatStickerSet getForumTopicIconStickers createForumTopic
    editForumTopic closeForumTopic reopenForumTopic deleteForumTopic unpinAllForumTopicMessages
    editGeneralForumTopic closeGeneralForumTopic reopenGeneralForumTopic hideGeneralForumTopic
    unhideGeneralForumTopic unpinAllGeneralForumTopicMessages answerGuestQuery getUserChatBoosts
    getBusinessConnection getManagedBotToken replaceManagedBotToken getManagedBotAccessSettings
    setManagedBotAccessSettings setMyProfilePhoto removeMyProfilePhoto setChatMenuButton getChatMenuButton
    setMyDefaultAdministratorRights getMyDefaultAdministratorRights getAvailableGifts sendGift
    giftPremiumSubscription verifyUser verifyChat removeUserVerification removeChatVerification readBusinessMessage
    deleteBusinessMessages setBusinessAccountName setBusinessAccountUsername setBusinessAccountBio
    setBusinessAccountProfilePhoto removeBusinessAccountProfilePhoto setBusinessAccountGiftSettings
    getBusinessAccountStarBalance transferBusinessAccountStars getBusinessAccountGifts getUserGifts getChatGifts
    convertGiftToStars upgradeGift transferGift postStory repostStory editStory deleteStory answerWebAppQuery
    savePreparedInlineMessage savePreparedKeyboardButton editMessageLiveLocation stopMessageLiveLocation
    editMessageChecklist stopPoll approveSuggestedPost declineSuggestedPost deleteMessageReaction
    deleteAllMessageReactions sendSticker getStickerSet getCustomEmojiStickers uploadStickerFile createNewStickerSet
    addStickerToSet setStickerPositionInSet deleteStickerFromSet replaceStickerInSet setStickerEmojiList
    setStickerKeywords setStickerMaskPosition setStickerSetTitle setStickerSetThumbnail
    setCustomEmojiStickerSetThumbnail deleteStickerSet sendInvoice createInvoiceLink answerShippingQuery
    answerPreCheckoutQuery getMyStarBalance getStarTransactions refundStarPayment editUserStarSubscription
    setPassportDataErrors sendGame setGameScore getGameHighScores
    """.split()
)
"""Methods of Bot API 10.0 that the local server does not have."""

_NAMES = {name.lower(): name for name in [*METHODS, *UNSUPPORTED_METHODS]}


def method_name(name: str) -> str | None:
    """Return the name of a method of the Bot API in its usual spelling; None if there is no such method."""
    return _NAMES.get(name.lower())
