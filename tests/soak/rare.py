"""An update of each kind that the program never asks for; Telegram may hold some back from a former program."""

from typing import Any

from bot.local.chats import ALEX, BOT, WANG, Chat


def rare(chat: Chat, question: str, said: str) -> dict[str, dict[str, Any]]:
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
