"""What surrounds a time in a sentence: the clause it belongs to, and the features that tell a promise from a report."""

import re
from dataclasses import dataclass
from datetime import date

from digests.promises.deadlines import Deadline

MODAL = (
    "将要|将会|将于|将在|将|拟|计划|预计|力争|争取|确保|必须|务必|须|要求|要|"
    "有望|努力|还会|会|定于|同意|承诺|希望|宣布|决定|目标"
)
FINISH = (
    "完成|建成|竣工|完工|投产|投运|投用|投入使用|投入运营|通车|贯通|封顶|交付|运到|到位|达产|复产|复工|取消|撤出|修复|收官|"
    "全覆盖|开放|清零|拆除|搬迁|入住|验收|并网"
)
START = "开工|启动|启用|开始|开展|推出|开通|开行|上线|试点|动工|发行|恢复|实行|开播|见面|招募|开放"
RULE = "施行|实施|执行|实行|生效|适用|起算|减免|调整|调降|上调|下调|暂停|禁止|暂缓|废止|纳入|免收|征收|扩大到|刊宪|减征"
EVENT = (
    "举行|召开|举办|开幕|闭幕|访问|出席|发表|刊发|播出|播放|揭晓|公布|发布|拉开|登场|抵达|到达|返回|进行|就任|卸任|选举|会谈|"
    "发射|启程|比赛|决赛|到期|上映|开赛|开馆|开庭|宣判|持续"
)
TARGET = (
    "实现|达到|达|超过|突破|控制在|降低|提高|增加|减少|覆盖|建立|形成|打造|培育|建设|新增|新建|再建|投资|基本|全面|建"
)

_CUES = {
    name: re.compile(pattern)
    for name, pattern in (
        ("modal", MODAL),
        ("finish", FINISH),
        ("start", START),
        ("rule", RULE),
        ("event", EVENT),
        ("target", TARGET),
        ("number", r"\d|[一二三四五六七八九十百千万]+(?:个|家|条|座|项|所|人|亩|公里|批|名)"),
        ("all", "全部|全面|全线|基本"),
    )
}
_DONE = re.compile(
    r"了(?!解|望)|已经?(?!宣布|决定)|曾|过(?=[的，。])|同比|环比|以来|累计|共(?:有|计)?\d|刚刚|首次|连续|成功|仍|为\d"
)
_COUNTED = re.compile("截至|截止到|据统计|数据|显示|统计|调查")
READER = re.compile("报名|申报|投稿|应聘|申请|提交|缴纳|缴费|领取|预约|登记|咨询|复评|报送|申办|购票|截稿|截止")
_FORECAST = re.compile(
    r"(?:预计|预测|预期|有望|或将|可能|将).{0,24}(?:增长|增速|增幅|下降|上升|收缩|上涨|下跌|回升|高峰|降雨|降温|带来)|"
    r"(?:增长|增速)预期|才能|客流|车流|气温|降水|天气|出货|(?:经济|贸易|需求|市场).{0,10}(?:增长|收缩|萎缩|复苏)"
)
_STANDING = re.compile(r"如果|如有|凡|一旦|每[年月周天日]|逾期|可以?在|若|的话|平均")
_VAGUE = re.compile(
    r"加强|推动|坚持|做好|抓好|推进|深化|提升|促进|聚焦|坚决|努力|更加|关注|重要|意义|发展|深入|进一步|共同|希望|积极|倾斜|"
    "落实|工作"
)
_CLAUSE_END = re.compile("[，,；;。！？!?：:…]")
_SENTENCE_END = re.compile("[；;。！？!?…]")
_VERB_SOON = re.compile(
    rf"^(?:{MODAL}|{FINISH}|{START}|{EVENT}|{RULE}|实现|建|达|全部|全面|正式|提前|基本|率先|再|还|继续|内)"
)


@dataclass(frozen=True, slots=True)
class Context:
    """The text around a deadline."""

    deadline: Deadline
    head: str
    """The text of its clause before it."""
    tail: str
    """The text of its clause after it; the next clause if the deadline ends its clause."""
    rest: str
    """The text after it until the end of the sentence or a semicolon."""
    before: str
    """The text of the sentence before `head`."""
    comma: bool
    """True if the clause ends directly after the deadline."""


def context(sentence: str, deadline: Deadline) -> Context:
    """Return the text around a deadline of a sentence."""
    start, end = deadline.span
    heads = list(_CLAUSE_END.finditer(sentence, 0, start))
    head_start = heads[-1].end() if heads else 0
    stop = _SENTENCE_END.search(sentence, end)
    rest = sentence[end : stop.start() if stop else len(sentence)]
    stripped = rest.lstrip("，,：: 、")
    comma = len(stripped) < len(rest) or not rest
    tail = _tail(stripped)
    return Context(deadline, sentence[head_start:start], tail, stripped, sentence[:head_start], comma)


def _tail(rest: str) -> str:
    """Return the first clause that can hold what is promised: not an adverbial (在…基础上), not 2020年是…之年."""
    at = 0
    while True:
        end = match.start() if (match := _CLAUSE_END.search(rest, at)) else len(rest)
        if end == len(rest) or not _NOT_SAYING.match(rest[at:end]):
            return rest[at:end]
        at = end + 1


_NOT_SAYING = re.compile("是|(?:.{0,8}?将)?(?:在|通过|随着|经过|根据|按照).*(?:下|上|后|中|同时|需求|要求|规定)$|$")


FEATURES = (
    "bias", "future", "by", "from", "range", "day", "year", "month", "part", "plan", "duration",
    *(f"{name} after" for name in _CUES), "modal soon", "modal before", "modal far", "planned year", "bare year",
    "done", "counted", "forecast", "standing", "vague", "vague only", "attribute", "verb soon", "comma",
    "head empty", "of",
)  # fmt: skip
"""Names of the values of `features`, in order."""


def is_past(deadline: Deadline, issue: date) -> bool:
    """True if the time is over on the day of the issue, or began more than a few days before it."""
    first, last = deadline.days.first, deadline.days.last
    return (last is not None and last < issue) or (last is None and first is not None and (issue - first).days > 5)


def is_report(around: Context, issue: date) -> bool:
    """True if the words around a time exclude a promise: it is over today, a condition, or an old plan."""
    days, head, tail = around.deadline.days, around.head, around.tail
    modal = _CUES["modal"].search(head[-12:]) or _CUES["modal"].search(tail[:16])
    if days.last == issue and not modal and "即" not in tail:
        return True
    if around.deadline.unit == "duration" and not modal and around.deadline.bound == "by":
        return True
    return bool(_CONDITION.search(head) or _LAST_YEAR.search(around.before))


_CONDITION = re.compile("如果|假如|若是|一旦")
_LAST_YEAR = re.compile("[去前]年(?!.*[今明]年)")


def is_for_readers(around: Context) -> bool:
    """True if a reader has to act by this time: to enter, to apply, to hand in."""
    return bool(READER.search(around.head[-20:] + around.tail))


def in_title(around: Context) -> bool:
    """True if the time stands inside the title of a document or inside brackets."""
    opened = around.before + around.head
    return any(opened.count(left) > opened.count(right) for left, right in ("《》", "（）", "()"))


def features(around: Context, issue: date) -> tuple[float, ...]:
    """Return the features of a deadline: how it is related to the day of the issue, and the words around it."""
    days, bound, unit = around.deadline.days, around.deadline.bound, around.deadline.unit
    first, last = days.first, days.last
    future = bool(first and first > issue) or bool(not first and last and last > issue)
    head, tail = around.head, around.tail
    clause = head + tail
    cues = {name: bool(pattern.search(tail)) for name, pattern in _CUES.items()}
    concrete = cues["finish"] or cues["event"] or cues["start"] or cues["number"] or cues["rule"]
    vague = bool(_VAGUE.search(clause))
    modal_soon = bool(_CUES["modal"].search(tail[:16]))
    modal_before = bool(_CUES["modal"].search(head[-12:]))
    modal = modal_soon or modal_before
    values = (
        True, future, bound == "by", bound == "from", bound == "range",
        unit == "day", unit == "year", unit == "month", unit == "part", unit == "plan", unit == "duration",
        *cues.values(), modal_soon, modal_before,
        bool(_CUES["modal"].search(around.before[-40:])),
        unit in ("year", "plan") and modal,
        unit == "year" and not modal and not around.comma and not _VERB_SOON.match(tail),
        bool(_DONE.search(tail)),
        bool(_COUNTED.search(clause)),
        bool(_FORECAST.search(head + around.rest[:60])),
        bool(_STANDING.search(around.before[-60:] + clause)),
        vague,
        vague and not concrete,
        not around.comma and not _VERB_SOON.match(tail),
        bool(_VERB_SOON.match(tail)),
        around.comma,
        not head,
        tail.startswith("的"),
    )  # fmt: skip
    return tuple(map(float, values))
