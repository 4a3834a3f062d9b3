"""Names in an article: people, places and organisations, and the titles of a person.

jieba's dictionary tags some names but lacks most local ones. These are recognised by their form and context: a person
by a surname, with a title (市委书记, 董事长) or a verb of saying next to the name; a place or an organisation by its
last word (区, 县, 集团, 有限公司, 局), to which the words before it are added. Callers can pass the names known from
the archive.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from digests.language import words
from digests.language.words import ArticleWords, Words
from digests.models import Article

KNOWN_WORDS = 32_768
"""Words whose answers are kept; most words of a text are among the most frequent of the language."""

MAX_NAME_CHARS = 18
"""Maximum characters of an organisation's name; a longer sequence of words is probably two names."""

SURNAMES = frozenset(
    "习王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪"
    "范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤弓操阎殷蓝商邢安常樊兰齐文庞施洪翁"
    "颜倪芦柴岳温牛葛游耿柳管翟季鲁章詹左祝盛霍涂关柯苗欧凌鲍裴骆房屈解牟焦路瞿聂辛冷俞车单卞纪舒屠蒲靳米康"
)

TITLES = frozenset(
    """
    书记 副书记 市委书记 省委书记 区委书记 县委书记 党委书记 支部书记 总书记 市长 副市长 省长 副省长
    区长 县长 镇长 乡长 村长 州长 主席 副主席 国家主席 总统 总理 首相 部长 副部长 司长 局长 副局长
    厅长 副厅长 处长 副处长 科长 主任 副主任 院长 副院长 所长 副所长 馆长 校长 副校长 会长 副会长
    理事长 秘书长 董事长 总经理 经理 副总经理 总裁 厂长 队长 组长 站长 行长 常委 委员 代表 教授
    副教授 研究员 院士 博士 医生 护士 教师 老师 律师 记者 法官 民警 工程师 总工程师 负责人 创始人
    主持人 司令员 政委 居民 村民 市民 书画家 作家 演员 教练 选手 冠军 学生 职工 员工 志愿者 店主
    司机 同志 先生 女士
    """.split()
)
_SPEECH_VERBS = frozenset("说 表示 介绍 告诉 指出 强调 认为 讲话 主持 出席 参加 会见 作".split())

_PLACE_SUFFIXES = ("街道", "社区", "大街", "大道", "开发区", "示范区", "新区", "园区", "小区")
_PLACE_CHARS = frozenset("省市区县镇乡村路街桥山河湖江")
_NOT_PLACES = frozenset(
    """
    城市 东西 平原 外国 爱国 自治州 自治县 英雄 朝廷 太阳 哥哥 海洋 湖泊 大桥 高原 上市 建国 美丽
    山区 江湖 大街 王国 开国 共和国 城镇 大都 京城 阿哥 庆典 南路 北路 东路 西路 深度 山脉 回国
    治安 大国 新鲜 古城 海峡 冰川 长度 山水 长大 莫非 普及 商城 内河 古典 阴阳 江山 高山 大海 山坡
    河谷 上马 太平 福利 日志 云集 青春 山河 神圣 中路 新建 河水 山洞 都城 中断 关联 海湾 广义 湖水
    上山 江水 新城 内城 石桥 北门 南门 东门 西门 下山 上台 山寨 西洋 契约 入口 入市 路桥 都市 古都
    诸国 重镇 三角洲 山口 治国 加密 上路 上门 新春 东至 西至 南至 北至 大门口 广大 全市 全省 全县
    全区 地区 社区 小区 老旧小区 道路 公路 铁路 高速公路 农村 乡村 街道 园区 城区 市区 县城
    """.split()
)
"""Words that look like places by their tag or last character but are almost never names of places."""
_NOT_ORGANISATIONS = frozenset(
    """
    场所 公共场所 全部 内部 外部 干部 总部 中部 东部 西部 南部 北部 法院 医院 学院 学校 公司 集团
    人民军队 社会科学 音乐会 新兴产业 列车运行
    """.split()
)
"""Words that end like an organisation's name but are not one, or are only part of one."""

_ORGANISATION_SUFFIXES = tuple(
    """
    有限公司 集团 公司 银行 大学 学院 医院 法院 检察院 研究院 研究所 委员会 办公室 协会 联合会 基金会
    领导小组 党组 政协 博物馆 图书馆 纪念馆 实验室 中心 超市 学校 小学 中学 工会 商会 支队 大队
    派出所 指挥部
    """.split()
)
_ORGANISATION_CHARS = frozenset("局委厅部院所馆办社厂")

MAX_TITLE_CHARS = 14
"""Maximum characters of a title together with its organisation: 太原市委书记."""
_VAGUE_TITLES = frozenset("代表 委员 居民 村民 市民 学生 职工 员工 同志 先生 女士 记者".split())
"""Titles that say little about a person, or that may be the end of another expression (人大代表)."""
_TITLE_ALTERNATIVES = "|".join(sorted(TITLES - _VAGUE_TITLES, key=len, reverse=True))


@dataclass(frozen=True, slots=True)
class Names:
    """The names in an article, the most frequent of each kind first."""

    people: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownNames:
    """Names already found in the archive."""

    people: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()


NO_KNOWN_NAMES = KnownNames()


def find_names(
    article: Article, *, article_words: ArticleWords | None = None, known: KnownNames = NO_KNOWN_NAMES
) -> Names:
    """Return the names in an article, without its own reporters.

    `known` are names already found in the archive. `article_words` are the words to search, by default the result of
    `cut_article`.
    """
    article_words = article_words or words.cut_article(article)
    people: Counter[str] = Counter()
    places: Counter[str] = Counter()
    organisations: Counter[str] = Counter()
    parts = (article_words.heading, *article_words.paragraphs)
    possible = [found for part in parts for found in _people(part)]
    certain = {name for name, sure in possible if sure}
    people.update(name for name, _ in possible if name in certain or name in known.people)
    for part in parts:
        organisations.update(_organisations(part, known.organisations))
        places.update(_places(part, known.places))
    for name in article.byline:
        people.pop(name, None)
    return Names(_ranked(people), _ranked(places), _ranked(organisations))


def _ranked(names: Counter[str]) -> tuple[str, ...]:
    """Return names by descending frequency, then in the order of the text."""
    return tuple(name for name, _ in names.most_common())


def _people(part: Words) -> Iterator[tuple[str, bool]]:
    """Yield each possible name of a person, and whether the context or a certain name before 、 proves it."""
    listed = -1  # position after the last certain name and its 、
    for at, word in enumerate(part):
        if word[0] not in SURNAMES:
            continue
        end, name = at + 1, ""
        if _is_person(word):
            name = word.removesuffix("说")
        elif word in SURNAMES and end < len(part) and _is_given(part[end]):
            # jieba splits an unknown name after the surname
            name, end = word + part[end], end + 1
        if name:
            sure = listed == at or word.endswith("说") or _has_person_context(part, at, end)
            yield name, sure
            if sure and end < len(part) and part[end] == "、":
                listed = end + 1


def _is_person(word: str) -> bool:
    """True if a word that begins with a surname has the form of a name and no other meaning in the dictionary."""
    tag = words.tag(word)
    form = 2 <= len(word.removesuffix("说")) <= 3 and not word.endswith(("书记", "长", "区", "院"))
    return form and (not tag or tag.startswith("nr"))


def _is_given(word: str) -> bool:
    """True if a word after a surname can be a given name."""
    return (len(word) == 1 and word.isalpha()) or (len(word) == 2 and not words.tag(word))


def _has_person_context(part: Words, first: int, last: int) -> bool:
    """True if the words from `first` to `last` (excluded) follow a title or precede a title or a verb of saying."""
    before = part[first - 1] if first else ""
    after = part[last] if last < len(part) else ""
    titled = before in TITLES or (len(before) > 2 and before.endswith(("书记", "长", "主任")))
    return titled or after in TITLES or after in _SPEECH_VERBS


def _places(part: Words, known: frozenset[str]) -> Iterator[str]:
    """Yield the names of places, including those made of a name and a suffix such as 区."""
    for at, word in enumerate(part):
        before = part[at - 1] if at else ""
        if word in known:
            yield word
        elif (word in _PLACE_CHARS or word in _PLACE_SUFFIXES) and len(before) > 1 and _can_begin_place(before):
            yield before + word
        elif len(word) > 1 and _is_place(word):
            after = part[at + 1] if at + 1 < len(part) else ""
            if after not in _PLACE_CHARS and after not in _PLACE_SUFFIXES:  # otherwise the longer name is yielded
                yield word


@lru_cache(maxsize=KNOWN_WORDS)
def _is_place(word: str) -> bool:
    """True if a word is a place by its tag, or if it is unknown and ends with a character such as 县."""
    tag = words.tag(word)
    return word not in _NOT_PLACES and (tag == "ns" or (not tag and word[-1] in _PLACE_CHARS and len(word) > 2))


def _can_begin_place(word: str) -> bool:
    """True if a word is a name or unknown, so that it forms a place with a suffix such as 区."""
    tag = words.tag(word)
    return tag in ("", "ns", "nz", "nr", "nrt")


def _organisations(part: Words, known: frozenset[str]) -> Iterator[str]:
    """Yield the names of organisations, each with the preceding words that belong to it."""
    for at, word in enumerate(part):
        if word in known:
            yield word
        elif _ends_organisation(word) and not (at + 1 < len(part) and _ends_organisation(part[at + 1])):
            name = _whole_organisation(part, at)
            if len(name) > 2 and name not in _NOT_ORGANISATIONS and (name != word or words.tag(word) in ("nt", "")):
                yield name


@lru_cache(maxsize=KNOWN_WORDS)
def _ends_organisation(word: str) -> bool:
    """True if a word can be the last word of an organisation's name."""
    if word in _NOT_ORGANISATIONS and word not in _ORGANISATION_SUFFIXES:
        return False
    return (
        words.tag(word) == "nt"
        or word.endswith(_ORGANISATION_SUFFIXES)
        or word in _ORGANISATION_CHARS
        or (len(word) > 2 and word[-1] in _ORGANISATION_CHARS and words.tag(word) in ("", "n", "nt", "j"))
    )


def _whole_organisation(part: Words, at: int) -> str:
    """Return the name that ends with the word at `at`, including the nouns and names before it."""
    name = part[at]
    for word in reversed(part[:at]):
        if not _belongs_to_organisation(word) or len(word) + len(name) > MAX_NAME_CHARS:
            break
        name = word + name
    return name


def _belongs_to_organisation(word: str) -> bool:
    """True if a word before the last word can be part of an organisation's name."""
    tag = words.tag(word)
    if not word.isalnum() or word in TITLES or word.isdigit():
        return False
    return not tag or tag in ("n", "ns", "nt", "nz", "nr", "nrt", "vn", "j", "b", "ng", "s")


def titles_of(name: str, articles: Iterable[Article], limit: int = 4) -> tuple[str, ...]:
    """Return at most `limit` titles printed before `name`, the titles in the most articles first.

    A title must begin after punctuation and end directly before the name: 太原市委书记 in “省委常委、太原市委书记韦韬”.
    """
    titled = re.compile(rf"(?<![一-鿿])([一-鿿]{{0,{MAX_TITLE_CHARS - 2}}}?(?:{_TITLE_ALTERNATIVES})){re.escape(name)}")
    articles_with = Counter(title for article in articles for title in _titles_in(titled, article))
    return tuple(sorted(articles_with, key=lambda title: (-articles_with[title], title))[:limit])


def _titles_in(titled: re.Pattern[str], article: Article) -> set[str]:
    """Return the titles that the pattern finds in an article."""
    texts = (article.headline or "", article.deck, *article.paragraphs)
    return {title for text in texts for title in titled.findall(text)}
