"""What a chat wants to hear of: adding, finding and ending subscriptions (pure).

A subscription holds the normal form of its query, so that two spellings of one wish are one subscription.
"""

from dataclasses import replace
from datetime import datetime

from digests.errors import LimitReached, QueryError
from digests.query import parse
from digests.readers import Chat, Settings, Subscription


def subscribe(chat: Chat, query: str, *, now: datetime, limit: int) -> tuple[Chat, Subscription, bool]:
    """Add `query` as typed to `chat`.

    Gives the chat afterwards, the subscription, and whether it is new (False: the chat had it already and is returned
    as it was). Raises QueryError for a query that says nothing, LimitReached when the chat has `limit` subscriptions.
    """
    normal = str(parse(query))
    there = _of_query(chat, normal)
    if there is not None:
        return chat, there, False
    if len(chat.subscriptions) >= limit:
        number = len(chat.subscriptions) + 1
        raise LimitReached(f"{normal!r} would be subscription {number} of this chat; at most {limit} are allowed")
    changed = _added(chat, normal, now)
    return changed, changed.subscriptions[-1], True


def unsubscribe(chat: Chat, what: str) -> tuple[Chat, Subscription | None]:
    """End the subscription that `what` names: its place in the list (`3`), its id (`#3`), or its query in any spelling.

    Gives the chat afterwards and the subscription that ended, None when there is no such one.
    """
    gone = _at_place(chat, what) or _of_id(chat, what) or _of_query(chat, _normal(what))
    if gone is None:
        return chat, None
    kept = tuple(subscription for subscription in chat.subscriptions if subscription != gone)
    return replace(chat, subscriptions=kept), gone


def adopt(chat: Chat, moved: Chat) -> Chat:
    """`chat` with the subscriptions of `moved`, which is the same chat under its former Telegram id.

    The settings come along too where nobody has chosen any in `chat`; its language is then what Telegram guessed.
    """
    if chat.settings == Settings(language=chat.settings.language):
        chat = replace(chat, settings=moved.settings)
    for subscription in moved.subscriptions:
        if _of_query(chat, subscription.query) is None:
            chat = _added(chat, subscription.query, subscription.created)
    return chat


def _added(chat: Chat, query: str, created: datetime) -> Chat:
    subscription = Subscription(chat.next_subscription, query, created)
    return replace(
        chat,
        subscriptions=(*chat.subscriptions, subscription),
        next_subscription=chat.next_subscription + 1,
    )


def _at_place(chat: Chat, what: str) -> Subscription | None:
    place = _number(what)
    return chat.subscriptions[place - 1] if place and place <= len(chat.subscriptions) else None


def _of_id(chat: Chat, what: str) -> Subscription | None:
    sign, number = what.strip()[:1], _number(what.strip()[1:])
    return next((s for s in chat.subscriptions if sign in ("#", "＃") and s.id == number), None)


def _number(digits: str) -> int | None:
    digits = digits.strip()
    return int(digits) if digits.isdecimal() and len(digits) <= 9 else None  # far beyond any number given out


def _of_query(chat: Chat, query: str) -> Subscription | None:
    return next((s for s in chat.subscriptions if s.query == query), None)


def _normal(text: str) -> str:
    """The normal form, or the text itself where it has none: a stored query may be older than today's grammar."""
    try:
        return str(parse(text))
    except QueryError:
        return text.strip()
