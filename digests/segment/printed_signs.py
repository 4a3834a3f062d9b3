"""Patterns of what papers print around their articles: leads, bylines, jumps, captions, names of notices and boxes.

The patterns expect normalised widths (half-width brackets and commas), in simplified or traditional characters.
"""

import re

_HANZI = "\u4e00-\u9fff"
CHINESE_DIGITS = "〇○零一二三四五六七八九十廿卅"

AGENCY = r"(?:新华社|新華社|中新社|中新网|中央社|人民网|新华网|央视|路透社|法新社|美联社|本报|本報|木报|本台|本网|本刊)"
"""News agencies, and a paper's word for itself (also as it is often misread)."""
PAPER = rf"(?:[{_HANZI}]{{1,7}}(?<![举通汇上简海情预警填申喜])[报報])"
"""The name of a paper, written out (江城晚报) or shortened (商报)."""
_DAY = rf"(?:(?:\d{{1,2}}|[{CHINESE_DIGITS}]{{1,3}})月)?(?:\d{{1,2}}|[{CHINESE_DIGITS}]{{1,3}})日"
_SENT = r"(?:讯|訊|[专專特]?[电電]|消息)"
_MISREAD = r"(?:谎|迅|汛|讥)(?=[\s(])"
_SEPARATED = r"(?=[\s():】〕\]]|记者|記者)"
LEAD = re.compile(
    rf"^\W{{0,3}}(?:"
    rf"(?:据|據)?{AGENCY}[^,。()】〕]{{0,14}}?"
    rf"(?:{_SENT}(?![稿视話话影台力子网人信器脑]|$)|{_MISREAD})"
    rf"|[{_HANZI}]{{1,6}}[台网網社](?:消息|讯|訊)(?=[:,\s(])"
    rf"|(?:据|據)?{PAPER}(?:[{_HANZI}]{{2,5}}?)?\s?(?:今日|{_DAY})?"
    rf"(?:{_SENT}{_SEPARATED}|(?:讯|訊)(?=[{_HANZI}\d])|{_MISREAD})"
    rf"|[{_HANZI}]{{2,5}}?\s?{_DAY}{_SENT}{_SEPARATED}"
    rf"|(?:{AGENCY}|{PAPER})?(?:记者|記者)\s*[{_HANZI}、,/ ]{{2,24}}?"
    rf"(?:综合|綜合)?(?:报道|報導|报导|報道)(?=[:,】〕\s])"
    rf"|(?<=[【〔\[(])[^】〕\])。]{{2,40}}?(?:{_SENT}|报道|報導|报导|報道)[】〕\])]"
    rf")"
)
"""The first words of an article that tell where it comes from.

本报讯, 新华社北京8月28日电, 江城晚报讯, 江城五日电, 商报讯 记者王伟报道, 〔記者王偉／台北報導〕, 【本报讯】.
"""
LEAD_REPORTERS = re.compile(
    rf"^\W{{0,3}}(?:{AGENCY}|{PAPER})?(?:[^,。()]{{0,16}}?{_SENT}[】〕\])]?\s*)?"
    rf"(?:见习|实习|特派|特約)?(?:记者|記者)\s*(?P<who>[{_HANZI}][{_HANZI}、,· ]{{1,24}}?)"
    rf"(?:/(?P<place>[{_HANZI}]{{2,6}}?))?\s*(?:综合|綜合|摄影)?(?:报道|報導|报导|報道)"
)
"""记者王伟报道 in a lead, or 記者王偉／台北報導."""
LEAD_NAMES = re.compile(rf"{_SENT}\s?[】〕\])]?\s?\((?P<who>[{_HANZI}、,/ ]{{2,24}})\)")
"""本报讯（王伟 李芳）, without a role."""
OPEN_NAMES = re.compile(
    rf"{_SENT}[】〕\])]?\s*(?:见习|实习)?(?:记者|記者)\s*"
    rf"(?P<who>[{_HANZI}]{{1,4}}(?:[、,\s]+[{_HANZI}]{{1,4}}){{0,5}})(?=\s|$)"
)
"""晨报讯 记者 王伟 李芳, followed by the text after a space; the last words may belong to the text."""

_ROLE = (
    r"(?:记者|記者|记音|通讯员|通訊員|实习生|實習生|评论员|評論員|作者|[文图圖](?=\s?[:/])|撰稿|撰文|供稿|摄影|攝影|整理|"
    r"编译|編譯|来源)"
)

BRACKETED_REPORTERS = re.compile(rf"\((?P<who>[^()]{{0,12}}?{_ROLE}[^()]{{1,60}})\)")
"""（记者 …） or （本报记者 … 通讯员 …）"""
SIGN_OFF = re.compile(
    r"\((?!下转|下轉|转第|上接|文转|文轉|详见|全文见)(?P<who>[^()]{2,40})\)\s*"
    r"(?=$|\((?:下转|下轉|文转|文轉|详见|全文见))"
)
"""（王伟、李芳） at the end of an article."""
BYLINE_SIGNS = "□■◎●▲△◆★☆○"
"""Signs that papers print before a byline."""
TRAILING_BYLINE = re.compile(
    rf"(?<=[。”!?」])\s*(?P<who>(?:{AGENCY}|{PAPER})?(?:记者|記者|通讯员|通訊員)[\s:/][^,。()]{{2,50}})$"
)
"""记者 王伟 通讯员 李芳 after the last sentence."""
PHOTO_CREDIT = re.compile(
    r"(?P<who>[^。,!?)]{2,40}?)\s*[/(]?(?P<role>摄影报道|摄影|攝影|摄|攝|供图|供圖|提供|/图|/圖)\s*[)/]?\s*$"
)
"""王伟 摄 at the end of a caption."""
PHOTO_SOURCE = re.compile(r"\([^()]{2,12}\)\s*$")
"""（影像中国） after a photo credit."""
CREDIT = re.compile(
    r"^\W{0,2}(?:本版|本期)?(?P<role>制图|製圖|绘图|插图|漫画|版式设计|设计|摄影|图片|数据整理)\s*[:/]\s*(?P<who>[^,。()]{2,30})$"
)
"""制图：李芳, a line that credits whoever drew, designed or took something."""
PHOTO_CREDIT_LINE = re.compile(
    r"^\W{0,2}[^。,]{2,30}?\s*(?:摄影报道|摄影|攝影|摄|攝|供图|供圖|新华社发)\W{0,2}$"
    r"|^[^。,]{2,20}\((?:摄影|攝影|国画|國畫|油画|油畫|版画|水彩|水粉|书法|書法|剪纸|篆刻|漫画|漫畫|雕塑|速写)\)"
    r"\s*[\u4e00-\u9fff ]{2,8}作?$"
)
CAPTION_START = re.compile(
    r"^[▲△▼←→↑↓■●◆(\s]{0,3}(?:图为|圖為|上图|下图|左图|右图|图[①-⑩一二三四五\d]|[①-⑩])|^[▲△▼←→↑↓](?=[\u4e00-\u9fff])"
)
"""图为 …, 上图 … at the start of a caption."""
_PAGE = (
    r"第?\s*(?P<sheet>[A-Z])?\s*(?P<page>[〇一二三四五六七八九十]{1,3}|\d{1,3})\s*(?(sheet)版?|版)"
    r"(?:\s?[·・]\s?[\u4e00-\u9fff]{2,6})?"
)
JUMP_TO = re.compile(
    rf"[(\[【]?\s*(?:下[转轉接]|文[转轉]|[转轉]|[详詳](?:情)?[见見]|全文[见見]|[紧緊]接)\s*(?:本报)?\s*{_PAGE}\s*[)\]】]?"
)
"""（下转A02版）, 详见3版, 紧接第三版 at the end of an article's part."""
JUMP_FROM = re.compile(rf"[(\[【]?\s*(?:上接|[紧緊]接|接)\s*(?:本报)?\s*{_PAGE}\s*[)\]】]?")
"""（上接第一版） at the start of the further part of an article."""
NOTICE = re.compile(
    r"^\W{0,3}(?:(?:\S{0,12})(?:遗失声明|遺失聲明|注销公告|拍卖公告|招标公告|减资公告|债权公告|清算公告|更正声明|"
    r"催告函|招聘启事|寻人启事|停电通知|停水通知)"
    r"|(?:公告|通告|声明|启事|讣告|啟事|聲明|訃告|訃聞)(?=[\s:：]|$)"
    r"|[^,。!?“]{0,28}(?:公告|通告|声明|启事|讣告|讣闻|通知|预告|公示|诚聘|招聘|招租|转让|聲明|啟事|訃告|預告)$)"
)
"""The name of a notice: 遗失声明, 关于滨河路停水的通知."""
BOX = re.compile(
    r"^\W{0,3}(?:(?:今日|明日|明天|今明|本市|本地|我市|一周|未来\S{1,3}|\S{2,4})?(?:天气(?:预报|趋势)?|天氣(?:預報)?|氣象|气象)"
    r"|\S{0,4}(?:福彩|体彩|彩票|双色球|大乐透|排列[35三五]|七乐彩|七星彩|3D|快乐8|樂透)\S{0,4}(?:第?\s?\d+\s?期\S{0,6})?"
    r"|\S{0,8}(?:开奖公告|开奖|開獎)|\S{0,6}(?:股市|收盘|收盤|行情|牌价|汇率|匯率|菜价|物价|价格)(?:收盘|行情|综述|播报|一览)?"
    r"|\S{0,6}(?:赛果|比分|比分牌|赛程|积分榜|战报|賽果)|\S{0,4}(?:电视节目|节目预告|影讯|收视指南))\W{0,2}$"
)
"""The title of a box of weather, lottery numbers, prices, scores or programmes."""
COUNTDOWN = re.compile(r"^\W{0,2}(?:距离?|離|离).{2,40}?(?:还有|仅剩|還有|倒计时)\s*\d{1,4}\s*天")
FOLIO = re.compile(
    r"^(?:\d{4}年\d{1,2}月\d{1,2}日.{0,40}|第?\s*[A-Z]?\d{1,3}\s*版.{0,30}|(?:责编|责任编辑|编辑|版式|美编|校对)\s*[:：/].{0,60}"
    r"|.{0,30}(?:国内统一连续出版物号|国内统一刊号|CN\s?\d\d-\d{4}).{0,40}|https?://\S+|www\.\S+)$"
)
"""The running head or foot of a page: date, page number, editors, serial number."""
