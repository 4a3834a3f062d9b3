"""The parts of a line of a running head or foot: date, page number, paper, editors, telephone numbers and the like.

The patterns expect simplified characters in normalised widths; names of papers are returned as printed.
"""

import re
from dataclasses import dataclass
from datetime import date

from digests.dates import valid_date
from digests.language.characters import simplified
from digests.language.normal_form import clean_text
from digests.segment.printed_signs import CHINESE_DIGITS as _CN
from digests.text import normalise_widths, parse_number

MAX_HEAD_CHARS = 90
"""A longer line is no part of a running head or foot."""
MAX_REST_CHARS = 8
"""Letters besides the known parts in a line of a head, such as the name of the section."""
MAX_SECTION_CHARS = 6
MIN_CREDITS = 2
"""A line with at least this many credits (组稿：王伟) tells who made the page."""
MIN_PAPER_CHARS = 4
"""A shorter name in a lead is an abbreviation (商报)."""
LEAD_CHARS = 60
"""Characters at the start of a line that are searched for the name of the paper."""
ROC_YEAR = 1911
"""Year 0 of the calendar of Taiwan."""

_HANZI = "\u4e00-\u9fff"
PERSON = rf"[{_HANZI}]\s?[{_HANZI}]{{1,3}}"
"""The name of a person, perhaps letter-spaced."""
_EDITOR = (
    r"(?:本版|本期|值班|执行|责任|首席|见习)?(?:编辑|主编|美编|编委|主任|校对|责编|版式设计|版式制作|版面设计|版式|视觉|"
    r"美术编辑|组版|制版|排版|图编|图片编辑|监制|审校|终审|检校|设计|统筹|策划|总值班|签发)"
)
_CHANNEL = (
    rf"(?:[{_HANZI}]{{0,6}}(?:热线|邮箱|电话|信箱|社址|地址|邮编|邮政编码|网址|传真|客服|微信号?|公众号)|"
    r"E-?mail|QQ群?|Tel)"
)
_ADDRESS = r"[\w.\-+]+@[\w\-]+(?:\.\w+)+|https?://\S+|www\.\S+"
_PARTS = {
    "date": re.compile(
        r"(?P<y>(?:19|20)\d\d)\s*(?:年|[.\-/])\s*(?P<m>\d{1,2})\s*(?:月|[.\-/])\s*(?P<d>\d{1,2})(?:\s*日|(?!\d))"
        rf"|(?P<cy>[一二][{_CN}]{{3}})\s*年\s*(?P<cm>[{_CN}]{{1,3}})\s*月\s*(?P<cd>[{_CN}]{{1,3}})\s*日"
    ),
    "roc": re.compile(
        rf"(?:中华民国|民国)\s*(?P<y>[\d{_CN}]{{2,4}})\s*年\s*(?P<m>[\d{_CN}]{{1,3}})\s*月\s*(?P<d>[\d{_CN}]{{1,3}})\s*日"
    ),
    "weekday": re.compile(
        r"(?:星期|礼拜|周)[一二三四五六日天]|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day", re.IGNORECASE
    ),
    "lunar": re.compile(
        r"(?:农历|夏历)?[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年\s*闰?[正一二三四五六七八九十冬腊]{1,2}月"
        r"(?:初|十|二十|廿|三十|卅)[一二三四五六七八九十]?|(?:农历|夏历)\s*\S{2,12}"
    ),
    "weather": re.compile(rf"[{_HANZI}]{{1,8}}\s*-?\d{{1,2}}\s*°?C?\s*[~～\-—]\s*-?\d{{1,2}}\s*(?:°C|度|℃)"),
    "issue": re.compile(
        r"总?第?\s*\d{2,6}\s*期(?:\s*\(总第?\d+期\))?|(?:今日|本期|共|本报今日)\s*[\d一二三四五六七八九十]{1,3}\s*版|"
        r"(?:零售|定价|每份|零售价|订价)\s*(?:每份)?\s*:?\s*[\d.一二三四五六七八九十]+\s*元?"
    ),
    "number": re.compile(
        r"(?:国内统一)?(?:连续)?(?:出版物号|刊号)?\s*:?\s*CN\s?\d\d\s?[-—–]\s?\d{4}|邮发代号\s*:?\s*\d+[-—]\d+|"
        r"ISSN\s?[\d\-X]+|国内统一\S{0,12}|代号\s*\d+[-—]\d+"
    ),
    "contact": re.compile(
        rf"{_CHANNEL}\s*[:/]?\s*(?:{_ADDRESS}|[\d()\-—/、]{{5,}}(?:\s[\d\-]{{5,}})*|\S{{4,20}})|{_ADDRESS}",
        re.IGNORECASE,
    ),
    "editors": re.compile(rf"{_EDITOR}\s*[:/|]?\s*{PERSON}(?:[、,\s/]+{PERSON}(?![{_HANZI}]*\s*[:/]))?"),
    "publisher": re.compile(
        rf"(?:中共)?[{_HANZI}]{{2,14}}(?:机关报|主管|主办|报社出版|社出版|编辑出版)(?:[{_HANZI}]{{2,10}}(?:出版|主办))?"
    ),
    "page": re.compile(
        rf"第?\s*[A-Z]?\s*(?P<no>\d{{1,3}})\s*版(?!权)|第\s*(?P<cn>[{_CN}]{{1,3}})\s*版|"
        r"(?<![A-Za-z0-9])[A-Z]\s?(?P<no2>\d{1,2})(?![\dA-Za-z])|(?<!\w)(?:Page|P\.?)\s*(?P<no3>\d{1,3})\b"
    ),
    "day": re.compile(r"(?<!\d)\d{1,2}\s*月\s*\d{1,2}\s*日"),
}
"""The parts in the order in which they are looked for; what one has taken is not read again."""
_STRONG = frozenset({"date", "roc", "number", "contact", "editors", "publisher", "page", "issue"})
_OWN_CONTACT = re.compile(r"热线|投稿|本报|社址|报料|爆料|客服|邮箱|E-?mail|@|编辑|www\.|https?:|公众号", re.IGNORECASE)
_PAPER = re.compile(rf"(?<![{_HANZI}])(?P<name>[{_HANZI}]{{1,8}}(?:报|周刊|周末))(?![{_HANZI}])")
_SPACED_PAPER = re.compile(rf"(?<![{_HANZI}])(?P<name>(?:[{_HANZI}] ){{2,7}}报)(?![{_HANZI}])")
_PUBLISHING = re.compile(rf"(?P<name>[{_HANZI}]{{2,7}}报)社")
_NOT_PAPERS = frozenset("本报 海报 日报 晚报 早报 情报 简报 喜报 战报 墙报 快报".split())
_PAPER_IN_LEAD = re.compile(
    rf"(?:^\W{{0,3}}|[(【〔/])(?P<name>[{_HANZI}]{{2,7}}报)(?=记者|讯|[{_HANZI}]{{2,4}}[讯电][\s(】〕\]]|"
    rf"[{_HANZI}]{{0,5}}(?:\d{{1,2}}月)?[\d一二三四五六七八九十廿]{{1,3}}日专?[电讯])"
)
_LATIN = re.compile(r"[A-Z][A-Z .·'&-]{4,40}")
_LONE_NUMBER = re.compile(rf"(?:^|(?<=\s))0?(?P<no>[1-9]\d?)(?=\s|$)|(?<=[{_HANZI}])0?(?P<glued>[1-9]\d?)$")
_CREDITED = re.compile(rf"(?<![{_HANZI}])[{_HANZI}]{{2,5}}\s?[:/]\s?{PERSON}(?![{_HANZI}])")
_SIGNED = re.compile(r"记者|通讯员|[文图]/|摄$")
"""A line with a byline is no part of a head."""
_CITED = re.compile(rf"《(?P<paper>[{_HANZI}]{{2,10}})》\s*\((?P<when>[^()]{{8,24}}?)\)")
_LETTERS = re.compile(r"[\u3400-\u9fffA-Za-z0-9]")
_SECTION = re.compile(rf"[{_HANZI}·\-/]{{2,{MAX_SECTION_CHARS}}}")
_SECTIONS = frozenset(
    "要闻 综合 时政 社会 国内 国际 本地 民生 经济 财经 文化 体育 教育 健康 副刊 理论 广告 专题 城事 都市 热点 焦点 "
    "头条 文娱 娱乐 关注 视点 评论 观点 公告 时事 新闻 生活 科技 旅游 汽车 楼市 车市 市场 乡村 法治 法制 政治 地方 "
    "两岸 今日关注 分类广告 综合新闻 要闻综合 国际新闻 国内新闻 本市新闻 社会新闻 今日要闻 人文 悦读 工业 农业 文教 "
    "广场 特稿 深度 生态 社区 区县 人物 读书".split()
)
_SENTENCE_END = re.compile(r"[。!?;]$")


@dataclass(frozen=True, slots=True)
class HeadParts:
    """The parts of a line that may belong to a running head or foot."""

    kinds: frozenset[str]
    """Which parts the line has: date, page, editors, contact ..."""
    rest: str
    """The letters of the line without its parts."""
    text: str
    paper: str
    day: date | None
    page: int | None
    lone: int | None
    """A number that stands alone, which may be the page number."""

    @property
    def is_strong(self) -> bool:
        """True if the line tells something that hardly any other text tells alone."""
        return bool(self.kinds & _STRONG)

    @property
    def is_weak(self) -> bool:
        """True if a head may hold the line, but other text as well."""
        is_section = bool(_SECTION.fullmatch(self.text) or _LATIN.fullmatch(self.text))
        return bool(self.kinds or self.paper or self.lone is not None or is_section)

    @property
    def is_paper(self) -> bool:
        """True if the line is the name of a paper."""
        return bool(self.paper) and not self.kinds and not self.rest

    @property
    def is_section(self) -> bool:
        """True if the line, without its parts, is a usual name of a section."""
        return self.rest in _SECTIONS

    @property
    def is_own_contact(self) -> bool:
        """True if the line tells how to reach the paper, and not somebody in its text."""
        return "contact" in self.kinds and bool(_OWN_CONTACT.search(self.text))

    @property
    def is_dated(self) -> bool:
        """True if the line has a full date."""
        return bool(self.kinds & {"date", "roc"})


def head_parts(raw: str) -> HeadParts | None:
    """Return the parts of a line, or None if it cannot belong to a running head or foot."""
    printed = " ".join(clean_text(normalise_widths(raw)).replace("|", " ").lstrip("# ").split())
    if not printed or len(printed) > MAX_HEAD_CHARS:
        return None
    text = simplified(printed)
    if _SIGNED.search(text) or (_SENTENCE_END.search(text) and len(text) > MAX_SECTION_CHARS):
        return None
    rest, kinds, day, page = text, set(), None, None
    for kind, pattern in _PARTS.items():
        for match in pattern.finditer(rest):
            kinds.add(kind)
            day = day or (_day(match) if kind in ("date", "roc") else None)
            page = page or (_page(match) if kind == "page" else None)
        rest = pattern.sub(_blank, rest)
    credited = _CREDITED.findall(rest)
    if len(credited) >= MIN_CREDITS or (credited and "editors" in kinds):
        kinds.add("editors")
        rest = _CREDITED.sub(_blank, rest)
    rest, paper = _take_paper(rest, printed)
    lone = _LONE_NUMBER.search(rest.rstrip())
    rest = "".join(_LETTERS.findall(_LATIN.sub(" ", rest) if kinds or paper else rest))
    if len(rest) > MAX_REST_CHARS:
        return None
    if not paper and (publisher := _PUBLISHING.search(text)):
        paper = printed[slice(*publisher.span("name"))]
    return HeadParts(frozenset(kinds), rest, text, paper, day, page, int(lone["no"] or lone["glued"]) if lone else None)


def cited_source(raw: str) -> HeadParts | None:
    """Return what a line cites as the source of its article: 《江城日报》（2020年03月17日第 02 版）."""
    match = _CITED.search(normalise_widths(raw)) if "》" in raw else None
    parts = head_parts(match["when"]) if match else None
    if not match or not parts or not parts.kinds >= {"date", "page"}:
        return None
    return HeadParts(parts.kinds, parts.rest, parts.text, match["paper"], parts.day, parts.page, parts.lone)


def paper_named(text: str) -> str:
    """Return the name of a paper that stands alone in `text` (江城日报 2020年3月17日), or ""."""
    plain = normalise_widths(text)
    return _take_paper(simplified(plain), plain)[1]


def paper_in_lead(raw: str) -> str:
    """Return the name of the paper in a lead or byline (江城晚报讯, 江城晚报记者), or ""."""
    plain = normalise_widths(raw[:LEAD_CHARS])
    match = _PAPER_IN_LEAD.search(simplified(plain)) if "报" in plain or "報" in plain else None
    return plain[slice(*match.span("name"))] if match and len(match["name"]) >= MIN_PAPER_CHARS else ""


def _blank(match: re.Match[str]) -> str:
    """Return as many spaces as `match` is long, so that the offsets of the other text stay."""
    return " " * len(match[0])


def _take_paper(rest: str, printed: str) -> tuple[str, str]:
    """Return the text without the name of a paper, and the name as it is printed."""
    for pattern in (_SPACED_PAPER, _PAPER):
        match = pattern.search(rest)
        if match and match["name"].replace(" ", "") not in _NOT_PAPERS:
            name = printed[slice(*match.span("name"))].replace(" ", "")
            return rest[: match.start()] + _blank(match) + rest[match.end() :], name
    return rest, ""


def _day(match: re.Match[str]) -> date | None:
    """Return the date in a match of the patterns `date` and `roc`."""
    in_words = match.groupdict().get("cy")
    keys = ("cy", "cm", "cd") if in_words else ("y", "m", "d")
    year, month, day = (_number(match[key]) for key in keys)
    if not (year and month and day):
        return None
    return valid_date(year + ROC_YEAR if match.re is _PARTS["roc"] else year, month, day)


def _page(match: re.Match[str]) -> int | None:
    return _number(match["no"] or match["no2"] or match["no3"] or match["cn"] or "") or None


def _number(written: str) -> int | None:
    return parse_number(written.replace("○", "〇"))
