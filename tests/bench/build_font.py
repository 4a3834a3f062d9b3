"""The Chinese font that the charts are drawn with: a subset of Noto Sans CJK SC, made from Debian's fonts-noto-cjk.

    .venv/bin/python -m tests.bench.build_font [/path/to/NotoSansCJK-Regular.ttc]

The result and its licence (SIL Open Font License 1.1, without a reserved font name) lie in bot/images/fonts/.
The same source gives the same bytes.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont

from tests.conftest import ROOT

SOURCE = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
FONT = ROOT / "bot" / "images" / "fonts" / "NotoSansCJKsc-Subset.otf"
FAMILY = "Noto Sans CJK SC"

FURTHER = "–—€™℉⇧−▼▽㎡㎏㎞〇·•"
"""Signs of newspapers and charts that GB 2312 does not have."""
NAMES = (
    "冮劼勍卬叒叡啟喆垚垟埇埗堃堉堽壵奭姁姞姮姽娀婠婳媖嫄嫚嬿孖寔峣崀崟嵎巿帡廋弢弶彧忞惇慥扆扢拃挦捯旸旻旼昇昉昺晅晞"
    "晳暐暻曌朳杕柷栐梽棓棨棻椑楙榑榞槃橦檍沄沚洢洣涢淏淯渼湉湜湲溁溇溦滘漈漷潏濛瀍灈炆炘烜焜燊爔牁犇猇玕玘玚玠玡玥玦"
    "玭玹珒珣珪珺琇琎琟琠琤琫琭琯琸瑀瑃瑄瑅瑢瑨璆璘璟璠璪璿畯皞睆祎禛穎竑翀翾芃莯虓谞贇赟釗钘镕镠阇陞雫霂韡頔骉骎骦鹀"
    "鹍鹮龑龢"
)
"""Characters of people's and places' names that GB 2312 does not have."""


def gb2312() -> Iterator[str]:
    """All characters of GB 2312: 6763 Hanzi, punctuation, full-width forms, Greek, Cyrillic, kana."""
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                yield bytes((row, cell)).decode("gb2312")
            except UnicodeDecodeError:  # a place that the standard leaves empty
                continue


def main() -> None:
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCE
    if not source.exists():
        sys.exit(f"{source} is not here; expected NotoSansCJK-Regular.ttc of Debian's fonts-noto-cjk")
    font = next(font for font in TTCollection(source).fonts if font["name"].getDebugName(1) == FAMILY)
    wanted = {*map(chr, range(0x20, 0x7F)), *map(chr, range(0xA0, 0x100)), *gb2312(), *FURTHER, *NAMES}
    _cut(font, wanted)
    font.recalcTimestamp = False
    font.save(FONT)
    print(f"{FONT.relative_to(ROOT)}: {len(font.getBestCmap())} characters, {FONT.stat().st_size / 1e6:.2f} MB")


def _cut(font: TTFont, wanted: set[str]) -> None:
    """Leave nothing but these characters: charts set no vertical text, no ligatures and no hints."""
    options = Options()
    options.hinting = False
    options.layout_features = []
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 13, 14]
    options.drop_tables += ["BASE", "GPOS", "GSUB", "VORG", "vhea", "vmtx", "DSIG"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=map(ord, wanted))
    subsetter.subset(font)


if __name__ == "__main__":
    main()
