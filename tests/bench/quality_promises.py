"""Quality of promises: python -m tests.bench.quality_promises

The dev figures are those of the program with its weights, which were fitted to the same sentences. The figures with
*left out* come from weights fitted without the days of the sentence. The rules were written beside the dev set, which
no left-out figure undoes.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from unittest.mock import patch
from zlib import crc32

from digests import promises
from tests.bench import train_promises
from tests.bench.evaluation import load_module
from tests.bench.tables import Row, with_floors
from tests.conftest import EVALUATION

FOLDS = 10
FLOORS = {"sentence": 0.90, "due": 0.82, "what": 0.72}
MAX_FALSE_ALARMS = 0.25


def rows() -> Iterator[Row]:
    """Yield all figures; none without the evaluation folder."""
    if (EVALUATION / "promises_dev.jsonl").exists():
        yield from _promise_rows()


def _promise_rows() -> Iterator[Row]:
    gold = train_promises.rows()
    answers = {(row["id"], row["at"]): row["promises"] for row in map(json.loads, _answers(gold))}
    for name, predicted in (("dev", answers), ("left out", _left_out(gold))):
        figures, _, alarms, _ = load_module("score_promises.py").score(gold, predicted)
        for figure, floor in FLOORS.items():
            yield f"promises, {name}: {figure}, F1", figures[figure][2], floor
        for sort in ("deadline", "forecast", "past"):
            quiet = 1 - alarms[sort]["fa"] / alarms[sort]["n"]
            yield f"promises, {name}: no false alarm for a {sort}", quiet, 1 - MAX_FALSE_ALARMS


def _answers(gold: Sequence[Mapping[str, Any]]) -> list[bytes]:
    """Return what the command line answers."""
    given = "\n".join(json.dumps(row) for row in gold)
    command = [sys.executable, "-m", "bot", "promises", "--jsonl"]
    return subprocess.run(command, input=given.encode(), capture_output=True, check=True).stdout.splitlines()


def _left_out(gold: Sequence[Mapping[str, Any]]) -> dict[tuple[str, int], list[dict[str, Any]]]:
    """Return the answers of weights that were fitted without the days of the sentence."""
    fold = [crc32(row["date"].encode()) % FOLDS for row in gold]
    answers = {}
    for left_out in range(FOLDS):
        rest = [row for row, number in zip(gold, fold, strict=True) if number != left_out]
        weights = train_promises.fitted([example for row in rest for example in train_promises.examples(row)])
        with patch.object(promises, "FEATURE_WEIGHTS", weights):
            for row, number in zip(gold, fold, strict=True):
                if number == left_out:
                    found = promises.find_promises(row["sentence"], date.fromisoformat(row["date"]))
                    answers[row["id"], row["at"]] = [promises.as_document(promise) for promise in found]
    return answers


if __name__ == "__main__":
    print(with_floors(rows()))
