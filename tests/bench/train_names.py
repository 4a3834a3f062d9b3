"""Train digests/names/weights.npz: python -m tests.bench.train_names

Needs python-crfsuite. It trains on all articles of the evaluation's names; `quality_names` trains without a tenth of
the articles at a time and measures on those left out.
"""

import json
import random
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy

from digests import analysis
from digests.language.words import Words, cut_article
from digests.models import Article
from digests.names import find_names, model
from digests.names.features import features
from digests.names.lexicons import ORGANISATION_ENDINGS, place_codes
from digests.names.titles import titles_in
from tests.bench.evaluation import load_module
from tests.conftest import EVALUATION

OUT = Path("digests/names/weights.npz")
SETTINGS = {"c1": 0.02, "c2": 0.1, "max_iterations": 150, "feature.minfreq": 3}
FOLDS = 10
MAX_WEIGHT = 32_767
CHARS = 20_000
"""Characters of an article that are read."""

Item = Mapping[str, Any]


def items() -> list[Item]:
    """Return the labelled articles in a fixed random order."""
    lines = (EVALUATION / "names_dev.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    random.Random(1).shuffle(rows)
    return rows


def article(item: Item) -> Article:
    return Article(item["id"], item["title"] or None, tuple(filter(None, item["body"].split("\n"))))


def parts(item: Item) -> tuple[Words, ...]:
    """Return the words of an article's heading and paragraphs."""
    cut = cut_article(article(item), CHARS)
    return (cut.heading, *cut.paragraphs)


def labels(item: Item, text: str) -> dict[str, list[str]]:
    """Return the label of each character in both chains.

    Names that need not be found (under "optional") are labelled if they are places of the lexicon, or end as an
    organisation does.
    """
    agencies = load_module("score_names.py").AGENCIES
    optional = [_bare(name) for name in item["optional"]]
    people = {_bare(form) for person in item["people"] for form in person["name"]}
    people |= {_bare(reporter["name"]) for reporter in item["reporters"]}
    places = {_bare(form) for forms in item["places"] for form in forms}
    places |= {name for name in (*optional, *agencies) if name in place_codes()}
    organisations = {_bare(form) for forms in item["organisations"] for form in forms}
    organisations |= {name for name in optional if name.endswith(tuple(ORGANISATION_ENDINGS))}
    names, bodies = [model.OUTSIDE] * len(text), [model.OUTSIDE] * len(text)
    _mark(names, text, people, model.PERSON)
    _mark(names, text, places, model.PLACE)
    _mark(bodies, text, organisations, model.ORGANISATION)
    return dict(zip(model.LABELS, (names, bodies), strict=True))


def _bare(name: str) -> str:
    return "".join(name.split())


def _mark(row: list[str], text: str, names: Iterable[str], kind: str) -> None:
    """Label each occurrence of the names, longer names first, where nothing is labelled yet."""
    for name in sorted(names, key=lambda name: (-len(name), name)):
        for match in re.finditer(r"\s*".join(map(re.escape, name)), text):
            start, end = match.span()
            if end - start > 1 and all(label == model.OUTSIDE for label in row[start:end]):
                pieces = f"B{'M' * (end - start - 2)}E"
                row[start:end] = [piece + kind for piece in pieces]


Example = tuple[list[list[str]], dict[str, list[str]]]


def example(item: Item) -> Example:
    """Return the features of each character of an article, and its labels in both chains."""
    batch = features([parts(item)])
    return [[str(bucket) for bucket in column if bucket] for column in batch.buckets.T.tolist()], labels(
        item, batch.text
    )


def train(examples: Sequence[Example], out: Path) -> None:
    """Fit a conditional random field for each chain and write the tagger."""
    import pycrfsuite  # noqa: PLC0415  only whoever trains has it

    stored: dict[str, Any] = {}
    weights: dict[int, list[int]] = {}
    columns = [label for labels in model.LABELS.values() for label in labels]
    first = 0
    for name, all_labels in model.LABELS.items():
        trainer = pycrfsuite.Trainer(verbose=False)
        for rows, found in examples:
            trainer.append(pycrfsuite.ItemSequence(rows), found[name])
        trainer.set_params(SETTINGS)
        with tempfile.NamedTemporaryFile(suffix=".crf") as file:
            trainer.train(file.name)
            tagger = pycrfsuite.Tagger()
            tagger.open(file.name)
            info = tagger.info()
        number = {label: at for at, label in enumerate(all_labels)}
        steps = numpy.full((len(all_labels), len(all_labels)), -numpy.inf, numpy.float32)
        for (before, after), weight in info.transitions.items():
            steps[number[before], number[after]] = weight
        _forbid(steps, all_labels)
        stored[name] = steps
        for (feature, label), weight in info.state_features.items():
            rounded = max(-MAX_WEIGHT, min(MAX_WEIGHT, round(weight * model.SCALE)))
            if rounded:
                weights.setdefault(int(feature), [0] * len(columns))[first + number[label]] = rounded
        first += len(all_labels)
    buckets = sorted(weights)
    table = numpy.array([weights[bucket] for bucket in buckets], numpy.int16)
    numpy.savez_compressed(out, allow_pickle=False, buckets=numpy.array(buckets, numpy.int32), weights=table, **stored)


def _forbid(steps: Any, all_labels: Sequence[str]) -> None:
    """Allow only steps that make whole names; a step that no article shows has weight 0."""
    for a, before in enumerate(all_labels):
        for b, after in enumerate(all_labels):
            begun = before[0] in "BM" and before != model.OUTSIDE
            goes_on = after[0] in "ME"
            allowed = after[1:] == before[1:] and goes_on if begun else not goes_on
            if not allowed:
                steps[a, b] = -numpy.inf
            elif steps[a, b] == -numpy.inf:
                steps[a, b] = 0.0


def held_out() -> list[dict[str, Any]]:
    """Return the names found in each article by a tagger that has not seen it."""
    rows = items()
    examples = [example(item) for item in rows]
    answers = []
    with tempfile.TemporaryDirectory() as folder:
        for fold in range(FOLDS):
            out = Path(folder) / "weights.npz"
            train([found for at, found in enumerate(examples) if at % FOLDS != fold], out)
            tagger = model.load(out)
            answers += [answer(item, tagger) for item in rows[fold::FOLDS]]
    return answers


def answer(item: Item, tagger: model.Tagger | None = None) -> dict[str, Any]:
    """Return the names found in an article, in the form of score_names."""
    told = article(item)
    (found,) = find_names([told], max_body_chars=CHARS, tagger=tagger)
    text = "\n".join((item["title"], item["body"]))
    return {
        "id": item["id"],
        "people": [{"name": name, "titles": titles_in(text, name)} for name in found.people],
        "places": found.places,
        "organisations": found.organisations,
        "reporters": [{"name": each.name, "role": each.role} for each in analysis.reporters_of(told)],
    }


def figures(answers: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    """Return F1 of each kind of name, recall of people, and the shares of right titles and reporters."""
    counts, titles, roles = load_module("score_names.py").score(items(), list(answers))
    found = {}
    for kind, count in counts.items():
        precision, recall = count["right"] / max(1, count["said"]), count["hit"] / max(1, count["gold"])
        found[f"{kind} F1"] = 2 * precision * recall / max(precision + recall, 1e-9)
        found[f"{kind} recall"] = recall
    return found | {"titles": titles["right"] / titles["gold"], "roles": roles["right"] / roles["gold"]}


def main() -> None:
    train([example(item) for item in items()], OUT)


if __name__ == "__main__":
    main()
