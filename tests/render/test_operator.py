"""Messages for the operator: counts, problems, previews and announcements."""

from datetime import date

from bot.render import operator
from bot.render.packing import plain_text
from digests.ingest import FileProblem, IngestReport


def test_the_operator_sees_counts_and_at_most_10_problems() -> None:
    names = ("issues", "articles", "chats", "active_chats", "subscriptions")
    figures = dict.fromkeys((*names, "parts_owed", "parts_held", "parts_sent", "parts_failed"), 1.0)
    (message,) = operator.system_state(figures, date(2022, 8, 29), ["<disk>"], "en")
    assert plain_text(message.text) == (
        "Status\nArchive: 1 issue, 1 story, the newest from 29 August 2022\n"
        "Readers: 1 chat (1 reachable), 1 subscription\n"
        "Messages: 1 waiting, 1 held, 1 sent, 1 failed\nProblems:\n<disk>"
    )
    assert "还没有报纸" in operator.system_state(figures, None, [], "zh")[0].text
    problems = tuple(FileProblem(f"{number}.txt", "no day") for number in range(11))
    (message,) = operator.ingest_report(IngestReport(read=2, articles=1, problems=problems), "en")
    assert message.text.startswith("Read 2 files with 1 story; withdrew 0 files.\n0.txt: no day\n")
    assert message.text.count("no day") == 10


def test_errors_previews_and_announcements() -> None:
    assert operator.recent_errors(["a < b"], "en")[0].text == "<b>Latest warnings and errors</b>\na &lt; b"
    assert operator.recent_errors([], "zh")[0].text == "启动以来没有警告和错误。"
    day = date(2022, 8, 29)
    assert operator.digest_preview(day, 1, "en").text.startswith(
        "The digest for Monday, 29 August 2022 will go to 1 chat."
    )
    assert operator.no_digest_preview(day, "zh").text == "2022年8月29日 星期一没有简报可发。"
    shown = operator.announcement("停机<5分钟", 2, "en")
    assert shown.text == "Send this to 2 chats?\n\n停机&lt;5分钟"
    assert [label for row in shown.buttons for label, _ in row] == ["📣 Send to 2 chats"]
