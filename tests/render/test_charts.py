"""Pictures: their format and size, the cache, the layout of cards and charts, and the font."""

import io
import subprocess
import sys
import threading
from dataclasses import replace

import pytest
from PIL import Image

from bot.images import MAX_CACHED_PICTURES, Chart, Painter, card, charts
from bot.images.card import Card
from bot.images.charts import BarChart, LineChart, Series
from bot.images.drawing import MISSING_GLYPH, WIDTH, Font
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
    "各期提到的次数",
    "每万字次数，每点为一期",
    DAYS,
    (Series("蓄水池", (1.0, 0.0, 12.5)), Series("水草", (0.0, 3.0, 2.0))),
)
BARS = BarChart("云河日报", "各主题的报道数", (("城市建设", 12), ("其他", 1)))
EMPTY = Card("", "", (), (), "")
FLAT = LineChart("", "", ((5.0, "今天"),), (Series("没有", (0.0,)),))
LONG = Card("长" * 60, "日" * 40, tuple((f"很长的关键词{n}" * 4, 1.0) for n in range(8)), ("长" * 200,) * 5, "尾" * 90)
MANY = LineChart(
    "多", "", tuple((n, f"{n}月") for n in range(40)), (Series("一二三四五六七八九十" * 4, (1e-3,) * 40),) * 4
)


PAINTER = Painter()
FONT = Font()


def opened(chart: Chart) -> Image.Image:
    return Image.open(io.BytesIO(PAINTER.png(chart)))


@pytest.mark.parametrize("chart", [CARD, LINES, BARS, EMPTY, FLAT, LONG, MANY])
def test_a_picture_is_a_png_of_a_phones_width_and_of_less_than_200_kb(chart: Chart) -> None:
    picture = opened(chart)
    assert (picture.format, picture.width) == ("PNG", WIDTH)
    assert picture.height < 2 * WIDTH
    assert len(PAINTER.png(chart)) < 200_000


@pytest.mark.parametrize("chart", [CARD, LINES, BARS])
def test_a_picture_has_dark_ink_on_light_paper(chart: Chart) -> None:
    grey = opened(chart).convert("L")
    shares = grey.histogram()
    assert sum(shares[230:]) / sum(shares) > 0.7
    assert sum(shares[:70]) > 1000


def test_equal_values_give_the_cached_picture_and_another_painter_draws_the_same() -> None:
    first = PAINTER.png(CARD)
    assert PAINTER.png(replace(CARD)) is first
    assert Painter().png(CARD) == first
    assert PAINTER.png(replace(CARD, title="云河晚报")) != first


def test_the_latest_64_pictures_are_cached(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Chart] = []

    class Blank:
        def png(self) -> bytes:
            return b""

    def draw(_: Painter, chart: Chart) -> Blank:
        drawn.append(chart)
        return Blank()

    monkeypatch.setattr(Painter, "_draw", draw)
    painter = Painter()
    wanted = [replace(BARS, title=str(number)) for number in range(MAX_CACHED_PICTURES + 1)]
    for chart in (*wanted[:-1], wanted[0]):
        painter.png(chart)
    assert len(drawn) == MAX_CACHED_PICTURES == 64
    for chart in (wanted[-1], wanted[0], wanted[1]):  # the last one pushes out the one used longest ago
        painter.png(chart)
    assert len(drawn) == MAX_CACHED_PICTURES + 2


def test_a_painter_may_be_used_by_several_threads_at_once() -> None:
    wanted = [replace(BARS, title=str(n)) for n in range(8)]
    alone = [PAINTER.png(chart) for chart in wanted]
    painter = Painter()
    drawn: dict[int, bytes] = {}
    threads = [threading.Thread(target=lambda n=n: drawn.update({n: painter.png(wanted[n])})) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [drawn[n] for n in range(8)] == alone


def test_a_heavier_keyword_is_set_larger() -> None:
    rows = list(card._keyword_rows((("甲", 2.0), ("乙", 1.0), ("丙", 0.0), ("丁", 0.5)), FONT))
    assert [[(word.text, word.size, word.colour) for word in row] for row in rows] == [
        [("甲", 88, "#b5301f"), ("乙", 64, "#b5301f"), ("丙", 40, "#b5301f"), ("丁", 52, "#231f1c")]
    ]
    assert [word.x for word in rows[0]] == [64, 64 + 88 + 44, 64 + 88 + 44 + 64 + 44, 64 + 88 + 44 + 64 + 44 + 40 + 44]
    assert card._row_height(rows[0]) == pytest.approx(123.2)


def test_a_keyword_begins_a_row_where_it_does_not_fit_and_is_cut_to_the_width_of_a_row() -> None:
    nine, ten = "长" * 9, "长" * 12
    rows = list(card._keyword_rows(((nine, 1.0), ("短", 1.0), (ten, 1.0)), FONT))
    assert [[word.text for word in row] for row in rows] == [[nine, "短"], ["长" * 9 + "…"]]
    assert [[word.text for word in row] for row in card._keyword_rows((), FONT)] == []


def test_a_card_is_as_tall_as_its_keywords_and_stories() -> None:
    assert opened(EMPTY).height == 232 + 18 + 36 + 100
    assert opened(replace(EMPTY, stories=("一",))).height == opened(EMPTY).height + 62 + 22
    assert opened(replace(EMPTY, stories=("长" * 40,))).height == opened(EMPTY).height + 2 * 62 + 22
    assert opened(replace(EMPTY, stories=("长" * 400,))).height == opened(EMPTY).height + 2 * 62 + 22
    assert opened(replace(EMPTY, keywords=(("甲", 1.0),))).height == int(opened(EMPTY).height + 1.4 * 88)


def test_the_height_of_a_chart_follows_its_series_and_bars() -> None:
    assert opened(FLAT).height == 240 + 62 + 500 + 110
    assert opened(LINES).height == 240 + 62 + 500 + 110
    assert opened(MANY).height == 240 + 2 * 62 + 500 + 110
    assert opened(BARS).height == 250 + 2 * 84


def test_a_bar_is_in_proportion_to_its_count_and_never_invisible() -> None:
    left = 200.0
    longest = WIDTH - 64 - 90 - left
    assert charts._bar_width(12, 12, left) == longest
    assert charts._bar_width(6, 12, left) == longest / 2
    assert charts._bar_width(1, 1000, left) == 6


def test_days_stand_in_proportion_to_the_time_between_them() -> None:
    assert charts._positions([0.0, 1.0, 4.0]) == [185.0, 185 + 796 / 4, 981.0]
    assert charts._positions([7.0]) == [185.0]


def test_a_character_that_the_font_lacks_is_set_as_a_printers_blank() -> None:
    assert FONT.printable("喆与䶮😀") == f"喆与{MISSING_GLYPH}{MISSING_GLYPH}"
    assert FONT.printable("一\n二\t三 ") == "一 二 三"


@pytest.mark.parametrize("text", ["“疫情”（一）——《日报》…·℃№①㎡％", "abcXYZ 0123456789 é ü", "李玥 王昇 埇桥"])
def test_what_newspapers_print_is_in_the_font(text: str) -> None:
    assert MISSING_GLYPH not in FONT.printable(text)


def test_a_text_is_wrapped_into_lines_that_fit_and_ends_with_an_ellipsis_if_it_is_too_long() -> None:
    lines = FONT.wrap("云河市雨水花园蓄水池开工典礼" * 3, 40, 300, 2)
    assert lines == ["云河市雨水花园", "蓄水池开工典…"]
    assert FONT.wrap("短", 40, 300, 2) == ["短"]
    assert FONT.wrap("云河市雨水花园", 40, 280, 1) == ["云河市雨水花园"]
    assert FONT.truncate("云河市雨水花园", 40, 120) == "云河…"
    assert FONT.truncate("云河市", 40, 120) == "云河市"
    assert FONT.width("云河", 40) == 80


def test_labels_of_close_days_are_left_out_and_the_last_one_stays() -> None:
    labels = ["3月1日", "3月2日", "3月15日"]
    assert charts._spaced_labels(labels, [100, 120, 600], FONT) == ["3月1日", "", "3月15日"]
    assert charts._spaced_labels(labels, [100, 590, 600], FONT) == ["3月1日", "", "3月15日"]
    half = FONT.width("3月1日", 34) / 2 + 12
    assert charts._spaced_labels(["3月1日"] * 2, [100, 100 + 2 * half], FONT) == ["3月1日"] * 2
    assert charts._spaced_labels(["3月1日"] * 2, [100, 99 + 2 * half], FONT) == ["", "3月1日"]


@pytest.mark.parametrize(
    ("highest", "step"), [(0, 0.2), (0.036, 0.01), (1, 0.2), (1.1, 0.2), (1.11, 0.5), (5.5, 1), (12.2, 5), (980, 200)]
)
def test_grid_lines_stand_at_round_numbers(highest: float, step: float) -> None:
    assert charts._grid_step(highest) == pytest.approx(step)


def test_the_drawing_library_is_loaded_with_the_first_picture_and_not_before() -> None:
    code = "import sys; from bot import app; print('matplotlib' in sys.modules, 'PIL' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.split() == ["False", "False"]


def test_the_font_stands_beside_its_licence() -> None:
    licence = (ROOT / "bot" / "images" / "fonts" / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "Adobe" in licence


def test_a_label_stays_20_pixels_from_the_edge() -> None:
    half = FONT.width("2022年11月24日", 34) / 2
    assert charts._label_center(1000, "2022年11月24日", FONT) == WIDTH - 20 - half
    assert charts._label_center(10, "2022年11月24日", FONT) == 20 + half
    assert charts._label_center(500, "3月1日", FONT) == 500
