"""config.toml and the environment -> one frozen Config; every problem is reported at once.

The keys and their defaults stand in config.example.toml, with what they do. Paths are taken from the folder of the
config file. The token may come from JIANBAO_TOKEN, which goes before the file's.
"""

import datetime as dt
import ipaddress
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_core import ErrorDetails

from digests.analysis import themes as themes_module
from digests.analysis.themes import Theme
from digests.chats import Language
from digests.digest.editions import EditionMode, EditionPlan
from digests.errors import ConfigError
from digests.storage.backup_schedule import Retention

DEFAULT_FILE = Path("config.toml")
TOKEN_VARIABLE = "JIANBAO_TOKEN"  # noqa: S105  the variable's name, not a token
SEEDS = Path(__file__).with_name("seeds").resolve()

_FORM = ConfigDict(frozen=True, extra="forbid")


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("expected the name of a time zone, such as Asia/Shanghai") from error
    return name


def _loopback(host: str) -> str:
    try:
        if host == "localhost" or ipaddress.ip_address(host).is_loopback:
            return host
    except ValueError:
        pass  # no address at all: refused below in the same words
    raise ValueError("expected an address of this machine alone, such as 127.0.0.1")


def _web_address(url: str) -> str:
    if url and not re.fullmatch(r"https?://[^/\s]+/\S+", url):
        raise ValueError(
            "expected an address with a path that nobody guesses, such as https://example.org/jianbao-6f3k"
        )
    return url


def _secret(secret: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret.get_secret_value()):  # the Bot API's setWebhook, secret_token
        raise ValueError("expected at most 256 letters, digits, _ and -, or nothing: then each start makes its own")
    return secret


def _token(token: SecretStr) -> SecretStr:
    number, _, secret = token.get_secret_value().partition(":")
    if token.get_secret_value() and not (number.isdecimal() and len(secret) >= 30):
        raise ValueError("expected a bot token as BotFather gives it, digits, a colon and 35 signs, or nothing")
    return token


def _wall_clock(at: dt.time) -> dt.time:
    if at.tzinfo is not None:
        raise ValueError("expected a time of day without a zone, such as 07:30:00; the zone is `timezone`")
    return at


class ArchiveConfig(BaseModel):
    model_config = _FORM
    folder: Path = SEEDS
    every_seconds: int = Field(default=20, ge=1, le=86400)


class DigestConfig(BaseModel):
    model_config = _FORM
    time: Annotated[dt.time, AfterValidator(_wall_clock)] = dt.time(7, 30)
    stories: int = Field(default=12, ge=1, le=30)
    late_hours: int = Field(default=6, ge=0, le=23)
    themes: Path | None = None
    mode: EditionMode = "latest"
    replay_from: dt.date | None = None
    replay_since: dt.date | None = None

    @model_validator(mode="after")
    def _replay(self) -> Self:
        if self.mode == "replay" and self.replay_since is None:
            raise ValueError("mode replay needs replay_since, the day on which it begins, such as 2026-12-01")
        if self.mode != "replay" and (self.replay_from or self.replay_since):
            raise ValueError(f'replay_from and replay_since are for mode "replay"; the mode is "{self.mode}"')
        return self

    @property
    def plan(self) -> EditionPlan:
        return EditionPlan(self.mode, self.replay_from, self.replay_since)

    def load_themes(self) -> tuple[Theme, ...] | None:
        """The operator's own themes, None for the usual ones; raises ThemesError, which lists what is wrong."""
        return themes_module.load_themes(self.themes) if self.themes else None


class AlertsConfig(BaseModel):
    model_config = _FORM
    max_age: int = Field(default=30, ge=1, le=36500)
    cap: int = Field(default=20, ge=1, le=100)


class LimitsConfig(BaseModel):
    model_config = _FORM
    subscriptions: int = Field(default=100, ge=1, le=1000)
    query: int = Field(default=200, ge=10, le=4096)


class AccessConfig(BaseModel):
    model_config = _FORM
    admins: tuple[int, ...] = ()
    allowed: tuple[int, ...] = ()
    per_minute: int = Field(default=40, ge=1, le=1000)

    def admits(self, chat: int) -> bool:
        """Whether this chat, or person, may use the bot at all."""
        return not self.allowed or chat in self.allowed or chat in self.admins


class MonitorConfig(BaseModel):
    model_config = _FORM
    host: Annotated[str, AfterValidator(_loopback)] = "127.0.0.1"
    port: int | None = Field(default=None, ge=0, le=65535)


class WebhookConfig(BaseModel):
    model_config = _FORM
    url: Annotated[str, AfterValidator(_web_address)] = ""
    host: str = "127.0.0.1"
    port: int = Field(default=8443, ge=0, le=65535)
    secret: Annotated[SecretStr, AfterValidator(_secret)] = SecretStr("")


class LogConfig(BaseModel):
    model_config = _FORM
    form: Literal["text", "json"] = "text"


class BackupConfig(BaseModel):
    model_config = _FORM
    hourly: int = Field(default=24, ge=0, le=168)
    daily: int = Field(default=14, ge=0, le=366)

    @property
    def rounds(self) -> Retention:
        return Retention(self.hourly, self.daily)


class LocalConfig(BaseModel):
    model_config = _FORM
    host: Annotated[str, AfterValidator(_loopback)] = "127.0.0.1"
    port: int = Field(default=8030, ge=0, le=65535)


class Config(BaseModel):
    """All that an operator can choose."""

    model_config = _FORM
    token: Annotated[SecretStr, AfterValidator(_token)] = SecretStr("")
    language: Language = "zh"
    timezone: Annotated[str, AfterValidator(_zone)] = "Asia/Shanghai"
    data: Path = Path("data")
    archive: ArchiveConfig = ArchiveConfig()
    digest: DigestConfig = DigestConfig()
    alerts: AlertsConfig = AlertsConfig()
    limits: LimitsConfig = LimitsConfig()
    access: AccessConfig = AccessConfig()
    backup: BackupConfig = BackupConfig()
    local: LocalConfig = LocalConfig()
    webhook: WebhookConfig = WebhookConfig()
    monitor: MonitorConfig = MonitorConfig()
    log: LogConfig = LogConfig()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


def load(file: Path | None = None, *, environment: Mapping[str, str] = os.environ) -> Config:
    """The configuration of `file`, of ./config.toml where there is one, else the defaults.

    Raises ConfigError with all problems, each with its key or line.
    """
    if file is None and not DEFAULT_FILE.exists():
        source, settings, base = "the configuration", {}, Path()
    else:
        path = file or DEFAULT_FILE
        source, settings, base = str(path), _read(path), path.parent
    if token := environment.get(TOKEN_VARIABLE, "").strip():
        settings = {**settings, "token": token}
    try:
        config = Config.model_validate(settings)
    except ValidationError as error:
        raise ConfigError(source, map(_problem, error.errors())) from None
    return config.model_copy(
        update={
            "data": base / config.data,
            "archive": config.archive.model_copy(update={"folder": base / config.archive.folder}),
            "digest": config.digest.model_copy(update={"themes": config.digest.themes and base / config.digest.themes}),
        }
    )


def apply_reload(running: Config, wanted: Config) -> tuple[Config, tuple[str, ...]]:
    """What a running program can make of a changed configuration.

    Gives `wanted` with the keys of `running` where a change has to wait for the next start, and the names of those.
    """
    live = {name: getattr(wanted, name) for name in _LIVE}
    for part, names in _FIXED_IN.items():
        fixed = {name: getattr(getattr(running, part), name) for name in names}
        live[part] = getattr(wanted, part).model_copy(update=fixed)
    merged = running.model_copy(update=live)
    return merged, tuple(_differing(merged, wanted))


def _differing(one: BaseModel, other: BaseModel, path: str = "") -> Iterator[str]:
    for name in type(one).model_fields:
        here, there = getattr(one, name), getattr(other, name)
        if isinstance(here, BaseModel):
            yield from _differing(here, there, f"{path}{name}.")
        elif here != there:
            yield f"{path}{name}"


_LIVE = ("language", "timezone", "digest", "alerts", "limits", "access", "backup")
"""What is asked for anew each time it is needed; everything else was built into a part at the start."""
_FIXED_IN = {"digest": ("stories", "themes")}
"""But these are built into the archive."""


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(str(path), ["there is no such file; config.example.toml is one to start from"]) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(str(path), [f"this is not TOML: {error}"]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(str(path), [f"it cannot be read as UTF-8 text: {error}"]) from None


def _problem(error: ErrorDetails) -> str:
    key = ".".join(map(str, error["loc"]))
    if error["type"] == "extra_forbidden":
        return f"{key} is no known key; config.example.toml lists them all"
    given = "" if key in ("token", "webhook.secret") else f" is {error['input']!r}"
    return f"{key}{given}: {error['msg'].removeprefix('Value error, ')}"
