"""The rate limit of requests, with a clock that the tests set."""

from bot.permissions import RateLimit


class _Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_requests_up_to_the_limit_are_allowed() -> None:
    rate_limit = RateLimit(_Clock())
    assert [rate_limit.allows(1, 3) for _ in range(5)] == [True, True, True, False, False]


def test_a_request_counts_for_exactly_a_minute() -> None:
    clock = _Clock()
    rate_limit = RateLimit(clock)
    assert rate_limit.allows(1, 1)
    clock.now += 59.9
    assert not rate_limit.allows(1, 1)
    clock.now += 0.1
    assert rate_limit.allows(1, 1)


def test_a_refused_request_does_not_count() -> None:
    clock = _Clock()
    rate_limit = RateLimit(clock)
    rate_limit.allows(1, 1)
    clock.now += 30
    assert not rate_limit.allows(1, 1)
    clock.now += 30
    assert rate_limit.allows(1, 1)


def test_each_chat_has_a_limit_of_its_own() -> None:
    rate_limit = RateLimit(_Clock())
    assert rate_limit.allows(1, 1)
    assert rate_limit.allows(2, 1)


def test_a_chat_over_the_limit_is_notified_once_a_minute() -> None:
    clock = _Clock()
    rate_limit = RateLimit(clock)
    assert [rate_limit.may_notify(1), rate_limit.may_notify(1), rate_limit.may_notify(2)] == [True, False, True]
    clock.now += 60
    assert rate_limit.may_notify(1)


def test_a_changed_limit_applies_at_once() -> None:
    rate_limit = RateLimit(_Clock())
    assert [rate_limit.allows(1, 1), rate_limit.allows(1, 1), rate_limit.allows(1, 2)] == [True, False, True]


def test_a_chat_is_notified_again_after_exactly_a_minute() -> None:
    clock = _Clock()
    rate_limit = RateLimit(clock)
    assert rate_limit.may_notify(1)
    clock.now += 59.9
    assert not rate_limit.may_notify(1)
    clock.now += 0.1
    assert rate_limit.may_notify(1)


def test_chats_without_a_request_in_the_last_minute_are_forgotten() -> None:
    clock = _Clock()
    rate_limit = RateLimit(clock)
    for chat in (1, 2):
        rate_limit.allows(chat, 1)
        rate_limit.may_notify(chat)
    clock.now += 59.9
    rate_limit.may_notify(3)
    assert (set(rate_limit._answered), set(rate_limit._notified)) == ({1, 2}, {1, 2, 3})
    clock.now += 0.1
    rate_limit.may_notify(4)
    assert (set(rate_limit._answered), set(rate_limit._notified)) == (set(), {3, 4})
