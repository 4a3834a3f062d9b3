"""`jianbao promises`: what a text says is to be done by when."""

import json
from pathlib import Path

from click.testing import CliRunner

from bot.cli import cli

SENTENCE = "市城建局计划今年底前完成云河石桥改造。"


def run(tmp_path: Path, *arguments: str, given: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, [*arguments, "--data", str(tmp_path)], input=given.encode())
    return result.exit_code, result.output


def test_each_promise_of_a_text_is_a_line(tmp_path: Path) -> None:
    code, printed = run(tmp_path, "promises", "--day", "2022-08-29", given=f"市民在散步。{SENTENCE}")
    assert (code, printed) == (0, "..2022-12-31  finish  市城建局: 完成云河石桥改造\n")


def test_lines_of_json_are_answered_in_kind(tmp_path: Path) -> None:
    row = {"id": "a", "at": 7, "date": "2022-08-29", "sentence": SENTENCE}
    _, printed = run(tmp_path, "promises", "--jsonl", given=json.dumps(row) + "\n")
    promise = {"what": "完成云河石桥改造", "who": "市城建局", "due": [None, "2022-12-31"], "kind": "finish"}
    assert json.loads(printed) == {"id": "a", "at": 7, "promises": [promise]}


def test_a_wrong_day_is_named_in_one_sentence(tmp_path: Path) -> None:
    row = {"id": "a", "at": 7, "date": "29 August", "sentence": SENTENCE}
    code, printed = run(tmp_path, "promises", "--jsonl", given=json.dumps(row) + "\n")
    assert code == 2
    assert "'29 August' is not a day; expected a day such as 2022-08-29" in printed
