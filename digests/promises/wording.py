"""What is promised, by whom, and of which kind: read from the words around a time."""

import re
from typing import Literal

from digests.language import words
from digests.promises.features import EVENT, FINISH, RULE, START, TARGET, Context

Kind = Literal["finish", "start", "target", "rule_in_force", "event"]

MAX_WHAT_CHARS = 80
MAX_WHO_CHARS = 24

_MODAL = (
    "将要|将会|将于|将在|将|拟于|拟|计划于|计划|预计于|预计将|预计|力争|争取|确保|必须|务必|须|应当|应|要|有望|努力|还会|还|会|"
    "定于|宣布|希望|可以|即可|可|需|也|均|都"
)
_LEADING_MODAL = re.compile(rf"^(?:{_MODAL}|从|在|于)+(?!求|素|点|员|议|谈|场)")
_INNER_MODAL = re.compile(
    "(?:(?:还|也|均|都|努力|继续)?(?:即将|将要|将会|将于|将在|将|拟|计划|预计|力争|争取|要|(?<![大委协运工学商博展年晚奥])会|有望|必须|须|应)"
    "(?!求|素|点|员|议|谈|场|军|领|堂))+"
)
_TRAILING_MODAL = re.compile(rf"(?:{_MODAL}|据了解|原|其中)+$")
_SPEECH = re.compile(
    r"^.*(?:表示|指出|介绍|宣布|透露|强调|说|称|提出|获悉|了解到|通报|消息|报道|明确|决定|要求|规定|根据.{0,12}计划|确保|实现到?)"
    r"[，：:,]?"
)
_DATELINE = re.compile(
    r"^(?:本报|新华社|中新社|人民网|央视|本台|据).{0,14}?(?:讯|电|消息)[\s　]*(?:[（(][^）)]{1,30}[）)])?[\s　，：:]*"
)
_OPENING = re.compile(
    r"^(?:目前|据悉|同时|此外|另外|此前|届时|按照规划|按照计划|根据计划|根据安排|总投资[^的]*的|[“\"：:、\s)）]|而|并|但|自)+"
)
_ACTOR_ENDS = re.compile(
    r"(?:省|市|县|区|国|州|部|局|委|厅|集团|公司|政府|银行|大学|医院|法院|学院|协会|委员会|理事会|联合会|部门|日报|电视台|"
    r"人大|政协|主席|总统|总理|首相|部长|书记|市长|行长|我们|他们|她们|双方|两国|各国|本报|本版|企业|单位|各地|各方|学校|军|队)$"
)
_ACTOR_TAGS = ("nr", "ns", "nt", "nz")
_ADDED = re.compile(r"^(?:并|且|和|及|以及|同时|也)")
_TARGETED = re.compile(f"{TARGET}|{FINISH}|实施|完善|成熟|转变")
_SEPARATE = re.compile(
    "为|以|其中|届时|推动|促进|带动|从而|有力|占|比|使|让|共|这|该|但|而|据|目前|如|总|主|全长|标志|进一步|继续|从|除|因|加快"
)
_TIME_LEFT = re.compile(r"^(?:期间|时期|左右|晚些时候|上午|下午|晚上?|政策执行期间|前后|内|的)+[，,]?")


def kind_of(around: Context) -> Kind:
    """Return the kind of a promise: what is finished, begins, is reached, comes into force, or takes place."""
    tail, bound, unit = around.tail, around.deadline.bound, around.deadline.unit
    exact = unit in ("day", "week")
    if (bound in ("from", "range") or exact) and re.search(RULE, around.head[-6:] + tail):
        return "rule_in_force"
    if bound == "from" or re.search("开工|启动|开始|动工|开播|启用|开行|试点", tail):
        return "start"
    if exact and bound != "by":
        return "start" if re.search(START, tail) and not re.search("举行|召开|举办|开幕", tail) else "event"
    if re.search("建成|竣工|完工|投产|投运|投入|通车|贯通|封顶|完成|到位|复产|取消|运到|撤出|收官", tail):
        return "finish"
    if re.search(EVENT, tail) and not re.search("实现|达到|形成|建立", tail):
        return "event"
    return "finish" if re.search(FINISH, tail) and bound == "by" and not re.search("实现|达到", tail) else "target"


def what_and_who(around: Context) -> tuple[str, str]:
    """Return what is to be done, in the words of the sentence, and who is to do it ("" if the sentence omits that)."""
    subject = _subject(around.head)
    predicate = _TIME_LEFT.sub("", around.tail)
    if match := _INNER_MODAL.search(predicate, 0, 30):
        own, rest = predicate[: match.start()], predicate[match.end() :]
        if len(rest) >= 2:
            subject, predicate = own or subject, rest
    predicate = _LEADING_MODAL.sub("", predicate) or predicate
    who = subject if _is_actor(subject) else ""
    what = predicate if who else subject + predicate
    return (what + _added_clauses(around))[:MAX_WHAT_CHARS].strip(" 　，、”\"'"), who[:MAX_WHO_CHARS]


def _subject(head: str) -> str:
    """Return the subject at the end of the text before a time, without speech, dateline and modal verbs."""
    text = _DATELINE.sub("", head)
    text = _SPEECH.sub("", text)
    text = _OPENING.sub("", text)
    return _TRAILING_MODAL.sub("", text).strip()


def _is_actor(subject: str) -> bool:
    if not subject or len(subject) > MAX_WHO_CHARS:
        return False
    if _ACTOR_ENDS.search(subject):
        return True
    return words.tag(words.cut(subject)[-1]).startswith(_ACTOR_TAGS)


def _added_clauses(around: Context) -> str:
    """Return the clauses after the first that continue the same promise."""
    start = around.rest.find(around.tail) + len(around.tail)
    added = ""
    for clause in re.findall("[，,、][^，,；;。]*", around.rest[start:]):
        text = clause[1:]
        if _ADDED.match(text) or (_TARGETED.search(text) and not _SEPARATE.match(text) and not _other_time(text)):
            added += clause
        else:
            break
    return added


def _other_time(text: str) -> bool:
    return bool(re.search(r"\d年|\d月|\d[日号]|年底|[今明]年|[“”]", text))
