"""How often a method may be called, and how long one waits, in a clock that tests can move."""

import pytest

from sandbox.clock import Clock
from sandbox.quotas import Quotas, Tier


class Still(Clock):
    """A clock that only moves when it is moved; it is as fast as it says."""

    def passed(self) -> float:
        """What was moved."""
        return self._moved


@pytest.fixture
def clock() -> Still:
    """A clock that stands still."""
    return Still()


@pytest.mark.parametrize(
    ("tier", "calls"), [(Tier.ONE, 1), (Tier.TWO, 20), (Tier.THREE, 50), (Tier.FOUR, 100), (Tier.POST, 300)]
)
def test_a_tier_allows_so_many_calls_in_any_minute(tier: Tier, calls: int, clock: Still) -> None:
    """1, 20, 50, 100, and 300 posts; the wait ends when the oldest call is a minute old."""
    quotas = Quotas(clock)
    assert [quotas.take("a", tier) for _ in range(calls)] == [0] * calls
    clock.move(45)
    assert quotas.take("a", tier) == 15
    clock.move(15)
    assert [quotas.take("a", tier) for _ in range(calls)] == [0] * calls


def test_each_method_has_its_own_quota(clock: Still) -> None:
    """One method over its quota holds no other up."""
    quotas = Quotas(clock)
    assert [quotas.take("a", Tier.ONE), quotas.take("a", Tier.ONE), quotas.take("b", Tier.ONE)] == [0, 60, 0]


def test_a_channel_takes_one_post_a_second(clock: Still) -> None:
    """The second one waits, another channel's does not."""
    quotas = Quotas(clock)
    assert [quotas.pace("C1"), quotas.pace("C1"), quotas.pace("C2")] == [0, 1, 0]
    clock.move(1)
    assert quotas.pace("C1") == 0


def test_jitter_of_the_network_is_no_burst(clock: Still) -> None:
    """Posts 0.9 s apart pass once; the average stays one a second."""
    quotas = Quotas(clock)
    assert quotas.pace("C1") == 0
    clock.move(0.9)
    assert quotas.pace("C1") == 0
    clock.move(0.9)
    assert quotas.pace("C1") == 1


def test_a_faster_clock_shortens_the_wait_but_never_below_a_second() -> None:
    """`Retry-After` is in real seconds, whole ones."""
    clock = Still(speed=10)
    quotas = Quotas(clock)
    quotas.take("a", Tier.ONE)
    assert quotas.take("a", Tier.ONE) == 6
    clock.move(59)
    assert quotas.take("a", Tier.ONE) == 1


def test_slack_can_be_made_busy(clock: Still) -> None:
    """A test holds one method, or all of them, for a while."""
    quotas = Quotas(clock)
    quotas.hold("a", 5)
    assert [quotas.take("a", Tier.FOUR), quotas.take("b", Tier.FOUR)] == [5, 0]
    quotas.hold("*", 7)
    assert [quotas.take("a", Tier.FOUR), quotas.take("b", Tier.FOUR)] == [7, 7]
    clock.move(7)
    assert [quotas.take("a", Tier.FOUR), quotas.take("b", Tier.FOUR)] == [0, 0]
