"""The configuration: defaults, bounds, problems, paths, and which keys a running bot takes over."""

import datetime as dt
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from bot import config
from digests.errors import ConfigError
from tests.conftest import ROOT, SEEDS

TOKEN = "123456789:" + "A" * 35


def _load(folder: Path, text: str, **environment: str) -> config.Config:
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return config.load(file, environment=environment)


def _value(loaded: config.Config, key: str) -> Any:
    value: Any = loaded
    for name in key.split("."):
        value = getattr(value, name)
    return value


def _toml(key: str, value: str) -> str:
    """A configuration with this key alone, in its section if it has one."""
    section, _, name = key.rpartition(".")
    line = f"{name} = {value}\n"
    if key == "digest.replay_from":
        line += 'mode = "replay"\nreplay_since = 2026-12-01\n'
    if key == "digest.replay_since":
        line += 'mode = "replay"\n'
    return f"[{section}]\n{line}" if section else line


def test_without_a_file_every_key_has_a_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    loaded = config.load(environment={})
    assert loaded.archive.folder == SEEDS == config.sample_archive()
    assert loaded.digest.time == dt.time(7, 30)
    assert not loaded.token.get_secret_value()


def test_the_example_states_the_defaults() -> None:
    example = config.load(ROOT / "config.example.toml", environment={})
    assert example.model_copy(update={"data": Path("data")}) == config.Config()
    assert (ROOT / "config.example.toml").read_text(encoding="utf-8") == config.example()


def test_relative_paths_start_at_the_folder_of_the_file(tmp_path: Path) -> None:
    loaded = _load(tmp_path, 'data = "kept"\n[archive]\nfolder = "/pages"\n[digest]\nthemes = "mine.toml"')
    assert (loaded.data, loaded.archive.folder) == (tmp_path / "kept", Path("/pages"))
    assert loaded.digest.themes == tmp_path / "mine.toml"


BOUNDS = [
    ("archive.every_seconds", 1, 86400),
    ("digest.stories", 1, 30),
    ("digest.late_hours", 0, 23),
    ("alerts.max_age", 1, 36500),
    ("alerts.cap", 1, 100),
    ("limits.subscriptions", 1, 1000),
    ("limits.query", 10, 4096),
    ("access.per_minute", 1, 1000),
    ("monitor.port", 0, 65535),
    ("webhook.port", 0, 65535),
    ("local.port", 0, 65535),
    ("backup.hourly", 0, 168),
    ("backup.daily", 0, 366),
]


@pytest.mark.parametrize(("key", "least", "most"), BOUNDS)
def test_a_number_may_be_at_its_bounds_and_not_beyond_them(tmp_path: Path, key: str, least: int, most: int) -> None:
    assert [_value(_load(tmp_path, _toml(key, str(number))), key) for number in (least, most)] == [least, most]
    for number in (least - 1, most + 1):
        with pytest.raises(ConfigError, match=re.escape(f"{key} is {number}: Input should be")):
            _load(tmp_path, _toml(key, str(number)))


def _keys(model: type[BaseModel], path: str = "") -> Iterator[tuple[str, Any]]:
    for name, field in model.model_fields.items():
        default = field.get_default(call_default_factory=True)
        if isinstance(default, BaseModel):
            yield from _keys(type(default), f"{path}{name}.")
        else:
            yield f"{path}{name}", default


def test_every_number_has_its_bounds_tested() -> None:
    numbers = {key for key, default in _keys(config.Config) if type(default) is int}
    assert numbers | {"monitor.port"} == {key for key, _, _ in BOUNDS}


def test_the_defaults_are_those_of_the_documents() -> None:
    assert {key: default for key, default in _keys(config.Config) if type(default) in (int, bool, str)} == {
        "language": "zh",
        "timezone": "Asia/Shanghai",
        "telegram.api": "https://api.telegram.org",
        "telegram.files": "",
        "telegram.test": False,
        "archive.every_seconds": 5,
        "digest.stories": 12,
        "digest.late_hours": 6,
        "digest.mode": "latest",
        "alerts.max_age": 30,
        "alerts.cap": 20,
        "limits.subscriptions": 100,
        "limits.query": 200,
        "access.per_minute": 40,
        "backup.hourly": 24,
        "backup.daily": 14,
        "local.host": "127.0.0.1",
        "local.port": 8030,
        "local.privacy_mode": True,
        "webhook.url": "",
        "webhook.host": "127.0.0.1",
        "webhook.port": 8443,
        "monitor.host": "127.0.0.1",
        "log.form": "text",
    }


def test_all_problems_are_reported_at_once_with_their_keys(tmp_path: Path) -> None:
    text = 'language = "fr"\nspeling = 1\ntimezone = "Mars/Base"\n[local]\nhost = "0.0.0.0"\n[digest]\ntime = "25:00"'
    with pytest.raises(ConfigError) as caught:
        _load(tmp_path, text)
    keys = ("language", "speling", "timezone", "local.host", "digest.time")
    assert all(any(problem.startswith(key) for problem in caught.value.problems) for key in keys)
    assert len(caught.value.problems) == len(keys)


def test_invalid_toml_is_reported_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="line 2"):
        _load(tmp_path, 'language = "zh"\ntoken = x')


def test_a_file_that_is_not_utf_8_is_reported(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_bytes('language = "中"'.encode("gb18030"))
    with pytest.raises(ConfigError, match="cannot be read as UTF-8 text"):
        config.load(tmp_path / "config.toml", environment={})


def test_a_missing_file_is_reported_with_the_command_that_prints_an_example(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file; `jianbao config` prints an example"):
        config.load(tmp_path / "none.toml", environment={})


def test_the_environment_overrides_the_token_of_the_file(tmp_path: Path) -> None:
    other = "987654321:" + "B" * 35
    loaded = _load(tmp_path, f'token = "{TOKEN}"', JIANBAO_TOKEN=other)
    assert loaded.token.get_secret_value() == other


def test_a_wrong_token_is_refused_without_being_shown(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        _load(tmp_path, 'token = "not-a-token"')
    assert "not-a-token" not in str(caught.value)


def test_the_secret_of_a_token_has_at_least_thirty_characters(tmp_path: Path) -> None:
    assert _load(tmp_path, f'token = "1:{"A" * 30}"').token.get_secret_value() == "1:" + "A" * 30
    for token in ("1:" + "A" * 29, "x:" + "A" * 30, "A" * 40):
        with pytest.raises(ConfigError, match="token: expected"):
            _load(tmp_path, f'token = "{token}"')


def test_the_token_is_not_in_the_configuration_as_printed(tmp_path: Path) -> None:
    assert TOKEN not in repr(_load(tmp_path, f'token = "{TOKEN}"'))


def test_the_mode_of_the_digest_is_part_of_the_edition_plan(tmp_path: Path) -> None:
    text = '[digest]\nmode = "replay"\nreplay_from = 1950-01-01\nreplay_since = 2026-12-01'
    plan = _load(tmp_path, text).digest.plan
    assert (plan.mode, plan.replay_from, plan.replay_since) == ("replay", dt.date(1950, 1, 1), dt.date(2026, 12, 1))
    assert config.Config().digest.plan.mode == "latest"


def test_a_replay_without_its_first_day_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="needs replay_since, the day on which the replay begins, such as 2026-12-01"):
        _load(tmp_path, '[digest]\nmode = "replay"\nreplay_from = 1950-01-01')


def test_the_days_of_a_replay_are_refused_in_another_mode(tmp_path: Path) -> None:
    for key in ("replay_from", "replay_since"):
        with pytest.raises(ConfigError, match='for mode "replay"; the mode is "latest"'):
            _load(tmp_path, f"[digest]\n{key} = 1950-01-01")
    with pytest.raises(ConfigError, match=r"digest\.mode is 'replya'"):
        _load(tmp_path, '[digest]\nmode = "replya"')


def test_the_time_of_the_digest_has_no_zone_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="without a zone"):
        _load(tmp_path, '[digest]\ntime = "07:30:00+08:00"')


RELOADS = [
    ("token", f'"{TOKEN}"', False),
    ("language", '"en"', True),
    ("timezone", '"Europe/Berlin"', True),
    ("data", '"elsewhere"', False),
    ("telegram.api", '"http://127.0.0.1:8081"', False),
    ("telegram.files", '"http://127.0.0.1:8081/file"', False),
    ("telegram.test", "true", False),
    ("archive.folder", '"pages"', False),
    ("archive.every_seconds", "60", False),
    ("digest.time", "06:00:00", True),
    ("digest.stories", "9", False),
    ("digest.late_hours", "3", True),
    ("digest.themes", '"mine.toml"', False),
    ("digest.mode", '"on_this_day"', True),
    ("digest.replay_from", "1950-01-01", True),
    ("digest.replay_since", "2026-12-01", True),
    ("alerts.max_age", "7", True),
    ("alerts.cap", "5", True),
    ("limits.subscriptions", "3", True),
    ("limits.query", "50", True),
    ("access.admins", "[7]", True),
    ("access.allowed", "[7]", True),
    ("access.per_minute", "3", True),
    ("backup.hourly", "1", True),
    ("backup.daily", "1", True),
    ("local.host", '"::1"', False),
    ("local.port", "1", False),
    ("local.privacy_mode", "false", False),
    ("webhook.url", '"https://example.org/x"', False),
    ("webhook.host", '"0.0.0.0"', False),
    ("webhook.port", "1", False),
    ("webhook.secret", '"s"', False),
    ("monitor.host", '"::1"', False),
    ("monitor.port", "1", False),
    ("log.form", '"json"', False),
]
"""Each key with another value, and whether a running bot takes it over."""


@pytest.mark.parametrize(("key", "value", "at_once"), RELOADS, ids=[key for key, _, _ in RELOADS])
def test_a_reload_applies_a_key_at_once_or_names_it_for_the_next_start(
    tmp_path: Path, key: str, value: str, at_once: bool
) -> None:
    running, reloaded = _load(tmp_path, ""), _load(tmp_path, _toml(key, value))
    assert _value(running, key) != _value(reloaded, key)
    merged, waiting = config.apply_reload(running, reloaded)
    assert _value(merged, key) == _value(reloaded if at_once else running, key)
    assert waiting == (() if at_once else (key,))


def test_the_example_marks_exactly_the_keys_that_wait_for_the_next_start() -> None:
    marked, section, above = set(), "", ""
    for line in config.example().splitlines():
        if heading := re.match(r"\[(\w+)\](.*)", line):
            section = heading[1]
            if "(start)" in heading[2]:
                marked |= {key for key, _, _ in RELOADS if key.startswith(f"{section}.")}
        elif key := re.match(r"(?:# )?(\w+) = (.*)", line):
            if "(start)" in key[2] or "(start)" in above:
                marked.add(f"{section}.{key[1]}" if section else key[1])
            above = ""
        else:
            above = above + line if line.startswith("#") else ""
    assert marked == {key for key, _, at_once in RELOADS if not at_once}


def test_every_key_stands_in_the_example_and_in_the_table_of_reloads() -> None:
    example = re.sub(r"^# (\w+ = )", r"\1", config.example(), flags=re.MULTILINE)
    sections = tomllib.loads(example)
    in_example = {
        key
        for name, value in sections.items()
        for key in ([f"{name}.{k}" for k in value] if isinstance(value, dict) else [name])
    }
    assert in_example == {key for key, _ in _keys(config.Config)} == {key for key, _, _ in RELOADS}


def test_an_unchanged_configuration_leaves_nothing_waiting(tmp_path: Path) -> None:
    running = _load(tmp_path, "[digest]\nstories = 5\n")
    assert config.apply_reload(running, running) == (running, ())


def test_everybody_is_admitted_unless_there_is_a_list() -> None:
    assert config.AccessConfig().admits(7)
    listed = config.AccessConfig(admins=(1,), allowed=(2,))
    assert [listed.admits(chat) for chat in (1, 2, 3)] == [True, True, False]


@pytest.mark.parametrize("url", ["example.org/x", "https://example.org", "https://example.org/", "ftp://example.org/x"])
def test_a_webhook_url_has_a_scheme_and_a_path(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigError, match=r"webhook\.url"):
        _load(tmp_path, f'[webhook]\nurl = "{url}"\n')


def test_a_wrong_secret_is_named_and_not_shown(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        _load(tmp_path, '[webhook]\nsecret = "pass word"\n')
    assert "webhook.secret: expected" in str(caught.value)
    assert "pass word" not in str(caught.value)


def test_a_secret_has_at_most_256_characters(tmp_path: Path) -> None:
    assert _load(tmp_path, f'[webhook]\nsecret = "{"s" * 256}"').webhook.secret.get_secret_value() == "s" * 256
    with pytest.raises(ConfigError, match="at most 256"):
        _load(tmp_path, f'[webhook]\nsecret = "{"s" * 257}"')


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1.2.3", "::1"])
def test_the_chat_page_and_monitoring_may_be_on_any_loopback_address(tmp_path: Path, host: str) -> None:
    for section in ("local", "monitor"):
        assert _value(_load(tmp_path, f'[{section}]\nhost = "{host}"'), f"{section}.host") == host


@pytest.mark.parametrize("host", ["0.0.0.0", "10.0.0.1", "example.org", ""])
def test_the_chat_page_and_monitoring_are_refused_on_other_addresses(tmp_path: Path, host: str) -> None:
    for section in ("local", "monitor"):
        with pytest.raises(ConfigError, match=f"{section}.host is '{host}': expected a loopback address"):
            _load(tmp_path, f'[{section}]\nhost = "{host}"')


@pytest.mark.parametrize(
    ("lines", "methods", "files"),
    [
        ("", "https://api.telegram.org/bot{token}", "https://api.telegram.org/file/bot{token}"),
        ("test = true", "https://api.telegram.org/bot{token}/test", "https://api.telegram.org/file/bot{token}/test"),
        ('api = "http://botapi:8081/"', "http://botapi:8081/bot{token}", "http://botapi:8081/file/bot{token}"),
        (
            'api = "https://example.org/telegram"\nfiles = "https://files.example.org"',
            "https://example.org/telegram/bot{token}",
            "https://files.example.org/bot{token}",
        ),
    ],
    ids=["by default", "the test environment", "a server of one's own", "files elsewhere"],
)
def test_the_addresses_of_methods_and_files_follow_from_the_server(
    tmp_path: Path, lines: str, methods: str, files: str
) -> None:
    telegram = _load(tmp_path, f"[telegram]\n{lines}\n").telegram
    assert (telegram.base_url, telegram.base_file_url) == (methods, files)


@pytest.mark.parametrize(
    "url", ["example.org", "ftp://example.org", "https://", "https://x y", "https://x/{token}", "https://x?a=b", ""]
)
def test_what_is_not_the_url_of_a_server_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigError, match=r"telegram\.api is"):
        _load(tmp_path, f'[telegram]\napi = "{url}"\n')


def test_a_configuration_cannot_be_changed() -> None:
    loaded = config.Config()
    with pytest.raises(ValidationError):
        loaded.language = "en"
    with pytest.raises(ValidationError):
        loaded.digest.stories = 5


def test_a_time_in_quotes_needs_no_leading_zero_and_the_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[digest]\ntime = "7:05"\n', encoding="utf-8-sig")
    assert config.load(file, environment={}).digest.time == dt.time(7, 5)
    file.write_text('[digest]\ntime = "7:5"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"digest\.time is '7:5'"):
        config.load(file, environment={})
