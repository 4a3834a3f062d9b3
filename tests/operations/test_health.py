"""What monitoring says of the timed jobs."""

from datetime import UTC, datetime

from bot.operations.health import HANG_TIMEOUT, Health

NOON = datetime(2022, 8, 29, 12, tzinfo=UTC)


def test_jobs_that_end_well_are_no_problem() -> None:
    pulse = Health()
    pulse.job_started("look", NOON)
    pulse.job_succeeded("look", NOON + HANG_TIMEOUT)
    assert pulse.problems(NOON + 2 * HANG_TIMEOUT) == ()


def test_a_job_that_fails_is_named_with_its_problem_until_it_ends_well() -> None:
    pulse = Health()
    pulse.job_failed("deliver", "the disk is full")
    assert pulse.problems(NOON) == ("deliver: the disk is full",)
    pulse.job_succeeded("deliver", NOON)
    assert pulse.problems(NOON) == ()


def test_the_same_problem_is_new_only_once() -> None:
    pulse = Health()
    assert [pulse.job_failed("deliver", problem) for problem in ("full", "full", "gone")] == [True, False, True]


def test_a_job_that_never_comes_to_an_end_is_named() -> None:
    pulse = Health()
    pulse.job_started("look", NOON)
    pulse.job_started("look", NOON + HANG_TIMEOUT)  # its next turn does not give it more time
    [problem] = pulse.problems(NOON + HANG_TIMEOUT * 1.1)
    assert problem.startswith("look: no success since 2022-08-29 12:00:00")
