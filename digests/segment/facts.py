"""What is plain to see of one line, looked at alone: its shape, its signs, how it begins and ends."""

from dataclasses import dataclass

from digests.segment import bylines, signs
from digests.segment.lines import Line, is_closed

SHORT = 60
"""Characters; what is longer is no heading."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is plain to see of one line, looked at alone."""

    plain: str
    level: int
    length: int
    closed: bool
    heading: bool
    """Whether it could be one: short, and not ended like a sentence."""
    sign: str
    """The strongest of the signs it bears; empty if none."""
    start: str
    end: str
    jumps: bool
    """Whether it sends the reader to another page, which ends its story on this one."""
    names: bool
    """Whether names stand after its text."""
    ends_story: bool
    """Whether it closes a story with names or a jump."""

    @property
    def shape(self) -> str:
        return self.sign or ("h" if self.heading else "t" if self.closed else "o")

    @property
    def ending(self) -> str:
        return "jump" if self.jumps else "names" if self.ends_story else "closed" if self.closed else "open"

    @property
    def ending_kind(self) -> str:
        """How it ends a story: with names on a line of their own (b) or after the text (s), with a jump alone (j)."""
        if self.sign == "byline":
            return "b"
        return "j" if self.jumps and not self.names else "s"

    @property
    def running(self) -> bool:
        """Whether it is running text of a story."""
        return self.sign in ("", "lead") and not self.heading


def facts(line: Line) -> Facts:
    """What is plain to see of `line`."""
    plain = line.plain
    sign = _sign(plain)
    at_end = bool(signs.AT_END.search(plain[-80:]))
    closed = at_end or is_closed(plain)
    inner = plain.rstrip("。!?")
    jumps = sign == "jump" or bool(signs.JUMP_TO.search(plain[-12:]))
    short = len(plain) <= SHORT and not sign and not jumps
    heading = short and (not closed or (plain[-1] in "!?)”" and "。" not in inner))
    # A heading may end with the name of its series in brackets, which is no sign-off.
    named = at_end or (bylines.is_signed(plain) if heading else bool(signs.SIGN_OFF.search(plain[-60:])))
    head, tail = plain[:1], plain.rstrip(" ")[-1:]
    ends = jumps or named or sign == "byline"
    return Facts(plain, line.level, len(plain), closed, heading, sign, _class(head), _class(tail), jumps, named, ends)


def _sign(plain: str) -> str:
    head, tail = plain[:200], plain[-60:]
    short = len(plain) <= SHORT
    found = (
        ("jump", short and signs.JUMP_TO.fullmatch(plain)),
        ("from", signs.JUMP_FROM.match(plain)),
        ("countdown", short and signs.COUNTDOWN.match(plain)),
        ("byline", len(plain) <= 90 and bylines.is_own_line(plain)),
        ("credit", short and signs.ONLY_CREDIT.match(plain)),
        ("folio", short and signs.FOLIO.match(plain)),
        ("notice", signs.NOTICE.match(head)),
        ("pictured", signs.PICTURED.match(head)),
        ("credited", len(plain) < 300 and signs.CREDIT.search(tail)),
        ("lead", signs.LEAD.match(head)),
    )
    return next((name for name, hit in found if hit), "")


def _class(char: str) -> str:
    if not char:
        return "none"
    if char.isdecimal():
        return "0"
    if "\u3400" <= char <= "\u9fff":
        return "字"
    return "A" if char.isalpha() else char
