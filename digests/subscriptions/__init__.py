"""What a chat wants to hear of: making, finding, changing and ending subscriptions (pure).

A subscription holds the normal form of its query, so that two spellings of one wish are one subscription. Each topic of
a forum has its own: a list, a place in it and "the same wish" are of one topic; ids are of the whole chat.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from digests.chats import Chat, Rhythm, Settings, Subscription
from digests.errors import LimitReached, QueryError, TermsTooCommon, UsageError
from digests.language import words
from digests.language.characters import normalise_in_place
from digests.query import And, Not, Query, Term, parse, wanted_terms
from digests.text import single_spaced

MAX_NAME_CHARS = 40
"""Characters of a subscription's name at most."""
CAP_RANGE = range(1, 101)
"""What a cap can be."""

_FUNCTION_TAGS = ("u", "p", "c", "y", "r")
"""Beginnings of jieba's tags for particles, prepositions, conjunctions and pronouns."""
_ONE_CHARACTER_TAGS = (*_FUNCTION_TAGS, "d", "q", "e", "o", "k", "h")
"""Those of adverbs, measures and sounds too: longer ones such as 依法 say something."""
_HELPING_VERBS = frozenset("是 有 为 会 要 能 到 说 去 来 上 下 中 大 人 个 年 月 日 时 等".split())
"""Single characters that jieba does not tag as such and that say as little."""


def subscriptions_of_topic(chat: Chat, topic: int | None = None) -> tuple[Subscription, ...]:
    """The subscriptions of one topic in the order in which they were made; those of a chat without topics."""
    return tuple(subscription for subscription in chat.subscriptions if subscription.topic == topic)


def subscribe(
    chat: Chat,
    query: str,
    *,
    now: datetime,
    limit: int,
    topic: int | None = None,
    rhythm: Rhythm = "now",
) -> tuple[Chat, Subscription, bool]:
    """Add `query` as typed to `chat`, in a forum to its `topic`.

    Gives the chat afterwards, the subscription, and whether it is new (False: the topic had it already, and the chat
    is returned as it was). Raises QueryError for a query that means nothing, TermsTooCommon (a QueryError) for one
    whose words say nothing, such as 的, and LimitReached when the chat has `limit` subscriptions in all its topics.
    """
    normal = str(checked_query(query))
    there = _of_query(chat, normal, topic)
    if there is not None:
        return chat, there, False
    if len(chat.subscriptions) >= limit:
        number = len(chat.subscriptions) + 1
        raise LimitReached(f"{normal!r} would be subscription {number} of this chat; at most {limit} are allowed")
    changed = add_subscription(chat, Subscription(0, normal, now, rhythm=rhythm, topic=topic))
    return changed, changed.subscriptions[-1], True


def checked_query(query: str) -> Query:
    """What a subscription to `query` would ask for; raises QueryError and TermsTooCommon."""
    meant = parse(query)
    wanted = wanted_terms(meant)
    if wanted and all(_says_nothing(term) for term in wanted):
        said = "、".join(term.text for term in wanted)
        raise TermsTooCommon(f"{said} says nothing of what an article is about; expected a word that does")
    return meant


def _says_nothing(term: Term) -> bool:
    if term.field:
        return False
    return all(map(_is_function_word, words.cut(normalise_in_place(term.text))))


def _is_function_word(word: str) -> bool:
    if word in _HELPING_VERBS or not any(map(str.isalnum, word)):
        return True
    return words.tag(word).startswith(_FUNCTION_TAGS if len(word) > 1 else _ONE_CHARACTER_TAGS)


def unsubscribe(chat: Chat, what: str, *, topic: int | None = None) -> tuple[Chat, Subscription | None]:
    """End the subscription that `what` names: see `find`.

    Gives the chat afterwards and the subscription that ended, None when there is no such one.
    """
    gone = find_subscription(chat, what, topic=topic)
    if gone is None:
        return chat, None
    kept = tuple(subscription for subscription in chat.subscriptions if subscription != gone)
    return replace(chat, subscriptions=kept), gone


def find_subscription(chat: Chat, what: str, *, topic: int | None = None) -> Subscription | None:
    """The subscription that `what` names: its place in the topic's list (`3`), its id (`#3`), its query in any
    spelling, or its name."""
    named = (one for one in subscriptions_of_topic(chat, topic) if one.name and one.name == what.strip())
    by_query = _of_query(chat, _normal(what), topic)
    return _at_place(chat, what, topic) or _of_id(chat, what) or by_query or next(named, None)


def pause(chat: Chat, number: int, *, paused: bool = True) -> tuple[Chat, Subscription | None]:
    """Let subscription `number` (its id) rest, or go on; what comes while it rests is not told later.

    This and the functions below give the chat afterwards and the subscription as it is now, None where there is none.
    """
    return _changed(chat, number, paused=paused, muted_until=None)


def mute(chat: Chat, number: int, until: datetime | None) -> tuple[Chat, Subscription | None]:
    """Let it rest until a moment (aware), then go on by itself; None: go on now."""
    return _changed(chat, number, muted_until=until)


def rename(chat: Chat, number: int, name: str) -> tuple[Chat, Subscription | None]:
    """Call it `name`, on one line; "" calls it by its query again. Raises UsageError above NAME characters."""
    said = single_spaced(name)
    if len(said) > MAX_NAME_CHARS:
        raise UsageError(f"a name of {len(said)} characters is too long; expected at most {MAX_NAME_CHARS}")
    return _changed(chat, number, name=said)


def set_rhythm(chat: Chat, number: int, rhythm: Rhythm) -> tuple[Chat, Subscription | None]:
    """Tell its matches at once, with the daily digest, or once a week; what waits keeps the rhythm it waits in."""
    return _changed(chat, number, rhythm=rhythm)


def set_cap(chat: Chat, number: int, cap: int | None) -> tuple[Chat, Subscription | None]:
    """So many articles a day come at once, the others as one bundle; None: as configured. Raises UsageError."""
    if cap is not None and cap not in CAP_RANGE:
        raise UsageError(
            f"a cap of {cap} is not possible; expected {CAP_RANGE.start} to {CAP_RANGE.stop - 1} articles a day"
        )
    return _changed(chat, number, cap=cap)


def change_query(chat: Chat, number: int, query: str) -> tuple[Chat, Subscription | None]:
    """Ask for `query` instead, under the same id. Raises QueryError, and TermsTooCommon as `subscribe` does."""
    return _changed(chat, number, query=str(checked_query(query)))


def exclude_term(chat: Chat, number: int, term: str) -> tuple[Chat, Subscription | None]:
    """Want nothing of its matches that holds `term` (不要这类; refusals.py proposes one). Raises QueryError."""
    subscription = subscription_by_id(chat, number)
    if subscription is None:
        return chat, None
    return _changed(chat, number, query=query_excluding(subscription.query, term))


def query_excluding(query: str, term: str) -> str:
    """The normal form of `query` without what holds `term`, itself a query. Raises QueryError for either."""
    wanted, refused = parse(query), Not(parse(term))
    parts = wanted.parts if isinstance(wanted, And) else (wanted,)
    return str(wanted) if refused in parts else str(parse(str(And((*parts, refused)))))


def is_resting(subscription: Subscription, now: datetime) -> bool:
    """Whether it is paused, or muted at `now`: nothing of it is told then."""
    muted = subscription.muted_until is not None and now < subscription.muted_until
    return subscription.paused or muted


def merge_moved_chat(chat: Chat, moved: Chat) -> Chat:
    """`chat` with the subscriptions of `moved`, which is the same chat under its former Telegram id.

    The settings come along too where nobody has chosen any in `chat`; its language is then what Telegram guessed.
    """
    if chat.settings == Settings(language=chat.settings.language):
        chat = replace(chat, settings=moved.settings)
    for subscription in moved.subscriptions:
        if _of_query(chat, subscription.query, subscription.topic) is None:
            chat = add_subscription(chat, subscription)
    return chat


def add_subscription(chat: Chat, subscription: Subscription) -> Chat:
    """`chat` with `subscription` at the end, under the chat's next id."""
    numbered = replace(subscription, id=chat.next_subscription)
    return replace(
        chat,
        subscriptions=(*chat.subscriptions, numbered),
        next_subscription=chat.next_subscription + 1,
    )


def subscription_by_id(chat: Chat, number: int | None) -> Subscription | None:
    """The subscription with that id."""
    return next((one for one in chat.subscriptions if one.id == number), None)


def _changed(chat: Chat, number: int, **values: Any) -> tuple[Chat, Subscription | None]:
    before = subscription_by_id(chat, number)
    if before is None:
        return chat, None
    after = replace(before, **values)
    return replace(chat, subscriptions=tuple(after if one == before else one for one in chat.subscriptions)), after


def _at_place(chat: Chat, what: str, topic: int | None) -> Subscription | None:
    place, there = _number(what), subscriptions_of_topic(chat, topic)
    return there[place - 1] if place and place <= len(there) else None


def _of_id(chat: Chat, what: str) -> Subscription | None:
    sign, number = what.strip()[:1], _number(what.strip()[1:])
    return subscription_by_id(chat, number) if sign in ("#", "＃") else None


def _number(digits: str) -> int | None:
    digits = digits.strip()
    return int(digits) if digits.isdecimal() and len(digits) <= 9 else None  # far beyond any number given out


def _of_query(chat: Chat, query: str, topic: int | None) -> Subscription | None:
    return next((one for one in subscriptions_of_topic(chat, topic) if one.query == query), None)


def _normal(text: str) -> str:
    """The normal form, or the text itself where it has none: a stored query may be older than today's grammar."""
    try:
        return str(parse(text))
    except QueryError:
        return text.strip()
