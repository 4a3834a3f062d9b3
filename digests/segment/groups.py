"""The third step: roles into drafts of articles, each with its lines in the order they are to be read."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from digests.segment.lines import Line
from digests.segment.roles import ALONE, ASTRAY, HEADINGS, Role

Placed = tuple[Line, Role]


@dataclass(slots=True)
class Draft:
    """An article being put together."""

    parts: list[Placed] = field(default_factory=list)

    def of(self, *roles: Role) -> list[Line]:
        """Its lines that play one of `roles`, in reading order."""
        return [line for line, role in self.parts if role in roles]

    @property
    def has_body(self) -> bool:
        return any(role not in HEADINGS for _, role in self.parts)


def group(lines: Sequence[Line], roles: Sequence[Role]) -> tuple[list[Draft], list[Line]]:
    """The articles of a page in the order they begin, and the lines that belong to none."""
    sorter = _Sorter()
    for line, role in zip(lines, roles, strict=True):
        sorter.put(line, role)
    return sorter.drafts, sorter.furniture


class _Sorter:
    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self.furniture: list[Line] = []
        self._story: Draft | None = None  # the story that is open
        self._earlier: Draft | None = None  # the one before it, to which a tail belongs
        self._aside: tuple[Draft, Role | None] | None = None  # a caption or notice, and the role that goes on from it

    def put(self, line: Line, role: Role) -> None:
        if role is Role.FURNITURE:
            self.furniture.append(line)
        elif role in ALONE:
            self._aside = self._new(line, role), ALONE[role]
        elif self._aside and role is self._aside[1]:
            self._aside[0].parts.append((line, role))
        else:
            self._aside = None
            self._put_in_story(line, role)

    def _put_in_story(self, line: Line, role: Role) -> None:
        opens = role is Role.OPENING or (role in HEADINGS and (self._story is None or self._story.has_body))
        if opens or self._story is None:
            self._earlier, self._story = self._story, self._new(line, role)
        elif role in ASTRAY and self._earlier is not None:
            self._earlier.parts.append((line, role))
        else:
            self._story.parts.append((line, role))

    def _new(self, line: Line, role: Role) -> Draft:
        draft = Draft([(line, role)])
        self.drafts.append(draft)
        return draft
