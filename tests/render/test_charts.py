"""Pictures are small, quick to make, as wide as a phone, and know every character or say that they don't."""

import io
import subprocess
import sys
import threading
from dataclasses import replace

import pytest
from PIL import Image

from bot.images import charts
from bot.images.charts import BarChart, Card, Chart, Line, LineChart
from bot.images.drawing import MISSING, WIDTH, broken, fitted, settable, width
from tests.conftest import ROOT

CARD = Card(
    "云河日报",
    "2023年3月1日 星期三",
    (("雨水花园", 1.0), ("蓄水池", 0.8), ("河滨公园", 0.5), ("水草", 0.2)),
    ("云河市雨水花园蓄水池开工", "孩子们前来看水草" * 8, "“云河杯”少年足球赛开幕"),
    "第1版 · 12篇报道",
)
DAYS = ((0.0, "3月1日"), (1.0, "3月2日"), (14.0, "3月15日"))
LINES = LineChart(
    "各期提到的次数", "每万字次数，每点为一期", DAYS, (Line("蓄水池", (1.0, 0.0, 12.5)), Line("水草", (0.0, 3.0, 2.0)))
)
BARS = BarChart("云河日报", "各主题的报道数", (("城市建设", 12), ("其他", 1)))
EMPTY = Card("", "", (), (), "")
FLAT = LineChart("", "", ((5.0, "今天"),), (Line("没有", (0.0,)),))
LONG = Card("长" * 60, "日" * 40, tuple((f"很长的关键词{n}" * 4, 1.0) for n in range(8)), ("长" * 200,) * 5, "尾" * 90)
MANY = LineChart(
    "多", "", tuple((n, f"{n}月") for n in range(40)), (Line("一二三四五六七八九十" * 4, (1e-3,) * 40),) * 4
)


def opened(chart: Chart) -> Image.Image:
    return Image.open(io.BytesIO(charts.png(chart)))


@pytest.mark.parametrize("chart", [CARD, LINES, BARS, EMPTY, FLAT, LONG, MANY])
def test_a_picture_is_a_png_of_a_phones_width_and_of_less_than_200_kb(chart: Chart) -> None:
    picture = opened(chart)
    assert (picture.format, picture.width) == ("PNG", WIDTH)
    assert picture.height < 2 * WIDTH
    assert len(charts.png(chart)) < 200_000


@pytest.mark.parametrize("chart", [CARD, LINES, BARS])
def test_a_picture_stands_on_light_paper_in_dark_ink(chart: Chart) -> None:
    grey = opened(chart).convert("L")
    shares = grey.histogram()
    assert sum(shares[230:]) / sum(shares) > 0.7
    assert sum(shares[:70]) > 1000


def test_the_same_values_give_the_same_picture_and_it_is_drawn_once() -> None:
    first = charts.png(CARD)
    assert charts.png(replace(CARD)) is first
    charts.png.cache_clear()
    assert charts.png(CARD) == first
    assert charts.png(replace(CARD, title="云河晚报")) != first


def test_the_kept_pictures_are_bounded() -> None:
    assert charts.png.cache_info().maxsize == charts.KEPT


def test_pictures_may_be_asked_for_from_several_threads_at_once() -> None:
    wanted = [replace(BARS, title=str(n)) for n in range(8)]
    alone = [charts.png(chart) for chart in wanted]
    charts.png.cache_clear()
    drawn: dict[int, bytes] = {}
    threads = [threading.Thread(target=lambda n=n: drawn.update({n: charts.png(wanted[n])})) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [drawn[n] for n in range(8)] == alone


def test_a_heavier_keyword_is_set_larger() -> None:
    light = replace(EMPTY, keywords=(("甲", 1.0), ("雨水花园", 0.1)))
    heavy = replace(light, keywords=(("甲", 1.0), ("雨水花园", 1.0)))
    bare = _ink(EMPTY)
    assert _ink(heavy) - bare > 1.5 * (_ink(light) - bare)


def _ink(chart: Chart) -> int:
    return sum(opened(chart).convert("L").histogram()[:100])


def test_a_character_that_the_font_lacks_is_set_as_a_printers_blank() -> None:
    assert settable("喆与䶮😀") == f"喆与{MISSING}{MISSING}"
    assert settable("一\n二\t三 ") == "一 二 三"


@pytest.mark.parametrize("said", ["“疫情”（一）——《日报》…·℃№①㎡％", "abcXYZ 0123456789 é ü", "李玥 王昇 埇桥"])
def test_what_newspapers_print_is_in_the_font(said: str) -> None:
    assert MISSING not in settable(said)


def test_a_text_is_broken_into_lines_that_fit_and_ends_with_an_ellipsis_where_it_is_too_long() -> None:
    lines = broken("云河市雨水花园蓄水池开工典礼" * 3, 40, 300, 2)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert all(width(line, 40) <= 300 for line in lines)
    assert broken("短", 40, 300, 2) == ["短"]
    assert fitted("云河市雨水花园", 40, 120) == "云河…"


def test_days_that_stand_close_are_not_written_over_each_other() -> None:
    shown = charts._apart(["3月1日", "3月2日", "3月15日"], [100, 120, 600])
    assert shown == ["3月1日", "", "3月15日"]


@pytest.mark.parametrize(("highest", "levels"), [(0, 1), (0.036, 3), (1, 5), (5.5, 5), (12.2, 2), (980, 4)])
def test_a_chart_has_two_to_five_levels_at_round_numbers(highest: float, levels: int) -> None:
    step = charts._step(highest)
    assert int((highest or step) / step + 1e-9) == levels


def test_the_drawing_library_is_loaded_with_the_first_picture_and_not_before() -> None:
    asked = "import sys; from bot import app; print('matplotlib' in sys.modules, 'PIL' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False", "False"]


def test_the_font_stands_beside_its_licence() -> None:
    licence = (ROOT / "bot" / "images" / "fonts" / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "Adobe" in licence


def test_the_last_day_is_not_written_over_the_edge() -> None:
    assert charts._inside(1000, "2022年11月24日") + width("2022年11月24日", charts.NOTE) / 2 < WIDTH
    assert charts._inside(500, "3月1日") == 500
