"""The pace: no window goes over Slack's rates, nothing waits for ever, and Slack's own word is kept."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pace import METHODS, POSTS_A_MINUTE, TIERS, Pace

PUBLISHED = {**{method: TIERS[tier] for method, tier in METHODS.items()}, "chat.postMessage": POSTS_A_MINUTE}


class Watch:
    """A clock that a test moves; seconds."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:  # noqa: D102 -- what the class says
        return self.now


def sent(
    pace: Pace, watch: Watch, method: str, *, seconds: float, lanes: Iterable[str] = ("C1",)
) -> list[tuple[float, str]]:
    """Call as often as the pace allows, for so many seconds. When, and in which lane."""
    calls, end, lanes = [], watch.now + seconds, list(lanes)
    while watch.now < end:
        waits = {lane: pace.wait("T1", method, lane) for lane in lanes}
        ready = [lane for lane, wait in waits.items() if wait <= 0]
        for lane in ready:
            if pace.wait("T1", method, lane) <= 0:
                pace.take("T1", method, lane)
                calls.append((watch.now, lane))
        if not ready:
            watch.now += max(min(waits.values()), 0.001)
    return calls


@pytest.mark.parametrize("method", PUBLISHED)
@settings(max_examples=8)
@given(pauses=st.lists(st.floats(0, 90), max_size=4))
def test_no_minute_goes_over_the_published_rate(method: str, pauses: list[float]) -> None:
    """Bursts after pauses of any length, in many lanes: each window of 60 seconds keeps to it."""
    watch = Watch()
    pace, calls = Pace(watch), []
    lanes = [f"C{number}" for number in range(20)]
    for pause in [0.0, *pauses]:
        watch.now += pause
        calls += [at for at, _ in sent(pace, watch, method, seconds=40, lanes=lanes)]
    for first, at in enumerate(calls):
        assert bisect_left(calls, at + 60) - first <= PUBLISHED[method]
    assert len(calls) >= PUBLISHED[method] * 0.5  # and most of it is used


def test_one_channel_gets_one_post_a_second() -> None:
    """However much the workspace may; another channel does not wait for it."""
    watch = Watch()
    calls = sent(Pace(watch), watch, "chat.postMessage", seconds=30, lanes=("C1", "C2"))
    by_lane = Counter(lane for _, lane in calls)
    assert 25 <= by_lane["C1"] <= 30
    assert 25 <= by_lane["C2"] <= 30
    times = [at for at, lane in calls if lane == "C1"]
    assert all(later - earlier >= 1.0 for earlier, later in pairwise(times))


def test_workspaces_do_not_share_a_quota() -> None:
    """Slack counts each by itself."""
    pace = Pace(Watch())
    while not pace.wait("T1", "chat.update", "C1"):
        pace.take("T1", "chat.update", "C1")
    assert pace.wait("T1", "chat.update", "C1") > 0
    assert pace.wait("T2", "chat.update", "C1") == 0


def test_slacks_own_word_holds_longer_than_the_pace() -> None:
    """After `Retry-After` nothing of that method goes out until it is over; other methods go on."""
    watch = Watch()
    pace = Pace(watch)
    pace.hold("T1", "reactions.add", 30)
    assert pace.wait("T1", "reactions.add", "C1") == pytest.approx(30)
    assert pace.wait("T1", "reactions.get", "C1") == 0
    watch.now += 30
    assert pace.wait("T1", "reactions.add", "C1") == 0


def test_a_faster_sandbox_has_a_faster_pace() -> None:
    """`speed` is how many times the published rates."""
    watch = Watch()
    assert len(sent(Pace(watch, speed=100), watch, "reactions.add", seconds=6)) > 5 * TIERS[3]


def test_tidying_forgets_nothing_that_counts() -> None:
    """Full buckets go, others stay: a channel that was just spoken in still waits."""
    watch = Watch()
    pace = Pace(watch)
    for number in range(50):
        pace.take("T1", "chat.postMessage", f"C{number}")
    pace.tidy()
    assert pace.wait("T1", "chat.postMessage", "C7") > 0
    watch.now += 300
    pace.tidy()
    assert pace.wait("T1", "chat.postMessage", "C7") == 0
