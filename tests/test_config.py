"""The configuration: defaults, problems, where paths begin."""

import datetime as dt
from pathlib import Path

import pytest

from bot import config
from digests.errors import ConfigError
from tests.conftest import ROOT, SEEDS

TOKEN = "123456789:" + "A" * 35


def _load(folder: Path, text: str, **environment: str) -> config.Config:
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return config.load(file, environment=environment)


def test_without_a_file_everything_has_a_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    loaded = config.load(environment={})
    assert loaded.archive.folder == SEEDS
    assert loaded.digest.time == dt.time(7, 30)
    assert not loaded.token.get_secret_value()


def test_the_example_says_the_defaults() -> None:
    example = config.load(ROOT / "config.example.toml", environment={})
    assert example.model_copy(update={"data": Path("data")}) == config.Config()


def test_paths_begin_at_the_folder_of_the_file(tmp_path: Path) -> None:
    loaded = _load(tmp_path, 'data = "kept"\n[archive]\nfolder = "/pages"')
    assert (loaded.data, loaded.archive.folder) == (tmp_path / "kept", Path("/pages"))


def test_all_problems_are_reported_at_once_with_their_keys(tmp_path: Path) -> None:
    text = 'language = "fr"\nspeling = 1\ntimezone = "Mars/Base"\n[local]\nhost = "0.0.0.0"\n[digest]\ntime = "25:00"'
    with pytest.raises(ConfigError) as caught:
        _load(tmp_path, text)
    keys = ("language", "speling", "timezone", "local.host", "digest.time")
    assert all(any(problem.startswith(key) for problem in caught.value.problems) for key in keys)
    assert len(caught.value.problems) == len(keys)


def test_what_is_no_toml_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="line 2"):
        _load(tmp_path, 'language = "zh"\ntoken = x')


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        config.load(tmp_path / "none.toml", environment={})


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    other = "987654321:" + "B" * 35
    loaded = _load(tmp_path, f'token = "{TOKEN}"', JIANBAO_TOKEN=other)
    assert loaded.token.get_secret_value() == other


def test_a_wrong_token_is_refused_without_being_shown(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        _load(tmp_path, 'token = "not-a-token"')
    assert "not-a-token" not in str(caught.value)


def test_the_token_is_not_in_the_configuration_as_printed(tmp_path: Path) -> None:
    assert TOKEN not in repr(_load(tmp_path, f'token = "{TOKEN}"'))


def test_how_the_archive_is_told_is_chosen(tmp_path: Path) -> None:
    text = '[digest]\nmode = "replay"\nreplay_from = 1950-01-01\nreplay_since = 2026-12-01'
    told = _load(tmp_path, text).digest.plan
    assert (told.mode, told.replay_from, told.replay_since) == ("replay", dt.date(1950, 1, 1), dt.date(2026, 12, 1))
    assert config.Config().digest.plan.mode == "latest"


def test_a_replay_that_does_not_say_when_it_begins_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="needs replay_since, the day on which it begins, such as 2026-12-01"):
        _load(tmp_path, '[digest]\nmode = "replay"\nreplay_from = 1950-01-01')


def test_the_start_of_a_replay_is_refused_where_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match='for mode "replay"; the mode is "latest"'):
        _load(tmp_path, "[digest]\nreplay_from = 1950-01-01")
    with pytest.raises(ConfigError, match=r"digest\.mode is 'replya'"):
        _load(tmp_path, '[digest]\nmode = "replya"')


def test_a_running_program_takes_over_what_needs_no_restart_and_names_the_rest(tmp_path: Path) -> None:
    running = _load(tmp_path, "[digest]\nstories = 5\n")
    wanted = _load(
        tmp_path,
        'language = "en"\ndata = "elsewhere"\n[digest]\nstories = 9\ntime = 06:00:00\n'
        "[access]\nper_minute = 3\n[local]\nport = 1\n",
    )
    merged, waiting = config.apply_reload(running, wanted)
    assert (merged.language, merged.digest.time, merged.access.per_minute) == ("en", dt.time(6), 3)
    assert (merged.data, merged.digest.stories, merged.local.port) == (running.data, 5, running.local.port)
    assert set(waiting) == {"data", "digest.stories", "local.port"}


def test_an_unchanged_configuration_leaves_nothing_waiting(tmp_path: Path) -> None:
    running = _load(tmp_path, "[digest]\nstories = 5\n")
    assert config.apply_reload(running, running) == (running, ())


def test_everybody_is_admitted_unless_there_is_a_list() -> None:
    assert config.AccessConfig().admits(7)
    listed = config.AccessConfig(admins=(1,), allowed=(2,))
    assert [listed.admits(chat) for chat in (1, 2, 3)] == [True, True, False]


@pytest.mark.parametrize("url", ["example.org/x", "https://example.org", "https://example.org/", "ftp://example.org/x"])
def test_a_webhook_address_has_a_scheme_and_a_path(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigError, match=r"webhook\.url"):
        _load(tmp_path, f'[webhook]\nurl = "{url}"\n')


def test_a_wrong_secret_is_named_and_not_shown(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        _load(tmp_path, '[webhook]\nsecret = "pass word"\n')
    assert "webhook.secret: expected" in str(caught.value)
    assert "pass word" not in str(caught.value)
