"""Find the reporters of an article with their roles, and its dateline."""

import re
from collections.abc import Sequence

from digests.language import words
from digests.models import Reporter
from digests.segment.lines import (
    BRACKETED_REPORTERS,
    BYLINE_LINE,
    JUMP_TO,
    PHOTO_CREDIT,
    SIGN_OFF,
    TRAILING_BYLINE,
)
from digests.text import normalise_widths

_ROLE = re.compile(
    r"(?:(?:本报|本報)?(?:见习|实习|特约|特派|驻[\u4e00-\u9fff]{2,4})?(?:记者|記者)|(?:特约)?(?:通讯员|通訊員)|"
    r"实习生|實習生|作者|撰稿|摄影报道|摄影|攝影|整理|摄|攝|文/图|图/文)"
)
_ROLES_AFTER_NAMES = frozenset({"摄影报道", "摄影", "攝影", "摄", "攝"})
_SEPARATOR = re.compile(r"[、,/;:·|\s]")
MIN_COMMON_WORD_FREQUENCY = 5000
"""A word of at least this frequency is not a name, even if it begins with a surname character (单位)."""
EDGE_CHARS = 120
"""Characters at either end of a line that are searched for names."""
LEAD_CHARS = 60
"""Brackets with the names of reporters begin within this many characters of the start of an article."""
MAX_BYLINE_CHARS = 80
"""A longer line is not a byline."""

_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")
_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁"
    "葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋"
    "植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬"
    "屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习"
    "胥保和蔺张陳劉楊趙黃吳馬羅鄭謝韓馮蕭鄧許呂蘇盧賈葉閻潘鐘範譚鄒陸龍萬錢湯賀龔龐蘭顏嚴溫蘆韋畢聶叢莊塗時關歐項陽衛單寧"
)


def story_reporters(lines: Sequence[str]) -> tuple[Reporter, ...]:
    """Return the reporters named in the lead, the sign-off and the bylines of an article, given its body lines."""
    found: list[Reporter] = []
    for at, line in enumerate(lines):
        found += _line_reporters(line, first=at == 0, last=at >= len(lines) - 2)
    return _unique(found)


def _line_reporters(line: str, *, first: bool, last: bool) -> list[Reporter]:
    start, end = normalise_widths(line[:EDGE_CHARS]), normalise_widths(line[-EDGE_CHARS:])
    if len(line) <= EDGE_CHARS and is_byline(start):
        return parse_names(JUMP_TO.sub("", start))
    found: list[Reporter] = []
    if first and (match := BRACKETED_REPORTERS.search(start)) and match.start() < LEAD_CHARS:
        found += parse_names(match["who"])
    if last and not found:
        found += _sign_off(end)
    return found


def has_sign_off(line: str) -> bool:
    """True if a line with normalised widths ends with names in brackets that all begin with a surname."""
    match = SIGN_OFF.search(line[-EDGE_CHARS:])
    names = _join_letter_spaced(_ROLE.sub(" ", match["who"])) if match else []
    return bool(names) and all(name[0] in _SURNAMES and _is_name(name) for name in names)


def _sign_off(end: str) -> list[Reporter]:
    """Return the reporters named at the end of a line: in brackets, or in a byline after the last sentence."""
    if match := SIGN_OFF.search(end):
        who = match["who"]
        return parse_names(who) if _ROLE.search(who) or all(map(_is_name, _join_letter_spaced(who))) else []
    match = TRAILING_BYLINE.search(end)
    return parse_names(match["who"]) if match else []


def caption_photographers(lines: Sequence[str]) -> tuple[Reporter, ...]:
    """Return the photographers credited at the end of a caption."""
    match = PHOTO_CREDIT.search(normalise_widths(" ".join(lines)))
    if not match:
        return ()
    who = re.split(r"[(]", match["who"])[-1]
    return _unique([Reporter(reporter.name, "摄") for reporter in parse_names(who + " 摄")])


def is_byline(line: str) -> bool:
    """True if a line with normalised widths consists of names and roles only (记者 王伟 通讯员 李芳)."""
    line = JUMP_TO.sub("", line).strip(" ■□●◆▲△()[]")
    if len(line) > MAX_BYLINE_CHARS or not BYLINE_LINE.match(line):
        return False
    rest = _ROLE.sub(" ", line)
    return bool(rest.strip()) and all(map(_is_name, _join_letter_spaced(rest)))


def parse_names(listing: str) -> list[Reporter]:
    """Return the names in a printed list with their roles; the default role is 记者."""
    found: list[Reporter] = []
    role, at = "记者", 0
    for match in _ROLE.finditer(listing):
        found += [Reporter(name, role) for name in _names(listing[at : match.start()])]
        if match[0] in _ROLES_AFTER_NAMES and found and at < match.start():
            found = [Reporter(reporter.name, match[0][:1]) for reporter in found]
        else:
            role = match[0].removeprefix("本报").removeprefix("本報")
        at = match.end()
    return found + [Reporter(name, role) for name in _names(listing[at:])]


def _names(listing: str) -> list[str]:
    return [name for name in _join_letter_spaced(listing) if _is_name(name)]


def _join_letter_spaced(listing: str) -> list[str]:
    """Return the words of a list; letter-spaced names become one word (梁 涛 -> 梁涛)."""
    found: list[str] = []
    for word in filter(None, _SEPARATOR.split(listing)):
        if found and len(word) == 1 and len(found[-1]) == 1:
            found[-1] += word
        else:
            found.append(word)
    return found


def _is_name(word: str) -> bool:
    """True if a word is probably a name: a rare word that begins with a surname, or a short unknown word."""
    if not _NAME.fullmatch(word):
        return False
    frequency = words.frequency(word)
    return frequency < MIN_COMMON_WORD_FREQUENCY if word[0] in _SURNAMES else frequency == 0 and len(word) < 4


def _unique(reporters: Sequence[Reporter]) -> tuple[Reporter, ...]:
    """Return each name once, with its first role."""
    by_name: dict[str, Reporter] = {}
    for reporter in reporters:
        by_name.setdefault(reporter.name, reporter)
    return tuple(by_name.values())


_AGENCY = r"(?:本报|本報|本台|本网|新华社|新華社|人民网|中新社|中新网)"
_DAY = r"\d{1,2}月\d{1,2}日"
_DATELINE = re.compile(
    rf"^\W{{0,2}}{_AGENCY}(?P<place>[\u4e00-\u9fff]{{2,8}}?)?\s*(?P<day>{_DAY})?\s*(?:讯|訊|电|電|消息)"
)
_DAY_AFTER_REPORTERS = re.compile(rf"\s*(?:\([^()]{{0,60}}\))?\s*(?P<day>{_DAY})")


def parse_dateline(paragraph: str) -> tuple[str, str]:
    """Return the place and the day (8月28日) of the dateline of an article's first paragraph, "" if they are missing.

    新华社北京8月28日电 has both; 本报讯（记者 王伟）8月28日， has only the day.
    """
    text = normalise_widths(paragraph[:EDGE_CHARS])
    match = _DATELINE.match(text)
    if not match:
        return "", ""
    place, day = match["place"] or "", match["day"]
    if not day and (later := _DAY_AFTER_REPORTERS.match(text, match.end())):
        day = later["day"]
    return place, day or ""
