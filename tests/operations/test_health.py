"""The health of the timed jobs."""

from datetime import UTC, datetime

from bot.operations.health import HANG_TIMEOUT, Health

NOON = datetime(2022, 8, 29, 12, tzinfo=UTC)


def test_a_job_that_succeeds_is_no_problem() -> None:
    health = Health()
    health.job_started("look", NOON)
    health.job_succeeded("look", NOON + HANG_TIMEOUT)
    assert health.problems(NOON + 2 * HANG_TIMEOUT) == ()


def test_a_failing_job_is_reported_with_its_error_until_it_succeeds() -> None:
    health = Health()
    health.job_failed("deliver", "the disk is full")
    assert health.problems(NOON) == ("deliver: the disk is full",)
    health.job_succeeded("deliver", NOON)
    assert health.problems(NOON) == ()


def test_the_same_error_is_new_only_once() -> None:
    health = Health()
    assert [health.job_failed("deliver", problem) for problem in ("full", "full", "gone")] == [True, False, True]


def test_a_hanging_job_is_reported() -> None:
    health = Health()
    health.job_started("look", NOON)
    health.job_started("look", NOON + HANG_TIMEOUT)  # its next turn does not give it more time
    [problem] = health.problems(NOON + HANG_TIMEOUT * 1.1)
    assert problem.startswith("look: no success since 2022-08-29 12:00:00")
