"""Who may talk to the server: this machine alone, and of its web pages only our own.

A page elsewhere can point its own name at 127.0.0.1 (DNS rebinding), so the Host header has to name this machine; and
it can post blindly to us, so a request that changes something has to come from our page or from no page at all.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class Gate:
    """Lets through what comes from this machine, and puts the safety headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        why = _refusal(scope)
        if why:
            await JSONResponse({"error": why}, status_code=403)(scope, receive, guarded)
        else:
            await self._app(scope, receive, guarded)


def _refusal(scope: Scope) -> str:
    """Why the request is not let through; empty when it is."""
    headers = Headers(scope=scope)
    host = headers.get("host", "")
    if not _is_here(host, scope["server"][1]):
        return f"Host {host!r} is not this machine"
    if scope["method"] in {"GET", "HEAD"} or not scope["path"].startswith("/api/"):
        return ""
    origin = headers.get("origin")
    if origin is not None and origin != f"http://{host}":
        return f"Origin {origin!r} is not this page"
    kind = headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != "application/json":
        return f"content-type {kind!r} where application/json is expected"
    return ""


def _is_here(host: str, port: int) -> bool:
    try:
        parts = urlsplit(f"//{host}")
        named = (parts.port or 80) == port
    except ValueError:
        return False
    return named and parts.hostname in _NAMES and "@" not in host
