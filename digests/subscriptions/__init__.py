"""Subscriptions of a chat: add, find, change and remove them (pure).

A subscription stores the normal form of its query, so two spellings of the same query give one subscription. In a
forum each topic has its own list: positions are counted and queries are unique per topic, ids are unique per chat.
Chats are frozen, so the functions return the changed chat.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from digests.chats import Chat, Rhythm, Settings, Subscription
from digests.errors import LimitReached, QueryError, TermsTooCommon, UsageError
from digests.language import words
from digests.language.normal_form import normal_form
from digests.query import And, Not, Query, Term, parse, wanted_terms
from digests.text import single_spaced

MAX_NAME_CHARS = 40
CAP_RANGE = range(1, 101)
"""The allowed caps of a subscription, in articles a day."""
MAX_NUMBER_DIGITS = 9
"""Digit strings longer than this are not read as a position or an id."""

_FUNCTION_TAGS = ("u", "p", "c", "y", "r")
"""First letters of jieba's tags for particles, prepositions, conjunctions and pronouns."""
_ONE_CHARACTER_TAGS = (*_FUNCTION_TAGS, "d", "q", "e", "o", "k", "h")
"""Tags for words of one character: also adverbs, measure words, interjections and affixes. Longer adverbs (依法) have
content."""
_HELPING_VERBS = frozenset("是 有 为 会 要 能 到 说 去 来 上 下 中 大 人 个 年 月 日 时 等".split())
"""Single characters without content to which jieba gives other tags, mostly those of verbs or nouns."""


def subscriptions_of_topic(chat: Chat, topic: int | None = None) -> tuple[Subscription, ...]:
    """Return the subscriptions of one topic, oldest first; `topic` None: the General topic or a chat without topics."""
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
    """Add a subscription with `query`, as typed, to a chat or to one of its forum topics.

    Return the chat, the subscription, and True if the subscription is new. If the topic already has the query, the
    chat is unchanged. Raises QueryError, TermsTooCommon (a QueryError) if the query has only words such as 的, and
    LimitReached if all topics of the chat together have `limit` subscriptions.
    """
    normal = str(checked_query(query))
    existing = _with_query(chat, normal, topic)
    if existing is not None:
        return chat, existing, False
    if len(chat.subscriptions) >= limit:
        number = len(chat.subscriptions) + 1
        raise LimitReached(f"{normal!r} would be subscription {number} of this chat; at most {limit} are allowed")
    changed = add_subscription(chat, Subscription(0, normal, now, rhythm=rhythm, topic=topic))
    return changed, changed.subscriptions[-1], True


def checked_query(query: str) -> Query:
    """Return the parsed query of a subscription; raises QueryError, and TermsTooCommon if no term has content."""
    parsed = parse(query)
    terms = wanted_terms(parsed)
    if terms and not any(map(_has_content, terms)):
        listed = "、".join(term.text for term in terms)
        raise TermsTooCommon(f"{listed} says nothing about the subject of an article; expected a word that does")
    return parsed


def unsubscribe(chat: Chat, text: str, *, topic: int | None = None) -> tuple[Chat, Subscription | None]:
    """Remove the subscription that `text` identifies (see `find_subscription`).

    Return the chat and the removed subscription; None if there is no such subscription.
    """
    removed = find_subscription(chat, text, topic=topic)
    if removed is None:
        return chat, None
    kept = tuple(subscription for subscription in chat.subscriptions if subscription != removed)
    return replace(chat, subscriptions=kept), removed


def find_subscription(chat: Chat, text: str, *, topic: int | None = None) -> Subscription | None:
    """Return the subscription of a topic that `text` identifies; None if there is none.

    `text` is tried as a position in the topic's list (3), an id in the chat (#3), a query in any spelling, and a name.
    """
    text = text.strip()
    by_position = _at_position(chat, text, topic)
    by_id = subscription_by_id(chat, _number(text[1:])) if text[:1] in ("#", "＃") else None
    by_query = _with_query(chat, _normal_form(text), topic)
    by_name = (named for named in subscriptions_of_topic(chat, topic) if named.name and named.name == text)
    return by_position or by_id or by_query or next(by_name, None)


def pause(chat: Chat, subscription_id: int, *, paused: bool = True) -> tuple[Chat, Subscription | None]:
    """Pause or resume a subscription and end its mute; matches during the pause are never reported.

    This function and the others that change a subscription return the chat and the changed subscription; if the chat
    has no subscription with this id, they return None in its place.
    """
    return _change(chat, subscription_id, paused=paused, muted_until=None)


def mute(chat: Chat, subscription_id: int, until: datetime | None) -> tuple[Chat, Subscription | None]:
    """Mute a subscription until `until` (aware); None ends the mute."""
    return _change(chat, subscription_id, muted_until=until)


def rename(chat: Chat, subscription_id: int, name: str) -> tuple[Chat, Subscription | None]:
    """Set the name of a subscription, a single line; "" removes it.

    Raises UsageError if the name is longer than MAX_NAME_CHARS.
    """
    name = single_spaced(name)
    if len(name) > MAX_NAME_CHARS:
        raise UsageError(f"a name of {len(name)} characters is too long; expected at most {MAX_NAME_CHARS}")
    return _change(chat, subscription_id, name=name)


def set_rhythm(chat: Chat, subscription_id: int, rhythm: Rhythm) -> tuple[Chat, Subscription | None]:
    """Set whether matches are reported at once, daily or once a week; articles already waiting are not affected."""
    return _change(chat, subscription_id, rhythm=rhythm)


def set_cap(chat: Chat, subscription_id: int, cap: int | None) -> tuple[Chat, Subscription | None]:
    """Set how many articles a day are reported at once; the others wait for a digest. None: the configured number.

    Raises UsageError if `cap` is outside CAP_RANGE.
    """
    if cap is not None and cap not in CAP_RANGE:
        raise UsageError(
            f"a cap of {cap} is not allowed; expected {CAP_RANGE.start} to {CAP_RANGE.stop - 1} articles a day"
        )
    return _change(chat, subscription_id, cap=cap)


def change_query(chat: Chat, subscription_id: int, query: str) -> tuple[Chat, Subscription | None]:
    """Replace a subscription's query; raises QueryError and TermsTooCommon as `subscribe` does."""
    return _change(chat, subscription_id, query=str(checked_query(query)))


def exclude_term(chat: Chat, subscription_id: int, term: str) -> tuple[Chat, Subscription | None]:
    """Exclude matches that contain `term` (不要这类; refinements.py proposes terms). Raises QueryError."""
    subscription = subscription_by_id(chat, subscription_id)
    if subscription is None:
        return chat, None
    return _change(chat, subscription_id, query=query_excluding(subscription.query, term))


def query_excluding(query: str, term: str) -> str:
    """Return the normal form of a query for the articles that match `query` but not `term`, which is also a query.

    Raises QueryError.
    """
    parsed, exclusion = parse(query), Not(parse(term))
    parts = parsed.parts if isinstance(parsed, And) else (parsed,)
    return str(parsed) if exclusion in parts else str(parse(str(And((*parts, exclusion)))))


def is_paused_or_muted(subscription: Subscription, now: datetime) -> bool:
    """True if the subscription is paused, or muted at `now`: its matches are then not reported."""
    return subscription.paused or (subscription.muted_until is not None and now < subscription.muted_until)


def merge_moved_chat(chat: Chat, moved: Chat) -> Chat:
    """Return `chat` with the subscriptions of `moved`, the same chat under its former Telegram id.

    The settings of `moved` are copied as well if `chat` has no settings of its own except the language, which is taken
    from Telegram.
    """
    if chat.settings == Settings(language=chat.settings.language):
        chat = replace(chat, settings=moved.settings)
    for subscription in moved.subscriptions:
        if _with_query(chat, subscription.query, subscription.topic) is None:
            chat = add_subscription(chat, subscription)
    return chat


def add_subscription(chat: Chat, subscription: Subscription) -> Chat:
    """Return `chat` with `subscription` added at the end, with the chat's next free id."""
    numbered = replace(subscription, id=chat.next_subscription)
    subscriptions = (*chat.subscriptions, numbered)
    return replace(chat, subscriptions=subscriptions, next_subscription=chat.next_subscription + 1)


def subscription_by_id(chat: Chat, subscription_id: int | None) -> Subscription | None:
    """Return the subscription with this id, in any topic."""
    return next((found for found in chat.subscriptions if found.id == subscription_id), None)


def _has_content(term: Term) -> bool:
    """True if the term has a field, or a word that is not a function word."""
    return bool(term.field) or not all(map(_is_function_word, words.cut(normal_form(term.text))))


def _is_function_word(word: str) -> bool:
    if word in _HELPING_VERBS or not any(map(str.isalnum, word)):
        return True
    return words.tag(word).startswith(_FUNCTION_TAGS if len(word) > 1 else _ONE_CHARACTER_TAGS)


def _change(chat: Chat, subscription_id: int, **values: Any) -> tuple[Chat, Subscription | None]:
    """Set fields of a subscription."""
    before = subscription_by_id(chat, subscription_id)
    if before is None:
        return chat, None
    after = replace(before, **values)
    subscriptions = tuple(after if other == before else other for other in chat.subscriptions)
    return replace(chat, subscriptions=subscriptions), after


def _at_position(chat: Chat, digits: str, topic: int | None) -> Subscription | None:
    position, subscriptions = _number(digits), subscriptions_of_topic(chat, topic)
    return subscriptions[position - 1] if position and position <= len(subscriptions) else None


def _number(digits: str) -> int | None:
    digits = digits.strip()
    return int(digits) if digits.isdecimal() and len(digits) <= MAX_NUMBER_DIGITS else None


def _with_query(chat: Chat, query: str, topic: int | None) -> Subscription | None:
    return next((found for found in subscriptions_of_topic(chat, topic) if found.query == query), None)


def _normal_form(query: str) -> str:
    """Return the normal form of a query; a query that does not parse is returned stripped.

    A stored query may be older than the current grammar.
    """
    try:
        return str(parse(query))
    except QueryError:
        return query.strip()
