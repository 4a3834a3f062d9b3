"""Log lines: one per event, as text or JSON, without tokens."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import orjson
import pytest

from bot.operations import logs

TOKEN = "123456789:" + "A" * 35


@contextmanager
def _set_up(form: logs.LogFormat = "text") -> Iterator[None]:
    """Configure logging as the program does; restore the handlers of the test run afterwards."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    root.handlers.clear()
    try:
        logs.configure_logging(form)
        yield
    finally:
        root.handlers[:] = before
        root.setLevel(level)


def test_a_token_is_redacted_in_a_message_and_in_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    with _set_up():
        try:
            int(f"https://example.org/bot{TOKEN}/getMe")
        except ValueError:
            logging.getLogger("bot.test").exception("asked bot%s", TOKEN)
    output = capsys.readouterr().err
    assert "ERROR bot.test: asked bot[token]" in output
    assert "bot[token]/getMe" in output
    assert TOKEN not in output


def test_json_logs_are_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    with _set_up("json"):
        logging.getLogger("bot.test").warning("chat %d\nrefused bot%s", 7, TOKEN)
    [line] = capsys.readouterr().err.splitlines()
    event = orjson.loads(line)
    assert event.pop("at").startswith("20")
    assert event == {"level": "WARNING", "logger": "bot.test", "message": "chat 7\nrefused bot[token]"}


def test_libraries_do_not_log_each_request(capsys: pytest.CaptureFixture[str]) -> None:
    with _set_up():
        logging.getLogger("httpx").info("POST https://example.org/bot%s/getMe", TOKEN)
        logging.getLogger("apscheduler.scheduler").warning("still running")
        logging.getLogger("bot.test").info("ready")
    [line] = capsys.readouterr().err.splitlines()
    assert line.endswith("INFO bot.test: ready")


def test_the_last_ten_warnings_are_kept_in_one_line_each() -> None:
    recent = logs.RecentWarnings()
    with logs.collect_warnings(recent):
        for number in range(15):
            logging.getLogger("bot.test").warning("trouble %d\nmore of it", number)
        logging.getLogger("bot.test").info("all is well")
    logging.getLogger("bot.test").warning("nobody keeps this")
    assert [line.partition(" trouble ")[2] for line in recent.lines] == [str(number) for number in range(5, 15)]


def test_a_token_has_twenty_characters_or_more_after_its_colon() -> None:
    assert logs.redact_tokens("bot1:" + "A" * 20 + "/getMe") == "bot[token]/getMe"
    assert logs.redact_tokens("12:" + "aZ9_-" * 4) == "[token]"
    assert logs.redact_tokens("1:" + "A" * 19) == "1:" + "A" * 19
