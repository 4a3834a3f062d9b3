"""How digests and chats look as documents in the stores, and the way back (pure)."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date, datetime, time
from typing import Any

from digests.chats import Channel, Chat, Settings, Subscription
from digests.models import ArticleRef, Digest, Figure, Keyword, Story, Trace


def digest_document(digest: Digest) -> dict[str, Any]:
    return {
        "day": digest.day.isoformat(),
        "paper": digest.paper,
        "pages": list(digest.pages),
        "articles": digest.articles,
        "notices": digest.notices,
        "quality": digest.quality,
        "keywords": [[keyword.text, keyword.weight, keyword.trend] for keyword in digest.keywords],
        "stories": [
            {
                "article": story.article,
                "headline": story.headline,
                "page": story.page,
                "quote": story.quote,
                "score": story.score,
                "parts": [[name, value] for name, value in story.parts],
                "theme": story.theme,
                "copies": list(story.copies),
                "follows": story.follows
                and [story.follows.day.isoformat(), story.follows.article, story.follows.headline],
            }
            for story in digest.stories
        ],
        "fingerprint": digest.fingerprint,
        "figures": [[figure.text, figure.quote, figure.article] for figure in digest.figures],
        "repeated": digest.repeated,
        "traces": [
            [trace.article, trace.headline, list(trace.keywords), list(trace.sketch)] for trace in digest.traces
        ],
    }


def digest_of(document: Mapping[str, Any]) -> Digest:
    return Digest(
        day=date.fromisoformat(document["day"]),
        paper=document["paper"],
        pages=tuple(document["pages"]),
        articles=document["articles"],
        notices=document["notices"],
        quality=document["quality"],
        keywords=tuple(Keyword(*keyword) for keyword in document["keywords"]),
        stories=tuple(_story(story) for story in document["stories"]),
        fingerprint=document["fingerprint"],
        figures=tuple(Figure(*figure) for figure in document.get("figures", ())),
        repeated=document.get("repeated", 0),
        traces=tuple(
            Trace(article, headline, tuple(listed), tuple(sketch))
            for article, headline, listed, sketch in document.get("traces", ())
        ),
    )


def _story(document: dict[str, Any]) -> Story:
    parts = tuple((name, value) for name, value in document["parts"])
    follows = document.get("follows")
    return Story(
        **{
            **document,
            "parts": parts,
            "copies": tuple(document.get("copies", ())),
            "follows": follows and ArticleRef(date.fromisoformat(follows[0]), *follows[1:]),
        }
    )


def chat_document(chat: Chat) -> dict[str, Any]:
    """What is as it is for everybody is left out: a chat's document stays small, and all are written at each change."""
    return {
        "id": chat.id,
        "settings": _chosen(chat.settings, {"language"}),
        "subscriptions": [_chosen(one, {"id", "query", "created"}) for one in chat.subscriptions],
        "active": chat.active,
        "next_subscription": chat.next_subscription,
        **({"channels": [[one.id, one.title] for one in chat.channels]} if chat.channels else {}),
        **({"manages": chat.managed_channel} if chat.managed_channel is not None else {}),
    }


def chat_of(document: Mapping[str, Any]) -> Chat:
    return Chat(
        id=document["id"],
        settings=Settings(**_read(document["settings"])),
        subscriptions=tuple(Subscription(**_read(one)) for one in document["subscriptions"]),
        active=document["active"],
        next_subscription=document["next_subscription"],
        channels=tuple(Channel(*one) for one in document.get("channels", ())),
        managed_channel=document.get("manages"),
    )


def _chosen(value: Settings | Subscription, always: set[str]) -> dict[str, Any]:
    """The fields that stand in `always` or are not at their defaults."""
    held = {one.name: (getattr(value, one.name), one.default) for one in fields(value)}
    return {name: _written(now) for name, (now, usual) in held.items() if name in always or now != usual}


def _written(value: object) -> object:
    if isinstance(value, (datetime, time)):
        return value.isoformat()
    return [_written(one) for one in value] if isinstance(value, tuple) else value


def _read(document: dict[str, Any]) -> dict[str, Any]:
    return {name: _READ.get(name, _same)(value) for name, value in document.items()}


def _same(value: Any) -> Any:
    return value


_READ: dict[str, Callable[[Any], Any]] = {
    "created": datetime.fromisoformat,
    "muted_until": datetime.fromisoformat,
    "digest_time": time.fromisoformat,
    "quiet": lambda times: tuple(time.fromisoformat(one) for one in times),
    "weekdays": tuple,
}
"""How the fields are read that JSON has no form for."""
