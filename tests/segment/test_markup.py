"""Markdown and HTML are structure, never text of an article."""

import datetime as dt

import pytest

from digests.segment.markup import plain_line, plain_lines


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("石桥今日完工。", "石桥今日完工。"),
        ("## 石桥完工", "## 石桥完工"),
        ("> 本报记者 王伟", "本报记者 王伟"),
        ("- 第一条", "第一条"),
        ("**石桥完工**", "石桥完工"),
        ("*本报记者 王伟*", "本报记者 王伟"),
        ("![](images/a1.jpg)", ""),
        ("---", ""),
        ("***", ""),
        ("| --- | --- |", ""),
        ("| 线路 | 首班 |", " 线路   首班 "),
        ("[查看视频](https://tv.example.com/a)", ""),
        ("见[全文](https://news.example.com/a)。", "见全文。"),
        ('<div style="text-align: center;">孩子们在放风筝。陈明摄</div>', "孩子们在放风筝。陈明摄"),
        ('<div><img src="a.jpg" width="48%" /></div>', ""),
        ("<h2>石桥完工</h2>", "## 石桥完工"),
        (
            "<table><tr><td>线路</td><td>首班</td></tr><tr><td>1路</td><td>6:00</td></tr></table>",
            "线路 首班；1路 6:00",
        ),
        ("<title>江城日报</title>", ""),
        ("A&amp;B公司", "A&B公司"),
        ("气温<0℃，湿度>60%", "气温<0℃，湿度>60%"),
        ("5*3和2*4", "5*3和2*4"),
    ],
)
def test_a_line_loses_its_markup_and_keeps_its_text(raw: str, plain: str) -> None:
    assert plain_line(raw) == plain


def test_front_matter_belongs_to_no_article_and_tells_the_day() -> None:
    rows = ["---", 'title: "江城日报"', 'date: "2023-05-06"', "---", "石桥完工"]
    marked = plain_lines(list(enumerate(rows, 1)))
    assert marked.lines == ((5, "石桥完工"),)
    assert marked.furniture == (1, 2, 3, 4)
    assert marked.front["title"] == "江城日报"
    assert marked.day == dt.date(2023, 5, 6)


def test_a_rule_without_an_end_is_no_front_matter() -> None:
    marked = plain_lines([(1, "---"), (2, "石桥完工"), (3, "本报讯 石桥完工。")])
    assert [number for number, _ in marked.lines] == [2, 3]
    assert marked.front == {}


def test_a_wrong_date_in_the_front_matter_is_no_day() -> None:
    assert plain_lines([(1, "---"), (2, "date: 2023-13-45"), (3, "---")]).day is None
