"""The features of lines, and what the sample pages become: both may change only together with weights or version."""

from hashlib import blake2b
from pathlib import Path

import pytest

from digests import segment
from digests.models import Article, Page
from digests.segment.features import page_features
from digests.segment.lines import split_lines


def texts(seeds: Path) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted(seeds.glob("*.txt"))]


def digest(rows: list[str]) -> str:
    return blake2b("\n".join(rows).encode("utf-8", "replace"), digest_size=8).hexdigest()


def test_features_are_those_that_the_weights_were_trained_with(seeds: Path) -> None:
    rows = [" ".join(line) for text in texts(seeds) for line in page_features(split_lines(text))]
    assert digest(rows) == "3cda2fa2fee9d1ff", "train the weights again: python -m tests.bench.train_segment"


def printed(article: Article) -> str:
    return repr(
        (
            *(article.id, article.headline, article.paragraphs, article.kicker, article.deck, article.section),
            *(article.kind, [(reporter.name, reporter.role) for reporter in article.reporters]),
            *(article.dateline_place, article.dateline_day, article.subheads, article.lines),
            *(article.continued_on_page, article.continued_from_page, article.quality),
        )
    )


def test_pages_are_read_as_the_method_version_says(seeds: Path) -> None:
    pages = [segment.parse_page(Page("page.txt", text)) for text in texts(seeds)]
    rows = [printed(article) for page in pages for article in page.articles]
    rows += [repr((page.furniture, page.quality, page.page.date_in_text, page.page.date_confidence)) for page in pages]
    assert (segment.METHOD_VERSION, digest(rows)) == ("7", "4809d6cf0d780885"), "raise METHOD_VERSION"


def names(*rows: str) -> list[list[str]]:
    return page_features(split_lines("\n\n".join(rows)))


@pytest.mark.parametrize(("chars", "bucket"), [(1, 2), (2, 2), (3, 4), (23, 23), (24, 26), (400, 400), (401, 401)])
def test_the_length_of_a_line_is_a_feature_in_steps(chars: int, bucket: int) -> None:
    assert f"len={bucket}" in names("字" * chars)[0]


def test_a_single_line_is_first_and_last() -> None:
    assert {"first|True", "last|True", "-1:edge", "1:edge"} <= set(names("会议召开")[0])
