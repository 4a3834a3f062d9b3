"""Quality of names: python -m tests.bench.quality_names

The dev figures are those of the program with its weights, which were trained on the same articles. The figures with
*left out* come from weights trained without the article; they need python-crfsuite and take some minutes. The lexicons
and corrections were written beside the dev set, which no left-out figure undoes.
"""

from collections.abc import Iterator
from importlib.util import find_spec

from tests.bench import train_names
from tests.bench.tables import Row, with_floors
from tests.conftest import EVALUATION

FLOORS = {
    "people F1": 0.86,
    "people recall": 0.84,
    "places F1": 0.87,
    "organisations F1": 0.78,
    "reporters F1": 0.95,
    "titles": 0.85,
    "roles": 0.90,
}


def rows() -> Iterator[Row]:
    """Yield all figures; none without the evaluation folder."""
    if not (EVALUATION / "names_dev.jsonl").exists():
        return
    answers = {"dev": [train_names.answer(item) for item in train_names.items()]}
    if find_spec("pycrfsuite"):
        answers["left out"] = train_names.held_out()
    for name, found in answers.items():
        figures = train_names.figures(found)
        for figure, floor in FLOORS.items():
            yield f"names, {name}: {figure}", figures[figure], floor


def main() -> None:
    print(with_floors(rows()))


if __name__ == "__main__":
    main()
