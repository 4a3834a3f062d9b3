"""Messages for the operator: state of the program, ingest report, latest errors, digest preview, announcement."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot import callbacks
from bot.keyboards import Row, button
from bot.render.packing import pack
from bot.texts import Html, Texts, lines, texts_for
from digests.chats import Language, OutgoingMessage
from digests.ingest import FileProblem, IngestReport

MAX_INGEST_PROBLEMS = 10
"""Maximum number of unreadable files that an ingest report lists."""


def system_state(
    figures: Mapping[str, float],
    newest: date | None,
    problems: Sequence[str],
    lang: Language,
    *,
    files: Sequence[FileProblem] = (),
) -> tuple[OutgoingMessage, ...]:
    """Return the state of the archive, chats, outbox and jobs; `figures` are the metrics that monitoring reads.

    `problems` are those of the jobs, `files` those of the files of the archive.
    """
    texts = texts_for(lang)
    counts = {name: int(figure) for name, figure in figures.items()}
    parts = {status: counts[f"parts_{status}"] for status in ("owed", "held", "sent", "failed")}
    text = lines(
        texts.html("admin.title"),
        _archive(counts, newest, texts),
        texts.html(
            "admin.chats",
            chats=texts.html("count.chats", count=counts["chats"]),
            active=counts["active_chats"],
            subscriptions=texts.html("count.subscriptions", count=counts["subscriptions"]),
        ),
        texts.html("admin.outbox", **parts),
        lines(texts.html("admin.problems"), *problems) if problems else texts.html("admin.healthy"),
        lines(texts.html("admin.file_problems", count=len(files)), *_problem_lines(files, texts)) if files else "",
    )
    return pack(text, (), _buttons(lang))


def _archive(counts: Mapping[str, int], newest: date | None, texts: Texts) -> Html:
    if newest is None:
        return texts.html("admin.no_archive")
    return texts.html(
        "admin.archive",
        issues=texts.html("count.issues", count=counts["issues"]),
        articles=texts.html("count.articles", count=counts["articles"]),
        newest=texts.long_date(newest),
    )


def ingest_report(report: IngestReport, lang: Language) -> tuple[OutgoingMessage, ...]:
    """Return the counts of an ingest, and the first MAX_INGEST_PROBLEMS files that it could not read."""
    texts = texts_for(lang)
    read = texts.html(
        "admin.ingested",
        files=texts.html("count.files", count=report.read),
        articles=texts.html("count.articles", count=report.articles),
        withdrawn=texts.html("count.files", count=report.withdrawn),
    )
    return pack(lines(read, *_problem_lines(report.problems, texts)), (), _buttons(lang))


def _problem_lines(problems: Sequence[FileProblem], texts: Texts) -> list[Html]:
    """Return a line for each of the first MAX_INGEST_PROBLEMS files."""
    shown = problems[:MAX_INGEST_PROBLEMS]
    return [texts.html("admin.ingest_problem", file=problem.file, problem=problem.problem) for problem in shown]


def recent_errors(recent: Sequence[str], lang: Language) -> tuple[OutgoingMessage, ...]:
    """Return the latest warnings and errors, the newest last."""
    texts = texts_for(lang)
    text = lines(texts.html("admin.errors"), *recent) if recent else texts.html("admin.no_errors")
    return pack(text, (), _buttons(lang))


def digest_preview(day: date, count: int, lang: Language) -> OutgoingMessage:
    """Return the message above the preview of a digest that will be sent to `count` chats."""
    texts = texts_for(lang)
    return OutgoingMessage(texts.html("admin.preview", day=texts.full_date(day), count=count))


def no_digest_preview(day: date, lang: Language) -> OutgoingMessage:
    """Return the message for a day without a digest to preview."""
    texts = texts_for(lang)
    return OutgoingMessage(texts.html("admin.no_preview", day=texts.full_date(day)))


def announcement(text: str, count: int, lang: Language) -> OutgoingMessage:
    """Return the preview of an announcement, with the button that sends it."""
    texts = texts_for(lang)
    send = ((button(texts.plain("button.announce", count=count), callbacks.SendAnnouncement(text)),),)
    return OutgoingMessage(texts.html("admin.announce_ask", count=count, text=text), send)


def _buttons(lang: Language) -> tuple[Row, ...]:
    texts = texts_for(lang)
    return (
        (button(texts.plain("button.admin_state"), callbacks.RunAdminTask("state")),),
        (button(texts.plain("button.admin_take"), callbacks.RunAdminTask("take")),),
        (button(texts.plain("button.admin_plan"), callbacks.RunAdminTask("plan")),),
        (button(texts.plain("button.admin_errors"), callbacks.RunAdminTask("errors")),),
    )
