"""Promises: what is to be done by when, read from a sentence and the day of the paper.

find_promises   sentence, day of the issue -> promises (the road is finished by the end of the year)
find_reader_deadlines   the days by which readers have to act (报名截止), which are no promises
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import fsum
from operator import mul

from digests.analysis.keywords import logistic
from digests.dates import DayRange
from digests.models import Span
from digests.promises import features as featuring
from digests.promises.deadlines import Deadline, find_deadlines
from digests.promises.features import Context
from digests.promises.wording import Kind, kind_of, what_and_who

MAX_SENTENCE_CHARS = 1000
"""Characters at the beginning of a sentence that are read; longer ones are lists or text without full stops."""
MIN_LIKELIHOOD = 0.65
"""A time is taken for the due day of a promise from this likelihood on."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What is to be done by when."""

    what: str
    due: DayRange
    kind: Kind
    who: str = ""
    span: Span = (0, 0)
    """Offsets of the time in the sentence."""


def find_promises(sentence: str, issue: date) -> tuple[Promise, ...]:
    """Return what a sentence in the issue of that day promises, in order; () for reports and forecasts."""
    found: dict[tuple[DayRange, str], Promise] = {}
    for around in _contexts(sentence, issue):
        if is_candidate(around, issue) and likelihood(around, issue) >= MIN_LIKELIHOOD:
            promise = _promise(around)
            found.setdefault((promise.due, promise.what), promise)
    return tuple(found.values())


def _contexts(sentence: str, issue: date) -> Iterator[Context]:
    beginning = sentence[:MAX_SENTENCE_CHARS]
    for deadline in find_deadlines(beginning, issue):
        yield featuring.context(beginning, deadline)


def is_candidate(around: Context, issue: date) -> bool:
    """True if a time can be the due day of a promise; False for past days, titles and deadlines for readers."""
    return not (
        featuring.is_past(around.deadline, issue)
        or featuring.is_report(around, issue)
        or featuring.is_for_readers(around)
        or featuring.in_title(around)
    )


def likelihood(around: Context, issue: date) -> float:
    """Return the likelihood that a time is the due day of a promise, from 0 to 1."""
    return logistic(fsum(map(mul, FEATURE_WEIGHTS.values(), featuring.features(around, issue))))


def _promise(around: Context) -> Promise:
    kind = kind_of(around)
    what, who = what_and_who(around)
    days = around.deadline.days
    if kind == "rule_in_force" and around.deadline.bound == "in":
        days = DayRange(days.first, None)
    return Promise(what, days, kind, who, around.deadline.span)


def as_document(promise: Promise) -> dict[str, object]:
    """Return a promise as an object for JSON output; `who` only if the sentence names it."""
    due = [day and day.isoformat() for day in (promise.due.first, promise.due.last)]
    who = {"who": promise.who} if promise.who else {}
    return {"what": promise.what, **who, "due": due, "kind": promise.kind}


def find_reader_deadlines(sentence: str, issue: date) -> tuple[Deadline, ...]:
    """Return the times by which readers have to act that are not over on the day of the issue."""
    return tuple(
        around.deadline
        for around in _contexts(sentence, issue)
        if around.deadline.days.last and featuring.is_for_readers(around)
        if not featuring.is_past(around.deadline, issue) and not featuring.in_title(around)
    )


FEATURE_WEIGHTS = {
    "bias": 1.19,
    "future": 0.85,
    "by": 0.42,
    "from": 0.52,
    "range": 0.54,
    "day": 0.09,
    "year": -0.62,
    "month": 0.08,
    "part": -0.16,
    "plan": 0.25,
    "duration": 0.35,
    "modal after": 0.03,
    "finish after": 0.54,
    "start after": 0.38,
    "rule after": 0.16,
    "event after": 0.14,
    "target after": 0.91,
    "number after": -0.11,
    "all after": 0.10,
    "modal soon": -0.13,
    "modal before": -0.27,
    "modal far": 0.33,
    "planned year": 0.14,
    "bare year": -0.93,
    "done": -0.55,
    "counted": -0.11,
    "forecast": -1.33,
    "standing": -0.42,
    "vague": -1.06,
    "vague only": -0.39,
    "attribute": -0.47,
    "verb soon": 0.59,
    "comma": 0.02,
    "head empty": -0.35,
    "of": -0.03,
}
"""Weights of `features.features`, in the same order; fitted by tests/bench/train_promises.py."""
