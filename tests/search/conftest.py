"""An index of invented articles."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from digests.models import Article, Labels, SourceFile
from digests.search.index import Index

MakeIndex = Callable[..., Index]


@pytest.fixture
def make_index(tmp_path: Path) -> Iterator[MakeIndex]:
    """Make an index of the given articles, all with the same labels."""
    made: list[Index] = []

    def make(*articles: Article, labels: Labels | None = None) -> Index:
        index = Index(tmp_path / f"index{len(made)}")
        index.replace(SourceFile("invented", "1", (), 0), articles, [labels or Labels()] * len(articles))
        index.commit()
        made.append(index)
        return index

    yield make
    for index in made:
        index.close()
