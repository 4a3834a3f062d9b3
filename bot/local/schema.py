"""Checks values against a description of the Bot API: a bot that passes here is a bot that Telegram accepts."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson

from bot.local.errors import JSON
from digests.errors import UsageError

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

    def request(self, method: str, values: Mapping[str, Any], uploads: Iterable[str]) -> list[str]:
        """What is wrong with a request; forms carry everything as strings, so values are decoded by their types."""
        described = self._methods.get(method.lower())
        if described is None:
            return [f"method {method} is not in the Bot API"]
        fields = {field["name"]: field for field in described.get("fields", [])}
        uploaded = {name for name in uploads if name in fields}
        decoded = {
            name: decode(value, fields[name]["types"]) if name in fields else value for name, value in values.items()
        }
        problems = self._fields(decoded, fields, "parameter", described["name"], uploaded)
        return problems + [
            f"parameter {name} takes no upload" for name in uploaded if "InputFile" not in fields[name]["types"]
        ]

    def result(self, method: str, value: Any) -> list[str]:
        """What is wrong with an answer of the server's own."""
        return self.value(value, self._methods[method.lower()]["returns"], "result")

    def value(self, value: Any, types: list[str], where: str) -> list[str]:
        """What is wrong with a value that should be of one of these types; the closest type is the one reported."""
        findings = [self._one(value, kind, where) for kind in types]
        return min(findings, key=len, default=[])

    def _one(self, value: Any, kind: str, where: str) -> list[str]:
        if kind.startswith(_ARRAY):
            if not isinstance(value, list):
                return [_wrong(where, kind, value)]
            inner = [kind.removeprefix(_ARRAY)]
            return [problem for n, item in enumerate(value) for problem in self.value(item, inner, f"{where}[{n}]")]
        described = self._types.get(kind)
        if described is None or kind == "InputFile":
            return [] if _is_plain(value, kind) else [_wrong(where, kind, value)]
        if "subtypes" in described:
            return self.value(value, described["subtypes"], where)
        if not isinstance(value, dict):
            return [_wrong(where, kind, value)]
        fields = {field["name"]: field for field in described.get("fields", [])}
        return self._fields(value, fields, "field", f"{kind} ({where})", ())

    def _fields(
        self, values: Mapping[str, Any], fields: JSON, noun: str, owner: str, uploaded: Iterable[str]
    ) -> list[str]:
        problems = [f"unknown {noun} {name} of {owner}" for name in values if name not in fields]
        present = {*values, *uploaded}
        problems += [
            f"missing {noun} {name} of {owner}"
            for name, field in fields.items()
            if field["required"] and name not in present
        ]
        for name, value in values.items():
            if name in fields:
                problems += self.value(value, fields[name]["types"], name)
        return problems


def decode(value: Any, types: list[str]) -> Any:
    """A form's string as the type that the field is declared to have; left as it is where it does not fit."""
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
    # A chat's @name or a number: only the number is anything but a string.
    return decoded if "String" not in types or isinstance(decoded, int) else value


def _is_plain(value: Any, kind: str) -> bool:
    if kind in {"String", "InputFile"}:
        return isinstance(value, str)
    if kind == "Boolean":
        return isinstance(value, bool)
    if kind == "Integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == "Float":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return False


def _wrong(where: str, kind: str, value: Any) -> str:
    return f"{where} is {type(value).__name__} where {kind} is expected"
