"""The commands that read the archive, and errors of the command line."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner, Result

from bot.cli import cli
from tests.conftest import ROOT, SEEDS


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder into which the five sample pages were ingested."""
    data = tmp_path_factory.mktemp("cli") / "data"
    assert "read 5 files" in _jianbao("ingest", "--data", data).stdout
    return data


def _jianbao(*words: object, stdin: str = "") -> Result:
    result = CliRunner().invoke(cli, [str(word) for word in words], input=stdin, prog_name="jianbao")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def _rows(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return [orjson.loads(line) for line in result.stdout.splitlines()]


def test_parse_prints_one_page_a_line_as_documented() -> None:
    pages = _rows(_jianbao("parse", "--json", *sorted(SEEDS.glob("*.txt"))))
    assert [page["file"] for page in pages] == [file.name for file in sorted(SEEDS.glob("*.txt"))]
    for page in pages:
        assert {"file", "paper", "date", "date_source", "page", "quality", "articles"} <= page.keys()
        for article in page["articles"]:
            promised = (
                "id kicker headline deck section kind byline lines continued_on_page continued_from_page paragraphs"
            )
            assert set(promised.split()) <= article.keys()
    assert [page["date"] for page in pages] == ["2022-08-29", "2022-07-29", "2021-07-31", "2022-11-24", "2022-08-12"]
    assert {page["date_source"] for page in pages} == {"archive.toml"}


def test_a_date_whose_year_is_not_printed_is_shown_without_it(tmp_path: Path) -> None:
    page = shutil.copy(SEEDS / "004_28efd789d574a832.txt", tmp_path)
    (parsed,) = _rows(_jianbao("parse", "--json", page))
    assert (parsed["date"], parsed["date_source"]) == ("XXXX-08-12", "text")
    assert 0 < parsed["date_sure"] < 1
    assert "XXXX-08-12 (text, sure " in _jianbao("parse", page).stdout


def test_every_line_of_the_sample_pages_belongs_to_exactly_one_article_or_to_the_furniture() -> None:
    for file in sorted(SEEDS.glob("*.txt")):
        (page,) = _rows(_jianbao("parse", "--json", file))
        lines = file.read_text(encoding="utf-8").split("\n")
        ranges = [r for article in page["articles"] for r in article["lines"]] + page["furniture"]
        owned = [n for first, last in ranges for n in range(first, last + 1) if lines[n - 1].strip()]
        assert sorted(owned) == [n for n, line in enumerate(lines, 1) if line.strip()]


def test_parse_prints_a_line_for_each_page() -> None:
    result = _jianbao("parse", SEEDS / "000_dae80abf9b835e1c.txt")
    assert "太原日报, 2022-08-29 (archive.toml, sure 1.00), page 1" in result.stdout


def test_an_unreadable_page_is_reported_and_the_others_are_printed(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    result = _jianbao("parse", "--json", tmp_path / "empty.txt", SEEDS / "000_dae80abf9b835e1c.txt")
    assert result.exit_code == 2
    assert "empty.txt" in result.stderr
    assert len(result.stdout.splitlines()) == 1


def test_a_second_ingestion_reads_nothing(data: Path) -> None:
    assert "read 0 files with 0 articles (0 new), 5 unchanged" in _jianbao("ingest", "--data", data).stdout


def test_digest_prints_the_newest_issue_or_that_of_a_day(data: Path) -> None:
    (newest,) = _rows(_jianbao("digest", "--json", "--data", data))
    assert newest["day"] == "2022-11-24"
    for day in ("2022-08-29", "8月29日", "2022年8月29日"):
        (digest,) = _rows(_jianbao("digest", day, "--json", "--data", data))
        assert digest["day"] == "2022-08-29"
        assert digest["keywords"]
        assert digest["stories"]


def test_a_digest_is_printed_in_numbered_sections_with_trends(data: Path) -> None:
    output = _jianbao("digest", "--data", data).stdout
    assert output.startswith("太原日报 2022-11-24, page 1: ")
    assert "keywords: " in output
    assert " (new)" not in output, "no issue of the three weeks before"
    assert _jianbao("digest", "2022-08-12", "--data", data).stdout.count(" (new)") == 3
    sections = [line for line in output.splitlines() if line.startswith("【")]
    assert len(sections) == len(set(sections)) > 1
    stories = [line for line in output.splitlines() if line[:2].strip().isdigit()]
    assert [int(line[:2]) for line in stories] == list(range(1, len(stories) + 1))


ENDLESS = "".join(f"云河市第{number}座雨水花园建成开放，市民前来参观。" for number in range(8000))


@pytest.mark.parametrize(
    ("page", "line"),
    [
        ("图为云河市首座雨水花园一角。石磊摄", "no complete story was found in this issue"),
        ("遗失声明\n云河商行遗失公章一枚，声明作废。", "no complete story was found in this issue"),
        ("■b,@亅一■□,: ##l1I丶a@#丨\n" * 20, "no complete story was found in this issue"),
        (f"雨水花园建成\n\n本报讯（记者 石磊）{ENDLESS}", " 1. 雨水花园建成  ("),
    ],
    ids=["a caption", "notices", "noise", "an endless article"],
)
def test_the_digest_of_an_odd_issue_says_why_it_is_empty_or_shows_its_story(
    tmp_path: Path, page: str, line: str
) -> None:
    (tmp_path / "config.toml").write_text('[archive]\nfolder = "pages"\n')
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "2023-03-05.txt").write_text(page, encoding="utf-8")
    output = _jianbao("digest", "--config", tmp_path / "config.toml", "--data", tmp_path / "data").stdout.splitlines()
    assert "2023-03-05" in output[0]
    assert sum(row.startswith(line) for row in output) == 1
    assert (output[-1] == line) == line.startswith("no")


def test_pages_without_a_date_make_no_digest_and_are_reported(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[archive]\nfolder = "pages"\n')
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "1.txt").write_text("雨水花园建成\n\n本报讯（记者 石磊）雨水花园昨天开放。", encoding="utf-8")
    result = _jianbao("digest", "--config", tmp_path / "config.toml", "--data", tmp_path / "data")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "the dates of its 1 articles are not known; enter them in archive.toml" in result.stderr


def test_a_day_without_an_issue_is_refused_with_the_nearest_issues(data: Path) -> None:
    result = _jianbao("digest", "2022-08-30", "--data", data)
    assert result.exit_code == 2
    assert "2022-08-29" in result.stderr
    assert result.stdout == ""


def test_an_invalid_day_is_refused(data: Path) -> None:
    result = _jianbao("digest", "防汛", "--data", data)
    assert result.exit_code == 2
    assert "'防汛' is not a day" in result.stderr


def test_search_prints_hits_as_documented(data: Path) -> None:
    (found,) = _rows(_jianbao("search", "防汛", "--json", "--limit", 2, "--data", data))
    assert found["q"] == "防汛"
    assert found["total"] >= 2
    assert len(found["hits"]) == 2
    for hit in found["hits"]:
        assert {"id", "file", "n", "date", "headline", "score", "excerpt"} <= hit.keys()
        assert "防汛" in hit["excerpt"]


def test_search_marks_hits_that_contain_only_some_of_the_words(data: Path) -> None:
    (found,) = _rows(_jianbao("search", "蓝宝石 晶体", "--json", "--data", data))
    assert [hit["partial"] for hit in found["hits"]].count(False) == found["total"] < len(found["hits"])
    assert ", some of the words)" in _jianbao("search", "蓝宝石 晶体", "--data", data).stdout


def test_queries_from_stdin_are_answered_line_by_line_with_errors_in_place(data: Path) -> None:
    rows = '{"q": "防汛"}\n\n{"q": "((("}\n{"q": "养老"}\n'
    answers = _rows(_jianbao("search", "--jsonl", "--data", data, stdin=rows))
    assert [answer["q"] for answer in answers] == ["防汛", "(((", "养老"]
    assert answers[1]["hits"] == []
    assert answers[1]["error"]


def test_an_invalid_input_line_is_reported_with_its_number(data: Path) -> None:
    result = _jianbao("search", "--jsonl", "--data", data, stdin='{"q": "防汛"}\nnonsense\n')
    assert result.exit_code == 2
    assert "line 2" in result.stderr


def test_an_empty_query_is_refused(data: Path) -> None:
    result = _jianbao("search", "，。", "--data", data)
    assert result.exit_code == 2
    assert "no word" in result.stderr


def test_search_without_an_index_ingests_the_archive_first(tmp_path: Path) -> None:
    (found,) = _rows(_jianbao("search", "防汛", "--json", "--data", tmp_path / "data"))
    assert found["total"] >= 2


def test_a_missing_archive_folder_is_reported(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[archive]\nfolder = "nowhere"')
    ingested = _jianbao("ingest", "--config", config, "--data", tmp_path / "data")
    assert ingested.exit_code == 2
    assert "nowhere does not exist" in ingested.stderr
    for data in ("data", "empty"):
        checked = _jianbao("check", "--config", config, "--data", tmp_path / data)
        assert checked.exit_code == 1
        assert "nowhere does not exist" in checked.stdout
        assert "jianbao ingest" not in checked.stdout


def test_a_missing_path_is_reported(tmp_path: Path) -> None:
    result = _jianbao("ingest", tmp_path / "none.txt", "--data", tmp_path / "data")
    assert result.exit_code == 2
    assert "none.txt does not exist" in result.stderr


def test_ingesting_an_unreadable_file_fails_with_the_reason(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "binary.txt").write_bytes(bytes(range(256)) * 100)
    (pages / "good.txt").write_text("云河市建成首座雨水花园\n\n本报讯 雨水花园建成开放。\n", encoding="utf-8")
    result = _jianbao("ingest", pages, "--data", tmp_path / "data")
    assert result.exit_code == 1
    assert "binary.txt" in result.stderr
    assert "read 1 file with 1 article" in result.stdout


def test_a_broken_configuration_lists_every_problem(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('language = "fr"\nnonsense = 1')
    result = _jianbao("check", "--config", config)
    assert result.exit_code == 2
    assert "language" in result.stderr
    assert "nonsense" in result.stderr


def test_match_prints_the_reason_of_a_match() -> None:
    result = _jianbao("match", "防汛", stdin="云河市防汛抗旱指挥部部署工作。")
    assert (result.exit_code, result.stdout) == (
        0,
        "match: 防汛 (word) in the body: 云河市[防汛]抗旱指挥部部署工作。\n",
    )
    result = _jianbao("match", "长治", stdin="这位校长治学严谨。")
    assert (result.exit_code, result.stdout) == (1, "no match\n")


def test_match_answers_input_lines_one_by_one() -> None:
    pairs = '{"id": 1, "term": "小店", "sentence": "小店区开会。"}\n{"id": 2, "query": "((", "text": "小店"}\n'
    first, second = _rows(_jianbao("match", "--jsonl", stdin=pairs))
    assert (first["id"], first["match"], first["reason"]["where"]) == (1, True, "body")
    assert (second["id"], second["match"]) == (2, False)
    assert second["error"]


def test_analyse_prints_keywords_names_and_themes() -> None:
    body = "8月28日，云河市防汛抗旱指挥部召开会议。市长方小满说，全市已备好排水泵站二十座，防汛物资充足。"
    row = orjson.dumps({"id": "x", "title": "云河市部署防汛", "body": body}).decode()
    (found,) = _rows(_jianbao("analyse", "--jsonl", stdin=row))
    promised = "id keywords summary people places organisations themes line parts"
    assert set(promised.split()) <= found.keys()
    assert "防汛" in "".join(found["keywords"])
    assert found["themes"][0] == "防汛应急"
    assert found["quotations"]
    assert all(quoted in body for quoted in found["quotations"])


def test_analyse_knows_names_of_the_archive_without_a_title(tmp_path: Path) -> None:
    folder, config = tmp_path / "pages", tmp_path / "config.toml"
    folder.mkdir()
    config.write_text(f"data = {str(tmp_path / 'data')!r}\n[archive]\nfolder = {str(folder)!r}\n")
    text = "花园里白桦走来。"
    assert _rows(_jianbao("analyse", "--config", config, stdin=text))[0]["people"] == []
    rows = [
        {"id": str(day), "date": f"2022-08-0{day}", "headline": "看花园", "paragraphs": ["市长白桦说，花园很好。"]}
        for day in (1, 2)
    ]
    (folder / "a.jsonl").write_bytes(b"\n".join(map(orjson.dumps, rows)))
    assert _jianbao("ingest", "--config", config).exit_code == 0
    assert _rows(_jianbao("analyse", "--config", config, stdin=text))[0]["people"] == [{"name": "白桦", "titles": []}]


def test_configured_themes_are_used_and_all_problems_of_a_theme_file_reported(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[digest]\nthemes = "mine.toml"\n')
    mine = tmp_path / "mine.toml"
    mine.write_text('[[theme]]\nname = "水"\nstrong = "防汛 排水"\n', encoding="utf-8")
    (found,) = _rows(_jianbao("analyse", "--config", config, stdin="云河市防汛指挥部检查排水泵站，部署防汛。"))
    assert found["themes"] == ["水"]
    mine.write_text('speling = 1\n[[theme]]\nname = ""\n', encoding="utf-8")
    result = _jianbao("analyse", "--config", config, stdin="防汛")
    assert result.exit_code == 2
    assert "speling" in result.stderr
    assert "name is ''" in result.stderr


def test_check_of_a_sound_state_reports_nothing(data: Path) -> None:
    result = _jianbao("check", "--data", data)
    assert (result.exit_code, result.stdout) == (0, "all is well\n")


DATA_FILES = [
    "chats.json",
    "digests.json",
    "digests/2022-11.json",
    "digests/columns.sqlite",
    "outbox.sqlite",
    "index/VERSION",
]


@pytest.mark.parametrize("file", DATA_FILES)
def test_check_reports_a_damaged_file_and_overwrites_nothing(tmp_path: Path, file: str) -> None:
    _jianbao("ingest", "--data", tmp_path)
    (tmp_path / file).write_bytes(b"not what it was")
    result = _jianbao("check", "--data", tmp_path)
    assert result.exit_code == 1
    assert Path(file).name in result.stdout
    assert (tmp_path / file).read_bytes() == b"not what it was"


def test_the_example_configuration_is_printed_and_can_be_used_as_it_is(tmp_path: Path) -> None:
    printed = _jianbao("config").stdout
    assert printed == (ROOT / "config.example.toml").read_text(encoding="utf-8")
    (tmp_path / "config.toml").write_text(printed, encoding="utf-8")
    assert _jianbao("ingest", "--config", tmp_path / "config.toml").exit_code == 0
    assert (tmp_path / "data" / "index").is_dir()


def test_search_prints_ten_hits_unless_told_otherwise_and_a_thousand_at_most(data: Path) -> None:
    counts = []
    for options in ((), ("--limit", 1), ("--limit", 1000)):
        (answer,) = _rows(_jianbao("search", "的", "--json", *options, "--data", data))
        counts.append(len(answer["hits"]))
    assert counts == [10, 1, answer["total"]]
    assert answer["total"] > 10
    for limit in (0, 1001):
        assert _jianbao("search", "的", "--limit", limit, "--data", data).exit_code == 2


@pytest.mark.parametrize(("length", "code"), [(19, 2), (20, 0), (1000, 0), (1001, 2)])
def test_a_summary_has_twenty_to_a_thousand_characters(length: int, code: int) -> None:
    assert _jianbao("analyse", "--length", length, stdin="云河市部署防汛。").exit_code == code


def test_exit_codes_tell_bad_input_from_failures(tmp_path: Path) -> None:
    assert _jianbao("search").exit_code == 2  # neither a query nor --jsonl
    assert _jianbao("search", "防汛", "--jsonl").exit_code == 2
    assert _jianbao("match").exit_code == 2
    assert _jianbao("nonsense").exit_code == 2
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "chats.json").write_text("torn", encoding="utf-8")
    failed = _jianbao("ingest", "--data", tmp_path / "data")
    assert failed.exit_code == 1
    assert failed.stderr.startswith("jianbao: ")
    assert failed.stderr.count("\n") == 1


def test_ctrl_c_ends_a_command_with_130_and_one_line(monkeypatch: pytest.MonkeyPatch, data: Path) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("digests.archive.Archive.search", interrupted)
    result = _jianbao("search", "防汛", "--data", data)
    assert (result.exit_code, result.stderr.count("\n")) == (130, 1)
    assert "the next run continues" in result.stderr


def test_ingest_reports_a_backlog_that_alerts_nobody(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    for month in range(1, 9):
        shutil.copy(SEEDS / "000_dae80abf9b835e1c.txt", pages / f"2022-{month:02}-01.txt")
    (tmp_path / "config.toml").write_text('[archive]\nfolder = "pages"\n[alerts]\nmax_age = 30\n', encoding="utf-8")
    result = _jianbao("ingest", "--config", tmp_path / "config.toml")
    assert result.exit_code == 0
    age = "more than [alerts] max_age = 30 days older than the newest issue"
    assert f"articles of this backlog will cause no alerts: they are {age}" in result.stderr


def test_every_command_takes_a_configuration_and_a_data_folder() -> None:
    for name, command in cli.commands.items():
        assert {"config_file", "data"} <= {parameter.name for parameter in command.params}, name


def test_a_broken_configuration_does_not_keep_the_example_from_being_printed(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("speling = 1", encoding="utf-8")
    assert _jianbao("config", "--config", tmp_path / "config.toml").exit_code == 0


def _run(command: str) -> tuple[str, str]:
    """Run a line of the shell in which `jianbao` is the program; return its output and its errors."""
    line = f"set -o pipefail; jianbao() {{ '{sys.executable}' -m bot \"$@\"; }}; {command}"
    result = subprocess.run(["bash", "-c", line], capture_output=True, text=True, cwd=ROOT, check=False)
    return result.stdout, result.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device /dev/full of Linux")
def test_output_that_cannot_be_written_and_closed_input_are_reported_in_one_sentence() -> None:
    assert _run("jianbao config > /dev/full") == ("", "jianbao: No space left on device\n")
    closed = "jianbao: stdin is closed; expected the input there, or the name of a file\n"
    assert _run("jianbao match 防汛 <&-") == ("", closed)


def test_a_reader_that_wants_no_more_output_ends_the_program_quietly() -> None:
    assert _run("jianbao parse --json bot/seeds/*.txt | head -c 1") == ("{", "")
