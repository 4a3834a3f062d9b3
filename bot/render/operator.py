"""What the operator is shown: the state of the parts, what was taken in, the last errors, an announcement."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot import callbacks
from bot.callbacks import Row
from bot.keyboards import button
from bot.render.packing import pack
from bot.texts import texts
from bot.texts.markup import lines
from digests.chats import Language, Outgoing
from digests.ingest import IngestReport

TROUBLES = 10


def state(
    figures: Mapping[str, float], newest: date | None, problems: Sequence[str], lang: Language
) -> tuple[Outgoing, ...]:
    """How everything stands: `figures` by their kind, as monitoring gets them too."""
    say = texts(lang)
    held = {kind: int(figure) for kind, figure in figures.items()}
    archive = (
        say.say("admin.archive", issues=held["issues"], articles=held["articles"], newest=say.short_day(newest))
        if newest
        else say.say("admin.no_archive")
    )
    chats = say.say(
        "admin.chats", chats=held["chats"], active=held["active_chats"], subscriptions=held["subscriptions"]
    )
    fates = {fate: held[f"parts_{fate}"] for fate in ("owed", "held", "sent", "failed")}
    wrong = lines(say.say("admin.problems"), *problems) if problems else say.say("admin.healthy")
    text = lines(say.say("admin.title"), archive, chats, say.say("admin.outbox", **fates), wrong)
    return pack(text, (), _buttons(lang))


def taken(taken: IngestReport, lang: Language) -> tuple[Outgoing, ...]:
    """What a taking in brought."""
    say = texts(lang)
    read = say.say("admin.took", files=taken.read, articles=taken.articles, withdrawn=taken.withdrawn)
    troubles = [say.say("admin.trouble", file=one.file, problem=one.problem) for one in taken.troubles[:TROUBLES]]
    return pack(lines(read, *troubles), (), _buttons(lang))


def errors(recent: Sequence[str], lang: Language) -> tuple[Outgoing, ...]:
    """The last warnings and errors, the newest last."""
    say = texts(lang)
    text = lines(say.say("admin.errors"), *recent) if recent else say.say("admin.no_errors")
    return pack(text, (), _buttons(lang))


def plan(day: date, count: int, lang: Language) -> Outgoing:
    """The head of a digest that is shown before its day."""
    say = texts(lang)
    return Outgoing(say.say("admin.plan", day=say.day(day), count=count))


def no_plan(day: date, lang: Language) -> Outgoing:
    """There is nothing to send on that day."""
    say = texts(lang)
    return Outgoing(say.say("admin.no_plan", day=say.day(day)))


def announcement(text: str, count: int, lang: Language) -> Outgoing:
    """The announcement as it would go out, with the button that sends it."""
    say = texts(lang)
    send = ((button(say.label("button.announce", count=count), callbacks.Announce()),),)
    return Outgoing(say.say("admin.announce_ask", count=count, text=text), send)


def _buttons(lang: Language) -> tuple[Row, ...]:
    say = texts(lang)
    return (
        (button(say.label("button.admin_state"), callbacks.Administer("state")),),
        (button(say.label("button.admin_take"), callbacks.Administer("take")),),
        (button(say.label("button.admin_plan"), callbacks.Administer("plan")),),
        (button(say.label("button.admin_errors"), callbacks.Administer("errors")),),
    )
