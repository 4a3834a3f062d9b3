"""The third step: roles into drafts of articles, each with its lines in the order they are to be read.

The last step: a draft becomes an article with all its fields.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from digests import text as strings
from digests.models import Article, ArticleKind, LineRange, Page
from digests.segment import bylines
from digests.segment import lines as lines_module
from digests.segment.bylines import parse_dateline
from digests.segment.lines import Line
from digests.segment.model import CONTINUATIONS, DISPLACED, HEADINGS, STANDALONE, Role
from digests.segment.quality import text_quality
from digests.text import normalise_widths

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


def group_lines(lines: Sequence[Line], roles: Sequence[Role]) -> tuple[list[Draft], list[Line]]:
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
        elif role in STANDALONE:
            self._aside = self._new(line, role), STANDALONE[role]
        elif self._aside and role is self._aside[1]:
            self._aside[0].parts.append((line, role))
        else:
            self._aside = None
            self._put_in_story(line, role)

    def _put_in_story(self, line: Line, role: Role) -> None:
        opens = role is Role.OPENING or (role in HEADINGS and (self._story is None or self._story.has_body))
        if opens or self._story is None:
            self._earlier, self._story = self._story, self._new(line, role)
        elif role in DISPLACED and self._earlier is not None:
            self._earlier.parts.append((line, role))
        else:
            self._story.parts.append((line, role))

    def _new(self, line: Line, role: Role) -> Draft:
        draft = Draft([(line, role)])
        self.drafts.append(draft)
        return draft


_BODY = (Role.OPENING, Role.BODY, Role.BODY_ON, Role.TAIL, Role.REST, Role.REST_ON)
_PRINTED = (*_BODY, Role.SUBHEAD, Role.CAPTION, Role.CAPTION_ON, Role.NOTICE, Role.NOTICE_ON)
_BRIEF = 250
"""Characters; a story of one paragraph up to this length is a brief."""
_JUMP = 30
"""Characters at the end of a line in which a jump is looked for."""
_RECENT = re.compile(r"\d{1,2}月\d{1,2}日|近日|连日来|日前")
"""How each part of a roundup begins."""
_KINDS: dict[Role, ArticleKind] = {
    Role.CAPTION: "photo_caption",
    Role.NOTICE: "notice",
    Role.COUNTDOWN: "countdown",
}
_NOTICE_NAME = re.compile(r"^\W{0,3}([\u4e00-\u9fff]{2,12}?)(?=[\s:：]|$)")


def build_articles(drafts: Sequence[Draft], page: Page, order: Sequence[int]) -> tuple[Article, ...]:
    """The articles of `page`; `order` lists the numbers of all its non-empty lines."""
    place = {number: at for at, number in enumerate(order)}
    seen: Counter[str] = Counter()
    found = []
    for n, draft in enumerate(drafts, 1):
        article = _article(draft, place)
        text = article.body or "\n".join(
            filter(None, (article.section, article.kicker, article.headline or "", article.deck))
        )
        made = strings.article_id(text)
        found.append(
            replace(
                article,
                id=strings.article_id(text, seen[made]) if seen[made] else made,
                paper=page.paper,
                date=page.date,
                page=page.number,
                file=page.file,
                n=n,
            )
        )
        seen[made] += 1
    return tuple(found)


def _article(draft: Draft, place: Mapping[int, int]) -> Article:
    paragraphs = _paragraphs(draft)
    kind = _kind(draft, paragraphs)
    printed = [line.text for line in draft.of(*_BODY, Role.SUBHEAD, Role.BYLINE)]
    caption = draft.of(Role.CAPTION, Role.CAPTION_ON)
    filed_at, filed_on = parse_dateline(paragraphs[0]) if paragraphs else ("", "")
    return Article(
        id="",
        headline=_headline(draft) or None,
        paragraphs=paragraphs,
        kicker=_heading(draft, Role.KICKER, Role.KICKER_ON) or _notice_name(draft),
        deck=_heading(draft, Role.DECK, Role.DECK_ON),
        section=" ".join(line.text for line in draft.of(Role.SECTION, Role.LABEL)),
        kind=kind,
        reporters=bylines.caption_photographers([line.text for line in caption])
        if caption
        else bylines.story_reporters(printed),
        dateline_place=filed_at,
        dateline_day=filed_on,
        subheads=tuple(line.text for line in draft.of(Role.SUBHEAD) if not bylines.has_sign_off(line.plain)),
        lines=_ranges([line for line, _ in draft.parts], place),
        continued_on_page=_continued_on(draft),
        continued_from_page=_continued_from(draft),
        quality=text_quality("\n".join(paragraphs)),
    )


def _headline(draft: Draft) -> str:
    if _is_headed(notice := draft.of(Role.NOTICE, Role.NOTICE_ON)):
        return notice[0].text
    if countdown := draft.of(Role.COUNTDOWN):
        return countdown[0].text
    return _heading(draft, Role.HEADLINE, Role.HEADLINE_ON)


def _notice_name(draft: Draft) -> str:
    """What a notice calls itself before it begins on the same line (遗失声明, 通告); that is no headline."""
    notice = draft.of(Role.NOTICE, Role.NOTICE_ON)
    match = _NOTICE_NAME.match(notice[0].text) if notice and not _is_headed(notice) else None
    return match[1] if match else ""


def _is_headed(notice: Sequence[Line]) -> bool:
    """Whether the first line of a notice is nothing but its name."""
    match = _NOTICE_NAME.match(notice[0].text) if len(notice) > 1 else None
    return match is not None and match.end() == len(notice[0].text)


def _heading(draft: Draft, role: Role, goes_on: Role) -> str:
    return " ".join(line.text for line in draft.of(role, goes_on))


def _paragraphs(draft: Draft) -> tuple[str, ...]:
    """The body with its broken paragraphs made whole; no character is changed."""
    pieces: list[list[str]] = []
    headed = _is_headed(draft.of(Role.NOTICE, Role.NOTICE_ON))
    for line, role in draft.parts[headed:]:
        if role in CONTINUATIONS and pieces:
            pieces[-1].append(line.text)
        elif role in _PRINTED:
            pieces.append([line.text])
    return tuple(strings.join_lines(piece) for piece in pieces)


def _continued_on(draft: Draft) -> int | None:
    """The page that the last jump at the end of a line names."""
    for line in reversed(draft.of(*_BODY, Role.SUBHEAD, Role.BYLINE, Role.JUMP)):
        if match := lines_module.JUMP_TO.search(line.plain[-_JUMP:]):
            return strings.parse_number(match["page"])
    return None


def _continued_from(draft: Draft) -> int | None:
    """The page that a jump at the beginning of the body names."""
    for line in draft.of(*_BODY, Role.SUBHEAD, Role.JUMP)[:1]:
        if match := lines_module.JUMP_FROM.match(line.plain):
            return strings.parse_number(match["page"])
    return None


def _kind(draft: Draft, paragraphs: Sequence[str]) -> ArticleKind:
    first = draft.parts[0][1]
    if first in _KINDS:
        return _KINDS[first]
    starts = [normalise_widths(paragraph[:40]) for paragraph in paragraphs]
    length = sum(map(len, paragraphs))
    subheads = len(draft.of(Role.SUBHEAD))
    if subheads >= 2 and sum(bool(_RECENT.match(start)) for start in starts) * 2 >= subheads:
        return "roundup"
    if length > 4 * _BRIEF and not any(lines_module.LEAD.match(start) for start in starts[:1]):
        return "feature"
    is_short = length <= _BRIEF and len(paragraphs) <= 2 and _continued_on(draft) is None
    return "brief" if is_short else "news"


def _ranges(lines: Sequence[Line], place: Mapping[int, int]) -> tuple[LineRange, ...]:
    """Line numbers as ranges that run over empty lines but over no line of another article.

    `place` gives for each non-empty line of the page how many stand before it.
    """
    own = sorted(number for line in lines for number in range(line.first, line.last + 1) if number in place)
    ranges: list[list[int]] = []
    for number in own:
        if ranges and place[number] == place[ranges[-1][1]] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return tuple((first, last) for first, last in ranges)
