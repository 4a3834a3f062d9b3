"""The health of the timed jobs, and the metrics as monitoring reads them."""

import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from bot.operations.monitoring import Health, Metrics, monitoring_server

NOON = datetime(2022, 8, 29, 12, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


def test_a_job_that_succeeds_is_no_problem() -> None:
    health = Health()
    health.job_started("ingest", NOON)
    health.job_succeeded("ingest", NOON + QUARTER)
    assert health.problems(NOON + 2 * QUARTER) == ()


def test_a_failing_job_is_reported_with_its_error_until_it_succeeds() -> None:
    health = Health()
    health.job_failed("deliver", "the disk is full")
    assert health.problems(NOON) == ("deliver: the disk is full",)
    health.job_succeeded("deliver", NOON)
    assert health.problems(NOON) == ()


def test_the_same_error_is_new_only_once() -> None:
    health = Health()
    assert [health.job_failed("deliver", error) for error in ("full", "full", "gone")] == [True, False, True]


def test_a_job_hangs_after_more_than_fifteen_minutes_since_its_first_start() -> None:
    health = Health()
    health.job_started("ingest", NOON)
    health.job_started("ingest", NOON + QUARTER)  # a later run does not restart the timer
    assert health.problems(NOON + QUARTER) == ()
    moment = NOON + QUARTER + timedelta(microseconds=1)
    assert health.problems(moment) == ("ingest: no success since 2022-08-29 12:00:00",)


def test_a_failing_job_is_not_reported_as_hanging_too() -> None:
    health = Health()
    health.job_started("deliver", NOON)
    health.job_failed("deliver", "the disk is full")
    assert health.problems(NOON + 2 * QUARTER) == ("deliver: the disk is full",)


async def test_health_answers_503_while_a_job_fails_and_200_otherwise() -> None:
    health = Health()
    server = monitoring_server(Metrics(), health, lambda: {"chats": 3}, lambda: NOON, ("127.0.0.1", 0))
    await server.start()
    async with httpx.AsyncClient(base_url=server.url, trust_env=False) as client:
        answer = await client.get("/health")
        assert (answer.status_code, answer.json()) == (200, {"status": "ok", "problems": []})
        health.job_failed("deliver", "the disk is full")
        answer = await client.get("/health")
        problems = ["deliver: the disk is full"]
        assert (answer.status_code, answer.json()) == (503, {"status": "failing", "problems": problems})
        metrics = await client.get("/metrics")
        assert metrics.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
        assert 'jianbao_state{of="chats"} 3.0' in metrics.text.splitlines()
    await server.stop()


def test_the_time_of_an_update_is_measured_in_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "perf_counter", iter([10.0, 10.25]).__next__)
    metrics = Metrics()
    with metrics.time_update():
        pass
    lines = metrics.exposition({}).decode().splitlines()
    assert "jianbao_answer_seconds_sum 0.25" in lines
    assert 'jianbao_answer_seconds_bucket{le="0.1"} 0.0' in lines
    assert 'jianbao_answer_seconds_bucket{le="0.25"} 1.0' in lines


def test_metrics_count_each_kind_of_event_and_show_the_state() -> None:
    metrics = Metrics()
    with metrics.time_update():
        pass
    with pytest.raises(RuntimeError), metrics.time_update():
        raise RuntimeError
    metrics.count_failure()
    for _ in range(2):
        metrics.count_sent()
    metrics.count_refused("Forbidden")
    lines = metrics.exposition({"chats": 3}).decode().splitlines()
    for line in (
        "jianbao_answer_seconds_count 2.0",
        "jianbao_failures_total 1.0",
        "jianbao_parts_sent_total 2.0",
        'jianbao_parts_refused_total{why="Forbidden"} 1.0',
        'jianbao_state{of="chats"} 3.0',
    ):
        assert line in lines
    buckets = [line.partition('le="')[2].partition('"')[0] for line in lines if "_bucket{" in line]
    assert buckets == ["0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1.0", "2.5", "5.0", "10.0", "+Inf"]
