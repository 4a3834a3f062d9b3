"""The public interface of a newspaper archive: ingest page files; read issues, articles and digests; search.

    new pages   files -> index (ingest/) -> digests (ingest/digest_builder.py)

Digests are built from committed articles only, so the next run can continue after a crash at any point.
"""

import hashlib
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from itertools import chain, islice, tee
from pathlib import Path
from typing import Literal

from digests import ask as asking
from digests import digest as digesting
from digests import search
from digests.analysis import Labeller
from digests.ask import Answers
from digests.digest import candidates, trends
from digests.digest.trends import TermCount
from digests.errors import NoSuchIssue, UsageError
from digests.guard import Problem, guard
from digests.ingest import Announce, FileProblem, Ingest, IngestReport, index_repair, memory, reader
from digests.ingest.digest_builder import DigestBuilder
from digests.ingest.parallel import parallel_map
from digests.models import Article, Digest, Issue, Labels, PastDigest, SearchResult, SourceFile
from digests.query import Term
from digests.search import Facets
from digests.search import related as related_module
from digests.search.index import Index
from digests.segment import continued
from digests.segment.certainty import UNSURE
from digests.storage.stores import DigestStore
from digests.subscriptions.backtest import Backtest, backtest
from digests.text import normalise

FILES_PER_COMMIT = 200
"""Files, or parts of large files, between two commits; after a crash, those since the last commit are read again."""

RELABELLED_AT_ONCE = 32
"""Articles that a worker labels at once."""

MIN_UNSURE_FILES = 2
"""A paper with fewer files that may be cut wrongly is not named."""
UNNAMED_PAPER = "(paper not known)"

NEAR_ISSUES = 3
"""Maximum number of nearest issues that NoSuchIssue lists."""

Phase = Literal["labelling", "reading", "building"]
Progress = Callable[[Phase, int, int], None]
"""Called with the phase, the number of items done and their total; items are articles, files or digests."""


class Archive:
    """The archive of page files in `folder`, with the index and the digests made from them."""

    def __init__(
        self,
        folder: Path,
        index: Index,
        digests: DigestStore,
        *,
        stories: int = digesting.MAX_STORIES,
        labeller: Labeller | None = None,
    ) -> None:
        """`stories` is the maximum number of stories in a digest; the default labeller uses the built-in themes."""
        self.folder = folder
        self.labeller = labeller or Labeller()
        self._index = index
        self._digests = digests
        self._builder = DigestBuilder(digests, self.articles, stories, self.labeller.themes)
        self._ingesting = threading.Lock()
        self._stopping = threading.Event()
        sources = index_repair.read_sources(index, folder)
        self._issues = _merge_issues(sources.values())
        self.file_problems = tuple(
            FileProblem(name, problem) for name, source in sources.items() for problem in source.problems
        )
        """What could not be ingested, as of the last run."""

    # ---- issues and articles

    def issues(self) -> list[Issue]:
        """Return all issues, the newest first."""
        return list(self._issues.values())

    def issue(self, day: date) -> Issue:
        """Return the issue of `day`; raises NoSuchIssue, which names the nearest ones."""
        issues = self._issues  # ingesting may replace it at any time
        if day not in issues:
            raise NoSuchIssue(day, sorted(issues, key=lambda other: abs(other - day))[:NEAR_ISSUES])
        return issues[day]

    def articles(self, day: date) -> list[Article]:
        """Return the articles of the issue of `day` in page order; pieces of an article on several pages are joined."""
        return continued.join_continued(self._articles_of(day))

    def sections(self, day: date) -> dict[str, list[Article]]:
        """Return the stories of the issue of `day` by their first theme; the key for stories without a theme is ""."""
        by_theme: dict[str, list[Article]] = defaultdict(list)
        for article in self.articles(day):
            if article.kind not in candidates.UNRANKED_KINDS:
                by_theme[next(iter(self.labeller.theme_names(article)), "")].append(article)
        return dict(by_theme)

    def article(self, article_id: str) -> Article | None:
        """Return the article with this id, with all its pieces joined; None for an unknown id."""
        story = self.story(article_id)
        return story[0] if story else None

    def story(self, article_id: str) -> tuple[Article, frozenset[str]] | None:
        """Return `article(article_id)` and the ids of all its pieces; earlier messages may refer to any of them."""
        article = self._index.article(article_id)
        if article and article.date and continued.is_continued(article):
            articles = self._articles_of(article.date)
            return continued.whole_story(article, articles), continued.piece_ids(article, articles)
        return (article, frozenset({article.id})) if article else None

    def _articles_of(self, day: date) -> list[Article]:
        return self._index.articles("day", day.isoformat())

    def digest(self, day: date | None = None) -> Digest:
        """Return the digest of `day`, by default of the newest issue; raises NoSuchIssue, UsageError without issues."""
        issues = self._issues
        if not issues:
            undated = sum(source.undated for source in self._index.sources().values())
            why = f"the dates of its {undated} articles are not known; enter them in archive.toml" if undated else ""
            raise UsageError(f"the archive {self.folder} has no dated issue yet; {why or 'expected page files in it'}")
        issue = self.issue(day or next(iter(issues)))
        return self._builder.digest(issue, (other for other in issues if other < issue.day))

    def past_digest(self, day: date) -> PastDigest | None:
        """Return the stored digest of `day` without its stories; None if it is not built yet."""
        return self._digests.past(day)

    # ---- searching

    def search(
        self, query: str, *, limit: int = 5, offset: int = 0, newest: bool = False, today: date | None = None
    ) -> SearchResult:
        """Return the articles that match `query`, the best (with `newest`, the newest) first; raises QueryError.

        Words such as 上周 and 去年 mean a period if `today` is given; otherwise they are search terms.
        """
        return search.search(self._index, query, limit=limit, offset=offset, newest=newest, today=today)

    def ask(self, question: str) -> Answers:
        """Return the sentences that answer a question, or that the archive does not answer it."""
        return asking.answer(self._index, question)

    def facets(self, query: str, *, today: date | None = None) -> Facets:
        """Count the articles that match `query` by month, theme, person, place and organisation; raises QueryError."""
        return search.facets(self._index, query, today=today)

    def term_counts(self, term: str) -> tuple[TermCount, ...]:
        """Return the number of articles that contain the characters of `term` in each issue, the oldest first."""
        days = self._index.mention_days([Term(normalise(term), exact=True)], None, None)
        return trends.term_counts(days, self._issues.values())

    def related(self, article_id: str, limit: int = 5) -> list[Article]:
        """Return at most `limit` articles on the same subject, the most similar first; [] for an unknown id."""
        story = self.story(article_id)
        return related_module.related(self._index, story[0], limit=limit, pieces=story[1]) if story else []

    def backtest(self, query: str, *, max_articles: int | None = None, stop: threading.Event | None = None) -> Backtest:
        """Return the matches that a subscription to `query` would have had in all issues so far; raises QueryError.

        With `max_articles`, at most about so many articles are read, and the counts of a query with more candidates are
        estimates. Raises BacktestStopped once `stop` is set.
        """
        return backtest(
            self._index, query, self.issues(), self._whole, self.labeller, max_articles=max_articles, stop=stop
        )

    def _whole(self, article: Article) -> Article:
        return (self.article(article.id) or article) if continued.is_continued(article) else article

    # ---- ingesting

    def ingest(
        self,
        paths: Sequence[Path] | None = None,
        *,
        announce: Announce = lambda _: None,
        progress: Progress = lambda _phase, _done, _all: None,
        settled: datetime | None = None,
    ) -> IngestReport:
        """Ingest the changed files of the archive folder, or of `paths`, then build the stale digests.

        `announce` receives new and changed articles before the commit that makes them searchable. If `settled` (the
        current time) is given, files modified in the last few seconds are left for the next run, because they may still
        be incomplete. Articles of files that no longer exist are removed from the index. If a file cannot be read, the
        report lists it and its earlier articles stay.
        """
        with self._ingesting:
            report = self._ingest(paths, announce, progress, settled)
            memory.release()
            return report

    def _ingest(
        self, paths: Sequence[Path] | None, announce: Announce, progress: Progress, settled: datetime | None
    ) -> IngestReport:
        index_repair.replace_if_damaged(self._index, self.folder)
        problems = self._relabel(partial(progress, "labelling"))
        run = Ingest(self._index, self.folder, announce)
        changed = run.changed(run.files(paths), settled)
        expected = reader.expected_reads(changed)
        for count, read in enumerate(reader.read_files(changed, run.notes, self.labeller), 1):
            run.store(read)
            progress("reading", count, max(count, expected))
            if count % FILES_PER_COMMIT == 0 and read.is_last:
                self._commit(run)
            if self._stopping.is_set():
                break
        else:
            run.store_pages_without_year()
            run.remove_vanished()
        self._commit(run)
        problems += self._builder.update(self.issues()[::-1], partial(progress, "building"), self._stopping)
        report = run.report()
        failed = (FileProblem(problem.item, problem.problem) for problem in problems)
        report = replace(report, problems=(*report.problems, *failed))
        self.file_problems = report.problems
        return report

    def _commit(self, run: Ingest) -> None:
        run.commit()
        self._issues = _merge_issues(run.sources)

    def _relabel(self, progress: Callable[[int, int], None]) -> list[Problem]:
        """Relabel all articles in one commit if the labels in the index were made with other themes.

        Return the articles that cannot be labelled; they have no labels until their file is read again.
        """
        problems: list[Problem] = []
        if self._index.labels_fingerprint() == self.labeller.fingerprint:
            return problems
        total = self._index.count()
        stored, unlabelled = tee(self._index.stored_articles())
        groups = _groups(article for _, article in unlabelled)
        labels = chain.from_iterable(parallel_map(partial(_labels_or_problems, labeller=self.labeller), groups))
        self._index.remove_articles()
        for count, ((source, article), article_labels) in enumerate(zip(stored, labels, strict=True), 1):
            if isinstance(article_labels, Problem):
                problems.append(article_labels)
                article_labels = Labels()  # noqa: PLW2901
            self._index.add_articles(source, [article], [article_labels])
            progress(count, total)
            if self._stopping.is_set():
                self._index.rollback()  # the next run starts again
                return problems
        self._index.put_labels_fingerprint(self.labeller.fingerprint)
        self._index.commit()
        return problems

    def unsure_papers(self) -> list[FileProblem]:
        """Return a sentence about each paper most of whose pages are probably cut wrongly, in place of a file."""
        by_paper: dict[str, list[bool]] = defaultdict(list)
        for source in self._index.sources().values():
            paper = next((issue.paper for issue in source.days if issue.paper), "")
            by_paper[paper or UNNAMED_PAPER].append(source.structure < UNSURE)
        return [
            FileProblem(
                paper,
                f"{sum(unsure)} of {len(unsure)} files may be cut into wrong articles; "
                "`paper` in archive.toml, or text without running heads, may help",
            )
            for paper, unsure in sorted(by_paper.items())
            if sum(unsure) >= MIN_UNSURE_FILES and sum(unsure) * 2 > len(unsure)
        ]

    def check(self) -> list[str]:
        """Return the inconsistencies between folder, index and digests as sentences; [] if there are none."""
        sources = self._index.sources()
        run = Ingest(self._index, self.folder, lambda _: None)
        try:
            files = dict(run.files(None))
        except UsageError as error:  # the folder is missing
            problems = [str(error)]
        else:
            problems = [f"{name} is not ingested yet" for name in sorted(files.keys() - sources.keys())]
            gone = [name for name in sources.keys() - files.keys() if _is_gone(self.folder / name)]
            problems += [f"{name} was ingested and is gone from the archive" for name in sorted(gone)]
        report = run.report()
        kept = [FileProblem(name, problem) for name in sorted(sources) for problem in sources[name].problems]
        problems += [f"{problem.file}: {problem.problem}" for problem in (*report.problems, *kept, *report.left_out)]
        recorded = sum(issue.articles for source in sources.values() for issue in source.days)
        recorded += sum(source.undated for source in sources.values())
        if recorded != self._index.count():
            problems.append(f"the index contains {self._index.count()} articles, its source records list {recorded}")
        if sources and self._index.labels_fingerprint() != self.labeller.fingerprint:
            problems.append("the articles are labelled with other themes than those of the configuration")
        problems += self._digests.problems()
        digests = self._digests.fingerprints()
        problems += [f"the digest of {day} is missing" for day in self._issues if day not in digests]
        problems += [f"the digest of {day} has no issue" for day in digests if day not in self._issues]
        return problems

    def stop_soon(self) -> None:
        """Make ingesting stop after the current file; the files read so far are committed."""
        self._stopping.set()

    def close(self) -> None:
        """Stop ingesting, wait until it has ended, and close the index."""
        self.stop_soon()
        with self._ingesting:
            self._index.close()


def _groups(articles: Iterable[Article]) -> Iterator[tuple[Article, ...]]:
    """Yield the articles in groups that are labelled at once."""
    articles = iter(articles)
    while group := tuple(islice(articles, RELABELLED_AT_ONCE)):
        yield group


def _labels_or_problems(articles: Sequence[Article], labeller: Labeller) -> list[Labels | Problem]:
    """Return the labels of articles, in a worker process; if they fail, article by article."""
    with guard(f"{len(articles)} articles", []):
        return [*labeller.label_all(articles)]
    return [_labels_or_problem(article, labeller) for article in articles]


def _labels_or_problem(article: Article, labeller: Labeller) -> Labels | Problem:
    problems: list[Problem] = []
    with guard(f"article {article.id} ({article.date})", problems):
        return labeller.label(article)
    return problems[0]


def _is_gone(file: Path) -> bool:
    """True if the file does not exist; False also if this cannot be found out."""
    try:
        return not file.exists()
    except OSError:
        return False


def _merge_issues(sources: Iterable[SourceFile]) -> dict[date, Issue]:
    """Return the issues in `sources`, the newest first; parts of an issue in several files are merged."""
    parts: dict[date, list[Issue]] = defaultdict(list)
    for source in sorted(sources, key=lambda source: source.name):
        for part in source.days:
            parts[part.day].append(part)
    return {day: _merge_issue(day, parts[day]) for day in sorted(parts, reverse=True)}


def _merge_issue(day: date, parts: Sequence[Issue]) -> Issue:
    articles = sum(part.articles for part in parts)
    fingerprints = "".join(part.fingerprint for part in parts)
    return Issue(
        day=day,
        paper="、".join(dict.fromkeys(part.paper for part in parts if part.paper)),
        pages=tuple(sorted({page for part in parts for page in part.pages})),
        articles=articles,
        notices=sum(part.notices for part in parts),
        quality=round(sum(part.quality * part.articles for part in parts) / articles, 4),
        fingerprint=hashlib.blake2b(fingerprints.encode(), digest_size=12).hexdigest(),
    )
