"""The evaluation's articles in further layouts, with a role for every line, as training data.

In addition to the evaluation's composer: kicker and headline on one line, decks with names, subheads, roundups of
districts, section labels, captions in two lines and without names, countdowns, running heads, stories that break off.
The words of labels, sights, places and notices are invented.
"""

import random
from types import ModuleType

from digests.segment.lines import make_line
from digests.segment.model import Role
from tests.bench.segment_pages import Labelled, Source, body_role

_SERIES_A = (
    "奋进 聚焦 走进 关注 决战 喜迎 建设 打造 推进 践行 争创 守护 直击 探访 我们的 新时代 高质量 看得见的 身边的 一线"
).split()
_SERIES_B = (
    "新征程 乡村振兴 项目建设 文明城市 营商环境 平安城市 民生实事 清廉建设 主题教育 基层治理 全国两会 "
    "好家风 蓝天保卫战 科技创新"
).split()
_SERIES_C = (*"进行时 在行动 见闻 看变化 系列报道 直通车 大家谈 特别报道 专栏 回眸 ① （二）".split(), "", "")
_DISTRICTS = (
    "城东区 城西区 城南区 河口县 东山县 高新区 经开区 北城街道 柳林镇 临江区 新港区 古城县 开发区 湖滨区 清源镇".split()
)
_EVENTS = (
    "全市运动会 国际论坛 中学生运动会 全国文明城市测评 城市马拉松 博览会 高考 汽车展 文化节 公园开园 地铁通车".split()
)
_SIGHTS = (
    "市民在公园里赏花 工人在车间里组装设备 志愿者为居民测量体温 孩子们在展馆参观 消防员进行演练 "
    "工作人员检修线路 农民在田间采收蔬菜 列车驶过大桥 医护人员在采集样本 游客在古城观看表演 "
    "施工人员铺设管道 学生们在操场上跳绳 技术人员在调试机器 交警在路口指挥交通"
).split()
_PLACES = (
    "市体育中心 东山公园 北城街道 某机械公司车间 城南小学 高铁站 产业园区 市第二医院 古城景区 农业园 会展中心 老旧小区"
).split()
_NOTICES = (
    "遗失声明 {name}不慎遗失身份证，证号1401{digits}，声明作废。",
    "{name}遗失行车证，号码晋A{digits}，声明作废。",
    "公告 因道路施工，{date}起{place}临时断水，请市民提前做好准备。",
    "停电通知 因线路检修，{date}8时至18时{place}停电。",
    "招聘启事 {place}招聘文员两名，电话0351-{digits}。",
    "通告 {place}定于{date}公开拍卖一批旧设备，有意者请联系。特此通告",
    "拍卖公告 受委托，本公司定于{date}在{place}举行拍卖会。",
    "减资公告 {place}经股东会决议，注册资本由500万元减至100万元。",
)
_DECKS = (
    "{a}讲话 {b}主持",
    "{a}出席并讲话",
    "{a}{b}出席",
    "{a}参加",
    "{a}作具体要求 {b}出席",
    "省委书记{a}主持召开会议",
    "市长{a}主持会议并讲话",
    "{a}主持",
    "市委书记{a}出席 市长{b}致辞",
)
_BARE_ENDS = "。！？；：，、”）"


def varied(module: ModuleType, source: Source, rng: random.Random) -> Labelled:
    """Return a page in a random layout with the role of each line."""
    style = {
        "level": rng.choice(("", "", "", "# ", "## ", "mixed")),
        "half": rng.random() < 0.4,
        "limit": rng.choice((300, 600, 900, 1500)),
        "labels": rng.choice(("after", "after", "before")),
        "break": rng.choice((0.1, 0.3, 0.5)),
        "month": int(source["date"][5:7]),
        "day": int(source["date"][8:10]),
    }
    rows: list[tuple[Role, str]] = []
    if rng.random() < 0.15:
        rows += _running_head(source, rng)
    items = source["articles"] if rng.random() < 0.92 else rng.sample(source["articles"], 1)
    for item in items:
        rows += _story(module, item, style, rng)
        if rng.random() < 0.1:
            rows += _caption(module, item, style, rng)
        if rng.random() < 0.08:
            rows += _roundup(item, style, rng)
        if rng.random() < 0.06:
            rows.append((Role.COUNTDOWN, _countdown(source, rng)))
    for _ in range(rng.choice((0, 0, 0, 1, 1, 2))):
        rows += _notice(module, style, rng)
    if rng.random() < 0.05:
        rows.append((Role.COUNTDOWN, _countdown(source, rng)))
    width = module.HALF if style["half"] else {}
    return _numbered([(role, text.translate(width)) for role, text in rows], rng)


def _numbered(rows: list[tuple[Role, str]], rng: random.Random) -> Labelled:
    """Return numbered lines with one blank line between rows, and two more in place of a picture."""
    found: Labelled = []
    number = 1
    for role, text in rows:
        number += 2
        if role in (Role.CAPTION, Role.NOTICE, Role.COUNTDOWN) or (found and found[-1][1] is Role.CAPTION):
            number += 2 * (rng.random() < 0.4)
        elif role is Role.HEADLINE:
            number += 2 * (rng.random() < 0.05)
        found.append((make_line(number, number, text), role))
    return found


def _story(module: ModuleType, item: Source, style: Source, rng: random.Random) -> list[tuple[Role, str]]:
    paragraphs, clipped = module.clip(item["paragraphs"], style["limit"])
    names = [module.person(rng) for _ in range(rng.choice((1, 1, 2, 3)))]
    paragraphs = _signed(module, list(paragraphs), names, rng)
    label = _series(rng) if rng.random() < 0.15 else None
    rows = [] if rng.random() < 0.03 else _headings(module, item, style, rng)
    if label and style["labels"] == "before":
        rows.insert(0, (Role.SECTION, label))
    body = _body(module, paragraphs, style, rng)
    if not rows:
        from_page = f"（上接第{rng.choice('1234')}版）" if rng.random() < 0.5 else ""
        body[0] = (Role.OPENING, from_page + body[0][1])
    body += _ending(names, module, clipped, rng)
    if rng.random() < 0.2 and len(body) > 1:
        at = rng.choice((0, rng.randrange(len(body)), rng.randrange(len(body)))) if rows else 1
        body[at:at] = _caption(module, item, style, rng)
    if label and style["labels"] == "after":
        middle = len(body) > 4 and rng.random() < 0.15
        at = rng.randrange(2, len(body) - 1) if middle else len(body)
        while at < len(body) and body[at][0] in (Role.CAPTION_ON, Role.BODY_ON):
            at += 1
        body.insert(at, (Role.LABEL, label))
    return rows + body


def _signed(module: ModuleType, paragraphs: list[str], names: list[str], rng: random.Random) -> list[str]:
    """Return the paragraphs with a lead or a sign-off in a random style."""
    match = module.LEAD.match(paragraphs[0])
    if match:
        paragraphs[0] = paragraphs[0][match.end() :]
    shown = rng.choice((" ", "、")).join(module.printed(name, rng) for name in names)
    style = rng.randrange(10)
    if style == 0:
        paragraphs[0] = f"本报讯（记者 {shown}）{paragraphs[0]}"
    elif style == 1:
        other = module.person(rng)
        paragraphs[0] = (
            f"本报讯（{rng.choice(('', '本报', '见习', '实习'))}记者 {shown} 通讯员 {other}）{paragraphs[0]}"
        )
    elif style == 2:
        paragraphs[0] = f"本报讯 {paragraphs[0]}"
        paragraphs[-1] += f"（{shown}）"
    elif style == 3:
        paragraphs[-1] += f" 记者 {shown}"
    elif style == 4:
        paragraphs[-1] += f"（记者 {shown}）"
    elif style == 5:
        paragraphs[0] = f"本报讯 {paragraphs[0]}"
    elif style == 6:
        paragraphs[0] = f"本报讯（记者{shown}）{paragraphs[0]}"
    return paragraphs


def _headings(module: ModuleType, item: Source, style: Source, rng: random.Random) -> list[tuple[Role, str]]:
    kicker, title, deck = item["kicker"], item["title"], item["subtitle"]
    if not deck and rng.random() < 0.15:
        deck = rng.choice(_DECKS).format(a=module.person(rng), b=module.person(rng))
    level = rng.choice(("", "# ", "## ")) if style["level"] == "mixed" else style["level"]
    if kicker and len(kicker) + len(title) < 55 and rng.random() < 0.3:
        kicker, title = "", f"{kicker} {title}"
    rows = []
    if kicker:
        rows += _in_lines(module, kicker, (Role.KICKER, Role.KICKER_ON), level and rng.choice(("### ", "## ")), rng)
    rows += _in_lines(module, title, (Role.HEADLINE, Role.HEADLINE_ON), level, rng)
    if deck:
        rows += _in_lines(module, deck, (Role.DECK, Role.DECK_ON), level and "## ", rng)
    return rows


def _in_lines(
    module: ModuleType, text: str, roles: tuple[Role, Role], mark: str, rng: random.Random
) -> list[tuple[Role, str]]:
    pieces = [mark + piece for piece in module.split_heading(text, rng) if piece.strip()]
    return [(roles[at > 0], piece) for at, piece in enumerate(pieces)]


def _body(module: ModuleType, paragraphs: list[str], style: Source, rng: random.Random) -> list[tuple[Role, str]]:
    rows: list[tuple[Role, str]] = []
    every = rng.choice((2, 3, 3, 4)) if len(paragraphs) > 3 and rng.random() < 0.25 else 0
    from_start = rng.random() < 0.2
    for number, paragraph in enumerate(paragraphs):
        if every and number % every == 0 and (number or from_start):
            rows.append((Role.SUBHEAD, _subhead(paragraph, style, rng)))
        pieces = [paragraph]
        while len(pieces[-1]) > 80 and rng.random() < style["break"]:
            pieces[-1:] = _torn(pieces[-1], rng)
        first = Role.BODY if len(pieces) > 1 else body_role(paragraph)
        rows += [(Role.BODY_ON if at else first, piece) for at, piece in enumerate(pieces)]
    if rng.random() < 0.06 and len(paragraphs) > 2:  # the story breaks off
        role, text = rows[-1]
        rows[-1] = (role, text[: max(20, len(text) // 2)].rstrip(_BARE_ENDS))
    return rows


def _subhead(paragraph: str, style: Source, rng: random.Random) -> str:
    mark = "### " if style["level"] else ""
    clause = paragraph.replace("。", "，").split("，")[0].strip("“”")
    return mark + clause[: rng.choice((6, 8, 10, 12))]


def _torn(paragraph: str, rng: random.Random) -> list[str]:
    places = [
        k
        for k in range(15, len(paragraph) - 12)
        if paragraph[k - 1] not in "。！？；”）" and paragraph[k] not in _BARE_ENDS
    ]
    if not places:
        return [paragraph]
    cut = rng.choice(places)
    return [paragraph[:cut], paragraph[cut:]]


def _ending(names: list[str], module: ModuleType, clipped: bool, rng: random.Random) -> list[tuple[Role, str]]:
    rows: list[tuple[Role, str]] = []
    if rng.random() < 0.1:
        start = rng.choice(("本报记者 ", "记者 ", "■记者 ", "□ 记者 ", "记者："))
        other = f" 通讯员 {module.person(rng)}" if rng.random() < 0.3 else ""
        rows.append((Role.BYLINE, start + " ".join(module.printed(name, rng) for name in names) + other))
    if clipped and rng.random() < 0.4:
        rows.append(
            (
                Role.JUMP,
                rng.choice(("（下转第{}版）", "下转第{}版", "（下转{}版）", "（转第{}版）")).format(
                    rng.choice("23458")
                ),
            )
        )
    return rows


def _caption(module: ModuleType, item: Source, style: Source, rng: random.Random) -> list[tuple[Role, str]]:
    sight, place = rng.choice(_SIGHTS), rng.choice(_PLACES)
    if rng.random() < 0.6:  # a caption may have the words of its story
        clauses = [piece for piece in rng.choice(item["paragraphs"]).split("。") if 12 < len(piece) < 90]
        sight = "。".join(clauses[:2]) or sight
    when = f"{style['month']}月{max(style['day'] - 1, 1)}日，"
    text = rng.choice(
        (
            f"{when}{place}，{sight}。",
            f"{when}{sight}，为节日增添喜庆。连日来，{place}举办多项活动，吸引了许多市民。",
            f"图为{sight}。",
            f"图为{when.rstrip('，')}的{place}。",
            f"{place}内，{sight}。",
            f"▲{sight}。",
            f"上图：{sight}。",
        )
    )
    credit = f"{module.printed(module.person(rng), rng)}"
    if rng.random() < 0.2:
        credit += f" {module.printed(module.person(rng), rng)}"
    credit += rng.choice((" 摄", " 摄", "摄", "/摄", " 摄影报道"))
    how = rng.random()
    if text[0] == "图" and how < 0.4:
        return [(Role.CAPTION, text)]
    if how < 0.6:
        return [(Role.CAPTION, f"{text}{rng.choice(('', ' '))}{credit}")]
    if how < 0.85:
        return [(Role.CAPTION, text), (Role.CAPTION_ON, credit)]
    if text[0] in "图▲上" and how < 0.97:
        return [(Role.CAPTION, text)]
    return [(Role.CAPTION, f"{text} 本报记者 {credit}")]


def _roundup(item: Source, style: Source, rng: random.Random) -> list[tuple[Role, str]]:
    mark = style["level"] if style["level"] != "mixed" else ""
    rows = [(Role.HEADLINE, mark + f"{_series(rng)} {rng.choice(_SERIES_A)}{rng.choice(_SERIES_B)}")]
    sentences = [piece + "。" for text in item["paragraphs"] for piece in text.split("。") if len(piece) > 15]
    for district in rng.sample(_DISTRICTS, rng.randrange(2, 5)):
        if len(sentences) < 2:
            break
        rows.append((Role.SUBHEAD, ("### " if mark else "") + district))
        taken, sentences = sentences[:3], sentences[3:]
        when = rng.choice((f"{style['month']}月{style['day']}日，", "连日来，", "近日，", ""))
        rows.append((Role.BODY, f"{when}{district}{''.join(taken)}"))
    if rng.random() < 0.3:
        rows[-1] = (rows[-1][0], rows[-1][1] + f"（下转第{rng.choice('234')}版）")
    return rows if len(rows) > 2 else []


def _series(rng: random.Random) -> str:
    label = rng.choice(_SERIES_A) + rng.choice(_SERIES_B) + rng.choice(_SERIES_C)
    if rng.random() < 0.3:
        label += rng.choice((" ", "·")) + rng.choice(_SERIES_A) + rng.choice(_SERIES_B)
    if rng.random() < 0.15:
        label = f"“{label[:2]}”{label[2:]}"
    return label


def _countdown(source: Source, rng: random.Random) -> str:
    event = f"{source['date'][:4]}年{rng.choice(_EVENTS)}{rng.choice(('', '开幕', '”开幕'))}"
    return f"距{rng.choice(('', '“'))}{event} 还有 {rng.randrange(1, 200)} 天"


def _notice(module: ModuleType, style: Source, rng: random.Random) -> list[tuple[Role, str]]:
    date, place = f"{style['month']}月{style['day']}日", rng.choice(_PLACES)
    digits = rng.randrange(10**6, 10**7)
    text = rng.choice(_NOTICES).format(name=module.person(rng), digits=digits, date=date, place=place)
    name, _, rest = text.partition(" ")
    if rest and rng.random() < 0.35:  # with its name, signature and date on separate lines
        signed = [(Role.NOTICE_ON, place), (Role.NOTICE_ON, date)]
        return [(Role.NOTICE, name), (Role.NOTICE_ON, rest), *signed[: rng.randrange(3)]]
    return [(Role.NOTICE, text)]


def _running_head(source: Source, rng: random.Random) -> list[tuple[Role, str]]:
    year, month, day = source["date"].split("-")
    when = f"{year}年{int(month)}月{int(day)}日"
    texts = (
        f"{when} 星期{rng.choice('一二三四五六日')} 第{source['page']}版",
        f"第{source['page']}版 要闻",
        f"{when}",
        "责编 {} 校对 {}",
        "责任编辑：{} 版式：{}",
        "国内统一连续出版物号 CN 14-0002",
    )
    return [(Role.FURNITURE, rng.choice(texts).format("王平", "李文")) for _ in range(rng.choice((1, 1, 2)))]
