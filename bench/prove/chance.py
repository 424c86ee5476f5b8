"""Chance, as hypothesis draws it: numbers, by which a step chooses among what there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

Draws = tuple[int, int, int]
"""Three numbers, for one step."""


@dataclass(slots=True)
class Chance:
    """What was drawn for one step: each choice takes the next number."""

    draws: list[int]

    def of(self, some: Sequence[T]) -> T:
        """One of these."""
        number = self.draws.pop(0) if self.draws else 0
        return some[number % len(some)]
