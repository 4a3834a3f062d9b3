"""How often a chat may ask, in a minute that the tests move on themselves."""

from bot.operations.rate_limit import RateLimit


class _Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_so_many_questions_a_minute_are_answered_and_no_more() -> None:
    visits = RateLimit(_Clock())
    assert [visits.allows(1, 3) for _ in range(5)] == [True, True, True, False, False]


def test_a_question_counts_for_a_minute() -> None:
    clock = _Clock()
    visits = RateLimit(clock)
    assert visits.allows(1, 1)
    clock.now += 59.9
    assert not visits.allows(1, 1)
    clock.now += 0.1
    assert visits.allows(1, 1)


def test_what_was_not_answered_does_not_count() -> None:
    clock = _Clock()
    visits = RateLimit(clock)
    visits.allows(1, 1)
    clock.now += 30
    assert not visits.allows(1, 1)
    clock.now += 30
    assert visits.allows(1, 1)


def test_one_chat_does_not_use_up_the_turns_of_another() -> None:
    visits = RateLimit(_Clock())
    assert visits.allows(1, 1)
    assert visits.allows(2, 1)


def test_who_asks_too_much_is_told_so_once_a_minute() -> None:
    clock = _Clock()
    visits = RateLimit(clock)
    assert [visits.may_notify(1), visits.may_notify(1), visits.may_notify(2)] == [True, False, True]
    clock.now += 60
    assert visits.may_notify(1)


def test_a_new_limit_holds_at_once() -> None:
    visits = RateLimit(_Clock())
    assert [visits.allows(1, 1), visits.allows(1, 1), visits.allows(1, 2)] == [True, False, True]
