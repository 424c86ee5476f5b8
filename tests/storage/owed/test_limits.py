"""Slack's limits: no minute goes over them, nearly all of what they allow is used, and nobody waits for ever."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pace import METHODS, POST, POSTS_A_MINUTE, TIERS, limits
from storage.ids import WorkspaceId
from storage.owed.limits import LET_PASS, LONGEST, Book, Books, Key, Pace, Turn

PUBLISHED = {**{method: TIERS[tier] for method, tier in METHODS.items()}, POST: POSTS_A_MINUTE}
MINE, OTHERS = Pace("mine"), Pace("others")


class Keeper:
    """Keeps the books as the database does, by a clock that a test moves (seconds); each post is answered after `answer`."""

    def __init__(self, pace: Pace = MINE, *, answer: float = 0.05) -> None:
        self.now = 10_000.0
        self.answer = answer
        self.books: dict[Key, Book] = {}
        self._pace = pace

    def at(self, now: float | None = None, pace: Pace | None = None) -> Books:
        """The books at a moment."""
        return Books(self.books, now=self.now if now is None else now, pace=pace or self._pace)

    def wait(self, method: str, lane: str = "C1", *, of: str = "T1", pace: Pace | None = None) -> float:
        """Seconds until it may go."""
        return self.at(pace=pace).wait(turn(method, lane, of))

    def take(self, method: str, lane: str = "C1", *, of: str = "T1", pace: Pace | None = None) -> None:
        """It goes, and is answered."""
        self.at(pace=pace).take(turn(method, lane, of), lease="x")
        for limit in limits(method, lane):
            self.at(self.now + self.answer).release((of, limit.name), lease="x", ago=0.0)


def turn(method: str, lane: str = "C1", of: str = "T1") -> Turn:
    """The turn of a call."""
    return Turn(WorkspaceId(of), limits(method, lane))


def sent(keeper: Keeper, method: str, *, seconds: float, lanes: Iterable[str] = ("C1",)) -> list[tuple[float, str]]:
    """Call as often as it may go, for so many seconds. When, and in which lane."""
    calls, end, lanes = [], keeper.now + seconds, list(lanes)
    while keeper.now < end:
        waits = {lane: keeper.wait(method, lane) for lane in lanes}
        for lane in [lane for lane, wait in waits.items() if wait <= 0]:
            if keeper.wait(method, lane) <= 0:
                keeper.take(method, lane)
                calls.append((keeper.now, lane))
        keeper.now += max(min(waits.values()), 0.01)
    return calls


@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update", "users.info"])
@settings(max_examples=6)
@given(pauses=st.lists(st.floats(0, 90), max_size=3))
def test_no_minute_goes_over_the_published_rate(method: str, pauses: list[float]) -> None:
    """Bursts after pauses of any length, in many lanes: each window of 60 seconds keeps to it."""
    keeper, calls = Keeper(), list[float]()
    lanes = [f"C{number}" for number in range(20)]
    for pause in [0.0, *pauses]:
        keeper.now += pause
        calls += [at for at, _ in sent(keeper, method, seconds=40, lanes=lanes)]
    for first, at in enumerate(calls):
        assert bisect_left(calls, at + 60) - first <= PUBLISHED[method]


@pytest.mark.parametrize("method", PUBLISHED)
def test_nine_tenths_of_what_slack_allows_are_used_while_anything_waits(method: str) -> None:
    """In each of five minutes, and none of them stands still for long."""
    keeper = Keeper()
    calls = [at for at, _ in sent(keeper, method, seconds=300, lanes=[f"C{number}" for number in range(20)])]
    assert len(calls) >= PUBLISHED[method] * 5 * 0.9
    assert max(later - earlier for earlier, later in pairwise(calls)) <= 60 / PUBLISHED[method] * 3 + 2.1


def test_whoever_comes_behind_a_burst_waits_seconds_and_not_the_minute() -> None:
    """Half of the calls go at once; the rest is spread over what is left of the minute."""
    keeper = Keeper()
    while not keeper.wait("chat.update"):
        keeper.take("chat.update")
    assert len(keeper.books["T1", "chat.update"].calls) == TIERS[3] // 2
    assert 0 < keeper.wait("chat.update") < 3


@pytest.mark.parametrize("answer", [0.01, 0.5])
def test_two_posts_in_a_channel_are_a_second_behind_an_answer(answer: float) -> None:
    """However long each is on its way, Slack sees a second between them; another channel does not wait for it."""
    keeper = Keeper(answer=answer)
    calls = sent(keeper, POST, seconds=30, lanes=("C1", "C2"))
    by_lane = Counter(lane for _, lane in calls)
    assert min(by_lane["C1"], by_lane["C2"]) >= 29 / (1.01 + answer)
    times = [at for at, lane in calls if lane == "C1"]
    assert all(later - (earlier + answer) >= 0.999 for earlier, later in pairwise(times))


def test_a_post_that_is_under_way_is_alone_in_its_channel() -> None:
    """Until it is answered; or, where it never is, until it would have come to Slack long ago."""
    keeper = Keeper()
    keeper.at().take(turn(POST), lease="x")
    assert keeper.wait(POST) == pytest.approx(MINE.hold)
    assert keeper.wait(POST, "C2") == 0
    keeper.at().release(("T1", f"{POST} C1"), lease="another's", ago=0.0)
    assert keeper.wait(POST) == pytest.approx(MINE.hold)
    keeper.at().release(("T1", f"{POST} C1"), lease="x", ago=0.25)
    assert keeper.wait(POST) == pytest.approx(0.75)


def test_who_called_last_calls_next_unless_they_are_late() -> None:
    """Of all processes that wait for one turn, one tries for it, and the others a moment later."""
    keeper = Keeper()
    keeper.take(POST)
    assert keeper.wait(POST, pace=OTHERS) == pytest.approx(keeper.wait(POST) + LET_PASS)
    keeper.now += 2
    assert keeper.wait(POST, pace=OTHERS) == 0


def test_workspaces_do_not_share_a_quota() -> None:
    """Slack counts each by itself."""
    keeper = Keeper()
    while not keeper.wait("chat.update"):
        keeper.take("chat.update")
    assert keeper.wait("chat.update", of="T2") == 0


def test_slacks_own_word_holds_longer_than_the_pace() -> None:
    """After `Retry-After` nothing of that method goes out until it is over, by whomever; other methods go on."""
    keeper = Keeper()
    keeper.at().rest(("T1", "reactions.add"), 30)
    assert keeper.wait("reactions.add") == pytest.approx(30)
    assert keeper.wait("reactions.get") == 0
    keeper.now += 30.01
    assert keeper.wait("reactions.add") == 0


def test_a_clock_that_was_set_back_stops_nothing_for_long() -> None:
    """What was noted by the time of before says nothing any more."""
    keeper = Keeper()
    keeper.take(POST)
    while not keeper.wait("chat.update"):
        keeper.take("chat.update")
    keeper.now -= LONGEST * 2
    assert keeper.wait(POST) == keeper.wait("chat.update") == 0


def test_a_faster_sandbox_has_a_faster_pace() -> None:
    """`speed` is how many times the published rates."""
    keeper = Keeper(Pace("mine", speed=100), answer=0.0001)
    assert len(sent(keeper, "reactions.add", seconds=6)) > 5 * TIERS[3]
