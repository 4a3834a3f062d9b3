"""Group lines with roles into drafts of articles, and build articles with all their fields from the drafts."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from digests.models import Article, ArticleKind, LineRange, Page
from digests.segment import bylines
from digests.segment.bylines import parse_dateline
from digests.segment.lines import JUMP_FROM, JUMP_TO, LEAD, Line
from digests.segment.model import CONTINUATIONS, DISPLACED, HEADINGS, STANDALONE, Role
from digests.segment.quality import text_quality
from digests.text import article_id, join_lines, normalise_widths, parse_number

MAX_BRIEF_CHARS = 250
"""An article of at most two paragraphs and at most this length is a brief."""
MIN_FEATURE_CHARS = 4 * MAX_BRIEF_CHARS
"""A longer article without a lead is a feature."""
JUMP_CHARS = 30
"""Characters at the end of a line that are searched for a jump."""


@dataclass(slots=True)
class Draft:
    """The lines of an article with their roles, in reading order."""

    parts: list[tuple[Line, Role]] = field(default_factory=list)

    def lines(self, *roles: Role) -> list[Line]:
        """Return the lines with one of `roles`, in reading order."""
        return [line for line, role in self.parts if role in roles]

    @property
    def has_body(self) -> bool:
        """True if any line is not a heading."""
        return any(role not in HEADINGS for _, role in self.parts)


def group_lines(lines: Sequence[Line], roles: Sequence[Role]) -> tuple[list[Draft], list[Line]]:
    """Return the articles of a page in the order of their first lines, and the lines that belong to no article."""
    grouping = _Grouping()
    for line, role in zip(lines, roles, strict=True):
        grouping.add(line, role)
    return grouping.drafts, grouping.furniture


class _Grouping:
    """Groups the lines of a page into articles while the lines are added in order."""

    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self.furniture: list[Line] = []
        self._story: Draft | None = None  # the article that body lines are added to
        self._earlier: Draft | None = None  # the article before it, for DISPLACED lines
        self._standalone: tuple[Draft, Role | None] | None = None  # current caption or notice, role of its next line

    def add(self, line: Line, role: Role) -> None:
        if role is Role.FURNITURE:
            self.furniture.append(line)
        elif role in STANDALONE:
            self._standalone = self._new(line, role), STANDALONE[role]
        elif self._standalone and role is self._standalone[1]:
            self._standalone[0].parts.append((line, role))
        else:
            self._standalone = None
            self._add_to_story(line, role)

    def _add_to_story(self, line: Line, role: Role) -> None:
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
_ROUNDUP_PART = re.compile(r"\d{1,2}月\d{1,2}日|近日|连日来|日前")
"""Pattern of the beginning of a part of a roundup."""
_KINDS: dict[Role, ArticleKind] = {
    Role.CAPTION: "photo_caption",
    Role.NOTICE: "notice",
    Role.COUNTDOWN: "countdown",
}
_NOTICE_NAME = re.compile(r"^\W{0,3}([\u4e00-\u9fff]{2,12}?)(?=[\s:：]|$)")


def build_articles(drafts: Sequence[Draft], page: Page, numbers: Sequence[int]) -> tuple[Article, ...]:
    """Return the articles of `page`; `numbers` are the numbers of its non-blank lines."""
    place = {number: at for at, number in enumerate(numbers)}
    repetitions: Counter[str] = Counter()
    built = []
    for n, draft in enumerate(drafts, 1):
        article = _article(draft, place)
        text = article.body or "\n".join(
            filter(None, (article.section, article.kicker, article.headline or "", article.deck))
        )
        text_id = article_id(text)
        repetition = repetitions[text_id]
        repetitions[text_id] += 1
        built.append(
            replace(
                article,
                id=article_id(text, repetition) if repetition else text_id,
                paper=page.paper,
                date=page.date,
                page=page.number,
                file=page.file,
                n=n,
            )
        )
    return tuple(built)


def _article(draft: Draft, place: Mapping[int, int]) -> Article:
    paragraphs = _paragraphs(draft)
    kind = _kind(draft, paragraphs)
    printed = [line.text for line in draft.lines(*_BODY, Role.SUBHEAD, Role.BYLINE)]
    caption = draft.lines(Role.CAPTION, Role.CAPTION_ON)
    place_filed, day_filed = parse_dateline(paragraphs[0]) if paragraphs else ("", "")
    return Article(
        id="",
        headline=_headline(draft) or None,
        paragraphs=paragraphs,
        kicker=_joined_text(draft, Role.KICKER, Role.KICKER_ON) or _notice_name(draft),
        deck=_joined_text(draft, Role.DECK, Role.DECK_ON),
        section=_joined_text(draft, Role.SECTION, Role.LABEL),
        kind=kind,
        reporters=bylines.caption_photographers([line.text for line in caption])
        if caption
        else bylines.story_reporters(printed),
        dateline_place=place_filed,
        dateline_day=day_filed,
        subheads=tuple(line.text for line in draft.lines(Role.SUBHEAD) if not bylines.has_sign_off(line.plain)),
        lines=_ranges([line for line, _ in draft.parts], place),
        continued_on_page=_continued_on(draft),
        continued_from_page=_continued_from(draft),
        quality=text_quality("\n".join(paragraphs)),
    )


def _headline(draft: Draft) -> str:
    if _is_headed(notice := draft.lines(Role.NOTICE, Role.NOTICE_ON)):
        return notice[0].text
    if countdown := draft.lines(Role.COUNTDOWN):
        return countdown[0].text
    return _joined_text(draft, Role.HEADLINE, Role.HEADLINE_ON)


def _notice_name(draft: Draft) -> str:
    """Return the name of a notice (遗失声明, 通告) whose text begins on the same line, else ""."""
    notice = draft.lines(Role.NOTICE, Role.NOTICE_ON)
    match = _NOTICE_NAME.match(notice[0].text) if notice and not _is_headed(notice) else None
    return match[1] if match else ""


def _is_headed(notice: Sequence[Line]) -> bool:
    """True if the first line of a notice contains only its name."""
    match = _NOTICE_NAME.match(notice[0].text) if len(notice) > 1 else None
    return match is not None and match.end() == len(notice[0].text)


def _joined_text(draft: Draft, *roles: Role) -> str:
    """Return the lines with one of `roles`, joined with spaces."""
    return " ".join(line.text for line in draft.lines(*roles))


def _paragraphs(draft: Draft) -> tuple[str, ...]:
    """Return the paragraphs of the body; paragraphs that were split into several lines are joined."""
    pieces: list[list[str]] = []
    heading_lines = int(_is_headed(draft.lines(Role.NOTICE, Role.NOTICE_ON)))
    for line, role in draft.parts[heading_lines:]:
        if role in CONTINUATIONS and pieces:
            pieces[-1].append(line.text)
        elif role in _PRINTED:
            pieces.append([line.text])
    return tuple(join_lines(piece) for piece in pieces)


def _continued_on(draft: Draft) -> int | None:
    """Return the page number in the last jump at the end of a line."""
    for line in reversed(draft.lines(*_BODY, Role.SUBHEAD, Role.BYLINE, Role.JUMP)):
        if match := JUMP_TO.search(line.plain[-JUMP_CHARS:]):
            return parse_number(match["page"])
    return None


def _continued_from(draft: Draft) -> int | None:
    """Return the page number in a jump at the beginning of the body."""
    for line in draft.lines(*_BODY, Role.SUBHEAD, Role.JUMP)[:1]:
        if match := JUMP_FROM.match(line.plain):
            return parse_number(match["page"])
    return None


def _kind(draft: Draft, paragraphs: Sequence[str]) -> ArticleKind:
    first = draft.parts[0][1]
    if first in _KINDS:
        return _KINDS[first]
    starts = [normalise_widths(paragraph[:40]) for paragraph in paragraphs]
    length = sum(map(len, paragraphs))
    subheads = len(draft.lines(Role.SUBHEAD))
    if subheads >= 2 and sum(bool(_ROUNDUP_PART.match(start)) for start in starts) * 2 >= subheads:
        return "roundup"
    if length > MIN_FEATURE_CHARS and not any(LEAD.match(start) for start in starts[:1]):
        return "feature"
    is_short = length <= MAX_BRIEF_CHARS and len(paragraphs) <= 2 and _continued_on(draft) is None
    return "brief" if is_short else "news"


def _ranges(lines: Sequence[Line], place: Mapping[int, int]) -> tuple[LineRange, ...]:
    """Return the line numbers as ranges that include blank lines but no line of another article.

    `place` is the index of each line number among the non-blank lines of the page.
    """
    own = sorted(number for line in lines for number in range(line.first, line.last + 1) if number in place)
    ranges: list[list[int]] = []
    for number in own:
        if ranges and place[number] == place[ranges[-1][1]] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return tuple((first, last) for first, last in ranges)
