"""Write digests/names/places.txt: python -m tests.bench.build_places ADCODES.csv

ADCODES.csv is the table of China's administrative divisions in the package cpca (adcode,name,…; MIT licence). Countries
and cities come from Babel's copy of the Unicode CLDR. Each line of the file has the names of one group.
"""

import csv
import re
import sys
from pathlib import Path

from babel import Locale

OUT = Path("digests/names/places.txt")
NOTE = """\
# Names of places, by group. divisions: administrative divisions of China, from adcodes.csv of cpca 0.5.5, Copyright (c)
# 2018 QinYuan Du, under the MIT licence, whose text stands in LICENSE. countries, cities: from the Unicode CLDR as in
# Babel 2.18.0 (Unicode licence v3). regions: our own.
"""
REGIONS = (
    "欧洲 亚洲 非洲 美洲 北美 南美 拉美 大洋洲 中东 东南亚 中亚 南亚 东亚 加勒比 长三角 珠三角 京津冀 粤港澳大湾区 "
    "环渤海"
)
NOT_COUNTRIES = ("伪", "未知", "联合国")
_HANZI = re.compile("[一-鿿·]{2,}")


def groups(adcodes: Path) -> dict[str, list[str]]:
    """Return the names of each group, sorted."""
    with adcodes.open(encoding="utf-8-sig") as file:
        divisions = {row["name"] for row in csv.DictReader(file)} - {"市辖区"}
    chinese = Locale("zh")
    territories = [name for code, name in chinese.territories.items() if re.fullmatch("[A-Z]{2}", code)]
    countries = {re.sub("[（(].*", "", name) for name in territories if not name.startswith(NOT_COUNTRIES)}
    named = {zone["city"] for key, zone in chinese.time_zones.items() if "/" in key and "city" in zone}
    return {
        "divisions": sorted(filter(_HANZI.fullmatch, divisions)),
        "countries": sorted(filter(_HANZI.fullmatch, countries)),
        "cities": sorted(filter(_HANZI.fullmatch, named)),
        "regions": sorted(REGIONS.split()),
    }


def main() -> None:
    lines = (f"{name}: {' '.join(places)}\n" for name, places in groups(Path(sys.argv[1])).items())
    OUT.write_text(NOTE + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
