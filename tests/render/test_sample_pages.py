"""All messages about the sample pages."""

from collections.abc import Iterator

import pytest

from bot import render
from bot.texts import LANGUAGES
from digests.archive import Archive
from digests.chats import Language
from digests.search.index import Index
from digests.storage.stores import DigestStore
from tests.conftest import SEEDS
from tests.render.samples import proper
from tests.render.test_alerts import match, matched


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    data = tmp_path_factory.mktemp("data")
    digests = DigestStore(data / "digests")
    archive = Archive(SEEDS, Index(data / "index"), digests)
    archive.ingest()
    yield archive
    archive.close()
    digests.close()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_messages_about_the_sample_pages_can_be_sent(archive: Archive, lang: Language) -> None:
    proper(render.issue_list(archive.issues(), 0, lang))
    for issue in archive.issues():
        articles = archive.articles(issue.day)
        told_of = archive.digest(issue.day)
        proper(
            *render.digest(told_of, lang),
            *render.story_scores(told_of, lang),
            render.contents(issue, articles, 0, lang),
        )
        for shown in articles:
            proper(*render.article(shown, lang), *render.alert(matched(match("报", shown), shown), lang))
            proper(render.search_results(archive.search(shown.title[:20]), lang))
