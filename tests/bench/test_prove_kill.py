"""kill: that a bot which dies by itself is told from one that was killed, and that what was never tried is said."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy.engine import URL

from bench.prove import kill, migrating
from bench.prove.kill import Killer
from bench.prove.proof import Tally
from bench.prove.traffic import Share, Traffic
from bot import failpoints
from sandbox.companion import AppFailed, Companion
from sandbox.slack import Slack
from tests.bench.trials import short
from tests.memory import Memory
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


def test_each_failpoint_is_killed_at() -> None:
    """They are copied: no code of the bot's is imported by what proves it."""
    of_migrations = {one.partition("=")[0] for one in (*migrating.EMPTY, *migrating.LATER)}
    assert {*kill.POINTS, *of_migrations} == failpoints.POINTS.keys()
    for one in (*kill.FEW, *migrating.EMPTY, *migrating.LATER):
        assert failpoints.parse(one).plans


ROWS = (
    "INSERT INTO workspaces (id, name, url, bot_user, bot, installed_at) VALUES ('T', '', '', '', '', 0)",
    (
        "INSERT INTO learnings (workspace, id, key, channel, author, words, state, said_at, changed_at)"
        " VALUES ('T', 'L', 'k', 'C', 'U', 'w', 'live', 1, 1)"
    ),
)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # `make prove` does it on both
async def test_a_migration_of_an_older_database_is_killed_in_its_midst(
    database_url: URL, memory: Memory, tally: Tally
) -> None:
    """It is done by the next one, with all rows; a failpoint that is never come to proves nothing."""
    environment = {"DATABASE_URL": database_url.render_as_string()}
    await migrating.kill_later_migrations(environment, ("in-migration=kill@9999",), tally)
    assert tally.wrong == [
        f"There was no learning at {migrating.OLDER}: nothing was tried.",
        "The migration never came to in-migration=kill@9999, or failed before.",
    ]
    for row in ROWS:
        memory.run(row)
    found = Tally("kills")
    await migrating.kill_later_migrations(environment, migrating.LATER[-2:-1], found)
    assert (found.tried, found.faults) == (1, [])


def test_what_a_killed_migration_lost_or_left_twice_is_found(tally: Tally) -> None:
    """Table by table."""
    before = {"learnings": ["a", "b"], "keeps": ["c"]}
    migrating.compare(before, {"learnings": ["b"], "keeps": ["c", "c"]}, "its end", tally)
    assert tally.lost == [f"A migration from {migrating.OLDER}, killed at its end, lost 1 rows of learnings."]
    assert tally.doubled == [f"A migration from {migrating.OLDER}, killed at its end, left 1 rows more of keeps."]
    migrating.compare(before, before, "its end", same := Tally("kills"))
    assert same.faults == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_migration_that_is_half_done_is_found(
    database_url: URL, memory: Memory, tally: Tally, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kill is made out: it left a revision that nobody began with."""

    async def killed(*_about: object) -> bool:
        memory.run("UPDATE alembic_version SET version_num = '0011'")
        return True

    async def done(*_about: object) -> int:
        return 0

    monkeypatch.setattr(migrating, "kill_at", killed)
    monkeypatch.setattr(migrating, "_run", done)
    for row in ROWS:
        memory.run(row)
    url = database_url.render_as_string()
    await migrating.kill_later_migrations({"DATABASE_URL": url}, migrating.LATER[:1], tally)
    assert tally.wrong == [
        f"A migration from {migrating.OLDER} that was killed at {migrating.LATER[0]} left revision 0011."
    ]
