"""Features of a line for the model: its shape, its neighbours, and how well it continues earlier lines.

A feature is a string, the key of its weights. The text of a line is used only in hashed form: bigrams and the first and
last 1 to 3 characters of short lines, the first and last characters of longer lines and of lines that may continue
other text. An article is torn if it breaks off in mid-sentence; its rest may follow below a later heading.
"""

import re
from collections.abc import Iterator, Sequence
from zlib import crc32

from digests.language import words
from digests.segment.layout import (
    MAX_HEADING_CHARS,
    START_COMPARED,
    LineFacts,
    PageView,
    line_facts,
    names_reporters,
    wide_gaps,
)
from digests.segment.lines import Line
from digests.text import bigrams

HASH_BUCKETS = 1 << 16
"""Number of different features for hashed text."""
MAX_PLACE = 6
"""Headings further down a run are treated alike."""
MAX_COMPARED_HEADINGS = 12
"""Maximum number of headings of a run whose lengths are compared; an article has fewer headings."""
LENGTH_BUCKETS = (2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 23, 26, 30, 35, 40, 50, 60, 80, 120, 200, 400)


_SPEAKER = re.compile(r"^(?:[\u4e00-\u9fff]{1,8}|[QA])\s?:")
"""记者： or 问： at the start of a line of an interview."""


def page_features(lines: Sequence[Line]) -> list[list[str]]:
    """Return the features of each line of a page."""
    seen = [line_facts(line) for line in lines]
    page = PageView(seen, wide_gaps(lines))
    return [list(_line_features(page, at)) for at in range(len(seen))]


def _line_features(page: PageView, at: int) -> Iterator[str]:
    """Yield all features of the line at index `at`."""
    lines, own = page.lines, page.lines[at]
    yield "bias"
    yield from _own_features(own)
    yield f"gap={page.gap[at]}{page.gap[at + 1]}|{own.shape}"
    yield from _neighbour_features(lines, at)
    yield from _page_context_features(page, at)
    if own.length <= MAX_HEADING_CHARS:
        yield from _heading_features(page, at)
        yield from _text_hashes(own.plain)
    else:
        yield from _edge_hashes(own.plain)
    if not own.heading:
        yield from _continuation_features(page, at)


def _own_features(own: LineFacts) -> Iterator[str]:
    """Yield features of the line alone."""
    size = _length_bucket(own.length)
    yield f"len={size}"
    yield f"shape={own.shape}"
    yield f"shape={own.shape}|len={size}"
    yield f"start={own.start}|{own.heading}"
    yield f"end={own.end}|{own.heading}"
    yield f"level={own.level}"
    yield f"comma={min(own.plain.count(','), 3)}|{own.heading}"
    yield f"space={min(own.plain.count(' '), 3)}|{own.heading}"
    yield f"stop={min(own.plain.count('。'), 2)}|{own.heading}"
    if own.ends_story:
        yield "ends"
    if names_reporters(own.plain):
        yield "reporters"
    if _SPEAKER.match(own.plain):
        yield f"speaker|{own.shape}"
    yield f"digits={_digit_share(own.plain)}|{size}"


def _digit_share(plain: str) -> int:
    """Return the share of digits in a line in tenths, at most 4; text of more than MAX_HEADING_CHARS counts as 0."""
    if len(plain) > MAX_HEADING_CHARS:
        return 0
    return min(sum(char.isdecimal() for char in plain) * 10 // (len(plain) or 1), 4)


def _neighbour_features(lines: Sequence[LineFacts], at: int) -> Iterator[str]:
    """Yield features of the line and up to three lines above and below it."""
    own = lines[at]
    around = {step: lines[at + step] if 0 <= at + step < len(lines) else None for step in (-3, -2, -1, 1, 2, 3)}
    shape = {step: other.shape if other else "edge" for step, other in around.items()}
    for step in around:
        yield f"{step}:{shape[step]}"
        yield f"{step}:{shape[step]}|{own.shape}"
    yield f"-1+1:{shape[-1]}|{own.shape}|{shape[1]}"
    yield f"-2-1:{shape[-2]}|{shape[-1]}|{own.shape}"
    yield f"+1+2:{own.shape}|{shape[1]}|{shape[2]}"
    yield f"-2..2:{shape[-2]}|{shape[-1]}|{own.shape}|{shape[1]}|{shape[2]}"
    for step in (-1, 1):
        if other := around[step]:
            yield f"{step}level={other.level}|{own.level}|{own.heading}"
            yield f"{step}len={_length_bucket(other.length)}|{own.shape}"
            yield f"{step}ends={other.ends_story}|{own.shape}"
            yield f"{step}start={other.start}|{own.shape}"
            yield f"{step}end={other.end}|{own.shape}"


def _page_context_features(page: PageView, at: int) -> Iterator[str]:
    """Yield features of the line with facts about the whole page and its position on it."""
    own = page.lines[at]
    yield f"marked={page.marked > 0}|{own.shape}|{own.level}"
    yield f"bare={page.bare > 0}|{own.shape}"
    yield f"bylines={page.byline_place}|{own.shape}"
    upper = page.lines[at - 1].shape if at else "edge"
    lower = page.lines[at + 1].shape if at + 1 < len(page.lines) else "edge"
    yield f"bylines={page.byline_place}|{upper}|{own.shape}|{lower}"
    yield f"leads={page.lead_share}|{page.byline_place}|{own.shape}|{lower}"
    if own.length > START_COMPARED:
        yield f"repeated={min(page.starts[own.plain[:START_COMPARED]], 4)}|{own.shape}"
    if page.marked:
        rank = page.levels.index(own.level) if own.level else -1
        yield f"rank={rank}/{len(page.levels)}|{own.shape}"
        yield f"rank={rank}/{len(page.levels)}|{upper}|{own.shape}|{lower}"
        yield f"rank={rank}|{page.lead_share}|{page.byline_place}|{lower}"
    yield f"torn={bool(page.torn)}|{own.shape}"
    before = page.story_before[at]
    yield f"after={page.lines[before].ending if before is not None else 'none'}|{own.shape}"
    if at == 0:
        yield f"first|{own.shape}|{page.lines[1].shape if len(page.lines) > 1 else ''}"
        yield f"first|{own.heading}"
    if at == len(page.lines) - 1:
        yield f"last|{own.heading}"


def _heading_features(page: PageView, at: int) -> Iterator[str]:
    """Yield features of a short line as part of a run of headings, and of the articles above and below it."""
    own = page.lines[at]
    place, size = page.place[at] if own.heading else (0, 0)
    in_run, long_run = min(place, MAX_PLACE), min(size, MAX_PLACE + 2)
    yield f"place={in_run}/{long_run}"
    yield f"place={in_run}/{long_run}|{_length_bucket(own.length)}"
    run = page.lines[at - place : at - place + min(size, MAX_COMPARED_HEADINGS)]
    levels = "".join(str(line.level) for line in run[:6])
    yield f"levels={levels}|{place}"
    yield "lens={}|{}".format("".join("sml"[(line.length > 9) + (line.length > 17)] for line in run[:5]), place)
    if run and size > 1:
        yield f"longest={own.length == max(line.length for line in run)}|{place}/{size}"
    if place + 1 < size:
        yield from _heading_pair_features(own, page.lines[at + 1], f"+{place}/{size}")
    if place:
        yield from _heading_pair_features(page.lines[at - 1], own, f"-{place}/{size}")
    text = page.first.get(page.run[at]) if own.heading else None
    if text is not None:
        shared = len(page.pairs[at] & page.pairs[text]) / (len(page.pairs[at]) or 1)
        yield f"shared={int(shared * 5)}"
        yield f"shared={int(shared * 5)}|{place}/{size}"
    following = page.lines[at - place + size] if size and at - place + size < len(page.lines) else None
    upper = page.lines[at - place - 1] if size and at > place else None
    yield f"under={upper.shape if upper else 'edge'}{upper.ends_story if upper else ''}|{place}/{size}"
    yield f"over={following.shape if following else 'edge'}|{place}/{size}"
    yield f"bare={page.bare > 0}|{bool(page.torn)}|{place}/{size}"
    before = page.story_before[at]
    ended = "none" if before is None else page.lines[before].ending
    number = page.run[at]
    named = f"{page.named.get(number - 1, '')[:2]}|{page.named[number][:2]}"
    yield f"named={named}|{place}/{size}"
    yield f"named={named}|{ended}|{place}/{size}"
    above, below = page.sign_above(at - place), page.sign_below(at)
    yield f"signs={above}|{below}"
    yield f"signs={above}|{below}|{ended}|{place}/{size}"
    yield f"above={above}|{ended}|{place}/{size}"
    yield f"below={below}|{place}/{size}"
    yield f"ended={ended}|{place}/{size}"
    yield f"ended={ended}|{place}/{size}|{following.shape if following else 'edge'}|{page.named[page.run[at]]}"


def _heading_pair_features(upper: LineFacts, lower: LineFacts, where: str) -> Iterator[str]:
    """Yield features of two adjacent headings of a run."""
    balance = lower.length - upper.length
    yield f"balance{where}={max(-6, min(6, balance))}"
    if 0 <= balance <= 1:
        yield f"halves{where[0]}={_length_bucket(upper.length)}"
    yield f"levels{where[0]}={upper.level}{lower.level}"
    yield f"seam{where[0]}={_seam_frequency(upper.plain, lower.plain)}|{0 <= balance <= 1}"
    yield f"edges{where[0]}={upper.end}|{lower.start}"
    yield f"spaces{where[0]}={' ' in upper.plain}{' ' in lower.plain}"
    whole = upper.plain.count("“") - upper.plain.count("”") + upper.plain.count("《") - upper.plain.count("》")
    yield f"quotes{where[0]}={max(-1, min(1, whole))}"


def _is_open(plain: str) -> bool:
    """True if a quotation mark, title mark or bracket is opened and not closed."""
    return any(plain.rfind(left) > plain.rfind(right) for left, right in ("“”", "《》", "()", "「」"))


def _seam_frequency(upper: str, lower: str) -> str:
    """Return how frequent a word the end of `upper` and the start of `lower` form: 0 (no word) to 5."""
    best = max(words.frequency(upper[-k:] + lower[:m]) for k, m in ((1, 1), (2, 1), (1, 2), (2, 2)))
    return str(min(len(str(best)) if best else 0, 5))


def _continuation_features(page: PageView, at: int) -> Iterator[str]:
    """Yield features of how well the line continues the text above it or a torn article."""
    own, before = page.lines[at], page.text_before[at]
    run = page.run[at]
    torn = next((page.torn[k] for k in range(run - 1, max(run - 3, -1), -1) if k in page.torn), None)
    above = "none"
    if before is not None:
        upper = page.lines[before]
        near = "same" if page.run[before] == run else "other"
        above = f"{upper.closed}|{near}"
        yield f"above={above}|{own.start}"
        yield f"above={above}|{upper.end}"
        yield f"above={above}|{upper.length > 50}|{at - before > 1}"
        if not upper.closed:
            opens_story = before == page.first.get(page.run[before])
            yield f"open={'。' in upper.plain}|{opens_story}|{_length_bucket(upper.length)}"
            yield f"open={'。' in upper.plain}|{opens_story}|{_seam_frequency(upper.plain, own.plain)}"
            yield f"across={near}|{_seam_frequency(upper.plain, own.plain)}"
            yield _hashed("f1", own.plain[:1])
            yield _hashed("f2", own.plain[:2])
            yield _hashed("l1", upper.plain[-1:])
            yield _hashed("l2", upper.plain[-2:])
            yield f"quoted={_is_open(upper.plain)}"
    if at and page.lines[at - 1].heading:
        upper = page.lines[at - 1]
        yield f"onto={_seam_frequency(upper.plain, own.plain)}|{_length_bucket(upper.length)}"
        yield f"onto={_is_open(upper.plain)}|{own.start}"
        yield _hashed("o2", own.plain[:2])
    yield f"tornabove={torn is not None}|{above}|{own.start}"
    first = page.first.get(run)
    if torn is not None and first is not None and at >= first:
        yield from _torn_article_features(page, at, torn, first)


def _torn_article_features(page: PageView, at: int, torn: int, first: int) -> Iterator[str]:
    """Yield features that show whether the line belongs to the torn article above or to the article around it."""
    own = page.lines[at]
    since = min(at - first, 4)
    seam_torn = _seam_frequency(page.lines[torn].plain, own.plain)
    seam_first = "closed" if page.lines[first].closed else _seam_frequency(page.lines[first].plain, own.plain)
    yield f"astray={since}|{seam_torn}|{seam_first}"
    yield f"astray={since}|{page.lines[first].closed}|{own.closed}"
    difference = page.similarity(at, page.run[torn]) - page.similarity(at, page.run[at])
    degree = max(-4, min(4, round(difference * 20)))
    yield f"liker={degree}"
    yield f"liker={degree}|{since}"
    yield from _torn_extent_features(page, at, torn, first)


def _torn_extent_features(page: PageView, at: int, torn: int, first: int) -> Iterator[str]:
    """Yield features that show where the rest of the torn article ends, such as the article endings around the line.

    If the lead of the torn article names no reporters, the end of the article often names them.
    """
    own = page.lines[at]
    before = page.endings[at] - page.endings[min(first + 1, at)]
    after = page.endings[page.stop[page.run[at]]] - page.endings[at]
    styles = f"{page.style(page.run[torn])}|{page.style(page.run[at])}"
    counts = f"{min(before, 2)}|{min(after, 3)}|{own.ends_story}|{own.jumps}"
    yield f"extent={counts}"
    yield f"extent={styles}|{counts}"
    upper = page.lines[at - 1]
    yield f"extent={styles}|{min(before, 2)}|{upper.ends_story}{upper.jumps}|{own.shape}"


def _text_hashes(plain: str) -> Iterator[str]:
    """Yield hashes of all bigrams, and of the first and last one, two and three characters."""
    for size in (1, 2, 3):
        yield _hashed(f"s{size}", plain[:size])
        yield _hashed(f"e{size}", plain[-size:])
    for pair in bigrams(plain):
        yield _hashed("g", pair)


def _edge_hashes(plain: str) -> Iterator[str]:
    """Yield hashes of the first one and two characters, and of the last character."""
    yield _hashed("S1", plain[:1])
    yield _hashed("S2", plain[:2])
    yield _hashed("E1", plain[-1:])


def _hashed(kind: str, text: str) -> str:
    """Return the feature of `text`; equal texts of different `kind` are different features."""
    return f"#{crc32(f'{kind}{text}'.encode('utf-8', 'replace')) % HASH_BUCKETS}"


def _length_bucket(length: int) -> int:
    """Return the smallest of LENGTH_BUCKETS that is not below `length`; if there is none, the largest plus 1."""
    return next((top for top in LENGTH_BUCKETS if length <= top), LENGTH_BUCKETS[-1] + 1)
