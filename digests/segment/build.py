"""The last step: a draft becomes an article with all its fields."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from digests import text as strings
from digests.models import Article, Kind, LineRange, Page
from digests.segment import bylines, signs
from digests.segment.groups import Draft
from digests.segment.lines import Line, fold
from digests.segment.quality import quality
from digests.segment.roles import JOINED, Role

_BODY = (Role.OPENING, Role.BODY, Role.BODY_ON, Role.TAIL, Role.REST, Role.REST_ON)
_PRINTED = (*_BODY, Role.SUBHEAD, Role.CAPTION, Role.CAPTION_ON, Role.NOTICE, Role.NOTICE_ON)
_BRIEF = 250
"""Characters; a story of one paragraph up to this length is a brief."""
_NOTICE_NAME = re.compile(r"^\W{0,3}([\u4e00-\u9fff]{2,12}?)(?=[\s:：]|$)")


def articles(drafts: Sequence[Draft], page: Page, order: Sequence[int]) -> tuple[Article, ...]:
    """The articles of `page`; `order` lists the numbers of all its non-empty lines."""
    seen: Counter[str] = Counter()
    found = []
    for n, draft in enumerate(drafts, 1):
        article = _article(draft, order)
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


def _article(draft: Draft, order: Sequence[int]) -> Article:
    paragraphs = _paragraphs(draft)
    kind = _kind(draft, paragraphs)
    printed = [line.text for line in draft.of(*_BODY, Role.SUBHEAD, Role.BYLINE)]
    caption = draft.of(Role.CAPTION, Role.CAPTION_ON)
    return Article(
        id="",
        headline=_headline(draft) or None,
        paragraphs=paragraphs,
        kicker=_heading(draft, Role.KICKER, Role.KICKER_ON) or _notice_name(draft),
        deck=_heading(draft, Role.DECK, Role.DECK_ON),
        section=" ".join(line.text for line in draft.of(Role.SECTION, Role.LABEL)),
        kind=kind,
        reporters=bylines.of_caption([line.text for line in caption]) if caption else bylines.of_story(printed),
        subheads=tuple(line.text for line in draft.of(Role.SUBHEAD)),
        lines=_ranges([line for line, _ in draft.parts], order),
        continued_on_page=_jump(draft, signs.JUMP_TO),
        continued_from_page=_jump(draft, signs.JUMP_FROM),
        quality=quality("\n".join(paragraphs)),
    )


def _headline(draft: Draft) -> str:
    if countdown := draft.of(Role.COUNTDOWN):
        return countdown[0].text
    return _heading(draft, Role.HEADLINE, Role.HEADLINE_ON)


def _notice_name(draft: Draft) -> str:
    """What a notice calls itself before it begins on the same line (遗失声明, 通告); that is no headline."""
    notice = draft.of(Role.NOTICE)
    match = _NOTICE_NAME.match(notice[0].text) if notice else None
    return match[1] if match else ""


def _heading(draft: Draft, role: Role, goes_on: Role) -> str:
    return " ".join(line.text for line in draft.of(role, goes_on))


def _paragraphs(draft: Draft) -> tuple[str, ...]:
    """The body with its broken paragraphs made whole; no character is changed."""
    pieces: list[list[str]] = []
    for line, role in draft.parts:
        if role in JOINED and pieces:
            pieces[-1].append(line.text)
        elif role in _PRINTED:
            pieces.append([line.text])
    return tuple(strings.join(piece) for piece in pieces)


def _jump(draft: Draft, sign: re.Pattern[str]) -> int | None:
    for line in reversed(draft.of(*_BODY, Role.SUBHEAD, Role.BYLINE, Role.JUMP)):
        if match := sign.search(line.plain[:30]) or sign.search(line.plain[-30:]):
            return signs.number(match["page"])
    return None


def _kind(draft: Draft, paragraphs: Sequence[str]) -> Kind:
    first = draft.parts[0][1]
    if first in (Role.CAPTION, Role.NOTICE, Role.COUNTDOWN):
        kinds: dict[Role, Kind] = {Role.CAPTION: "photo_caption", Role.NOTICE: "notice", Role.COUNTDOWN: "countdown"}
        return kinds[first]
    length = sum(map(len, paragraphs))
    subheads = draft.of(Role.SUBHEAD)
    dated = sum(bool(re.match(r"(?:\d{1,2}月\d{1,2}日|近日|连日来|日前)", fold(p[:40]))) for p in paragraphs)
    if len(subheads) >= 2 and dated * 2 >= len(subheads):
        return "roundup"
    lead = any(signs.LEAD.match(fold(p[:40])) for p in paragraphs[:1])
    if not lead and length > 4 * _BRIEF:
        return "feature"
    return "brief" if length <= _BRIEF and len(paragraphs) <= 2 else "news"


def _ranges(lines: Sequence[Line], order: Sequence[int]) -> tuple[LineRange, ...]:
    """Line numbers as ranges that run over empty lines but over no line of another article."""
    own = sorted(number for line in lines for number in range(line.first, line.last + 1))
    place = {number: at for at, number in enumerate(order)}
    own = [number for number in own if number in place]
    ranges: list[list[int]] = []
    for number in own:
        if ranges and place[number] == place[ranges[-1][1]] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return tuple((first, last) for first, last in ranges)
