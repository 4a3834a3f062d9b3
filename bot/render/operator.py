"""What the operator is shown: the state of the parts, what was taken in, the last errors, an announcement."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot import callbacks
from bot.keyboards import Row, button
from bot.render.packing import pack
from bot.texts import texts_for
from bot.texts.markup import lines
from digests.chats import Language, OutgoingMessage
from digests.ingest import IngestReport

MAX_INGEST_PROBLEMS = 10


def system_state(
    figures: Mapping[str, float], newest: date | None, problems: Sequence[str], lang: Language
) -> tuple[OutgoingMessage, ...]:
    """How everything stands: `figures` by their kind, as monitoring gets them too."""
    texts = texts_for(lang)
    held = {kind: int(figure) for kind, figure in figures.items()}
    archive = (
        texts.html("admin.archive", issues=held["issues"], articles=held["articles"], newest=texts.short_day(newest))
        if newest
        else texts.html("admin.no_archive")
    )
    chats = texts.html(
        "admin.chats", chats=held["chats"], active=held["active_chats"], subscriptions=held["subscriptions"]
    )
    fates = {fate: held[f"parts_{fate}"] for fate in ("owed", "held", "sent", "failed")}
    wrong = lines(texts.html("admin.problems"), *problems) if problems else texts.html("admin.healthy")
    text = lines(texts.html("admin.title"), archive, chats, texts.html("admin.outbox", **fates), wrong)
    return pack(text, (), _buttons(lang))


def ingest_report(taken: IngestReport, lang: Language) -> tuple[OutgoingMessage, ...]:
    """What a taking in brought."""
    texts = texts_for(lang)
    read = texts.html("admin.took", files=taken.read, articles=taken.articles, withdrawn=taken.withdrawn)
    troubles = [
        texts.html("admin.trouble", file=one.file, problem=one.problem) for one in taken.problems[:MAX_INGEST_PROBLEMS]
    ]
    return pack(lines(read, *troubles), (), _buttons(lang))


def recent_errors(recent: Sequence[str], lang: Language) -> tuple[OutgoingMessage, ...]:
    """The last warnings and errors, the newest last."""
    texts = texts_for(lang)
    text = lines(texts.html("admin.errors"), *recent) if recent else texts.html("admin.no_errors")
    return pack(text, (), _buttons(lang))


def digest_preview(day: date, count: int, lang: Language) -> OutgoingMessage:
    """The head of a digest that is shown before its day."""
    texts = texts_for(lang)
    return OutgoingMessage(texts.html("admin.plan", day=texts.day(day), count=count))


def no_digest_preview(day: date, lang: Language) -> OutgoingMessage:
    """There is nothing to send on that day."""
    texts = texts_for(lang)
    return OutgoingMessage(texts.html("admin.no_plan", day=texts.day(day)))


def announcement(text: str, count: int, lang: Language) -> OutgoingMessage:
    """The announcement as it would go out, with the button that sends it."""
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
