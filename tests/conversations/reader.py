"""A reader for tests: sends messages and presses buttons over the page's API, and returns the bot's answers."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from bot.callbacks import MAX_CALLBACK_BYTES
from bot.render.packing import MAX_CAPTION_UNITS, MAX_ENTITIES, MAX_MESSAGE_UNITS, utf16_units

WANG, ALEX, GROUP = 1001, 1002, -1001000000003
ANSWER_TIMEOUT_SECONDS = 10.0
QUIET_SECONDS = 0.06
"""Seconds without a change after which an answer is complete."""


@dataclass(frozen=True)
class Answer:
    """The messages that the bot sent or edited, and the popup of a pressed button."""

    messages: tuple[dict[str, Any], ...]
    popup: str = ""

    @property
    def text(self) -> str:
        return "\n\n".join(map(text_of, self.messages))

    @property
    def pictures(self) -> list[dict[str, Any]]:
        """The largest size of each photo."""
        return [message["photo"][-1] for message in self.messages if "photo" in message]

    @property
    def edited(self) -> bool:
        return all("edit_date" in message for message in self.messages)

    @property
    def labels(self) -> list[str]:
        return [button["text"] for _, button in self._buttons()]

    def button(self, label: str) -> tuple[int, str]:
        """Message id and callback data of the first button whose label starts with `label`."""
        for message, button in self._buttons():
            if button["text"].startswith(label):
                return message["message_id"], button.get("callback_data", "")
        raise AssertionError(f"no button {label!r} among {self.labels}")

    def marked(self, kind: str) -> list[str]:
        """The parts of the first message that have an entity of this kind (bold, code, blockquote)."""
        first = self.messages[0]
        text = text_of(first).encode("utf-16-le")
        entities = [e for e in first.get("entities") or first.get("caption_entities", ()) if e["type"] == kind]
        return [text[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le") for e in entities]

    def _buttons(self) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        for message in self.messages:
            for row in message.get("reply_markup", {}).get("inline_keyboard", ()):
                for button in row:
                    yield message, button


@dataclass
class Reader:
    """A user in a chat."""

    page: httpx.AsyncClient
    chat: int = WANG
    user: int | None = None
    topic: int | None = None
    """Topic of a forum; None for its General topic and other chats."""
    last: Answer = field(default=Answer(()))
    before_answer: dict[int, Any] = field(default_factory=dict)
    """Messages of the chat after the last answer."""

    async def send(self, text: str, *, reply_to: int | None = None) -> Answer:
        """Send a message and wait for the complete answer."""
        before = await self._seen()
        body = {"text": text, "reply_to": reply_to, "thread": self.topic}
        await self._post("messages", {name: value for name, value in body.items() if value is not None})
        return await self._answered(before, text)

    async def reply(self, text: str) -> Answer:
        """Send a reply to the bot's last message."""
        return await self.send(text, reply_to=self.last.messages[-1]["message_id"])

    async def send_file(self, name: str, content: str) -> Answer:
        """Send a file and wait for the complete answer."""
        before = await self._seen()
        await self._post("files", {"name": name, "content": content})
        return await self._answered(before)

    async def press(self, label: str, on: Answer | None = None) -> Answer:
        """Press the button whose label starts with `label`, on the last answer or on `on`."""
        return await self.press_data(*(on or self.last).button(label))

    async def press_data(self, message: int, data: str) -> Answer:
        """Press a button with any callback data."""
        before = await self._seen()
        answer = await self._post("press", {"message_id": message, "data": data})
        assert answer["answered"], "the button went on spinning"
        if answer["text"]:
            return Answer((), answer["text"])
        return await self._answered(before)

    async def send_without_waiting(self, text: str) -> None:
        """Send a message that the bot should not answer."""
        await self._post("messages", {"text": text})

    async def next_message(self) -> Answer:
        """Wait for messages that the bot sends without being asked, from the last answer on."""
        return await self._answered(self.before_answer)

    async def _answered(self, before: dict[int, Any], sent: str = "") -> Answer:
        deadline = time.monotonic() + ANSWER_TIMEOUT_SECONDS
        fresh: list[dict[str, Any]] = []
        while time.monotonic() < deadline:
            await asyncio.sleep(QUIET_SECONDS if fresh else 0.01)
            seen = await self._seen()
            now = [m for key, m in seen.items() if before.get(key) != m and _is_bots(m)]
            if fresh and now == fresh:
                for message in fresh:
                    check_message(message, sent)
                self.last, self.before_answer = Answer(tuple(fresh)), seen
                return self.last
            fresh = now
        raise AssertionError(f"no answer within {ANSWER_TIMEOUT_SECONDS} s")

    async def _seen(self) -> dict[int, Any]:
        response = await self.page.get(f"/api/chats/{self.chat}/messages")
        response.raise_for_status()
        here = (message for message in response.json()["messages"] if message.get("message_thread_id") == self.topic)
        return {message["message_id"]: message for message in here}

    async def _post(self, what: str, body: dict[str, Any]) -> dict[str, Any]:
        who = {} if self.user is None else {"from": self.user}
        response = await self.page.post(f"/api/chats/{self.chat}/{what}", json=body | who)
        assert response.status_code == 200, response.text
        return dict(response.json())


def _is_bots(message: dict[str, Any]) -> bool:
    """True for a message of the bot; in a channel all messages are."""
    return "sender_chat" in message or bool(message["from"]["is_bot"])


def text_of(message: dict[str, Any]) -> str:
    """The text of a message or the caption of its photo."""
    sent: str = message.get("text") or message.get("caption", "")
    return sent


def check_message(message: dict[str, Any], sent: str) -> None:
    """Assert that a message is within Telegram's limits and shows no markup, placeholder or None."""
    text = text_of(message)
    assert 0 < utf16_units(text) <= (MAX_CAPTION_UNITS if "photo" in message else MAX_MESSAGE_UNITS)
    assert len(message.get("entities") or message.get("caption_entities", ())) <= MAX_ENTITIES
    for trace in ("<b>", "</", "&lt;", "&amp;", "{", "}", "None:", "None,", "None·", "(None"):
        assert trace not in text or trace in sent, f"{trace} in {text}"
    for row in message.get("reply_markup", {}).get("inline_keyboard", ()):
        for button in row:
            assert 0 < len(button["text"]) <= 40
            assert len(button.get("callback_data", "").encode()) <= MAX_CALLBACK_BYTES
