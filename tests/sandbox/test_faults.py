"""Which faults strike, how often, and in what order."""

import asyncio
from collections import Counter

import pytest

from sandbox.faults import CALL_KINDS, EVENT_KINDS, Fault, Faults, Kind


def strikes(faults: Faults, count: int, name: str = "auth.test") -> list[str]:
    """What the next calls of a method meet; empty where nothing does."""
    return [fault.kind if (fault := faults.strike(name, CALL_KINDS)) else "" for _ in range(count)]


def test_rates_add_up() -> None:
    """Five kinds at 4 % strike a fifth of all calls, each its share, and are counted."""
    faults = Faults()
    kinds: list[Kind] = ["429", "error before", "page after", "dropped before", "dropped after"]
    for kind in kinds:
        faults.add(Fault(kind, rate=0.04))
    struck = Counter(strikes(faults, 10_000))
    assert 1800 < sum(struck[kind] for kind in kinds) < 2200
    assert all(330 < struck[kind] < 470 for kind in kinds)
    assert faults.struck == {kind: struck[kind] for kind in kinds}


def test_two_halves_strike_everything() -> None:
    """Each call meets the one or the other, and never none."""
    faults = Faults()
    faults.add(Fault("429", rate=0.5))
    faults.add(Fault("dropped after", rate=0.5))
    assert set(strikes(faults, 200)) == {"429", "dropped after"}


def test_the_same_seed_strikes_the_same_calls_whatever_else_is_called() -> None:
    """Another seed strikes others."""
    alone, among, other = Faults(seed=1), Faults(seed=1), Faults(seed=2)
    for faults in (alone, among, other):
        faults.add(Fault("429", rate=0.2))
    mixed = []
    for _ in range(100):
        mixed += strikes(among, 1)
        strikes(among, 2, "chat.postMessage")
    assert mixed == strikes(alone, 100)
    assert mixed != strikes(other, 100)
    among.begin(1)
    assert strikes(among, 100) == mixed


def test_a_fault_strikes_so_many_times_and_then_the_next_does() -> None:
    """Those in force longest go first."""
    faults = Faults()
    faults.add(Fault("dropped after", "auth.test", times=2))
    faults.add(Fault("429", "auth.test", times=1))
    assert strikes(faults, 4) == ["dropped after", "dropped after", "429", ""]
    assert faults.in_force == []


def test_a_fault_strikes_what_it_names() -> None:
    """Other methods not; those of a delivery no call."""
    faults = Faults()
    faults.add(Fault("429", "auth.test"))
    faults.add(Fault("late"))
    assert strikes(faults, 1, "chat.postMessage") == [""]
    assert strikes(faults, 1) == ["429"]
    late = faults.strike("message", EVENT_KINDS)
    assert late is not None
    assert late.kind == "late"


async def test_mending_ends_all_and_lets_go_what_is_held() -> None:
    """What has struck stays counted."""
    faults = Faults()
    faults.add(Fault("429"))
    strikes(faults, 3)
    holding = asyncio.create_task(faults.hold(60))
    await asyncio.sleep(0)
    faults.mend()
    await asyncio.wait_for(holding, 1)
    assert strikes(faults, 1) == [""]
    assert faults.struck == {"429": 3}


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"kind": "hiccup"}, "There is no fault “hiccup”; there are 429, error before, "),
        ({"kind": "429", "rate": 1.1}, "A fault's rate is a number from 0 to 1."),
        ({"kind": "429", "rate": float("nan")}, "A fault's rate is a number from 0 to 1."),
        ({"kind": "429", "times": 0}, "A fault strikes once or more often."),
        ({"kind": "late", "seconds": -1}, "Seconds are 0 or more"),
        ({"kind": "late", "seconds": float("inf")}, "Seconds are 0 or more"),
        ({"kind": "dropped after", "seconds": 1}, "Seconds are 0 or more, and of 429, delayed before"),
        ({"kind": "page after", "status": 404}, "The status of “page after” cannot be 404."),
        ({"kind": "429", "status": 500}, "The status of “429” cannot be 500."),
    ],
)
def test_what_can_be_no_fault_is_refused(fault: dict[str, object], sentence: str) -> None:
    """With a sentence."""
    with pytest.raises(ValueError, match=sentence):
        Fault(**fault)  # type: ignore[arg-type]
