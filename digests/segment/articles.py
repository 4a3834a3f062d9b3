"""Group lines with roles into drafts of articles, and build articles with all their fields from the drafts."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from digests.language.characters import simplified
from digests.models import Article, ArticleKind, LineRange, Page
from digests.segment import bylines
from digests.segment.bylines import parse_dateline
from digests.segment.layout import line_facts
from digests.segment.lines import Line
from digests.segment.model import CONTINUATIONS, DISPLACED, HEADINGS, STANDALONE, Role
from digests.segment.printed_signs import JUMP_FROM, JUMP_TO, LEAD
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
    page: int | None = None
    """The number printed on its page, where it differs from that of the file or the file has none."""

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
_SIGNED = (*_BODY, Role.SUBHEAD, Role.BYLINE)
_LABELLED = re.compile(
    r"^(?P<label>社论|社論|社评|社評|短评|時評|时评|评论|快评|短評|编者按|本报评论|特稿|专访)(?:[\s:：丨|·/]+|(?=【))(?P<title>\S.*)$"
)
"""A headline with the label of its kind printed on the same line."""
_ROUNDUP_PART = re.compile(r"\d{1,2}月\d{1,2}日|近日|连日来|日前")
"""Pattern of the beginning of a part of a roundup."""
_KINDS: dict[Role, ArticleKind] = {
    Role.CAPTION: "photo_caption",
    Role.NOTICE: "notice",
    Role.COUNTDOWN: "countdown",
}
_COMMENTARY = re.compile(r"社论|社评|评论|时评|快评|锐评|短评|论坛|杂谈|漫谈|[一-鿿]{2}(?:谈|评|论|说)$")
_COMMENTATOR = re.compile(r"评论员")
_LETTER = re.compile(r"读者(?:来信|投书|之声|来论)|来函照登|百姓呼声|来信")
_QUESTION = re.compile(r"(?:记者|問|问|Q|本报|本報|[一-鿿]{2,3}报)\s?[::].{4,}")
MIN_QUESTIONS = 2
"""Paragraphs that begin with a question of the reporter, in an interview."""
_VERSE = re.compile(r"[^\d、：:]{1,23}[^\d、：:。！？；]")
MIN_VERSES = 5
"""An article of at least so many short lines without full stops is a poem."""
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
                page=page.number if draft.page is None else draft.page,
                file=page.file,
                n=n,
            )
        )
    return tuple(built)


def _article(draft: Draft, place: Mapping[int, int]) -> Article:
    paragraphs = _paragraphs(draft)
    signed = [(line.text, role) for line, role in draft.parts if role in _SIGNED]
    byline_lines = {at for at, (_, role) in enumerate(signed) if role is Role.BYLINE}
    headline, glued = bylines.split_glued_byline(_headline(draft))
    labels = " ".join(line.text for line in draft.lines(Role.SECTION, Role.LABEL) if not JUMP_FROM.match(line.plain))
    section, headline = _section_and_headline(labels, headline)
    kind = _kind(draft, paragraphs, section)
    caption = draft.lines(Role.CAPTION, Role.CAPTION_ON)
    place_filed, day_filed = parse_dateline(paragraphs[0]) if paragraphs else ("", "")
    return Article(
        id="",
        headline=headline or None,
        paragraphs=paragraphs,
        kicker=_joined_text(draft, Role.KICKER, Role.KICKER_ON) or _notice_name(draft),
        deck=_joined_text(draft, Role.DECK, Role.DECK_ON),
        section=section,
        kind=kind,
        reporters=bylines.caption_photographers([line.text for line in caption])
        if caption
        else bylines.story_reporters([text for text, _ in signed], byline_lines, glued),
        dateline_place=place_filed,
        dateline_day=day_filed,
        subheads=tuple(line.text for line in draft.lines(Role.SUBHEAD) if not bylines.has_sign_off(line.plain)),
        lines=_ranges([line for line, _ in draft.parts], place),
        continued_on_page=_continued_on(draft),
        continued_from_page=_continued_from(draft),
        quality=text_quality("\n".join(paragraphs)),
    )


def _section_and_headline(section: str, headline: str) -> tuple[str, str]:
    """Return the section label and the headline; a label on the line of the headline becomes the section."""
    match = None if section else _LABELLED.match(headline)
    return (match["label"], match["title"]) if match else (section, headline)


def _headline(draft: Draft) -> str:
    if _is_headed(notice := _boxed(draft)):
        return notice[0].text
    if countdown := draft.lines(Role.COUNTDOWN):
        return countdown[0].text
    return _joined_text(draft, Role.HEADLINE, Role.HEADLINE_ON)


def _notice_name(draft: Draft) -> str:
    """Return the name of a notice (遗失声明, 通告) whose text begins on the same line, else ""."""
    notice = draft.lines(Role.NOTICE, Role.NOTICE_ON)
    match = _NOTICE_NAME.match(notice[0].text) if notice and not _is_headed(notice) else None
    return match[1] if match else ""


def _boxed(draft: Draft) -> list[Line]:
    """Return the lines of a notice or a caption."""
    return draft.lines(Role.NOTICE, Role.NOTICE_ON, Role.CAPTION, Role.CAPTION_ON)


def _is_headed(boxed: Sequence[Line]) -> bool:
    """True if the first of several lines of a notice or caption is its heading."""
    first = line_facts(boxed[0]) if len(boxed) > 1 else None
    return first is not None and first.shape in ("h", "n", "notice", "box") and not first.closed


def _joined_text(draft: Draft, *roles: Role) -> str:
    """Return the lines with one of `roles`, joined with spaces."""
    return " ".join(line.text for line in draft.lines(*roles))


def _paragraphs(draft: Draft) -> tuple[str, ...]:
    """Return the paragraphs of the body; paragraphs that were split into several lines are joined."""
    pieces: list[list[str]] = []
    heading_lines = int(_is_headed(_boxed(draft)))
    for line, role in draft.parts[heading_lines:]:
        if role in CONTINUATIONS and pieces:
            pieces[-1].append(line.text)
        elif role in _PRINTED:
            pieces.append([line.text])
    return tuple(join_lines(piece) for piece in pieces)


def _continued_on(draft: Draft) -> int | None:
    """Return the page number in the last jump at the end of a line."""
    arrival = _arrival(draft)
    for line in reversed(draft.lines(*_BODY, Role.SUBHEAD, Role.BYLINE, Role.JUMP)):
        if line is not arrival and (match := JUMP_TO.search(line.plain[-JUMP_CHARS:])):
            return parse_number(match["page"])
    return None


def _continued_from(draft: Draft) -> int | None:
    """Return the page number in a jump at the beginning of the body."""
    arrival = _arrival(draft)
    match = JUMP_FROM.match(arrival.plain) if arrival else None
    return parse_number(match["page"]) if match else None


def _arrival(draft: Draft) -> Line | None:
    """Return the line that tells the page that the article continues from: above the headline or first in the body."""
    above = [line for line in draft.lines(Role.SECTION) if JUMP_FROM.match(line.plain)]
    first = draft.lines(*_BODY, Role.SUBHEAD, Role.JUMP)[:1] if draft.lines(*_BODY) else []
    return next((line for line in (*above, *first) if JUMP_FROM.match(line.plain)), None)


def _kind(draft: Draft, paragraphs: Sequence[str], section: str) -> ArticleKind:
    first = draft.parts[0][1]
    if first in _KINDS:
        return _KINDS[first]
    starts = [normalise_widths(paragraph[:40]) for paragraph in paragraphs]
    if kind := _labelled_kind(draft, section) or _kind_by_form(paragraphs, starts):
        return kind
    length = sum(map(len, paragraphs))
    subheads = len(draft.lines(Role.SUBHEAD))
    if subheads >= 2 and sum(bool(_ROUNDUP_PART.match(start)) for start in starts) * 2 >= subheads:
        return "roundup"
    if length > MIN_FEATURE_CHARS and not any(LEAD.match(start) for start in starts[:1]):
        return "feature"
    is_short = length <= MAX_BRIEF_CHARS and len(paragraphs) <= 2 and _continued_on(draft) is None
    return "brief" if is_short else "news"


def _labelled_kind(draft: Draft, section: str) -> ArticleKind | None:
    """Return the kind that the label, the byline or the headline of an article names."""
    label = simplified(section)
    if _LETTER.search(label):
        return "letter"
    signed = any(_COMMENTATOR.search(simplified(line.plain)) for line in draft.lines(Role.BYLINE, Role.HEADLINE))
    return "commentary" if signed or _COMMENTARY.search(label) else None


def _kind_by_form(paragraphs: Sequence[str], starts: Sequence[str]) -> ArticleKind | None:
    """Return the kind that questions or verses tell; `starts` are the starts of the paragraphs in normalised widths."""
    if sum(bool(_QUESTION.match(start)) for start in starts) >= MIN_QUESTIONS:
        return "interview"
    verses = sum(bool(_VERSE.fullmatch(paragraph)) for paragraph in paragraphs)
    return "literature" if len(paragraphs) >= MIN_VERSES and verses * 4 > len(paragraphs) * 3 else None


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
