"""Refusals of the Bot API, worded as Telegram words them; bots and libraries decide by these words.

ApiRefusal             error_code and description; becomes the HTTP status and the JSON answer
├── bad_request(...)   400
├── unauthorized()     401
├── forbidden(...)     403
├── not_found()        404
├── conflict(...)      409
└── too_many(seconds)  429, with parameters.retry_after
"""

from collections.abc import Mapping
from typing import Any

JSON = dict[str, Any]


class ApiRefusal(Exception):
    """A request that is answered with `ok: false`."""

    def __init__(self, code: int, description: str, parameters: Mapping[str, int] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def to_json(self) -> JSON:
        answer: JSON = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = dict(self.parameters)
        return answer


def bad_request(why: str) -> ApiRefusal:
    return ApiRefusal(400, f"Bad Request: {why}")


def unauthorized() -> ApiRefusal:
    return ApiRefusal(401, "Unauthorized")


def forbidden(why: str) -> ApiRefusal:
    return ApiRefusal(403, f"Forbidden: {why}")


def not_found() -> ApiRefusal:
    return ApiRefusal(404, "Not Found")


def conflict(why: str) -> ApiRefusal:
    return ApiRefusal(409, f"Conflict: {why}")


def too_large() -> ApiRefusal:
    return ApiRefusal(413, "Request Entity Too Large")


def too_many(seconds: int) -> ApiRefusal:
    return ApiRefusal(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


def server_error() -> ApiRefusal:
    return ApiRefusal(502, "Bad Gateway")
