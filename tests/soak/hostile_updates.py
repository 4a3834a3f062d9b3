"""An update of each kind that the program never asks for; Telegram may hold some back from a former program.

Updates that nobody should send and some do: every kind there is, texts of all sorts, forged and old buttons.
"""

import random
from collections.abc import Callable
from typing import Any

from bot.callbacks import CALLBACKS_BY_LETTER
from bot.handlers import COMMANDS, UNLISTED_COMMANDS
from bot.local import LocalServer
from bot.local.chats import ALEX, BOT, CHATS, WANG, Chat
from bot.local.files import Upload


def unrequested_updates(chat: Chat, question: str, message: str) -> dict[str, dict[str, Any]]:
    """One update of each kind that the program never requests; `question` is the id of a pending query."""
    someone, there = WANG.to_json(), chat.to_json()
    address = dict.fromkeys("country_code state city street_line1 street_line2 post_code".split(), "x")
    no = dict.fromkeys("is_closed is_anonymous allows_multiple_answers allows_revoting members_only".split(), False)
    options = [{"persistent_id": "a", "text": "<b>", "voter_count": 0}]
    poll = {"id": "1", "question": message[:300], "options": options, "total_voter_count": 0, "type": "regular", **no}
    source = {"source": "premium", "user": someone}
    boost = {"boost_id": "1", "add_date": 0, "expiration_date": 1, "source": source}
    thumb = {"type": "emoji", "emoji": "👍"}
    member, gone = ({"status": status, "user": ALEX.to_json()} for status in ("member", "left"))
    paid = {"from": someone, "invoice_payload": "x"}
    return {
        "poll": poll,
        "poll_answer": {"poll_id": "1", "user": someone, "option_ids": [0], "option_persistent_ids": ["a"]},
        "shipping_query": {"id": question, **paid, "shipping_address": address},
        "pre_checkout_query": {"id": question, **paid, "currency": "XTR", "total_amount": 1},
        "purchased_paid_media": {"from": someone, "paid_media_payload": "x"},
        "chat_boost": {"chat": there, "boost": boost},
        "removed_chat_boost": {"chat": there, "boost_id": "1", "remove_date": 0, "source": source},
        "managed_bot": {"user": someone, "bot": BOT.to_json()},
        "message_reaction": {
            "chat": there,
            "message_id": 3,
            "date": 0,
            "user": someone,
            "old_reaction": [],
            "new_reaction": [thumb],
        },
        "message_reaction_count": {
            "chat": there,
            "message_id": 3,
            "date": 0,
            "reactions": [{"type": thumb, "total_count": 3}],
        },
        "business_connection": {"id": "b", "user": someone, "user_chat_id": WANG.id, "date": 0, "is_enabled": True},
        "deleted_business_messages": {"business_connection_id": "b", "chat": there, "message_ids": [1]},
        "chat_member": {"chat": there, "from": someone, "date": 0, "old_chat_member": member, "new_chat_member": gone},
        "chat_join_request": {"chat": there, "from": someone, "date": 0, "user_chat_id": WANG.id},
        "chosen_inline_result": {"result_id": "x", "from": someone, "query": message[:256]},
    }


Update = tuple[str, dict[str, Any]]
"""Kind and content."""

CHARACTER_SETS = (
    "防汛煤改电地铁 ，。“”《》〔〕",
    "abcXYZ 0123456789 -+*/()[]{}:;\"'\\&<>|~^#@!?",
    "\x01\x07\x0b\x1b\x7f\u0085\u200b\u200d\u2028\u2060\ufeff\ufffe",
    "שלום عربي \u202e\u202d\u2066\u2069\u200f",
    "👍🏽👨‍👩‍👧‍👦🇨🇳𠮷𝔘ﬁ①㊗Ⅳé\u0301\u0301\u0301",
)
TEXTS = (
    "防汛", "<b>防汛", "</b></i>", "&lt;&amp;&#0;", "<a href='tg://user?id=1'>x</a>", "```", "%s {0} {name}",
    "(", "((((((((((", ")", "-", "-防汛", "OR", "防汛 OR", "AND NOT", '"', '"防汛', "title:", "作者:", "防汛~99999999",
    "8月32日", "0000-00-00", "9999-12-31", "2022-02-30", "31.12.9999", "99:99", "每天二十五点", "UTC+99", "Nowhere/X",
    "1e999", "-1", "0", "٣", "NaN", "1" * 400, "x" * 4096, "防" * 4096, "( " * 2048, "\n" * 4000 + "x", "a OR " * 800,
    "*" * 500, "/", "//", "/ start", "@jianbao_bot", "@" * 100, "null", "\u202e防汛\u202c", "../../etc/passwd",
)  # fmt: skip
FILES = {
    "subscriptions.json": b'{"jianbao": ',
    "x.json": b"[" * 5000,
    "x.opml": b"<opml>",
    "x.txt": "防汛\n".encode(),
    "x": b"x",
}


class HostileUpdates:
    """Random updates; the same seed and chats give the same updates."""

    def __init__(self, server: LocalServer, seed: int) -> None:
        self._state = server.state
        self._random = random.Random(seed)
        self._number = 10**6

    def update(self) -> Update:
        """A random update, most often of a kind that the program requests."""
        likely: list[Callable[[], Update]] = [self._message, self._press, self._inline, self._membership]
        if self._random.random() < 0.85:
            return self._random.choices(likely, (10, 10, 3, 1))[0]()
        return self._random.choice((self._post, self._rare, self._rare))()

    def text(self) -> str:
        """A random text or command."""
        rng = self._random
        match rng.randrange(4):
            case 0:
                message = rng.choice(TEXTS)
            case 1:
                message = "".join(rng.choices(rng.choice(CHARACTER_SETS), k=rng.choice((1, 3, 30, 300, 4096))))
            case 2:
                message = "".join(rng.choice(rng.choice(CHARACTER_SETS)) for _ in range(rng.randrange(1, 60)))
            case _:
                message = " ".join(rng.choices(TEXTS[:40], k=3))
        if rng.random() < 0.6:
            address = rng.choice(("", "", "@jianbao_bot", "@other_bot"))
            command = rng.choice([*COMMANDS, *UNLISTED_COMMANDS, "x", "START"])
            message = f"/{command}{address} {rng.choice((message, message, ''))}"
        return message[:4096].strip() or "x"

    def _message(self) -> Update:
        return "message", self._message_json(self._chat())

    def _post(self) -> Update:
        kinds = "edited_message channel_post edited_channel_post business_message edited_business_message guest_message"
        return self._random.choice(kinds.split()), self._message_json(self._chat())

    def _message_json(self, chat: Chat) -> dict[str, Any]:
        rng, message = self._random, self._text_of(chat)
        from_bot = [sent for sent in self._state.messages.in_chat(chat.id) if sent.sender == BOT]
        if from_bot and rng.random() < 0.2:
            message["reply_to_message"] = rng.choice(from_bot).to_json()
        if chat.topics and rng.random() < 0.7:
            message |= {"message_thread_id": rng.choice((*chat.topics, 1, 999)), "is_topic_message": True}
        return message | self._other_content(message)

    def _text_of(self, chat: Chat) -> dict[str, Any]:
        self._number += 1
        sender = {"sender_chat": chat.to_json()} if chat.type == "channel" else {"from": self._sender_json(chat)}
        text = self.text()
        message = {"message_id": self._number, "date": 1_700_000_000, "chat": chat.to_json(), "text": text, **sender}
        if text.startswith("/"):
            length = len(text.split()[0].encode("utf-16-le")) // 2
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return message

    def _chat(self) -> Chat:
        """A random chat; a private one, where everything is answered, three times as likely."""
        chats = list(CHATS.values())
        return self._random.choices(chats, [3 if chat.type == "private" else 1 for chat in chats])[0]

    def _sender_json(self, chat: Chat) -> dict[str, Any]:
        person = chat.people[0] if chat.type == "private" else self._random.choice((WANG, ALEX))
        return {**person.to_json(), "language_code": self._random.choice(("zh", "en", "ar", "x", "zh-Hant-TW"))}

    def _other_content(self, message: dict[str, Any]) -> dict[str, Any]:
        """Other content in place of the text in 15 of 100 messages."""
        if self._random.random() > 0.15:
            return {}
        for noun in ("text", "entities"):
            message.pop(noun, None)
        name, content = self._random.choice(list(FILES.items()))
        file = self._state.files.store(Upload(name, "application/json", content), photo=False)
        person = self._sender_json(CHATS[WANG.id])
        return self._random.choice([
            {"document": file.document_json(), "caption": self.text()[:1024]},
            {"location": {"latitude": 0.0, "longitude": 180.0}},
            {"dice": {"emoji": "🎲", "value": 6}},
            {"contact": {"phone_number": "1", "first_name": "<b>"}},
            {"new_chat_members": [person]},
            {"left_chat_member": person},
            {"new_chat_title": "</b>"},
            {"delete_chat_photo": True},
            {"group_chat_created": True},
            {"forum_topic_created": {"name": "x", "icon_color": 0}},
            {"forum_topic_closed": {}},
            {"pinned_message": {"message_id": 1, "date": 0, "chat": message["chat"]}},
            {"story": {"chat": message["chat"], "id": 1}},
            {},
        ])  # fmt: skip

    def _press(self) -> Update:
        rng, chat = self._random, self._chat()
        query: dict[str, Any] = {"id": self._query_id(), "from": self._sender_json(chat), "chat_instance": "1"}
        messages = [sent.to_json() for sent in self._state.messages.in_chat(chat.id) if sent.keyboard]
        match rng.randrange(8):
            case 0:
                query["inline_message_id"] = "AAA"
            case 1:
                query["message"] = {"chat": chat.to_json(), "message_id": 3, "date": 0}
            case _ if messages:
                query["message"] = rng.choice(messages)
            case _:
                query["message"] = self._text_of(chat)
        return "callback_query", query | (
            {"game_short_name": "x"} if rng.random() < 0.02 else {"data": self._data(query)}
        )

    def _data(self, query: dict[str, Any]) -> str:
        """Callback data: of a button of the message, changed by one character, of our form, or random."""
        rng = self._random
        keyboard = query.get("message", {}).get("reply_markup", {}).get("inline_keyboard", ())
        buttons: list[str] = [
            button["callback_data"] for row in keyboard for button in row if "callback_data" in button
        ]
        chance = rng.random()
        if buttons and chance < 0.6:
            return rng.choice(buttons)
        if buttons and chance < 0.8:
            data = list(rng.choice(buttons))
            data[rng.randrange(len(data))] = rng.choice("0189:@-x防")
            return _cut("".join(data))
        if chance < 0.95:
            values = (
                "",
                "0",
                "1",
                "-1",
                "999999999999999999999",
                "2022-08-29",
                "2022-02-30",
                "zzzzz-zzzzz",
                "防汛",
                "zh",
                "x",
            )
            letters = rng.choice(list(CALLBACKS_BY_LETTER))
            return _cut(":".join(["1", letters, *rng.choices(values, k=rng.randrange(5))]))
        return _cut(self.text())

    def _inline(self) -> Update:
        offset = self._random.choice(("", "", "0", "10", "-1", "x", "99999999999999999999"))
        person = self._sender_json(CHATS[WANG.id])
        return "inline_query", {"id": self._query_id(), "from": person, "query": self.text()[:256], "offset": offset}

    def _membership(self) -> Update:
        chat = self._chat()
        change = {"chat": chat.to_json(), "from": self._sender_json(chat), "date": 1_700_000_000}
        return "my_chat_member", change | {"old_chat_member": self._member(), "new_chat_member": self._member()}

    def _member(self) -> dict[str, Any]:
        status = self._random.choice(("member", "kicked", "left"))
        until = {"until_date": 0} if status == "kicked" else {}
        return {"status": status, "user": BOT.to_json(), **until}

    def _rare(self) -> Update:
        kinds = unrequested_updates(self._chat(), self._query_id(), self.text())
        return self._random.choice(list(kinds.items()))

    def _query_id(self) -> str:
        return self._state.queries.open().id


def _cut(data: str) -> str:
    """`data` cut to the 64 bytes that Telegram allows."""
    return data.encode()[:64].decode("utf-8", "ignore") or "x"
