"""Checks requests, answers and updates against a JSON description of the Bot API."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson

from bot.local.refusals import JSON
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

    def check_request(self, method: str, values: Mapping[str, Any], uploads: Iterable[str]) -> list[str]:
        """Return the problems of a request. Forms carry everything as strings, so values are decoded by their types."""
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
        """Return the problems of an answer of the server."""
        return self.check_value(value, self._methods[method.lower()]["returns"], "result")

    def check_value(self, value: Any, types: list[str], where: str) -> list[str]:
        """Return the problems of a value that should have one of these types, by the type with the fewest problems."""
        problems = [self._check_type(value, kind, where) for kind in types]
        return min(problems, key=len, default=[])

    def _check_type(self, value: Any, kind: str, where: str) -> list[str]:
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
    """Decode a form's string to the declared type of its field; unchanged if it does not fit."""
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
    # A field for an @name or a number: only a number is decoded.
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
