"""Parse the parameters of a request (query, form, JSON or multipart), and check them against a Bot API schema."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.types import Message, Receive

from bot.local.files import Upload
from bot.local.refusals import JSON, bad_request, too_large
from digests.errors import UsageError

MAX_REQUEST_BYTES = 55 * 1024 * 1024
MAX_PAGE_REQUEST_BYTES = 1024 * 1024
"""Maximum size of a request to the page's API, which takes no uploads."""


def limited(receive: Receive, path: str) -> Receive:
    """Return `receive` changed to raise a 413 when the body of a request to `path` exceeds its limit."""
    limit = MAX_PAGE_REQUEST_BYTES if path.startswith("/api/") else MAX_REQUEST_BYTES
    size = 0

    async def receive_within_limit() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > limit:
            raise too_large()  # Uvicorn reads and drops the rest, so that the client gets the answer
        return message

    return receive_within_limit


def decode_json(text: str | bytes) -> Any:
    """Return a decoded value; raise ValueError if it is no JSON, or nested too deeply to be part of an answer."""
    value = orjson.loads(text)
    try:
        orjson.dumps([[[[[[[[value]]]]]]]])  # orjson reads 1024 levels, but writes only 254
    except TypeError:
        raise ValueError("nested too deeply") from None
    return value


_INTEGER = re.compile(r"-?\d{1,18}")


@dataclass(frozen=True, slots=True)
class Params:
    """Parameters by name, and uploads. Like Telegram, a method reads a value as far as it makes sense for it, whether
    it comes as text from a form or as a JSON value, and ignores parameters that it does not know."""

    values: Mapping[str, Any]
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return a parameter as text, empty if it is missing; a JSON value that is no string is returned as JSON."""
        value = self.values.get(name, "")
        return value if isinstance(value, str) else orjson.dumps(value).decode()

    def integer(self, name: str, default: int = 0) -> int:
        """Return the number with which a parameter begins, 0 if there is none; `default` if it is missing."""
        text = self.text(name).strip()
        found = _INTEGER.match(text)
        return int(found.group()) if found else 0 if text else default

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in {"true", "yes", "1"}

    def chat_id(self, name: str = "chat_id") -> int | str:
        """Return a chat's id or public @name; raise a 400 if the parameter is missing."""
        value = self.text(name).strip()
        if value == "":
            raise bad_request("chat_id is empty" if name == "chat_id" else f'parameter "{name}" is required')
        return int(value) if _INTEGER.fullmatch(value) else value

    def object(self, name: str) -> JSON | None:
        """Return a parameter as an object, decoded if it is JSON text; None if it is missing."""
        value = self.structure(name)
        if value is not None and not isinstance(value, dict):
            raise bad_request(f"object expected as {_spoken(name)}")
        return value

    def array(self, name: str, of: type = dict) -> list[Any] | None:
        """Return a parameter as an array of items of type `of`, decoded if it is JSON text; None if it is missing."""
        value = self.structure(name)
        if value is not None and not (isinstance(value, list) and all(isinstance(item, of) for item in value)):
            raise bad_request(f"expected an Array of {_spoken(name)}")
        return value

    def structure(self, name: str) -> Any:
        """Return a value, decoded if it is JSON text; None if it is missing, empty or null."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return decode_json(value)
        except ValueError:
            what = "reply keyboard markup" if name == "reply_markup" else _spoken(name)
            raise bad_request(f"can't parse {what} JSON object") from None


def _spoken(name: str) -> str:
    return name.replace("_", " ")


async def parse_request(request: Request) -> Params:
    """Read all parameters and uploads of a request."""
    values: dict[str, Any] = dict(request.query_params)
    uploads: dict[str, Upload] = {}
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind == "application/json":
        values |= _json(await request.body())
    elif kind in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        async with request.form(max_part_size=MAX_REQUEST_BYTES) as form:
            for name, part in form.multi_items():
                if isinstance(part, UploadFile):
                    mime = part.content_type or "application/octet-stream"
                    uploads[name] = Upload(part.filename or name, mime, await part.read())
                else:
                    values[name] = part
    return Params(values, uploads)


def _json(body: bytes) -> dict[str, Any]:
    """Return the fields of a JSON object; raise a 400 if the body is not an object."""
    try:
        values = decode_json(body or b"{}")
    except ValueError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(values, dict):
        raise bad_request("JSON object expected")
    return values


_ARRAY = "Array of "


class Schema:
    """The methods and types of one Bot API version, read from its JSON description."""

    def __init__(self, path: Path) -> None:
        try:
            description = orjson.loads(path.read_bytes())
            self._methods: JSON = {name.lower(): method for name, method in description["methods"].items()}
            self._types: JSON = description["types"]
        except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
            raise UsageError(
                f"schema {path}: expected a Bot API description with methods and types ({error})"
            ) from None

    def check_request(self, method: str, values: Mapping[str, Any], uploads: Iterable[str]) -> list[str]:
        """Return the problems of a request, after decoding form values, which are strings, to the declared types."""
        described = self._methods.get(method.lower())
        if described is None:
            return [f"method {method} is not in the Bot API"]
        fields = {field["name"]: field for field in described.get("fields", [])}
        uploaded = {name for name in uploads if name in fields}
        decoded = {
            name: decode_form_value(value, fields[name]["types"]) if name in fields else value
            for name, value in values.items()
        }
        problems = self._check_fields(decoded, fields, "parameter", described["name"], uploaded)
        return problems + [
            f"parameter {name} takes no upload" for name in uploaded if "InputFile" not in fields[name]["types"]
        ]

    def check_result(self, method: str, value: Any) -> list[str]:
        """Return the problems of a method's result."""
        return self.check_value(value, self._methods[method.lower()]["returns"], "result")

    def check_value(self, value: Any, types: list[str], where: str) -> list[str]:
        """Check a value against each of `types`; return the problems of the type with the fewest problems."""
        problems = [self._check_type(value, kind, where) for kind in types]
        return min(problems, key=len, default=[])

    def _check_type(self, value: Any, kind: str, where: str) -> list[str]:
        """Return the problems of a value that should have the type `kind`."""
        if kind.startswith(_ARRAY):
            if not isinstance(value, list):
                return [_mismatch(where, kind, value)]
            inner = [kind.removeprefix(_ARRAY)]
            return [
                problem for n, item in enumerate(value) for problem in self.check_value(item, inner, f"{where}[{n}]")
            ]
        described = self._types.get(kind)
        if described is None or kind == "InputFile":
            return [] if _has_plain_type(value, kind) else [_mismatch(where, kind, value)]
        if "subtypes" in described:
            return self.check_value(value, described["subtypes"], where)
        if not isinstance(value, dict):
            return [_mismatch(where, kind, value)]
        fields = {field["name"]: field for field in described.get("fields", [])}
        return self._check_fields(value, fields, "field", f"{kind} ({where})", ())

    def _check_fields(
        self, values: Mapping[str, Any], fields: JSON, noun: str, owner: str, uploaded: Iterable[str]
    ) -> list[str]:
        """Return the fields that are unknown or missing, and the problems of the other values."""
        problems = [f"unknown {noun} {name} of {owner}" for name in values if name not in fields]
        present = {*values, *uploaded}
        problems += [
            f"missing {noun} {name} of {owner}"
            for name, field in fields.items()
            if field["required"] and name not in present
        ]
        for name, value in values.items():
            if name in fields:
                problems += self.check_value(value, fields[name]["types"], name)
        return problems


def decode_form_value(value: Any, types: list[str]) -> Any:
    """Decode a form value to the declared type of its field; return the value unchanged if that is not possible."""
    if not isinstance(value, str) or ("String" in types and "Integer" not in types):
        return value
    if types == ["InputFile"]:
        return value
    if types == ["Boolean"] and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    try:
        decoded = orjson.loads(value)
    except orjson.JSONDecodeError:
        return value
    # If the field may be a number or a string (a chat id or an @name), only a number is decoded.
    return decoded if "String" not in types or isinstance(decoded, int) else value


def _has_plain_type(value: Any, kind: str) -> bool:
    if kind in {"String", "InputFile"}:
        return isinstance(value, str)
    if kind == "Boolean":
        return isinstance(value, bool)
    if kind == "Integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == "Float":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return False


def _mismatch(where: str, kind: str, value: Any) -> str:
    return f"{where} is {type(value).__name__} where {kind} is expected"
