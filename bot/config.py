"""Read config.toml and the environment into one frozen Config; report all problems at once.

config.example.toml lists every key with its default and meaning. Relative paths are relative to the folder of the
config file. The environment variable JIANBAO_TOKEN overrides the token in the file.
"""

import datetime as dt
import ipaddress
import locale
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

from digests.analysis import Labeller
from digests.analysis.themes import load_themes
from digests.chats import Language
from digests.digest.editions import EditionMode, EditionPlan
from digests.errors import ConfigError
from digests.storage.backup_catalog import Retention

DEFAULT_FILE = Path("config.toml")
TOKEN_VARIABLE = "JIANBAO_TOKEN"  # noqa: S105  the variable's name, not a token

_PACKAGE = Path(__file__).parent
_MODEL = ConfigDict(frozen=True, extra="forbid")


def example() -> str:
    """Return the text of config.example.toml, which lists every key."""
    return (_PACKAGE / "config.example.toml").read_text(encoding="utf-8")


def sample_archive() -> Path:
    """Return the folder of the sample pages, the default archive."""
    return (_PACKAGE / "seeds").resolve()


def _time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("expected the name of a time zone, such as Asia/Shanghai") from error
    return name


def _loopback_host(host: str) -> str:
    try:
        if host == "localhost" or ipaddress.ip_address(host).is_loopback:
            return host
    except ValueError:
        pass  # not an IP address: raise the error below
    raise ValueError("expected a loopback address, such as 127.0.0.1")


def _webhook_url(url: str) -> str:
    if url and not re.fullmatch(r"https?://[^/\s]+/\S+", url):
        raise ValueError("expected a URL with a path that is hard to guess, such as https://example.org/jianbao-6f3k")
    return url


def _server_url(url: str) -> str:
    if not re.fullmatch(r"(https?://[^/\s?#{}]+(/[^\s?#{}]*)?)?", url):
        raise ValueError("expected the URL of a server, such as https://api.telegram.org or http://127.0.0.1:8081")
    return url.rstrip("/")


def _webhook_secret(secret: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret.get_secret_value()):  # Bot API: setWebhook, secret_token
        raise ValueError("expected at most 256 letters, digits, _ and -; if it is empty, each start makes a new secret")
    return secret


def _bot_token(token: SecretStr) -> SecretStr:
    bot_id, _, secret = token.get_secret_value().partition(":")
    if token.get_secret_value() and not (bot_id.isdecimal() and len(secret) >= 30):
        raise ValueError("expected a token from @BotFather: digits, a colon and 35 characters; or an empty text")
    return token


def _padded_hour(value: Any) -> Any:
    """Return a time of day in quotes with two digits for the hour: 7:30 becomes 07:30."""
    return f"0{value}" if isinstance(value, str) and re.fullmatch(r"\d(:\d\d){1,2}", value) else value


def _wall_clock_time(time: dt.time) -> dt.time:
    if time.tzinfo is not None:
        raise ValueError("expected a time of day without a zone, such as 07:30:00; the key `timezone` names the zone")
    return time


class TelegramConfig(BaseModel):
    model_config = _MODEL
    api: Annotated[str, AfterValidator(_server_url), Field(min_length=1)] = "https://api.telegram.org"
    files: Annotated[str, AfterValidator(_server_url)] = ""
    test: bool = False

    @property
    def base_url(self) -> str:
        """The URL of the Bot API methods, with the placeholder `{token}`."""
        return f"{self.api}/bot{{token}}{self._environment}"

    @property
    def base_file_url(self) -> str:
        """The URL of the files that readers send, with the placeholder `{token}`."""
        return f"{self.files or f'{self.api}/file'}/bot{{token}}{self._environment}"

    @property
    def _environment(self) -> str:
        return "/test" if self.test else ""  # core.telegram.org/bots/features, "Dedicated test environment"


class ArchiveConfig(BaseModel):
    model_config = _MODEL
    folder: Path = Field(default_factory=sample_archive)
    every_seconds: int = Field(default=5, ge=1, le=86400)


class DigestConfig(BaseModel):
    model_config = _MODEL
    time: Annotated[dt.time, BeforeValidator(_padded_hour), AfterValidator(_wall_clock_time)] = dt.time(7, 30)
    stories: int = Field(default=12, ge=1, le=30)
    late_hours: int = Field(default=6, ge=0, le=23)
    themes: Path | None = None
    mode: EditionMode = "latest"
    replay_from: dt.date | None = None
    replay_since: dt.date | None = None

    @model_validator(mode="after")
    def _check_replay(self) -> Self:
        if self.mode == "replay" and self.replay_since is None:
            raise ValueError("mode replay needs replay_since, the day on which the replay begins, such as 2026-12-01")
        if self.mode != "replay" and (self.replay_from or self.replay_since):
            raise ValueError(f'replay_from and replay_since are for mode "replay"; the mode is "{self.mode}"')
        return self

    @property
    def plan(self) -> EditionPlan:
        return EditionPlan(self.mode, self.replay_from, self.replay_since)

    def labeller(self) -> Labeller:
        """Return a labeller with the operator's or the built-in themes; raise ThemesError if the file is invalid."""
        return Labeller(load_themes(self.themes)) if self.themes else Labeller()


class AlertsConfig(BaseModel):
    model_config = _MODEL
    max_age: int = Field(default=30, ge=1, le=36500)
    cap: int = Field(default=20, ge=1, le=100)


class LimitsConfig(BaseModel):
    model_config = _MODEL
    subscriptions: int = Field(default=100, ge=1, le=1000)
    query: int = Field(default=200, ge=10, le=4096)


class AccessConfig(BaseModel):
    model_config = _MODEL
    admins: tuple[int, ...] = ()
    allowed: tuple[int, ...] = ()
    per_minute: int = Field(default=40, ge=1, le=1000)

    def admits(self, chat_or_user: int) -> bool:
        """True if the chat or user with this id may use the bot."""
        return not self.allowed or chat_or_user in self.allowed or chat_or_user in self.admins


class MonitorConfig(BaseModel):
    model_config = _MODEL
    host: Annotated[str, AfterValidator(_loopback_host)] = "127.0.0.1"
    port: int | None = Field(default=None, ge=0, le=65535)


class WebhookConfig(BaseModel):
    model_config = _MODEL
    url: Annotated[str, AfterValidator(_webhook_url)] = ""
    host: str = "127.0.0.1"
    port: int = Field(default=8443, ge=0, le=65535)
    secret: Annotated[SecretStr, AfterValidator(_webhook_secret)] = SecretStr("")


class LogConfig(BaseModel):
    model_config = _MODEL
    form: Literal["text", "json"] = "text"


class BackupConfig(BaseModel):
    model_config = _MODEL
    hourly: int = Field(default=24, ge=0, le=168)
    daily: int = Field(default=14, ge=0, le=366)

    @property
    def rounds(self) -> Retention:
        return Retention(self.hourly, self.daily)


class LocalConfig(BaseModel):
    model_config = _MODEL
    host: Annotated[str, AfterValidator(_loopback_host)] = "127.0.0.1"
    port: int = Field(default=8030, ge=0, le=65535)
    privacy_mode: bool = True


class Config(BaseModel):
    """All keys of config.toml."""

    model_config = _MODEL
    token: Annotated[SecretStr, AfterValidator(_bot_token)] = SecretStr("")
    language: Language = "zh"
    timezone: Annotated[str, AfterValidator(_time_zone)] = "Asia/Shanghai"
    data: Path = Path("data")
    telegram: TelegramConfig = TelegramConfig()
    archive: ArchiveConfig = Field(default_factory=ArchiveConfig)
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
    """Return the configuration in `file`, else in ./config.toml if it exists, else the defaults.

    Raises ConfigError with all problems, each with its key or line.
    """
    if file is None and not DEFAULT_FILE.exists():
        source, settings, base = "the configuration", {}, Path()
    else:
        path = file or DEFAULT_FILE
        source, settings, base = str(path), _read_toml(path), path.parent
    if token := environment.get(TOKEN_VARIABLE, "").strip():
        settings = {**settings, "token": token}
    try:
        config = Config.model_validate(settings)
    except ValidationError as error:
        raise ConfigError(source, map(_problem, error.errors())) from None
    themes = config.digest.themes
    return config.model_copy(
        update={
            "data": _on_disk(base / config.data),
            "archive": config.archive.model_copy(update={"folder": _on_disk(base / config.archive.folder)}),
            "digest": config.digest.model_copy(update={"themes": themes and _on_disk(base / themes)}),
        }
    )


def _on_disk(path: Path) -> Path:
    """Return `path`; if only a file exists whose name is encoded as in the locale, such as GBK, return its path."""
    try:
        other = Path(os.fsdecode(str(path).encode(locale.getencoding())))
        return path if path.exists() or not other.exists() else other
    except (OSError, UnicodeError):
        return path


_RELOADABLE = ("language", "timezone", "digest", "alerts", "limits", "access", "backup")
"""Keys and sections that are read whenever they are needed; all others are read only at the start."""
_NOT_RELOADABLE_IN_SECTION = {"digest": ("stories", "themes")}
"""Keys of reloadable sections that are nevertheless read only at the start, when the archive is opened."""


def apply_reload(running: Config, reloaded: Config) -> tuple[Config, tuple[str, ...]]:
    """Merge a changed configuration into the running configuration.

    Returns `running` with the reloadable keys of `reloaded`, and the names of the other changed keys, which take effect
    only at the next start.
    """
    update = {name: getattr(reloaded, name) for name in _RELOADABLE}
    for section, names in _NOT_RELOADABLE_IN_SECTION.items():
        unchanged = {name: getattr(getattr(running, section), name) for name in names}
        update[section] = getattr(reloaded, section).model_copy(update=unchanged)
    merged = running.model_copy(update=update)
    return merged, tuple(_differing_keys(merged, reloaded))


def _differing_keys(left: BaseModel, right: BaseModel, path: str = "") -> Iterator[str]:
    """Yield the dotted names of the keys whose values differ."""
    for name in type(left).model_fields:
        left_value, right_value = getattr(left, name), getattr(right, name)
        if isinstance(left_value, BaseModel):
            yield from _differing_keys(left_value, right_value, f"{path}{name}.")
        elif left_value != right_value:
            yield f"{path}{name}"


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))  # Windows begins files with a BOM
    except FileNotFoundError:
        raise ConfigError(str(path), ["there is no such file; `jianbao config` prints an example"]) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(str(path), [f"this is not TOML: {error}"]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(str(path), [f"it cannot be read as UTF-8 text: {error}"]) from None


def _problem(error: ErrorDetails) -> str:
    """Return one line about an invalid key, without the value of a secret."""
    key = ".".join(map(str, error["loc"]))
    if error["type"] == "extra_forbidden":
        return f"{key} is no known key; `jianbao config` lists them all"
    value = "" if key in ("token", "webhook.secret") else f" is {error['input']!r}"
    return f"{key}{value}: {error['msg'].removeprefix('Value error, ')}"
