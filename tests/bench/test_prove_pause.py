"""pause: that what nobody takes over is found."""

from __future__ import annotations

from typing import cast

import pytest

from bench.prove import pause
from bench.prove.proof import Tally
from sandbox.companion import Companion


class Paused:
    """Somebody who stands still; and the scene in which nothing happens."""

    resumed = kept = False
    cards = 0

    def resume(self) -> None:
        """They go on."""
        self.resumed = True

    async def keep(self) -> None:
        """Somebody keeps something."""
        self.kept = True


@pytest.mark.parametrize(
    ("in_hand", "cards", "wrong"),
    [
        ("x lease", 1, ["What was in hand was taken over by nobody."]),
        ("", 0, ["What was in hand was taken over by nobody."]),
        ("", 1, []),
        ("x other lease", 1, []),
    ],
)
async def test_what_was_in_hand_is_taken_over_and_said(
    monkeypatch: pytest.MonkeyPatch, in_hand: str, cards: int, wrong: list[str]
) -> None:
    """By another lease, or it is done; and its card stands. However it is, the first one goes on."""
    monkeypatch.setattr(pause, "TAKEN_OVER_WITHIN", 0.2)
    monkeypatch.setattr(pause, "THINK", 0.01)
    monkeypatch.setattr(pause, "in_hand", lambda _url: in_hand)
    first, tally = Paused(), Tally("pauses")
    first.cards = cards
    await pause.take_over(cast("pause.Scene", first), cast("Companion", first), "", "x lease", tally)
    assert tally.wrong == wrong
    assert (first.resumed, first.kept) == (True, True)
