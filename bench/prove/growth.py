"""Whether a program holds more than it did: of memory, while it works; of anything else, at rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import median, median_high

from .proof import Tally
from .vitals import Signs

GROWN = 1.05
"""Times the memory in the second quarter: as much as it may be in the last, both by their median."""

QUARTERS = 4

MOST_SHOWN = 3
"""Kinds of what is open besides that are named."""


def weigh(tally: Tally, memory: Iterable[tuple[float, int]]) -> None:
    """Hold memory (bytes) in the last quarter against the second; each look has the part that was over by then, 0 to 1."""
    quarters: list[list[int]] = [[] for _ in range(QUARTERS)]
    for part, held in memory:
        quarters[min(QUARTERS - 1, int(part * QUARTERS))].append(held)
    _, second, _, last = quarters
    if not (second and last):
        tally.wrong.append("Memory was not looked at in the second quarter, or not in the last.")
        return
    was, is_now = median(second), median(last)
    words = f"{was / 1e6:.1f} MB in the second quarter, {is_now / 1e6:.1f} in the last"
    tally.notes.append(words)
    if is_now > was * GROWN:
        tally.wrong.append(f"Memory grew by {is_now / was - 1:.1%}: {words}.")


def typical(looks: Sequence[Signs]) -> Signs:
    """What is held in the middle of these looks, of each by itself: also at rest a task or two come and go."""
    held = {name: median_high(look.held[name] for look in looks) for name in looks[0].held}
    return Signs(median_high(look.memory for look in looks), held, looks[-1].open)


def compare(tally: Tally, warm: Signs, in_the_end: Signs, *, spare: int = 0) -> None:
    """At rest it holds no more of anything than when it was warm, or so many more where it had little time to get warm."""
    tally.notes.append(", ".join(f"{many} {name}" for name, many in in_the_end.held.items()))
    for name, many in in_the_end.held.items():
        if many > warm.held[name] + spare:
            tally.wrong.append(
                f"At rest it held {warm.held[name]} {name} after the first quarter, and {many} in the end."
            )
    besides = in_the_end.open - warm.open
    if besides and not is_no_more(in_the_end.held, warm.held, spare=spare):
        shown = ", ".join(f"{many} of {name}" for name, many in besides.most_common(MOST_SHOWN))
        tally.wrong.append(f"Open besides: {shown}.")


def is_no_more(held: Mapping[str, int], than: Mapping[str, int], *, spare: int = 0) -> bool:
    """Whether nothing of it is more, but for so many."""
    return all(many <= than[name] + spare for name, many in held.items())
