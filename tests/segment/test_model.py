"""The model: its weights and the decoding of roles."""

from pathlib import Path

from digests import segment
from digests.segment import model
from digests.segment.model import Role
from tests.bench import quality_pages


def test_the_weights_are_small_and_contain_no_text() -> None:
    path = Path(model.__file__).with_name("weights.json.gz")
    assert path.stat().st_size < 400_000
    signs = {char for name in model.bundled_weights().features for char in name}
    hanzi = {char for char in signs if "\u3400" <= char <= "\u9fff"}
    assert hanzi <= {"字"}, "features may name the class of a character, but no character"


def test_every_role_can_be_decoded() -> None:
    assert set(model.bundled_weights().roles) == set(Role)


def test_the_likeliest_path_weighs_lines_and_steps() -> None:
    weights = model.Weights(
        roles=(Role.HEADLINE, Role.BODY),
        features={"short": ((0, 1.0),), "long": ((1, 1.0),), "odd": ((0, 0.5),)},
        steps=((0.0, 1.0), (-2.0, 0.0)),
    )

    def decoded(*page: list[str]) -> list[Role]:
        return model.decode_roles(model.line_scores(page, weights), weights)

    assert decoded() == []
    assert decoded(["short"], ["long"], ["odd"]) == [Role.HEADLINE, Role.BODY, Role.BODY]
    assert decoded(["unseen"]) == [Role.HEADLINE]


def test_the_figures_of_real_pages_reach_their_floors(evaluation: Path) -> None:
    below = [
        (name, reached, floor) for name, reached, floor in quality_pages.gold(segment.parse_page) if reached < floor
    ]
    assert not below
