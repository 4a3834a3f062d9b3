"""What newspapers print the same way everywhere: leads, sign-offs, bylines, credits, jumps, notices, countdowns.

All patterns look at folded text (lines.fold): half-width brackets and commas, simplified or traditional characters.
"""

import re

_WHO = r"(?:记者|記者|通讯员|通訊員|实习生|實習生|见习记者|特约记者|特派记者|作者|文|图|撰稿|摄影|攝影|整理)"

LEAD = re.compile(
    r"^\W{0,2}(?:本报|本報|本台|本网|新华社|新華社|人民网|中新社|中新网)[^,。()]{0,14}?(?:讯|訊|电|電|消息)(?![稿视話话影台力子网人]|$)"
)
"""本报讯, 新华社北京8月28日电, 本报电 at the start of a story."""
REPORTERS = re.compile(rf"\((?P<who>[^()]{{0,12}}?{_WHO}[^()]{{1,60}})\)")
"""（记者 …） or （本报记者 … 通讯员 …）."""
SIGN_OFF = re.compile(r"\((?!下转|下轉|转第|上接)(?P<who>[^()]{2,40})\)\s*(?=$|\(下转|\(下轉)")
"""（王伟、李芳） at the very end of a story."""
OWN_LINE = re.compile(rf"^[■□●◆▲△\[(（]*\s*(?:本报|本報|[^\s,。:]{{0,6}})?{_WHO}\s*[::/]?\s*(?=\S)")
"""记者 王伟 李芳 on a line of its own."""
AT_END = re.compile(r"(?<=[。”!?」])\s*(?P<who>(?:本报|本報)?(?:记者|記者|通讯员|通訊員)[\s:/][^,。()]{2,50})$")
"""记者 王伟 通讯员 李芳 after the last sentence."""
CREDIT = re.compile(r"(?P<who>[^。,!?)]{2,40}?)\s*[/(]?(?:摄影报道|摄影|攝影|摄|攝)\s*[)/]?\s*$")
"""… 王伟 摄 at the end of a caption."""
ONLY_CREDIT = re.compile(r"^\W{0,2}[^。,]{2,30}?\s*(?:摄影报道|摄影|攝影|摄|攝)\W{0,2}$")
PICTURED = re.compile(r"^[▲△▼←→↑↓■●◆(\s]{0,3}(?:图为|圖為|上图|下图|左图|右图|图[①-⑩一二三四五\d]|[①-⑩])")
"""图为 …, 上图 …"""
JUMP_TO = re.compile(r"\(?(?:下转|下轉|转|轉)\s*第?\s*(?P<page>[一二三四五六七八九十\d]{1,3})\s*版\s*\)?")
JUMP_FROM = re.compile(r"\(?(?:上接|紧接|接)\s*第?\s*(?P<page>[一二三四五六七八九十\d]{1,3})\s*版\s*\)?")
NOTICE = re.compile(
    r"^\W{0,3}(?:(?:\S{0,12})(?:遗失声明|遺失聲明|注销公告|拍卖公告|招标公告|减资公告|债权公告|清算公告|更正声明|"
    r"催告函|招聘启事|寻人启事|停电通知|停水通知)|(?:公告|通告|声明|启事|讣告|啟事|聲明|訃告)(?=[\s:：]|$))"
)
COUNTDOWN = re.compile(r"^\W{0,2}(?:距离?|離|离).{2,40}?(?:还有|仅剩|還有|倒计时)\s*\d{1,4}\s*天")
FOLIO = re.compile(
    r"^(?:\d{4}年\d{1,2}月\d{1,2}日.{0,40}|第?\s*[A-Z]?\d{1,3}\s*版.{0,30}|(?:责编|责任编辑|编辑|版式|美编|校对)\s*[:：/].{0,60}"
    r"|.{0,30}(?:国内统一连续出版物号|国内统一刊号|CN\s?\d\d-\d{4}).{0,40}|https?://\S+|www\.\S+)$"
)
"""The running head and foot of a page: date, page number, editors, ISSN."""

_NUMERALS = {sign: value for value, sign in enumerate("一二三四五六七八九", 1)}


def number(sign: str) -> int | None:
    """A page number in digits or as 一 … 九十九; None for anything else."""
    if sign.isdecimal():
        return int(sign)
    tens, ten, ones = sign.rpartition("十")
    if not set(tens + ones) <= set(_NUMERALS) or len(tens) > 1 or len(ones) > 1:
        return None
    return (_NUMERALS.get(tens, 1) * 10 if ten else 0) + _NUMERALS.get(ones, 0) or None
