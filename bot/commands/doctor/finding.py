"""What a check found, and how it is said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["well", "warning", "fault", "unknown"]
"""`unknown`: the check could not be made, because something else stands in its way (that has a line of its own)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A check, what it found in a sentence, and what to do about it. No secret stands in any of them."""

    check: str
    state: State
    says: str
    advice: str = ""


def well(check: str, says: str) -> Finding:
    """Nothing to do."""
    return Finding(check, "well", says)


def warning(check: str, says: str, advice: str) -> Finding:
    """It works, and somebody should have a look."""
    return Finding(check, "warning", says, advice)


def fault(check: str, says: str, advice: str = "") -> Finding:
    """Something stands in the way; without `advice` the sentence says itself what to do."""
    return Finding(check, "fault", says, advice)


def unknown(check: str, says: str) -> Finding:
    """It could not be found out."""
    return Finding(check, "unknown", says)


def lasting(seconds: float) -> str:
    """A length of time, in the one unit that says most: "3 minutes"."""
    seconds = abs(seconds)
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}s"
    return "1 second" if round(seconds) == 1 else f"{seconds:.0f} seconds"
