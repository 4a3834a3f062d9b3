"""Methods about a chat and its members: getChat, getChatMember, getChatAdministrators, leaveChat."""

from bot.local.chats import BOT, Chat, User, member
from bot.local.params import Params
from bot.local.refusals import JSON, bad_request, forbidden
from bot.local.state import ServerState


async def get_chat(state: ServerState, params: Params) -> JSON:
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    return {
        **state.chat(params.chat_id()).to_json(),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }


async def get_chat_member(state: ServerState, params: Params) -> JSON:
    chat = state.chat(params.chat_id())
    user_id = params.integer("user_id")
    if user_id == BOT.id:
        return {"status": "left", "user": BOT.to_json()} if chat.id in state.removed_from else bot_member(chat)
    if chat.type == "channel" and chat.id in state.removed_from:
        raise bad_request("member list is inaccessible")
    user = member(chat, user_id)
    if user is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    return _membership(chat, user)


async def get_chat_member_count(state: ServerState, params: Params) -> int:
    return len(state.chat(params.chat_id()).people) + 1


async def get_chat_administrators(state: ServerState, params: Params) -> list[JSON]:
    chat = state.chat(params.chat_id())
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    if chat.id in state.removed_from:
        raise forbidden(f"bot is not a member of the {chat.type} chat")
    administrators = chat.people if chat.type == "channel" else chat.people[:1]
    return [_membership(chat, user) for user in administrators]


async def leave_chat(state: ServerState, params: Params) -> bool:
    chat = state.writable_chat(params.chat_id())
    if chat.type == "private":
        raise bad_request("chat member status can't be changed in private chats")
    state.removed_from.add(chat.id)
    state.events.publish("chat", {"chat_id": chat.id, "blocked": True})
    return True


def bot_member(chat: Chat) -> JSON:
    """The bot as a member of a chat; in a channel it is an administrator."""
    if chat.type == "channel":
        return _administrator(BOT)
    return {"status": "member", "user": BOT.to_json()}


def _administrator(user: User) -> JSON:
    rights = (
        "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members "
        "can_promote_members can_change_info can_invite_users can_post_stories can_edit_stories can_delete_stories"
    )
    may = {"can_manage_chat": True, "can_post_messages": True, "can_edit_messages": True}
    return {"status": "administrator", "user": user.to_json(), **dict.fromkeys(rights.split(), False), **may}


def _membership(chat: Chat, user: User) -> JSON:
    if chat.type != "private" and user == chat.people[0]:
        return {"status": "creator", "user": user.to_json(), "is_anonymous": False}
    if chat.type == "channel":
        return _administrator(user)
    return {"status": "member", "user": user.to_json()}
