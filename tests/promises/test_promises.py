"""What a sentence promises: what, by whom, until when, and of which kind."""

from datetime import date

import pytest

from digests.promises import Promise, as_document, find_promises, find_reader_deadlines

ISSUE = date(2022, 8, 29)


def due(sentence: str) -> list[tuple[str | None, str | None]]:
    found = find_promises(sentence, ISSUE)
    return [(p.due.first and p.due.first.isoformat(), p.due.last and p.due.last.isoformat()) for p in found]


@pytest.mark.parametrize(
    ("sentence", "days"),
    [
        ("云河石桥计划今年底前建成通车。", (None, "2022-12-31")),
        ("云河石桥预计明年6月底前完工。", (None, "2023-06-30")),
        ("新规定自9月1日起施行。", ("2022-09-01", None)),
        ("云河石桥将于9月15日正式通车。", ("2022-09-15", "2022-09-15")),
        ("到2025年，全市公园要达到300个。", (None, "2025-12-31")),
        ("运动会将于9月3日至8日举行。", ("2022-09-03", "2022-09-08")),
        ("“十四五”末，全市将建成12座石桥。", (None, "2025-12-31")),
    ],
)
def test_the_due_days_are_read_from_the_day_of_the_issue(sentence: str, days: tuple[str | None, str | None]) -> None:
    assert due(sentence) == [days]


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("云河石桥计划今年底前建成通车。", "finish"),
        ("新规定自9月1日起施行。", "rule_in_force"),
        ("云河石桥将于9月15日开工建设。", "start"),
        ("到2025年，全市公园要达到300个。", "target"),
        ("运动会将于9月3日在市体育中心开幕。", "event"),
    ],
)
def test_the_kind_follows_from_the_verb(sentence: str, kind: str) -> None:
    [promise] = find_promises(sentence, ISSUE)
    assert promise.kind == kind


@pytest.mark.parametrize(
    "sentence",
    [
        "云河石桥去年9月建成通车。",
        "8月20日，云河石桥完工通车。",
        "如果今年底前不能完工，将重新招标。",
        "报名截止时间为9月10日。",
        "《云河市2025年发展规划》已印发。",
        "市民在河边散步。",
        "",
    ],
)
def test_reports_conditions_deadlines_of_readers_and_titles_are_no_promises(sentence: str) -> None:
    assert find_promises(sentence, ISSUE) == ()


def test_who_promises_is_told_apart_from_what() -> None:
    [promise] = find_promises("市城建局计划今年底前完成云河石桥改造。", ISSUE)
    assert (promise.who, promise.what) == ("市城建局", "完成云河石桥改造")


def test_a_promise_as_a_document_names_who_only_if_the_sentence_does() -> None:
    [named] = find_promises("市城建局计划今年底前完成云河石桥改造。", ISSUE)
    assert as_document(named) == {
        "what": "完成云河石桥改造",
        "who": "市城建局",
        "due": [None, "2022-12-31"],
        "kind": "finish",
    }
    [bare] = find_promises("到2025年，全市公园要达到300个。", ISSUE)
    assert "who" not in as_document(bare)


def test_the_span_is_that_of_the_time_in_the_sentence() -> None:
    sentence = "云河石桥计划今年底前建成通车。"
    [promise] = find_promises(sentence, ISSUE)
    assert sentence[slice(*promise.span)] == "今年底前"


def test_deadlines_for_readers_are_found_apart() -> None:
    [deadline] = find_reader_deadlines("报名截止时间为9月10日。", ISSUE)
    assert deadline.days.last == date(2022, 9, 10)
    assert find_reader_deadlines("报名已于8月10日截止。", ISSUE) == ()
    assert find_reader_deadlines("云河石桥计划今年底前建成通车。", ISSUE) == ()


@pytest.mark.parametrize("issue", [date(1, 1, 1), date(9999, 12, 31)])
@pytest.mark.parametrize(
    "sentence",
    ["本周内完工。", "未来三年建成。", "下个月建成。", "到2025年建成。", "2月30日前建成。"],
)
def test_no_day_of_the_calendar_breaks_the_reading(issue: date, sentence: str) -> None:
    assert isinstance(find_promises(sentence, issue), tuple)


def test_a_long_sentence_is_read_in_time() -> None:
    assert isinstance(find_promises("今年底前建成，" * 2000, ISSUE)[0], Promise)
