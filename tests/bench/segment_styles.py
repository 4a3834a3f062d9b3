"""House styles of papers drawn at random, for the evaluation's composer of styles.

The composer lays out articles by a dictionary of choices. Here the choices are drawn, so that no two papers share a
manner and the model cannot count on any.
"""

import random
from types import ModuleType
from typing import Any

Style = dict[str, Any]

CITIES = tuple(
    "白溪 长泽 东陵 凤鸣 广岚 海塘 锦川 临沧湖 龙渠 梅岭 宁波湾 平阳山 清水 瑞河 沙湾 松岭 天门沟 潍江 "
    "西柏 阳平".split()
)
KINDS = tuple("日报 晚报 晨报 早报 商报 都市报 时报 快报 导报 新报 工人报 农民报 青年报 经济报 教育报 周报".split())
SECTIONS = (
    "要闻 综合 时政 社会 民生 经济 财经 文化 体育 教育 健康 副刊 理论 城事 本地 国内 国际 天下 热点 焦点 头条 关注 "
    "评论 科技 旅游 乡村 法治 生活 楼市 读书 人物 深度 区县 社区 视点 生态".split()
)
SIGNS = ("", "", "", "□", "■", "◎", "●", "▲", "◆", "★", "○", "▶")
LATER_HEAD = ("编辑", "责编", "责任编辑", "本版编辑", "主编", "值班编辑", "组稿")
DESIGNERS = tuple("美编 版式 版式设计 设计 美术编辑 排版 制版 视觉 组版".split())
CHECKERS = ("校对", "检校", "审校", "校检")


def drawn_style(module: ModuleType, rng: random.Random) -> Style:
    """Return the house style of an invented paper; every choice is drawn anew."""
    city, kind = rng.choice(CITIES), rng.choice(KINDS)
    is_markdown = rng.random() < 0.3
    separator = rng.choice((" ", "、", "  ", "", " ", ","))
    photographer = "{photographer}" + rng.choice((" 摄", "摄", "/摄", " 摄影", "/图", " 摄影报道"))
    choices: Style = {
        "city": city,
        "short": kind,
        "script": "trad" if rng.random() < 0.12 else "simp",
        "ext": "md" if is_markdown else "txt",
        "sections": rng.sample(SECTIONS, 5),
        "heads": [_head(rng) for _ in range(rng.choice((1, 2)))],
        "heads_first": [_first_head(rng)] if rng.random() < 0.5 else [],
        "head_p": rng.choice((0.5, 0.9, 0.9, 1.0)),
        "feet": [_foot(rng) for _ in range(2)] if rng.random() < 0.5 else [],
        "forms": [
            {**_form(rng, city + kind, kind, separator), "w": rng.choice((1, 2, 4, 6))}
            for _ in range(rng.choice((2, 3, 4)))
        ],
        "wire_forms": [_wire_form(rng)] if rng.random() < 0.7 else [],
        "wire_p": rng.choice((0.05, 0.1, 0.25)),
        "name_sep": separator,
        "name_gap": rng.choice(("", "", " ", "　")),
        "series": rng.sample(("keep", "drop", "above", "bracket", "bar"), rng.choice((1, 2, 3))),
        "labels": rng.sample(
            (
                "走进乡村",
                "一线调查",
                "今日看点",
                "城市脉搏",
                "开栏的话",
                "专题报道",
                "记者手记",
                "民生关注",
                "圆桌",
                "热点追踪",
            ),
            3,
        ),
        "label_p": rng.choice((0.0, 0.05, 0.15)),
        "label_form": rng.choice(("{}", "{}", "【{}】", "■{}", "[{}]", "·{}·")),
        "head_width": rng.choice((12, 14, 16, 18, 20, 24, 30)),
        "head_split": rng.choice((0.1, 0.3, 0.5, 0.8)),
        "kicker_p": rng.choice((0.3, 0.7, 1.0)),
        "deck_p": rng.choice((0.5, 1.0)),
        "subhead_marks": rng.choice(([""], ["", "■"], ["●"], ["◆", ""], ["△"], ["", "一、"], ["▌"], ["【", ""][1:])),
        "limits": rng.choice(((80, 150, 250), (300, 500, 800), (500, 900, 1500), (400, 700, 1000))),
        "break_p": rng.choice((0.0, 0.1, 0.2, 0.3)),
        "torn_p": rng.choice((0.0, 0.0, 0.1, 0.2)),
        "jump_on": [_jump_on(rng) for _ in range(2)] if rng.random() < 0.75 else [],
        "jump_from": [_jump_from(rng) for _ in range(2)] if rng.random() < 0.65 else [],
        "jump_from_p": rng.choice((0.12, 0.25)),
        "furniture_in": ["扫码看视频", "扫一扫 看更多内容", "制图：{ed4}", "扫码阅读全文", "插图 {ed3}"]
        if rng.random() < 0.3
        else [],
        "captions": [_caption(rng, photographer) for _ in range(3)],
        "caption_p": rng.choice((0.05, 0.15, 0.25, 0.35)),
        "boxes": [_box(rng) for _ in range(rng.choice((1, 2, 3)))] if rng.random() < 0.6 else [],
        "notices": [_notice(rng) for _ in range(rng.choice((3, 5, 7)))] if rng.random() < 0.75 else [],
        "notice_p": rng.choice((0.2, 0.4, 0.6)),
        "notice_page_p": rng.choice((0.0, 0.05, 0.15)),
        "blank": rng.choice(("each", "each", "each", "none", "story", "some")),
        "half": rng.random() < 0.2,
        "indent": rng.choice(("", "", "　　", "  ")),
        "stray_p": rng.choice((0.0, 0.0, 0.1, 0.25)),
        "noise": rng.choice(
            (
                {},
                {},
                {"char": 0.005},
                {
                    "char": 0.02,
                    "drop": 0.002,
                    "punct": 0.02,
                    "swap": [("本报讯", "本报谎", 0.1), ("记者", "记音", 0.03)],
                },
            )
        ),
    }
    if is_markdown:
        choices |= _markdown(rng)
    elif rng.random() < 0.22:
        choices |= {
            "wrap": sorted(rng.sample(range(12, 32), rng.choice((1, 2, 2, 3)))),
            "blank": rng.choice(("none", "none", "story", "each")),
            "indent": rng.choice(("", "　　", "　　")),
            "kinsoku": rng.random() < 0.7,
            "limits": (300, 500, 800),
        }
    if rng.random() < 0.25:
        choices["editorial"] = {"p": 0.1, "forms": [_editorial(rng, city) for _ in range(3)]}
    if rng.random() < 0.3:
        choices["interview"] = {
            "p": 0.12,
            "deck": [rng.choice(("——专访{org}{title}{guest}", "——对话{title}{guest}", "——访{org}{title}{guest}"))],
            "top": rng.choice(("本报记者 {names}", "□本报记者 {names}", "记者 {names}", "采访/{names}")),
            "q": rng.choice(("记者：", "问：", "Q：", kind + "：", "采访者：", "本报：")),
            "a": rng.choice(("{guest}：", "答：", "A：", "")) or "答：",
        }
    if rng.random() < 0.4:
        choices["supplement"] = {
            "p": rng.choice((0.3, 0.7)),
            "label": {
                "t": [rng.choice(("梅花洲", "副刊·晚潮", "大观台", "湖畔")) + tail for tail in ("", " 第{issue}期")],
                "p": 0.4,
            },
            "poems": rng.choice(((0, 1), (0, 1, 2), (1, 2))),
            "forms": [_signed(rng) for _ in range(3)],
            "quatrains": (),
        }
    if rng.random() < 0.25:
        choices["briefs"] = [
            {
                "p": 0.5,
                "head": rng.choice(("简讯", "一句话新闻", "短讯", "速览", "要闻速递", "新闻集装箱", "微新闻")),
                "item": rng.choice(
                    ("●{text}", "▲{text}", "{circled}{text}", "■{text}", "{n}.{text}", "◆ {text}", "{text}")
                ),
                "end": rng.choice(("", "（本报记者 {names}）", "（{names}）")),
            }
        ]
    if rng.random() < 0.2:
        choices["letters"] = {
            "p": 0.25,
            "label": rng.choice(("读者来信", "来函照登", "百姓呼声", "读者之声")),
            "end": rng.choice(("（{district} {names}）", "{district} {names}", "读者 {names}", "（读者{names}）")),
        }
    if rng.random() < 0.2:
        choices["index"] = {
            "head": rng.choice(("导读", "今日导读", "要闻导读", "")),
            "item": rng.choice(
                (
                    "{teaser} ▶{pg}版",
                    "{teaser} 见{pg}版",
                    "{teaser}……{pg}版",
                    "{teaser}（A{pg}）",
                    "▲{teaser} 详见{pg}版",
                    "{teaser}  A0{pg}",
                )
            ),
            "p": 0.2,
        }
    if rng.random() < 0.1:
        choices |= {"pages": 2, "feed": rng.choice(("prefix", "line")), "head_p": 1.0}
    style: Style = module.style(city + kind, **choices)
    return style


def _names_in(rng: random.Random, paper: str, kind: str) -> str:
    own = rng.choice(("", "", "本报", "本报", paper, kind))
    return own + rng.choice(("记者", "记者", "记者", "见习记者", "全媒体记者", "首席记者", "通讯员"))


def _form(  # noqa: PLR0911  one return for each form
    rng: random.Random, paper: str, kind: str, separator: str
) -> Style:
    """Return how stories of the paper begin and end, and where they name their reporters."""
    space = " " if separator.strip() or not separator else rng.choice((" ", "  ", ""))
    who = _names_in(rng, paper, kind) + rng.choice((space, "：", "") if separator else ("", " ")) + "{names}"
    if rng.random() < 0.2:
        who += rng.choice((" 通讯员 {corr}", " 通讯员{corr}", " 实习生 {trainee}"))
    own = rng.choice(("本报", "本报", paper, kind, "本报{place}", paper + "{place}", "{place}"))
    day = rng.choice(("", "", "{M1}月{D1}日", "{cnD1}日", "今日"))
    sent = (
        own
        + (day or ("{M1}月{D1}日" if own == "{place}" else ""))
        + rng.choice(("讯", "讯", "电", "消息") if not day or day == "今日" else ("电", "讯", "专电"))
    )
    sent = rng.choice((sent, sent, sent, f"【{sent}】", f"〔{sent}〕", f"[{sent}]", f"（{sent}）"))
    plain_gap = "" if sent[-1] in "】〕]）" else rng.choice((" ", " ", "　"))
    shape = rng.random()
    if shape < 0.3:
        inner = rng.choice((who, who, "{names}"))
        return {"lead": sent + rng.choice(("", "", " ")) + f"（{inner}）"}
    if shape < 0.4:
        return {"lead": sent + plain_gap + rng.choice(("记者{names}报道 ", "记者 {names} ", "记者{names}报道："))}
    if shape < 0.46:
        return {
            "lead": rng.choice(
                (
                    "〔记者{names}／{place}报导〕",
                    "【记者{names}／{place}报导】",
                    "记者{names}／{place}报导 ",
                    "【记者{names}{place}报导】",
                    "（记者{names}报道）",
                    "记者{names}报道 ",
                )
            )
        }
    if shape < 0.72:
        tail = rng.choice(("", "", "", " 文/图", "文/摄", " 文/图", " 报道"))
        signed = rng.choice(SIGNS) + rng.choice(("", " ")) + who + tail
        signed = rng.choice(
            (
                signed,
                signed,
                signed,
                signed,
                f"（{who}）",
                "文/{names} 图/{photo}",
                "文/" + _names_in(rng, paper, kind) + " {names}",
                "撰文/{names}",
                "{names}",
            )
        )
        return {"top": signed}
    if shape < 0.8:
        return {"top": rng.choice((who, "{names}")), "lead": sent + (plain_gap or " ")}
    if shape < 0.9:
        return {"lead": sent + plain_gap, "tail": rng.choice((f"（{who}）", "（{names}）"))}
    if shape < 0.96:
        return {"lead": sent + plain_gap, "end": rng.choice(("{names}", who, f"（{who}）"))}
    return {rng.choice(("tail", "end")): f"（{who}）"}


def _wire_form(rng: random.Random) -> Style:
    agency = rng.choice(("新华社", "据新华社", "中新社", "据中新社", "中央社"))
    sent = agency + rng.choice(("{city2}{M1}月{D1}日", "{city2}", "", "{cnD1}日")) + "电"
    sent = rng.choice((sent + " ", sent + " ", f"【{sent}】", f"〔{sent}〕", f"（{sent}）"))
    if rng.random() < 0.2:
        return {
            "tail": rng.choice(("（据新华社）", "（综合）", "（新华社）", "（来源：{paper}）", "（据央视新闻）")),
            "names": False,
        }
    return {"lead": sent, "names": False}


def _signed(rng: random.Random) -> Style:
    where = rng.choice(("top", "top", "top", "end", "tail"))
    if where == "tail":
        return {"tail": "（{names}）"}
    return {
        where: rng.choice(
            (
                "{names}",
                "{names}",
                "□{names}",
                "◎ {names}",
                "文/{names}",
                "■ {names}",
                "作者：{names}",
                "（{names}）",
                "{names} 文",
            )
        )
    }


def _editorial(rng: random.Random, city: str) -> Style:
    return rng.choice(
        (
            {"top": "本报评论员", "literal": "本报评论员"},
            {"top": "■本报评论员", "literal": "本报评论员"},
            {"label": "社论"},
            {
                "label": rng.choice(("今日快评", "时评", "锐评", city + "时评", "热点评说")),
                "top": rng.choice(("{names}", "□{names}", "◎ {names}")),
            },
            {"label": "评论", "tail": "（{names}）"},
            {"glue": rng.choice((" □本报评论员", " 本报评论员", " ■本报评论员")), "literal": "本报评论员"},
        )
    )


def _head(rng: random.Random) -> Style:
    """Return a running head: its parts in any order, in one line or several."""
    page = rng.choice(
        ("第{page}版", "{page2}", "A{page2}", "{page}版", "{page2}版", "第{cnpage}版", "{page}", "B{page}")
    )
    day = rng.choice(
        (
            "{Y}年{M}月{D}日",
            "{Y}年{M}月{D}日",
            "{Y}.{M}.{D}",
            "{Y}-{MM}-{DD}",
            "{Y}/{MM}/{DD}",
            "{cnY}年{cnM}月{cnD}日",
            "{Y}年{MM}月{DD}日",
            "{cnY2}年{cnM}月{cnD}日",
        )
    )
    parts = [page, day + rng.choice((" 星期{wd}", "星期{wd}", " 周{wd}", "", " 星期{wd} 农历{lunar}"))]
    if rng.random() < 0.6:
        parts.append("{paper}")
    if rng.random() < 0.7:
        parts.append("{section}")
    rng.shuffle(parts)
    if rng.random() < 0.5:
        parts.append(_editors(rng))
    if rng.random() < 0.2:
        parts.append(_contact(rng))
    return {"lines": _in_lines(rng, parts)}


def _first_head(rng: random.Random) -> Style:
    rows = [
        rng.choice(("{paper}", "{spaced}")),
        rng.choice(
            ("{Y}年{M}月{D}日 星期{wd}", "{cnY}年{cnM}月{cnD}日 星期{wd}", "{Y}年{M}月{D}日 农历{lunar} 星期{wd}")
        ),
    ]
    rows += rng.sample(
        (
            "第{issue}期 今日{n2}版",
            "国内统一连续出版物号 {cnissn}",
            "总第{issue}期",
            "新闻热线：{ptel}",
            "中共{city}市委主管主办 {paper}社出版",
            "{sky} {low}℃～{high}℃",
            "网址：{site}",
            "邮发代号 {n2}-{n1}",
            "零售每份1.5元",
        ),
        rng.choice((1, 2, 3, 4)),
    )
    return {"lines": rows, "page": False}


def _in_lines(rng: random.Random, parts: list[str]) -> list[str]:
    gap = rng.choice((" ", " ", "  ", "　", " | ", " · "))
    lines_, at = [], 0
    while at < len(parts):
        take = rng.choice((1, 2, 3, len(parts)))
        lines_.append(gap.join(parts[at : at + take]))
        at += take
    return lines_


def _editors(rng: random.Random) -> str:
    mark = rng.choice((" ", "：", "/", ":", ""))
    roles = [rng.choice(LATER_HEAD), rng.choice(DESIGNERS), rng.choice(CHECKERS)][: rng.choice((1, 2, 3))]
    return rng.choice((" ", "  ", "　")).join(f"{role}{mark}{{ed{k}}}" for k, role in enumerate(roles, 1))


def _contact(rng: random.Random) -> str:
    return rng.choice(
        (
            "新闻热线：{ptel}",
            "电话：{ptel}",
            "投稿邮箱：{mail}",
            "E-mail：{mail}",
            "本报热线 {ptel}",
            "报料热线：{ptel} 邮箱：{mail}",
            "{mail}",
        )
    )


def _foot(rng: random.Random) -> Style:
    rows = [
        rng.choice(
            (
                _editors(rng),
                _contact(rng),
                "社址：{address} 邮编：{post} 电话：{ptel}",
                "{paper}社出版 地址：{address}",
                "广告热线：{ptel} 发行热线：{ptel_2}",
                "广告经营许可证：{n7}号 零售每份1元",
            )
        )
    ]
    if rng.random() < 0.3:
        rows.append(rng.choice((_editors(rng), _contact(rng))))
    return {"lines": rows}


def _jump_on(rng: random.Random) -> Style:
    page = rng.choice(
        (
            "第{page}版",
            "第{cnpage}版",
            "{page}版",
            "A{page2}版",
            "{page2}版",
            "A{page}",
            "{page2}版·{section}",
            "B{page2}版",
        )
    )
    where = rng.choice(("tail", "line"))
    word = rng.choice(("下转", "下转", "下转", "转", "紧接", "文转", "详见", "全文见"))
    if rng.random() < 0.1:
        return {
            "where": "tail",
            "t": rng.choice(("（相关新闻见{page}版）", "（更多报道见A{page2}版）")),
            "related": True,
        }
    bare = where == "line" and rng.random() < 0.3
    return {"where": where, "t": word + page if bare else f"（{word}{page}）"}


def _jump_from(rng: random.Random) -> Style:
    page = rng.choice(("第{page}版", "第{cnpage}版", "{page}版", "A{page2}版", "{page2}版", "A{page}"))
    where = rng.choice(("after", "after", "before", "bare", "inline"))
    word = rng.choice(("上接", "上接", "上接", "紧接", "接"))
    bare = where in ("after", "before") and rng.random() < 0.3
    return {
        "where": where,
        "t": word + page
        if bare
        else rng.choice((f"（{word}{page}）", f"（{word}{page}）", f"({word}{page})", f"【{word}{page}】")),
    }


def _caption(rng: random.Random, photographer: str) -> Style:
    start = rng.choice(
        (
            "{who}在{spot}{doing}。",
            "{M1}月{D1}日，{who}在{spot}{doing}。",
            "图为{who}在{spot}{doing}。",
            "{spot}，{who}{doing}。",
            "▲{who}在{spot}{doing}。",
            "近日，{who}在{spot}{doing}。{more}",
            "{who}在{spot}{doing}",
        )
    )
    credit = rng.choice(
        (
            photographer,
            "本报记者 " + photographer,
            "{org}供图",
            "（" + photographer + "）",
            "新华社发（" + photographer + "）",
            "新华社发",
            "（{org}供图）",
            "图/{photographer}",
            "（资料图片）",
            "（图：{org}提供）",
            "",
        )
    )
    form: Style = {"t": start + rng.choice(("{maybe}", "")) + rng.choice(("", " ", "　")) + credit}
    if rng.random() < 0.25 and credit:
        form = {"t": start + "{maybe}", "credit": credit}
    if rng.random() < 0.15:
        form["head"] = ["{time}{noun}", "忙碌的{noun}", "{time}好风光", "快乐{time}"]
    return form


_NOTICES: tuple[Style, ...] = (
    {
        "head": ["{firm}公告", "公告"],
        "lines": [
            "{firm}因经营调整，自{later}起迁至{road}{n2}号办公，原址不再接待来访。特此公告。",
            "{firm}",
            "{Y}年{M}月{D}日",
        ],
    },
    {
        "head": ["声明", "郑重声明", "作废声明"],
        "lines": ["{firm}财务专用章（编号14{n9}）不慎遗失，现声明作废。", "{firm}"],
    },
    {"head": None, "lines": ["{person}遗失残疾人证，号码140{n7}{n5}，声明作废。"]},
    {"head": None, "lines": ["遗失声明：{firm}遗失开户许可证，核准号J1610{n9}，声明作废。"]},
    {
        "head": ["遗失声明", "遗失启事"],
        "lines": [{"t": "{person}不慎遗失{firm}开具的收据一张，号码{n7}，声明作废。", "from": 2, "to": 5}],
    },
    {
        "head": ["停气通知", "关于{road}管道检修的停气通知"],
        "lines": [
            "因管道检修，定于{later}{hour}时至{hour_2}时对{road}、{road_2}一带暂停供气，恢复供气时间另行告知。",
            "{city}燃气有限公司",
        ],
    },
    {
        "head": ["封路通告", "交通管制通告", "关于{road}施工封闭的通告"],
        "lines": [
            "因{road}排水工程施工，{later}至{far}封闭该路段，过往车辆请绕行{road_2}。",
            "{city}市公安局交通警察支队",
            "{Y}年{M}月{D}日",
        ],
    },
    {
        "head": ["竞买公告", "资产转让公告", "{district}闲置房产公开招租公告"],
        "lines": [
            "现将{district}{road}{n2}号房产公开招租，面积{n3}平方米，租期三年，起租价每年{n2_2}万元。",
            "报名截止：{far}",
            "联系人：{person} 电话：{mobile}",
        ],
    },
    {
        "head": ["寻人启事", "认领启事", "寻亲启事"],
        "lines": [
            "{person}，女，{n2}岁，{M1}月{D1}日在{district}{road}走失，身高一米五八，走失时穿红色外套。有知情者请与家人联系，电话：{mobile}，必有重谢。"
        ],
    },
    {
        "head": ["招聘", "诚聘英才", "{firm}招聘启事"],
        "lines": [
            "{firm}招聘会计1名、保安{n1}名，要求身体健康，有工作经验者优先，月薪{n4}元。",
            "电话：{mobile} 地址：{district}{road}",
        ],
    },
    {
        "head": ["公示", "拟表彰名单公示", "{org}关于评选结果的公示"],
        "lines": [
            "经逐级推荐和评审，拟确定{person}、{person_2}等{n2}人为先进个人，现予公示，公示期五个工作日。",
            "监督电话：{tel}",
            "{org}",
        ],
    },
    {
        "head": ["债权转让暨催收公告", "债务催收公告"],
        "lines": [
            "{firm}已将对{firm_2}的债权依法转让，请债务人自公告之日起履行还款义务。",
            "联系电话：{tel}",
            "{Y}年{M}月{D}日",
        ],
    },
    {
        "head": ["吸收合并公告", "公司分立公告"],
        "lines": [
            "经股东会决议，{firm}吸收合并{firm_2}，合并后存续，债权债务由存续公司承继。债权人可自本公告之日起45日内提出要求。电话：{mobile}"
        ],
    },
    {
        "head": ["讣告", "讣闻"],
        "lines": [
            "{org}退休职工{person}因病于{M1}月{D1}日去世，终年{n2}岁，定于{later}上午在殡仪馆举行告别仪式。",
            "谨此讣告",
            "治丧委员会",
        ],
    },
    {
        "head": ["征求意见公告", "环境影响评价公示"],
        "lines": [
            "《{road}改造工程环境影响报告书》征求意见稿已编制完成，公众可于{far}前以书信、电话提出意见。",
            "建设单位：{firm}",
            "联系电话：{tel}",
        ],
    },
)
_BOXES: tuple[Style, ...] = (
    {
        "p": 0.4,
        "head": ["天气预报", "今明天气", "城区天气", "明日天气"],
        "lines": ["今天{sky}，{wind}，{low}～{high}℃", "明天{sky_2}，{wind_2}，{low_2}～{high_2}℃"],
    },
    {
        "p": 0.4,
        "head": ["三日天气", "天气"],
        "lines": [
            {"t": "{M}月{D}日 {sky} {low}℃～{high}℃ {wind}", "from": 2, "to": 4},
            "温馨提示：早晚温差大，注意添衣",
        ],
    },
    {
        "p": 0.3,
        "head": ["七乐彩第2020{n3}期", "福彩3D第2020{n3}期开奖", "体彩大乐透第20{n3}期"],
        "lines": [
            "开奖号码 {ball} {ball_2} {ball_3} {ball_4} {ball_5}",
            "一等奖{n1}注 奖金{n7}元",
            "二等奖{n2}注 奖金{n5}元",
            "奖池累计{n9}元",
        ],
    },
    {
        "p": 0.3,
        "head": ["双色球开奖信息", "超级大乐透开奖结果"],
        "lines": [
            "期号：2020{n3}",
            "前区：{ball} {ball_2} {ball_3} {ball_4} {ball_5}",
            "后区：0{n1} 1{n1_2}",
            "兑奖截止{far}",
        ],
    },
    {
        "p": 0.3,
        "head": ["股市行情", "昨日收盘", "A股收市"],
        "lines": ["沪指 {index} {pct}", "深指 {index_2} {pct_2}", "成交额 {n4}亿元"],
    },
    {
        "p": 0.3,
        "head": ["今日菜价", "农贸市场行情", "主要农产品价格"],
        "lines": [{"t": "{n1}号摊 白菜 {price}元/公斤 土豆 {price_2}元/公斤", "from": 2, "to": 4}],
    },
    {
        "p": 0.3,
        "head": ["战报", "联赛赛果", "积分榜"],
        "alts": ["brief", "news"],
        "lines": [{"t": "{team} {n1}-{n1_2} {team_2}", "from": 3, "to": 6}],
    },
    {
        "p": 0.3,
        "head": ["外汇牌价", "今日汇率"],
        "lines": ["100美元={n3}.{n2}元 100欧元={n3_2}.{n2_2}元", "100日元={n1}.{n2_3}元"],
    },
    {
        "p": 0.2,
        "head": ["今日电视", "电视节目预告"],
        "alts": ["brief"],
        "lines": [{"t": "{hour}:{min} {noun}（{n2}）", "from": 3, "to": 6}],
    },
)


def _notice(rng: random.Random) -> Style:
    return rng.choice(_NOTICES)


def _box(rng: random.Random) -> Style:
    return rng.choice(_BOXES)


def _markdown(rng: random.Random) -> Style:
    headline = rng.choice(("# ", "# ", "## ", "### ", ""))
    deeper = {"# ": "## ", "## ": "### ", "### ": "#### ", "": ""}[headline]
    marks: Style = {"headline": headline}
    for role in ("subhead", "deck", "kicker", "section"):
        marks[role] = rng.choice((headline, deeper, "", [headline, ""], "**{}**"))
    if rng.random() < 0.2:
        marks["byline"] = rng.choice(("> ", "*{}*", "**{}**", headline))
    if rng.random() < 0.2:
        marks["caption"] = rng.choice(('<div style="text-align: center;">{}</div>', "*{}*", "> "))
    found: Style = {
        "marks": marks,
        "images": ["![](images/{img})"]
        if rng.random() < 0.6
        else ['<div align="center"><img src="imgs/{box}.png"/></div>'],
        "image_p": rng.choice((0.0, 0.2, 0.4)),
        "tables": ["<table><tr><td>站名</td><td>时间</td></tr><tr><td>{road}</td><td>{hour}:{min}</td></tr></table>"],
        "table_p": rng.choice((0.0, 0.0, 0.1)),
        "latex": rng.choice((0.0, 0.0, 0.5)),
    }
    if rng.random() < 0.2:
        found["front"] = ["---", 'title: "{paper}"', "date: {Y}-{MM}-{DD}", "---", ""]
    return found
