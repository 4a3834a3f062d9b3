"""How updates reach the bot: fetched by a long poll, or posted to a webhook."""

from bot.local.answers import JSON, conflict
from bot.local.params import Params
from bot.local.room import Room

_LONGEST_POLL = 50


async def get_updates(room: Room, params: Params) -> list[JSON]:
    if room.webhook.url:
        raise conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
        )
    _allow(room, params.array("allowed_updates", str))
    room.updates.confirm(params.integer("offset", 0))
    limit = min(max(params.integer("limit", 100), 1), 100)
    return await room.updates.poll(limit, min(max(params.integer("timeout", 0), 0), _LONGEST_POLL))


async def set_webhook(room: Room, params: Params) -> bool:
    _allow(room, params.array("allowed_updates", str))
    if params.flag("drop_pending_updates"):
        room.updates.drop()
    await room.webhook.set(params.text("url"), params.text("secret_token"))
    return True


async def delete_webhook(room: Room, params: Params) -> bool:
    if params.flag("drop_pending_updates"):
        room.updates.drop()
    await room.webhook.set("", "")
    return True


async def get_webhook_info(room: Room, params: Params) -> JSON:  # noqa: ARG001 the form of all methods
    return room.webhook.to_json()


def _allow(room: Room, kinds: list[str] | None) -> None:
    # Left out, the last choice stays; an empty list goes back to the usual ones.
    if kinds is not None:
        room.updates.allow(kinds)
