"""The dateline of a story: where and when it was filed, as its first line says it."""

import re

from digests.segment.lines import fold

_AGENCY = r"(?:本报|本報|本台|本网|新华社|新華社|人民网|中新社|中新网)"
_DAY = r"\d{1,2}月\d{1,2}日"
_FILED = re.compile(
    rf"^\W{{0,2}}{_AGENCY}(?P<place>[\u4e00-\u9fff]{{2,8}}?)?\s*(?P<day>{_DAY})?\s*(?:讯|訊|电|電|消息)"
)
_THEN = re.compile(rf"\s*(?:\([^()]{{0,60}}\))?\s*(?P<day>{_DAY})")


def dateline(paragraph: str) -> tuple[str, str]:
    """Place and day (8月28日) that `paragraph` begins with; each is empty where it does not say it.

    新华社北京8月28日电 says both; 本报讯（记者 王伟）8月28日， says the day alone.
    """
    text = fold(paragraph[:120])
    filed = _FILED.match(text)
    if not filed:
        return "", ""
    then = None if filed["day"] else _THEN.match(text, filed.end())
    return filed["place"] or "", filed["day"] or (then["day"] if then else "")
