"""kill: that a bot which dies by itself is told from one that was killed, and that what was never tried is said."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest

from bench.prove import kill
from bench.prove.kill import Killer
from bench.prove.proof import Tally
from bench.prove.traffic import Share, Traffic
from sandbox.companion import AppFailed, Companion
from sandbox.slack import Slack
from tests.bench.trials import short
from tests.sandbox.librarian import MANIFEST


class Dying(Companion):
    """A program that ends with `code` wherever it is to be killed at a failpoint; or never comes there, without one."""

    def __init__(self, slack: Slack, code: int | None) -> None:
        super().__init__(slack, ["true"])
        self.code = code
        self.crashed = False

    async def start(self, environment: Mapping[str, str] | None = None) -> None:
        """It is there at once."""

    async def kill(self) -> None:
        """It is gone at once."""

    def check(self) -> None:
        """Say whether it crashed."""
        if self.crashed:
            raise AppFailed("The app ended by itself with code 1.")

    async def ended(self) -> int:
        """How it ended."""
        if self.code is None:
            raise TimeoutError
        return self.code


@pytest.fixture
def tally(monkeypatch: pytest.MonkeyPatch) -> Tally:
    """What is found, without waiting."""
    monkeypatch.setattr(kill, "PAUSE", (0, 0))
    return Tally("kills")


def killer(tmp_path: Path, tally: Tally, code: int | None) -> Killer:
    """Kills once at random, and once at a failpoint; somebody shared already."""
    share = Share("C", "U", "w", "t", acknowledged=True)
    traffic = cast("Traffic", type("Shares", (), {"shares": [share]}))
    return Killer(traffic, Dying(Slack(MANIFEST), code), short("sqlite", tmp_path), tally, ["after-send=kill@2"], 1)


@pytest.mark.parametrize(
    ("code", "tried", "wrong"),
    [
        (-signal.SIGKILL, 2, []),
        (1, 1, ["The bot was to be killed at after-send=kill@2, and ended by itself with code 1."]),
        (0, 1, ["The bot was to be killed at after-send=kill@2, and ended by itself with code 0."]),
        (None, 1, ["The bot never came to after-send=kill@2."]),
    ],
)
async def test_only_a_kill_counts_as_one(
    tmp_path: Path, tally: Tally, code: int | None, tried: int, wrong: list[str]
) -> None:
    """Not a crash at a failpoint, nor an end, nor a point that is never come to."""
    await killer(tmp_path, tally, code).run()
    assert (tally.tried, tally.wrong) == (tried, wrong)


async def test_a_bot_that_crashed_under_load_ends_the_proof(tmp_path: Path, tally: Tally) -> None:
    """Before the next kill, which would hide it."""
    found = killer(tmp_path, tally, -signal.SIGKILL)
    cast("Dying", found.outloud).crashed = True
    with pytest.raises(AppFailed, match="ended by itself with code 1"):
        await found.run()
