"""Addresses for an operator's monitoring, on loopback and only when configured: /metrics and /health."""

import asyncio

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.context import Services
from bot.serving import Serving


def monitor(services: Services, host: str, port: int) -> Serving:
    """Serves both addresses; to be started and stopped with the program."""

    async def metrics(request: Request) -> Response:  # noqa: ARG001  the form of all routes
        state = await asyncio.to_thread(figures, services)
        return Response(services.metrics.text(state), media_type="text/plain; version=0.0.4; charset=utf-8")

    async def health(request: Request) -> Response:  # noqa: ARG001
        problems = services.pulse.problems(services.clock())
        body = {"status": "failing" if problems else "ok", "problems": problems}
        return Response(orjson.dumps(body), 503 if problems else 200, media_type="application/json")

    return Serving(Starlette(routes=[Route("/metrics", metrics), Route("/health", health)]), host, port)


def figures(services: Services) -> dict[str, float]:
    """What there is now, by kind: chats, subscriptions, issues, articles, and parts of messages by their fate."""
    chats = services.chats.all()
    issues = services.archive.issues()
    return {
        "chats": len(chats),
        "active_chats": sum(chat.active for chat in chats),
        "subscriptions": sum(len(chat.subscriptions) for chat in chats),
        "issues": len(issues),
        "articles": sum(issue.articles for issue in issues),
        **{f"parts_{fate}": count for fate, count in services.outbox.counts().items()},
    }
