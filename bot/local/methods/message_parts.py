"""The parts of a message as a request gives them: text, caption, keyboard, file, reply and topic."""

from dataclasses import dataclass
from typing import Any

from bot.local.chats import Chat
from bot.local.entities import FormattedText, entities_from_json, with_found_entities
from bot.local.files import StoredFile, Upload
from bot.local.markdown import parse_markdown, parse_markdown_v2
from bot.local.markup import checked_link, parse_html
from bot.local.messages import Message
from bot.local.refusals import JSON, Refusal, bad_request
from bot.local.requests import Params
from bot.local.state import ServerState

_BUTTON_ACTIONS: dict[str, tuple[str, ...] | None] = {
    "url": None,
    "callback_data": None,
    "web_app": ("url",),
    "login_url": ("url",),
    "switch_inline_query": None,
    "switch_inline_query_current_chat": None,
    "switch_inline_query_chosen_chat": (),
    "copy_text": ("text",),
    "callback_game": (),
    "pay": None,
}
"""Action of a button -> required fields of its object; None for an action that is text, or a flag (pay)."""
_ATTACHED = "attach://"
MAX_BUTTONS = 100
MAX_CALLBACK_DATA_BYTES = 64
MAX_TEXT_UNITS = 4096
"""Maximum length of a text without markup, in UTF-16 units."""
MAX_CAPTION_UNITS = 1024
"""Maximum length of a caption without markup, in UTF-16 units."""
MAX_MESSAGE_IDS = 100
_OTHER_MEDIA = frozenset({"animation", "audio", "live_photo", "video"})


def keyboard(params: Params, *, of_edit: bool = False) -> JSON | None:
    """Return the inline keyboard of a request; None if it has none. An edit takes no other kind of keyboard."""
    markup = params.object("reply_markup")
    if markup is None and params.text("reply_markup"):  # null
        raise bad_request("object expected as reply markup")
    if of_edit and markup and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    return inline_keyboard(markup)


def inline_keyboard(markup: Any) -> JSON | None:
    """Return the inline keyboard of a `reply_markup`, None if it has none; raise a 400 if the keyboard is invalid."""
    if not markup:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" not in markup:
        return None
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" must be an Array of Arrays')
    checked = [[_check_button(button) for button in row] for row in rows if row]
    if sum(map(len, checked)) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": checked} if checked else None


def _check_button(button: Any) -> JSON:
    """Return a copy of the button; raise a 400 if it is invalid."""
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    text = button.get("text")
    if text is None:
        raise bad_request("can't parse inline keyboard button: Can't find field \"text\"")
    if not isinstance(text, str) or not text.strip():
        raise bad_request("inline keyboard button text is empty")
    # Only the switch_… actions may be empty: they then start inline mode without a query.
    actions = [name for name in _BUTTON_ACTIONS if button.get(name) or (name.startswith("switch_") and name in button)]
    if len(actions) != 1:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
            if not actions
            else "can't parse inline keyboard button: exactly one action must be used"
        )
    looks = {name: button[name] for name in ("style", "icon_custom_emoji_id") if isinstance(button.get(name), str)}
    return {"text": text, actions[0]: _button_action(actions[0], button[actions[0]]), **looks}


def _button_action(action: str, value: Any) -> Any:
    """Return the value of a button's action; raise a 400 if it is invalid."""
    required = _BUTTON_ACTIONS[action]
    if required is not None:
        if not isinstance(value, dict):
            raise bad_request(f'can\'t parse inline keyboard button: Field "{action}" must be of type Object')
        _require_text(value, required)
        return {name: inner for name, inner in value.items() if isinstance(inner, str | bool)}
    if action == "pay":
        return True
    _require_text({action: value}, (action,))
    if action == "callback_data" and len(value.encode("utf-8", "surrogatepass")) > MAX_CALLBACK_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if action == "url" and not checked_link(value):
        raise bad_request(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
    return value


def _require_text(fields: JSON, names: tuple[str, ...]) -> None:
    for name in names:
        if not isinstance(fields.get(name), str):
            raise bad_request(f'can\'t parse inline keyboard button: Field "{name}" must be of type String')


def message_text(params: Params, name: str = "text", *, too_long: str = "message is too long") -> FormattedText:
    """Return the formatted text of a request; raise a 400 if the text without markup is empty or too long."""
    raw = params.text(name)
    if not raw:
        raise bad_request("message text is empty")
    rich = format_text(raw, params.text("parse_mode"), params.array("entities"))
    if not rich.text:
        raise bad_request("text must be non-empty")
    if len(rich) > MAX_TEXT_UNITS:
        raise bad_request(too_long)
    return rich


def inline_text(result: JSON) -> FormattedText | None:
    """Return the text that an inline result sends; None if it sends something else."""
    content = result.get("input_message_content")
    if not isinstance(content, dict) or "message_text" not in content:
        return None
    return message_text(_given(content), "message_text")


def _given(fields: JSON) -> Params:
    """Return the fields of a nested object, in which null means the same as a missing field."""
    return Params({name: value for name, value in fields.items() if value is not None})


def media_caption(params: Params, *, too_long: str = "message caption is too long") -> FormattedText:
    """Return the formatted caption of a request, which may be empty; raise a 400 if it is too long."""
    rich = format_text(params.text("caption"), params.text("parse_mode"), params.array("caption_entities"))
    if len(rich) > MAX_CAPTION_UNITS:
        raise bad_request(too_long)
    return rich


_PARSERS = {"html": parse_html, "markdown": parse_markdown, "markdownv2": parse_markdown_v2}


def format_text(raw: str, parse_mode: str, entities: list[JSON] | None) -> FormattedText:
    """Return a text formatted by its parse mode, or by `entities` if there is no parse mode."""
    mode = parse_mode.lower()
    if mode in {"", "none"}:
        return with_found_entities(raw, entities_from_json(entities or ()))
    if mode not in _PARSERS:
        raise bad_request("unsupported parse_mode")
    return with_found_entities(*_PARSERS[mode](raw))


def replied_message(state: ServerState, chat: Chat, params: Params) -> Message | None:
    """Return the message to reply to, if any; raise a 400 if it does not exist, unless the request allows that."""
    given = params.object("reply_parameters")
    fields = _given(given) if given else params  # before Bot API 7.0, the fields were parameters of their own
    message_id = fields.integer("message_id" if given else "reply_to_message_id")
    if not message_id:
        return None
    message = state.messages.get(chat, message_id)
    if message is None and not fields.flag("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return message


def message_thread(chat: Chat, params: Params) -> int | None:
    """Return the thread id of the message's forum topic; None in General and in chats without topics."""
    thread = params.integer("message_thread_id")
    if not thread:
        return None
    if thread not in chat.topics:
        raise bad_request("message thread not found")
    return thread


def message_ids(params: Params) -> list[int]:
    """Return the parameter `message_ids`; raise a 400 if it is missing, too long or no array of numbers."""
    try:
        values = params.structure("message_ids")
    except Refusal:
        raise bad_request("can't parse message_ids JSON object") from None
    if values is None or values == []:
        raise bad_request("message identifiers are not specified")
    if not isinstance(values, list):
        raise bad_request("expected an Array of message identifiers")
    if len(values) > MAX_MESSAGE_IDS:
        raise bad_request("too many message identifiers specified")
    if not all(isinstance(value, int | str) and not isinstance(value, bool) for value in values):
        raise bad_request("message identifier must be a Number")
    if not all(str(value).lstrip("-").isdecimal() for value in values):
        raise bad_request("can't parse message identifier as a Number")
    ids = [int(value) for value in values]
    if min(ids) <= 0:
        raise bad_request("invalid message identifier specified")
    return ids


@dataclass(frozen=True, slots=True)
class MediaItem:
    """An InputMedia: a photo or a document, its caption and the source of its file."""

    kind: str
    source: Upload | str
    caption: FormattedText


def media_item(item: Any, params: Params) -> MediaItem:
    """Return an InputMedia of a request; raise a 400 if it is invalid or of a kind that the local server lacks."""
    problem = "can't parse InputMedia: "
    if not isinstance(item, dict):
        raise bad_request(f"{problem}expected an Object")
    fields = _given(item)
    kind, source = fields.text("type"), item.get("media")
    if kind in _OTHER_MEDIA:
        raise bad_request(f"{problem}the local server has only photos and documents")
    if kind not in {"photo", "document"}:
        raise bad_request(f'{problem}type "{kind}" is unsupported')
    if not isinstance(source, str) or not source:
        raise bad_request(f"{problem}media not found")
    upload = params.uploads.get(source.removeprefix(_ATTACHED)) if source.startswith(_ATTACHED) else None
    if source.startswith(_ATTACHED) and upload is None:
        raise bad_request(f"{problem}media not found")
    return MediaItem(kind, upload or source, media_caption(fields))


def message_file(state: ServerState, params: Params, source: Any, kind: str) -> StoredFile:
    """Return the file given by `source`: an upload, `attach://` with the name of an upload, or the id of a file."""
    if isinstance(source, str) and source.startswith(_ATTACHED):
        source = params.uploads.get(source.removeprefix(_ATTACHED))
    if isinstance(source, Upload):
        return state.files.store(source, photo=kind == "photo")
    if not source:
        raise bad_request(f"there is no {kind} in the request")
    if str(source).startswith(("http://", "https://")):
        # The local server connects to no other machine.
        raise bad_request("failed to get HTTP URL content")
    known = state.files.get(str(source))
    if known is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if known.is_photo != (kind == "photo"):
        actual = "Photo" if known.is_photo else "Document"
        raise bad_request(f"can't use file of type {actual} as {kind.capitalize()}")
    return known
