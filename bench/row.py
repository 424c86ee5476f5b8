"""A line of what was measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """`baseline`: what it is compared to, in the same unit, if there is something; `ratio`: how the two stand to each other."""

    name: str
    value: float
    unit: str
    baseline: float | None
    ratio: float | None
