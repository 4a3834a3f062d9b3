"""Train digests/segment/weights.json.gz: python -m tests.bench.train_segment [OUT]

Needs python-crfsuite, which is no dependency of the project: pip install python-crfsuite. The same seeds give the same
weights. Held-out days (segment_pages.HELD_OUT) are not used.
"""

import gzip
import itertools
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from digests.segment import features
from digests.segment.model import Role
from tests.bench import segment_pages, segment_styles, segment_varied, styled_pages
from tests.bench.evaluation import load_module
from tests.conftest import EVALUATION

OUT = Path("digests/segment/weights.json.gz")
SCALE = 1000
FORBIDDEN = -8.0
SETTINGS = {"c1": 0.5, "c2": 0.5, "max_iterations": 180, "feature.minfreq": 3}
SEEDS = {"plain": (11, 12, 13, 14), "varied": (31, 32, 33, 34, 35, 36)}
"""Seeds of the pages of each kind; the evaluation uses none of them."""
HARD_SEEDS = ((21, 22, 23, 24, 25, 26), (21, 22, 23, 24, 25, 26, 27, 28, 29, 30))
"""Seeds of the hard pages of two runs. The weights are the mean of both: the first is better on the real pages, the
second on hard ones."""
DRAWN_SEEDS = (41, 42, 43, 44, 45)
"""Seeds of the pages of papers whose styles are drawn at random."""
GIVEN_SEEDS = (51, 52)
"""Seeds of the pages of the evaluation's papers."""


def pages(names: dict[str, tuple[int, ...]]) -> list[segment_pages.Labelled]:
    """Return all pages to train on."""
    train, _ = segment_pages.sources(EVALUATION)
    module = load_module("compose_pages.py")
    found = []
    for kind, seeds in names.items():
        for seed in seeds:
            rng = random.Random(seed)
            for source in train:
                if kind == "varied":
                    found.append(segment_varied.varied(module, source, rng))
                else:
                    found.append(segment_pages.composed(module, source, hard=kind == "hard", rng=rng))
    return found


def pages_of_styles(*, given: bool = True, left_out: str = "") -> list[segment_pages.Labelled]:
    """Return the pages of papers of many styles: drawn ones and, if `given`, the evaluation's but `left_out`."""
    sources, _ = segment_pages.sources(EVALUATION)
    module = load_module("styles/compose_styles.py")
    papers = [style for style in module.load("dev") if style["name"] != left_out] if given else []
    found = []
    for seed in (*DRAWN_SEEDS, *(GIVEN_SEEDS if given else ())):
        rng = random.Random(seed)
        for source in sources:
            style = rng.choice(papers) if seed in GIVEN_SEEDS else segment_styles.drawn_style(module, rng)
            text, where, _ = styled_pages.laid_out(module, style, source, sources, rng)
            found += styled_pages.labelled(text, where)
    return found


def train(labelled: list[segment_pages.Labelled], model: str) -> None:
    """Fit a conditional random field to the pages; L1 regularisation drops small weights."""
    import pycrfsuite  # noqa: PLC0415  only whoever trains has it

    trainer = pycrfsuite.Trainer(verbose=False)
    for page in labelled:
        lines, roles = zip(*page, strict=True)
        trainer.append(pycrfsuite.ItemSequence(features.page_features(lines)), [role.value for role in roles])
    trainer.set_params(SETTINGS)
    trainer.train(model)


def table(model: str, seen: set[tuple[str, str]]) -> dict[str, Any]:
    """Return the weights of a model in the format of digests/segment/model.py; steps not `seen` are forbidden."""
    import pycrfsuite  # noqa: PLC0415

    tagger = pycrfsuite.Tagger()
    tagger.open(model)
    info = tagger.info()
    roles = [role.value for role in Role if role.value in info.labels]
    number = {role: at for at, role in enumerate(roles)}
    by_feature: dict[str, list[int]] = {}
    for (feature, role), weight in sorted(info.state_features.items()):
        if rounded := round(weight * SCALE):
            by_feature.setdefault(feature, []).extend((number[role], rounded))
    steps = [
        [round(info.transitions.get((a, b), 0.0 if (a, b) in seen else FORBIDDEN), 3) for b in roles] for a in roles
    ]
    return {"roles": roles, "scale": SCALE, "features": by_feature, "steps": steps}


def steps(labelled: list[segment_pages.Labelled]) -> set[tuple[str, str]]:
    """Return all pairs of roles that follow each other."""
    return {(a.value, b.value) for page in labelled for (_, a), (_, b) in itertools.pairwise(page)}


def mean(tables: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the mean of tables of weights with the same roles."""
    first, runs = tables[0], len(tables)
    sums: dict[str, Counter[int]] = {}
    for one in tables:
        for name, flat in one["features"].items():
            sums.setdefault(name, Counter()).update(dict(zip(flat[::2], flat[1::2], strict=True)))
    features_ = {
        name: [
            part
            for role, weight in sorted(sums[name].items())
            if round(weight / runs)
            for part in (role, round(weight / runs))
        ]
        for name in sorted(sums)
    }
    rows = zip(*(one["steps"] for one in tables), strict=True)
    means = [[round(sum(column) / runs, 3) for column in zip(*row, strict=True)] for row in rows]
    return {**first, "features": {name: flat for name, flat in features_.items() if flat}, "steps": means}


def main() -> None:
    out = Path(sys.argv[1]) if len(sys.argv) > 1 and not sys.argv[1].startswith("-") else OUT
    styled = pages_of_styles(given="--drawn-only" not in sys.argv)
    tables = []
    for hard in HARD_SEEDS:
        labelled = [*pages(SEEDS | {"hard": hard}), *styled]
        print(f"{len(labelled)} pages, {sum(map(len, labelled))} lines")
        with tempfile.TemporaryDirectory() as folder:
            model = str(Path(folder) / "model")
            train(labelled, model)
            tables.append(table(model, steps(labelled)))
    weights = mean(tables)
    with out.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as file:
        file.write(json.dumps(weights, ensure_ascii=False, separators=(",", ":")).encode())
    print(f"{out}: {out.stat().st_size} bytes, {len(weights['features'])} features")


if __name__ == "__main__":
    main()
