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


def unrequested_updates(chat: Chat, question: str, said: str) -> dict[str, dict[str, Any]]:
    """By kind; `question` is the id of what waits for an answer, `said` any text."""
    someone, there = WANG.to_json(), chat.to_json()
    address = dict.fromkeys("country_code state city street_line1 street_line2 post_code".split(), "x")
    no = dict.fromkeys("is_closed is_anonymous allows_multiple_answers allows_revoting members_only".split(), False)
    options = [{"persistent_id": "a", "text": "<b>", "voter_count": 0}]
    poll = {"id": "1", "question": said[:300], "options": options, "total_voter_count": 0, "type": "regular", **no}
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
        "chosen_inline_result": {"result_id": "x", "from": someone, "query": said[:256]},
    }


Update = tuple[str, dict[str, Any]]
"""A kind and what it carries."""

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
    """Updates by chance; the same seed over the same chats makes the same ones."""

    def __init__(self, server: LocalServer, seed: int) -> None:
        self._state = server.state
        self._choose = random.Random(seed)
        self._number = 10**6

    def update(self) -> Update:
        """One update of any kind; most often one of those that are answered."""
        likely: list[Callable[[], Update]] = [self._message, self._press, self._inline, self._membership]
        if self._choose.random() < 0.85:
            return self._choose.choices(likely, (10, 10, 3, 1))[0]()
        return self._choose.choice((self._post, self._rare, self._rare))()

    def text(self) -> str:
        """Something to say."""
        choose = self._choose
        match choose.randrange(4):
            case 0:
                said = choose.choice(TEXTS)
            case 1:
                said = "".join(choose.choices(choose.choice(CHARACTER_SETS), k=choose.choice((1, 3, 30, 300, 4096))))
            case 2:
                said = "".join(choose.choice(choose.choice(CHARACTER_SETS)) for _ in range(choose.randrange(1, 60)))
            case _:
                said = " ".join(choose.choices(TEXTS[:40], k=3))
        if choose.random() < 0.6:
            address = choose.choice(("", "", "@jianbao_bot", "@other_bot"))
            command = choose.choice([*COMMANDS, *UNLISTED_COMMANDS, "x", "START"])
            said = f"/{command}{address} {choose.choice((said, said, ''))}"
        return said[:4096].strip() or "x"

    def _message(self) -> Update:
        return "message", self._said(self._chat())

    def _post(self) -> Update:
        kinds = "edited_message channel_post edited_channel_post business_message edited_business_message guest_message"
        return self._choose.choice(kinds.split()), self._said(self._chat())

    def _said(self, chat: Chat) -> dict[str, Any]:
        choose, said = self._choose, self._text_of(chat)
        theirs = [one for one in self._state.messages.in_chat(chat.id) if one.sender == BOT]
        if theirs and choose.random() < 0.2:
            said["reply_to_message"] = choose.choice(theirs).to_json()
        if chat.topics and choose.random() < 0.7:
            said |= {"message_thread_id": choose.choice((*chat.topics, 1, 999)), "is_topic_message": True}
        return said | self._instead(said)

    def _text_of(self, chat: Chat) -> dict[str, Any]:
        self._number += 1
        sender = {"sender_chat": chat.to_json()} if chat.type == "channel" else {"from": self._person(chat)}
        text = self.text()
        said = {"message_id": self._number, "date": 1_700_000_000, "chat": chat.to_json(), "text": text, **sender}
        if text.startswith("/"):
            length = len(text.split()[0].encode("utf-16-le")) // 2
            said["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return said

    def _chat(self) -> Chat:
        """More often a private one, where everything is answered."""
        chats = list(CHATS.values())
        return self._choose.choices(chats, [3 if chat.type == "private" else 1 for chat in chats])[0]

    def _person(self, chat: Chat) -> dict[str, Any]:
        person = chat.people[0] if chat.type == "private" else self._choose.choice((WANG, ALEX))
        return {**person.to_json(), "language_code": self._choose.choice(("zh", "en", "ar", "x", "zh-Hant-TW"))}

    def _instead(self, said: dict[str, Any]) -> dict[str, Any]:
        """At times the message is no text."""
        if self._choose.random() > 0.15:
            return {}
        for noun in ("text", "entities"):
            said.pop(noun, None)
        name, content = self._choose.choice(list(FILES.items()))
        kept = self._state.files.store(Upload(name, "application/json", content), photo=False)
        person = self._person(CHATS[WANG.id])
        return self._choose.choice([
            {"document": kept.document_json(), "caption": self.text()[:1024]},
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
            {"pinned_message": {"message_id": 1, "date": 0, "chat": said["chat"]}},
            {"story": {"chat": said["chat"], "id": 1}},
            {},
        ])  # fmt: skip

    def _press(self) -> Update:
        choose, chat = self._choose, self._chat()
        query: dict[str, Any] = {"id": self._asked(), "from": self._person(chat), "chat_instance": "1"}
        messages = [one.to_json() for one in self._state.messages.in_chat(chat.id) if one.keyboard]
        match choose.randrange(8):
            case 0:
                query["inline_message_id"] = "AAA"
            case 1:
                query["message"] = {"chat": chat.to_json(), "message_id": 3, "date": 0}
            case _ if messages:
                query["message"] = choose.choice(messages)
            case _:
                query["message"] = self._text_of(chat)
        return "callback_query", query | (
            {"game_short_name": "x"} if choose.random() < 0.02 else {"data": self._data(query)}
        )

    def _data(self, query: dict[str, Any]) -> str:
        """What stands on a button of the message, changed a little, made up of our letters, or nonsense."""
        choose = self._choose
        keyboard = query.get("message", {}).get("reply_markup", {}).get("inline_keyboard", ())
        shown: list[str] = [button["callback_data"] for row in keyboard for button in row if "callback_data" in button]
        chance = choose.random()
        if shown and chance < 0.6:
            return choose.choice(shown)
        if shown and chance < 0.8:
            data = list(choose.choice(shown))
            data[choose.randrange(len(data))] = choose.choice("0189:@-x防")
            return _fitting("".join(data))
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
            letters = choose.choice(list(CALLBACKS_BY_LETTER))
            return _fitting(":".join(["1", letters, *choose.choices(values, k=choose.randrange(5))]))
        return _fitting(self.text())

    def _inline(self) -> Update:
        offset = self._choose.choice(("", "", "0", "10", "-1", "x", "99999999999999999999"))
        person = self._person(CHATS[WANG.id])
        return "inline_query", {"id": self._asked(), "from": person, "query": self.text()[:256], "offset": offset}

    def _membership(self) -> Update:
        chat = self._chat()
        told = {"chat": chat.to_json(), "from": self._person(chat), "date": 1_700_000_000}
        return "my_chat_member", told | {"old_chat_member": self._member(), "new_chat_member": self._member()}

    def _member(self) -> dict[str, Any]:
        status = self._choose.choice(("member", "kicked", "left"))
        until = {"until_date": 0} if status == "kicked" else {}
        return {"status": status, "user": BOT.to_json(), **until}

    def _rare(self) -> Update:
        kinds = unrequested_updates(self._chat(), self._asked(), self.text())
        return self._choose.choice(list(kinds.items()))

    def _asked(self) -> str:
        return self._state.queries.open().id


def _fitting(data: str) -> str:
    """At most the 64 bytes that Telegram carries."""
    return data.encode()[:64].decode("utf-8", "ignore") or "x"
