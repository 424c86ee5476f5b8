"""database: that an outage which nobody felt, a bot that does not recover, and words that are not plain are found."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest

from bench.prove import database, outages
from bench.prove.database import Disturber, asked_again, unclear
from bench.prove.outages import Outage, Sqlite, deadlocks_of
from bench.prove.proof import Tally
from bench.prove.traffic import Share, Traffic
from handlers.explaining import TooSlow
from sandbox.delivery import Attempt, Delivery
from sandbox.slack import Slack
from storage.refusals import Busy, Unavailable, Unsure
from tests.bench.trials import short
from tests.sandbox.librarian import MANIFEST


@dataclass
class People:
    """Those who share without a bot: `heard` in their turn, and then for ever the last."""

    heard: list[str]
    shares: list[Share] = field(default_factory=list)
    is_over: bool = False

    def share(self) -> None:
        """One more is answered."""
        words = self.heard.pop(0) if len(self.heard) > 1 else self.heard[0]
        self.shares.append(Share("C", "U", "w", "t", acknowledged=words == "Shared.", reached=True, heard=words))

    def refused(self) -> int:
        """How many were."""
        return Traffic.refused(cast("Traffic", self))

    def can_change_a_keep(self) -> bool:
        """There is one."""
        return True

    async def change_a_keep(self) -> None:
        """At the same time somebody shares."""
        self.share()

    async def go_on(self) -> None:
        """They share as long as this runs."""
        while True:
            self.share()
            await asyncio.sleep(0.01)


@pytest.fixture(autouse=True)
def _in_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for anything."""
    monkeypatch.setattr(database, "PAUSE", (0, 0))
    monkeypatch.setattr(database, "MEANWHILE", 0.01)
    monkeypatch.setattr(database, "RECOVERS_WITHIN", 0.3)
    monkeypatch.setattr(outages, "FELT_WITHIN", 0.3)
    monkeypatch.setattr(outages, "FULL", (0, 0))
    monkeypatch.setattr(outages, "LOCKED_SHORT", 0)


async def disturb(tmp_path: Path, people: People, *outages: Outage) -> Tally:
    """Let these outages come, while people share."""
    tally = Tally("outages")
    async with Slack(MANIFEST) as slack:
        disturber = Disturber(slack, cast("Traffic", people), short("sqlite", tmp_path), tally, list(outages))
        going_on = asyncio.create_task(people.go_on())
        await disturber.run()
        going_on.cancel()
    return tally


def outage(people: People | None = None, *, times: int = 0, is_counted: bool = False) -> Outage:
    """One that is over at once, and of which the server says that it bit so often; `people`: those of whom one feels it."""

    async def befall(_chance: random.Random) -> int:
        if people:
            people.heard[:0] = [Busy().words]
        return times

    return Outage("gone", befall, is_counted)


async def test_an_outage_that_nobody_felt_is_none(tmp_path: Path) -> None:
    """Somebody must have been refused, or the server say that it bit: it alone, where it keeps an account."""
    unfelt = "Outage 1, gone, was felt by nobody: nothing was tried."
    assert (await disturb(tmp_path / "a", People(["Shared."]), outage())).wrong == [unfelt]
    people = People(["Shared."])
    assert (await disturb(tmp_path / "b", people, outage(people))).wrong == []
    assert (await disturb(tmp_path / "c", people, outage(people, is_counted=True))).wrong == [unfelt]
    assert (await disturb(tmp_path / "d", People(["Shared."]), outage(times=3, is_counted=True))).wrong == []


async def test_a_bot_that_does_not_work_again_is_found(tmp_path: Path) -> None:
    """Nobody could share afterwards."""
    tally = await disturb(tmp_path, People([Busy().words]), outage())
    assert tally.wrong == ["The bot did not work again within 0.3 s."]


async def test_a_database_that_is_full_or_locked_is_so_until_somebody_feels_it(tmp_path: Path) -> None:
    """And no longer than it may; and afterwards it is neither."""
    people = People(["Shared.", Busy().words])
    memory = Sqlite(f"sqlite:///{tmp_path}/outloud.db", tmp_path, short=True)
    for each in memory.outages(cast("Traffic", people)):
        for share in (people.share, lambda: None):
            befalling = asyncio.create_task(each.befall(random.Random(1)))  # noqa: S311 -- to be repeated
            await asyncio.sleep(0.15)
            assert not befalling.done()
            share()
            share()
            await befalling
    assert files(tmp_path) == ["outloud.db"]


def files(folder: Path) -> list[str]:
    """What is there."""
    return [one.name for one in folder.iterdir()]


def test_deadlocks_are_those_in_which_one_had_a_hand() -> None:
    """Two of the bot's own processes may have one, too: it is not the one that was provoked."""
    log = (
        "2026-11-26 [31] ERROR:  deadlock detected\n"
        "2026-11-26 [31] DETAIL:  Process 31 waits for ShareLock on transaction 7; blocked by process 42.\n"
        "\tProcess 42 waits for ShareLock on transaction 8; blocked by process 31.\n"
        "\tProcess 31: UPDATE\n"
    )
    assert [deadlocks_of(process, log * 2) for process in (31, 42, 4, 7)] == [2, 2, 0, 0]


def test_events_must_have_been_refused_and_taken_later() -> None:
    """By a status, or by silence in Socket Mode; and Slack gave none of them up."""
    slack, tally = Slack(MANIFEST), Tally("outages")
    slack.courier.deliveries += [
        Delivery("event", "reaction_added", {}, [Attempt(200, "", 0)], "acknowledged"),
        Delivery("event", "message", {}, [Attempt(0, "", 0)], "failed"),
    ]
    asked_again(slack, tally, "http")
    assert tally.wrong == ["No event was ever answered 5xx: nothing was tried."]
    assert tally.lost == ["Slack gave up on message."]
    by_socket = Tally("outages")
    asked_again(slack, by_socket, "socket")
    assert by_socket.wrong == []


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Error 17",
        "Please try again",
        "OperationalError. Please try again.",
        "sqlalchemy.exc has failed. Please try again.",
        "Code 57. Please try again.",
        "An error came up. Please try again.",
        "too_many. Please try again.",
        "Something went wrong.",
        "Something went wrong.\nPlease try again.",
    ],
)
def test_what_is_not_plain_is_found(words: str) -> None:
    """By a command, or by a press; also where Slack said it in the bot's place."""
    by_command = Share("C", "ben", "w", "t", reached=True, heard=words)
    by_press = Share("C", "ben", "w", "t", acknowledged=True, undo="asked", reached_undo=True, heard_of_undo=words)
    assert unclear([by_command, by_press]) == [f"ben saw no plain sentence: {words}"] * 2


@pytest.mark.parametrize("refusal", [Busy, Unavailable, Unsure, TooSlow])
def test_what_the_bot_says_is_plain_where_it_said_it(refusal: type[Unavailable]) -> None:
    """And below it what was written; a sentence of Slack's own is not the bot's."""
    words = f"{refusal().words}\nYou wrote:\nLesson number 12 of ben."
    shares = [
        Share("C", "ben", "w", "t", reached=True, heard=words),
        Share("C", "ben", "w", "t", acknowledged=True, undo="refused", reached_undo=True, heard_of_undo=words),
        Share("C", "ben", "w", "t", acknowledged=True, undo="done", reached_undo=True, heard_of_undo="Taken back."),
    ]
    assert unclear(shares) == []
    for share in shares:
        share.reached = share.reached_undo = False
    assert len(unclear(shares)) == 2
