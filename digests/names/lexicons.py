"""Words and endings that tell names: places, organisations, people, titles, and where they stand in a text.

Each lexicon finds its words in a text at once (Aho-Corasick). places.txt says where the names of places come from;
other words come from jieba's dictionary, whose tags name places (ns), organisations (nt) and people (nr, nrt).
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from ahocorasick_rs import AhoCorasick, MatchKind

from digests.language import words

_PLACES = Path(__file__).with_name("places.txt")

PLACE_ENDINGS = frozenset(
    """
    街道 社区 大街 大道 开发区 示范区 新区 园区 小区 自治州 自治县 自治区 省 市 区 县 镇 乡 村 路 街 桥 山 河
    湖 江 岛 州 国 洲 海 港 湾 寺 庙 公园 广场 机场 车站 园 里 巷 屯 府 道 站 塔 楼 宫 庵 峡 岭 峰 沟 坡 滩 池
    泉 洞 关 城 堡 寨 旗 盟 公社 工业园 产业园 大桥 隧道 水库 景区 风景区 湿地 古镇 古城 大厦 商圈 中心 高速
    铁路 体育馆 体育场 南站 西站 北站 东站 东路 西路 南路 北路 中路 流域 地区 赛区 半岛 群岛 高原 盆地 平原
    草原 沙漠 森林公园
    """.split()
)
NOT_PLACES = frozenset(
    """
    城市 东西 平原 外国 爱国 自治州 自治县 英雄 朝廷 太阳 哥哥 海洋 湖泊 大桥 高原 上市 建国 美丽 山区 江湖
    大街 王国 开国 共和国 城镇 大都 京城 阿哥 庆典 南路 北路 东路 西路 深度 山脉 回国 治安 大国 新鲜 古城 海峡
    冰川 长度 山水 长大 莫非 普及 商城 内河 古典 阴阳 江山 高山 大海 山坡 河谷 上马 太平 福利 日志 云集 青春
    山河 神圣 中路 新建 河水 山洞 都城 中断 关联 海湾 广义 湖水 上山 江水 新城 内城 石桥 北门 南门 东门 西门
    下山 上台 山寨 西洋 契约 入口 入市 路桥 都市 古都 诸国 重镇 三角洲 山口 治国 加密 上路 上门 新春 东至 西至
    南至 北至 大门口 广大 全市 全省 全县 全区 地区 社区 小区 老旧小区 道路 公路 铁路 高速公路 农村 乡村 街道
    园区 城区 市区 县城
    """.split()
)
"""Words that look like places by their tag or last character but are almost never names of places."""
ORGANISATION_ENDINGS = frozenset(
    """
    有限公司 集团 公司 银行 大学 学院 医院 法院 检察院 研究院 研究所 委员会 办公室 协会 联合会 基金会 领导小组
    党组 政协 博物馆 图书馆 纪念馆 实验室 中心 超市 学校 小学 中学 工会 商会 支队 大队 派出所 指挥部 政府 党委
    市委 省委 县委 区委 局 部 厅 院 所 馆 办 社 厂 委 会 处 组 队 军 站 校 妇联 残联 文联 作协 足协 工商联 州委
    旗委 工委 纪委 监委 团委 总社 总局 分局 分行 支行 央行 卫健委 发改委 住建委 电视台 总台 联盟 论坛 基金 证券
    保险 医疗 书店 大厦 出版社 研究会 学会 商场 酒店 宾馆 物业 合作社 机构 机制 代表团 代表队 分队 服务队
    工作队 医疗队 工作组 专班 常委会 联席会议 警方 法庭 俱乐部 剧院 剧团 乐团 日报 通讯社 网 科技 传媒 控股
    矿业 电力 油田 港务
    """.split()
)
NATIONAL_BODIES = frozenset(
    """
    国务院 中共中央 党中央 全国人大 全国人大常委会 全国政协 中央军委 中央纪委 国家监委 最高人民法院
    最高人民检察院 中央组织部 中央宣传部 中宣部 中组部 中央统战部 中央政法委 中央文明办 外交部 国防部
    国家发展改革委 国家发展和改革委员会 发改委 教育部 科技部 科学技术部 工业和信息化部 工信部 国家民委 公安部
    国家安全部 民政部 司法部 财政部 人力资源和社会保障部 人社部 自然资源部 生态环境部 住房和城乡建设部
    住房城乡建设部 住建部 交通运输部 水利部 农业农村部 农业部 商务部 文化和旅游部 文旅部 国家卫生健康委
    国家卫健委 卫健委 退役军人事务部 应急管理部 中国人民银行 央行 审计署 国资委 海关总署 税务总局 国家税务总局
    市场监管总局 国家市场监督管理总局 广电总局 体育总局 国家统计局 国家医保局 国家能源局 国家林草局 国家邮政局
    国家铁路局 国家文物局 国家药监局 中国气象局 中央气象台 中国地震局 证监会 银保监会 银监会 国台办 国新办
    国务院新闻办 新华社 中国科学院 中科院 中国工程院 社科院 联合国 世卫组织 世界卫生组织 世贸组织
    国际货币基金组织 世界银行 欧盟 东盟 北约 亚足联 国际足联 国际奥委会 白宫 五角大楼 克里姆林宫 全国总工会
    全国妇联 共青团中央 中国红十字会 中国足协 中国作协 中国文联 中国残联 中国队 国家队
    """.split()
)
TITLES = frozenset(
    """
    书记 副书记 市委书记 省委书记 区委书记 县委书记 党委书记 支部书记 总书记 市长 副市长 省长 副省长 区长 县长
    镇长 乡长 村长 州长 主席 副主席 国家主席 总统 总理 首相 部长 副部长 司长 局长 副局长 厅长 副厅长 处长
    副处长 科长 主任 副主任 院长 副院长 所长 副所长 馆长 校长 副校长 会长 副会长 理事长 秘书长 董事长 总经理
    经理 副总经理 总裁 厂长 队长 组长 站长 行长 常委 委员 代表 教授 副教授 研究员 院士 博士 医生 护士 教师 老师
    律师 记者 法官 民警 工程师 总工程师 负责人 创始人 主持人 司令员 政委 居民 村民 市民 书画家 作家 演员 教练
    选手 冠军 学生 职工 员工 志愿者 店主 司机 同志 先生 女士
    """.split()
)
TITLE_ENDINGS = TITLES | frozenset(
    """
    长 家 手 师 者 生 人 员 警官 外长 大使 发言人 夫人 老人 师傅 队员 党员 支书 干部 农民 工人 通讯员
    """.split()
)
SPEECH_VERBS = frozenset(
    "说 表示 介绍 告诉 指出 强调 认为 讲话 主持 出席 参加 会见 坦言 感慨 回忆 称 宣布 透露 解释 笑着 激动".split()
)

_PEOPLES_AND_KIND = re.compile(r"(?:(?:[\u4e00-\u9fff]{1,3}族)+自治[州县旗]|地区|[省市区县旗盟])$")
MAX_COMMON_FREQUENCY = 300
"""A short name of a division (朝阳) counts as sure below this frequency if the dictionary has it as another word."""

TRANSCRIPTION_SMOOTHING = (0.5, 50)
"""Added to the counts of a character in foreign names and in general words."""


class Lexicon:
    """Words, each with a code, that are found in a text."""

    def __init__(self, codes: Mapping[str, str], *, overlapping: bool = False) -> None:
        self._words = list(codes)
        self._codes = [codes[word] for word in self._words]
        self._overlapping = overlapping
        kind = MatchKind.Standard if overlapping else MatchKind.LeftmostLongest
        self._automaton = AhoCorasick(self._words, matchkind=kind)

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield start, end and code of each word; the longest ones from left to right unless it is `overlapping`."""
        for number, start, end in self._automaton.find_matches_as_indexes(text, overlapping=self._overlapping):
            yield start, end, self._codes[number]


@lru_cache(maxsize=1)
def place_codes() -> Mapping[str, str]:
    """Map names of places to their source.

    d: dictionary, f: division in full (阳曲县), s: sure short name of a division (阳曲), q: short name that is also
    another word (朝阳), c: country or region, t: city abroad.
    """
    codes = {word: "d" for word in words.words_tagged("ns") if 2 <= len(word) <= 8 and word not in NOT_PLACES}
    groups = dict(line.rstrip().split(": ", 1) for line in _lines())
    for division in groups["divisions"].split():
        short = _PEOPLES_AND_KIND.sub("", division)
        if 1 < len(short) < len(division):
            tag = words.tag(short)
            is_sure = tag in ("", "ns") or (tag.startswith("n") and words.frequency(short) < MAX_COMMON_FREQUENCY)
            codes[short] = "s" if is_sure else codes.get(short, "q")
        codes[division] = "f"
    for country in (*groups["countries"].split(), *groups["regions"].split()):
        codes[country] = "c"
    for city in groups["cities"].split():
        if words.tag(city) in ("", "ns", "nr", "nrt"):
            codes.setdefault(city, "t")
    return codes


def _lines() -> list[str]:
    return [line for line in _PLACES.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


@lru_cache(maxsize=1)
def places() -> Lexicon:
    """Names of places, with the codes of `place_codes`."""
    return Lexicon(place_codes())


@lru_cache(maxsize=1)
def organisations() -> Lexicon:
    """Names of organisations: o for NATIONAL_BODIES, n for those of the dictionary."""
    codes = {word: "n" for word in words.words_tagged("nt") if len(word) > 1}
    return Lexicon(codes | dict.fromkeys(NATIONAL_BODIES, "o"))


@lru_cache(maxsize=1)
def people() -> Lexicon:
    """Names of people in the dictionary, Chinese and foreign, with their lengths."""
    names = [*words.words_tagged("nr"), *words.words_tagged("nrt"), *words.words_tagged("nrfg")]
    return Lexicon({name: str(min(len(name), 4)) for name in names if 2 <= len(name) <= 5})


@lru_cache(maxsize=1)
def long_place_endings() -> Lexicon:
    """PLACE_ENDINGS of at least two characters."""
    return _long(PLACE_ENDINGS)


@lru_cache(maxsize=1)
def long_organisation_endings() -> Lexicon:
    """ORGANISATION_ENDINGS of at least two characters."""
    return _long(ORGANISATION_ENDINGS)


@lru_cache(maxsize=1)
def long_title_endings() -> Lexicon:
    """TITLE_ENDINGS of at least two characters."""
    return _long(TITLE_ENDINGS)


def _long(endings: frozenset[str]) -> Lexicon:
    return Lexicon({ending: ending for ending in sorted(endings) if len(ending) > 1}, overlapping=True)


@lru_cache(maxsize=1)
def transcription_scores() -> Mapping[str, float]:
    """Map characters to log(share in foreign names / share in general words), natural logarithm."""
    in_names = Counter(char for name in words.words_tagged("nrt") if len(name) >= 3 for char in name)
    in_words: Counter[str] = Counter()
    for word, frequency in words.frequencies().items():
        if frequency:  # beginnings of words have none
            for char in word:
                in_words[char] += frequency
    name_chars, word_chars = sum(in_names.values()), sum(in_words.values())
    extra_in_names, extra_in_words = TRANSCRIPTION_SMOOTHING
    return {
        char: math.log(((count + extra_in_names) / name_chars) / ((in_words[char] + extra_in_words) / word_chars))
        for char, count in in_names.items()
    }
