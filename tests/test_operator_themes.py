"""The themes of the operator's themes.toml reach search, facets, subscriptions, exclusions and digests alike."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from digests import search
from digests.analysis import Labeller
from digests.analysis.themes import Theme
from digests.archive import Archive
from digests.query import parse
from digests.search.index import Index
from digests.storage.stores import DigestStore
from digests.subscriptions.refinements import propose_exclusions
from tests.invented import article
from tests.newsroom import BEGIN, Newsroom, newsroom

GARDEN_THEME = '[[theme]]\nname = "花园新政"\nstrong = "雨水花园"\n'
BRIDGE_THEME = '[[theme]]\nname = "石桥旧事"\nstrong = "雨水花园 石桥"\n'

GARDEN = {"headline": "雨水花园对市民开放", "body": "雨水花园昨日对市民开放，睡莲盛开，孩子们在这里认识植物。"}
STORM = {"headline": "全市防汛演练", "body": "防汛队伍在泵站演练，应对强降雨和内涝，汛期值守不松懈。"}


@pytest.fixture
def themes(tmp_path: Path) -> Path:
    file = tmp_path / "themes.toml"
    file.write_text(GARDEN_THEME, encoding="utf-8")
    return file


@pytest.fixture
def room(tmp_path: Path, themes: Path) -> Iterator[Newsroom]:
    with newsroom(tmp_path, digest={"themes": themes}) as room:
        room.add_articles("new", GARDEN, STORM)
        yield room


def _headlines(archive: Archive, query: str) -> list[str | None]:
    return [hit.article.headline for hit in archive.search(query).hits]


def test_a_search_and_its_facets_know_the_themes_of_the_operator_and_no_others(room: Newsroom) -> None:
    room.ingest()
    archive = room.services.archive
    assert _headlines(archive, "主题:花园新政") == [GARDEN["headline"]]
    assert archive.search("主题:防汛应急").total == 0
    (facet,) = archive.facets("2023-03")["theme"]
    assert (facet.value, facet.count) == ("花园新政", 1)
    assert _headlines(archive, facet.query) == [GARDEN["headline"]]


def test_subscriptions_and_their_backtest_know_the_themes_of_the_operator(room: Newsroom) -> None:
    room.subscribe(1, "主题:花园新政")
    room.subscribe(2, "主题:防汛应急")
    assert room.ingest() == 1
    (alert,) = room.receive(1)
    assert GARDEN["headline"] in alert
    assert room.services.archive.backtest("主题:花园新政").total == 1
    assert room.services.archive.backtest("主题:防汛应急").total == 0


def test_articles_that_wait_for_a_daily_bundle_are_matched_with_the_themes_of_the_operator(room: Newsroom) -> None:
    room.subscribe(1, "主题:花园新政", rhythm="daily")
    room.change_settings(1, digest=False)
    room.ingest()
    room.clock.set_local(BEGIN.date() + timedelta(days=1), 7, 30)
    assert room.queue_due() == 1
    assert GARDEN["headline"] in room.receive(1)[0]


def test_digests_sections_and_exclusions_know_the_themes_of_the_operator(room: Newsroom) -> None:
    room.ingest()
    archive = room.services.archive
    digest = archive.digest()
    assert {story.headline: story.theme for story in digest.stories} == {
        GARDEN["headline"]: "花园新政",
        STORM["headline"]: "",
    }
    assert set(archive.sections(digest.day)) == {"花园新政", ""}
    (garden,) = (hit.article for hit in archive.search("雨水花园").hits)
    assert "theme:花园新政" in propose_exclusions(garden, "市民", archive.labeller)


def test_changed_themes_label_the_whole_index_anew_without_reading_a_file_or_alerting(
    room: Newsroom, tmp_path: Path, themes: Path
) -> None:
    room.ingest()
    before = room.services.archive.search("雨水花园").hits[0].article
    outside = tmp_path / "outside.jsonl"
    outside.write_text('{"id": "o-1", "date": "2023-03-04", "headline": "石桥修缮", "paragraphs": ["石桥。"]}', "utf-8")
    room.services.archive.ingest([outside])
    themes.write_text(BRIDGE_THEME, encoding="utf-8")
    data = room.services.config.data
    digests = DigestStore(data / "digests")
    labeller = room.services.config.digest.labeller()
    folder = room.services.config.archive.folder
    changed = Archive(folder, Index(data / "index", owner=False), digests, labeller=labeller)
    assert changed.check() == ["the articles are labelled with other themes than those of the configuration"]
    digests.close()
    room.services.archive.close()
    digests = DigestStore(data / "digests")
    again = Archive(folder, Index(data / "index"), digests, labeller=labeller)
    progress: list[tuple[str, int, int]] = []
    announced: list[object] = []
    report = again.ingest(announce=announced.extend, progress=lambda *step: progress.append(step))
    assert (report.read, report.unchanged, announced) == (0, 1, [])
    assert [step for step in progress if step[0] == "labelling"] == [("labelling", n, 3) for n in (1, 2, 3)]
    assert sorted(filter(None, _headlines(again, "主题:石桥旧事"))) == ["石桥修缮", GARDEN["headline"]]
    assert again.search("主题:花园新政").total == 0
    assert again.search("雨水花园").hits[0].article == before
    assert again.check() == []
    progress.clear()
    again.ingest(progress=lambda *step: progress.append(step))
    assert progress == [], "labelled once"
    again.close()
    digests.close()


def test_interrupted_labelling_leaves_the_old_labels_and_is_repeated_at_the_next_run(tmp_path: Path) -> None:
    gardens, bridges = (Labeller((Theme(name, (("石桥", 3.0),)),)) for name in ("花园", "石桥旧事"))
    pages = tmp_path / "pages"
    pages.mkdir()
    row = '{{"id": "b-{0}", "date": "2023-03-04", "headline": "石桥修缮{0}", "paragraphs": ["石桥。"]}}\n'
    (pages / "ready.jsonl").write_text("".join(map(row.format, range(3))), "utf-8")

    def open_archive(labeller: Labeller) -> tuple[Archive, DigestStore]:
        digests = DigestStore(tmp_path / "digests")
        return Archive(pages, Index(tmp_path / "index"), digests, labeller=labeller), digests

    archive, digests = open_archive(gardens)
    archive.ingest()
    archive.close()
    digests.close()
    archive, digests = open_archive(bridges)
    archive.ingest(progress=lambda *_: archive.stop_soon())
    assert (archive.search("主题:花园").total, archive.search("主题:石桥旧事").total) == (3, 0)
    archive.close()
    digests.close()
    archive, digests = open_archive(bridges)
    archive.ingest()
    assert (archive.search("主题:花园").total, archive.search("主题:石桥旧事").total) == (0, 3)
    archive.close()
    digests.close()


def test_the_fingerprint_of_a_labeller_changes_with_names_words_and_weights_of_its_themes() -> None:
    garden = Labeller((Theme("花园", (("雨水花园", 3.0),)),))
    others = [(("园林", (("雨水花园", 3.0),))), (("花园", (("花园", 3.0),))), (("花园", (("雨水花园", 1.0),)))]
    assert garden.fingerprint == Labeller((Theme("花园", (("雨水花园", 3.0),)),)).fingerprint
    assert garden.fingerprint not in {Labeller((Theme(*other),)).fingerprint for other in others}
    assert garden.fingerprint != Labeller().fingerprint == Labeller().fingerprint


def test_the_index_holds_the_labels_and_the_fingerprint_of_one_labeller(tmp_path: Path) -> None:
    index = Index(tmp_path / "index")
    labeller = Labeller((Theme("花园新政", (("雨水花园", 3.0),)),))
    told = article()
    index.add_articles("page.txt", [told], [labeller.label(told)])
    index.put_labels_fingerprint(labeller.fingerprint)
    index.commit()
    assert index.labels_fingerprint() == labeller.fingerprint
    assert search.search(index, "主题:花园新政", limit=5).total == 1
    assert index.find(parse("主题:城市园林"), limit=5)[0] == 0
    assert list(index.stored_articles()) == [("page.txt", told)]
    index.close()
