"""The health of the timed jobs, and the metrics as monitoring reads them."""

import time

import httpx
import pytest

from bot.operations.monitoring import Health, Metrics, monitoring_server

QUARTER = 15 * 60.0


class Seconds:
    """A monotonic clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Seconds:
    return Seconds()


def test_a_job_that_succeeds_is_no_problem(clock: Seconds) -> None:
    health = Health(clock)
    health.job_started("ingest")
    clock.now += QUARTER
    health.job_succeeded("ingest")
    clock.now += QUARTER
    assert health.problems() == ()


def test_a_failing_job_is_reported_with_its_error_until_it_succeeds() -> None:
    health = Health()
    health.job_failed("deliver", "the disk is full")
    assert health.problems() == ("deliver: the disk is full",)
    health.job_succeeded("deliver")
    assert health.problems() == ()


def test_the_same_error_is_new_only_once() -> None:
    health = Health()
    assert [health.job_failed("deliver", error) for error in ("full", "full", "gone")] == [True, False, True]


def test_a_job_hangs_after_more_than_fifteen_minutes_since_its_first_start(clock: Seconds) -> None:
    health = Health(clock)
    health.job_started("ingest")
    clock.now += QUARTER
    health.job_started("ingest")  # a later run does not restart the timer
    assert health.problems() == ()
    clock.now += 0.001
    assert health.problems() == ("ingest: no success for 15 minutes",)


def test_a_failing_job_is_not_reported_as_hanging_too(clock: Seconds) -> None:
    health = Health(clock)
    health.job_started("deliver")
    health.job_failed("deliver", "the disk is full")
    clock.now += 2 * QUARTER
    assert health.problems() == ("deliver: the disk is full",)


async def test_health_answers_503_while_a_job_fails_and_200_otherwise() -> None:
    health = Health()
    server = monitoring_server(Metrics(), health, lambda: {"chats": 3}, ("127.0.0.1", 0))
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


@pytest.mark.parametrize("path", ["/metrics", "/health"])
async def test_only_a_request_to_this_machine_by_name_is_answered(path: str) -> None:
    """A web page whose host name resolves to 127.0.0.1 could otherwise read the figures (DNS rebinding)."""
    server = monitoring_server(Metrics(), Health(), dict, ("127.0.0.1", 0))
    await server.start()
    port = server.port
    hosts = [f"127.0.0.1:{port}", f"LOCALHOST:{port}", f"[::1]:{port}"]
    foreign = ["example.com", f"example.com:{port}", f"127.0.0.1:{port + 1}", f"a@127.0.0.1:{port}", "127.0.0.1", ""]
    async with httpx.AsyncClient(base_url=server.url, trust_env=False) as client:
        statuses = [(await client.get(path, headers={"host": host})).status_code for host in hosts + foreign]
    await server.stop()
    assert statuses == [200] * len(hosts) + [403] * len(foreign)


async def test_another_loopback_address_to_listen_on_is_a_name_too() -> None:
    server = monitoring_server(Metrics(), Health(), dict, ("127.0.0.2", 0))
    await server.start()
    async with httpx.AsyncClient(base_url=server.url, trust_env=False) as client:
        assert (await client.get("/health")).status_code == 200
    await server.stop()


def test_the_time_of_an_update_is_measured_in_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "perf_counter", iter([10.0, 10.25]).__next__)
    metrics = Metrics()
    with metrics.time_update():
        pass
    lines = metrics.exposition({}, {}).decode().splitlines()
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
    for _ in range(3):
        metrics.count_update()
    metrics.count_unreadable_update()
    lines = metrics.exposition({"chats": 3}, {"polling": True, "deliver": False}).decode().splitlines()
    for line in (
        "jianbao_answer_seconds_count 2.0",
        "jianbao_failures_total 1.0",
        "jianbao_parts_sent_total 2.0",
        'jianbao_parts_refused_total{why="Forbidden"} 1.0',
        'jianbao_state{of="chats"} 3.0',
        "jianbao_updates_total 3.0",
        "jianbao_updates_unreadable_total 1.0",
        'jianbao_failing{job="polling"} 1.0',
        'jianbao_failing{job="deliver"} 0.0',
    ):
        assert line in lines
    buckets = [line.partition('le="')[2].partition('"')[0] for line in lines if "_bucket{" in line]
    assert buckets == ["0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1.0", "2.5", "5.0", "10.0", "+Inf"]
