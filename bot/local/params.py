"""The parameters of a request, from its query string, form, JSON or multipart body."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from starlette.datastructures import UploadFile
from starlette.requests import Request

from bot.local.files import Upload
from bot.local.refusals import JSON, bad_request, too_large

MAX_REQUEST_BYTES = 55 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Params:
    """Values by name, converted to the type a method needs, as forms carry everything as strings."""

    values: Mapping[str, Any]
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name)
        if value is None:
            return default
        if not isinstance(value, str):
            raise bad_request(f'field "{name}" must be of type String')
        return value

    def integer(self, name: str, default: int | None = None) -> int:
        value = self.values.get(name, default)
        if isinstance(value, str):
            try:
                value = int(value)
            except ValueError:
                value = None
        if not isinstance(value, int):
            raise bad_request(f'field "{name}" must be of type Number')
        return value

    def flag(self, name: str) -> bool:
        return str(self.values.get(name, "")).lower() in {"true", "1"}

    def chat_id(self) -> int | str:
        value = self.values.get("chat_id", "")
        if value == "":
            raise bad_request("chat_id is empty")
        try:
            return int(value)
        except (ValueError, TypeError):
            return str(value)

    def object(self, name: str) -> JSON | None:
        """An object, or its JSON; None if it is missing."""
        value = self._structure(name)
        if value is not None and not isinstance(value, dict):
            raise bad_request(f'can\'t parse "{name}": expected an Object')
        return value

    def array(self, name: str, of: type = dict) -> list[Any] | None:
        """An array with items of the type `of`, or its JSON; None if it is missing."""
        value = self._structure(name)
        if value is not None and not (isinstance(value, list) and all(isinstance(item, of) for item in value)):
            raise bad_request(f'can\'t parse "{name}": expected an Array')
        return value

    def _structure(self, name: str) -> Any:
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError:
            raise bad_request(f'can\'t parse "{name}": expected JSON') from None


async def parse_request(request: Request) -> Params:
    """Read all parameters and uploads of a request; raises a 413 for one over MAX_REQUEST_BYTES."""
    if int(request.headers.get("content-length") or 0) > MAX_REQUEST_BYTES:
        raise too_large()
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
    try:
        values = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(values, dict):
        raise bad_request("JSON object expected")
    return {name: value for name, value in values.items() if value is not None}
