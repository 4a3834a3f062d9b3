"""A scripted Bot API server for what the local server does not do, and plain bots for both."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from telegram import Bot

from bot.delivery.http_client import HttpClient
from bot.local import LocalServer
from digests.chats import OutgoingMessage, Subscription
from digests.storage.outbox import OutboxEntry
from tests.virtual_clock import NOW

WANG, ALEX, GROUP = 1001, 1002, -1001000000003
SUBSCRIPTION = Subscription(1, "防汛", NOW)


class Telegram:
    """Records messages and answers them as the test has scripted."""

    def __init__(self) -> None:
        self.got: list[tuple[int, str]] = []
        self.threads: list[tuple[str, int | None]] = []
        """Each text with the forum topic it was sent to."""
        self.answers: dict[int, Callable[[], Awaitable[Response]]] = {}
        """Answers by chat; other chats accept."""
        self.topics: dict[int | None, Callable[[], Awaitable[Response]]] = {}
        self.base_url = ""

    async def send_message(self, request: Request) -> Response:
        form = await request.json()
        chat, text = int(str(form["chat_id"])), str(form["text"])
        self.got.append((chat, text))
        topic = int(str(form["message_thread_id"])) if "message_thread_id" in form else None
        self.threads.append((text, topic))
        if topic in self.topics:
            return await self.topics[topic]()
        if chat in self.answers:
            return await self.answers[chat]()
        return accepted(len(self.got), chat)

    def texts(self, chat: int) -> list[str]:
        return [text for to, text in self.got if to == chat]


def accepted(message_id: int, chat: int) -> Response:
    message = {"message_id": message_id, "date": 0, "chat": {"id": chat, "type": "private"}}
    return JSONResponse({"ok": True, "result": message})


def refused(code: int, description: str, **parameters: int) -> Callable[[], Awaitable[Response]]:
    async def answer() -> Response:
        body = {"ok": False, "error_code": code, "description": description, "parameters": parameters}
        return JSONResponse(body, code)

    return answer


def local_bot(server: LocalServer) -> Bot:
    return plain_bot(server.token, server.base_url)


def plain_bot(token: str, base_url: str) -> Bot:
    """A bot without TLS certificates: loading them takes longer than most of these tests."""
    request, polling = (HttpClient(httpx_kwargs={"verify": False}) for _ in range(2))
    return Bot(token, base_url=base_url, request=request, get_updates_request=polling)


def entry(chat: int, key: str, *texts: str) -> OutboxEntry:
    return OutboxEntry(chat, key, tuple(OutgoingMessage(text) for text in texts or (key,)))


def seen(server: LocalServer, chat: int) -> list[str]:
    return [message["text"] for message in server.messages(chat)]
