"""hostile: that what it looks for would be seen."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from bench.program import MANIFEST as OUTLOUD
from bench.prove import attempts, database, hostile, mutations, samples, traces
from bench.prove.attempts import Attempt
from bench.prove.hostile import Siege
from bench.prove.mutations import canary
from bench.prove.proof import Tally
from bench.prove.samples import Sample
from bench.prove.wire import SAID_NOTHING, Wire
from sandbox.manifest import read_manifest
from sandbox.records import Channel
from sandbox.slack import Slack
from tests.bench.trials import short
from tests.memory import Memory
from tests.sandbox.librarian import MANIFEST


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (json.dumps({"event": f"got {canary(7)}", "level": "info"}), "Line 2 of the log holds words of a request."),
        (f'{{"event": "{canary(7).upper()}"', "Line 2 of the log holds words of a request."),
        ("Traceback (most recent call last):", "A line of the log is none of the bot's: Traceback (most recent"),
        (
            json.dumps({"event": "oh", "level": "error", "exception": "E\n  f.py:1 g"}),
            "An error in the log: oh E   f.py:1 g",
        ),
        (json.dumps({"event": "oh", "level": "info", "exception": "E"}), "An error in the log: oh E E"),
        (
            json.dumps({"event": "parked an errand of kind look", "level": "error", "exception": "KeyError"}),
            "An error in the log: parked an errand of kind look KeyError KeyError",
        ),
        (
            json.dumps({"event": "Although the app should be installed", "level": "info", "exception": "E"}),
            "An error in the log: Although the app should be installed E E",
        ),
    ],
)
def test_what_should_not_stand_in_a_log_is_found_there(tmp_path: Path, line: str, fault: str) -> None:
    """A body's words, a traceback, an error."""
    log = tmp_path / "outloud.log"
    by_http, by_socket = (f"{greeting}http://127.0.0.1:1" for greeting in traces.GREETINGS)
    log.write_text("\n".join([by_http, line, by_socket, json.dumps({"event": "a", "level": "info"})]))
    (found,) = traces.in_log(log, traces.NOT_OURS).faults
    assert found.startswith(fault)


def test_what_tells_of_nobody_is_excused_where_nothing_broke(tmp_path: Path) -> None:
    """It is counted; and with an excuse of its own, so is what a proof breaks: that, and nothing else."""
    log = tmp_path / "outloud.log"
    lines = [
        {"event": "parked an errand of kind look: no_such_message", "level": "error"},
        {"event": "nothing can be read", "level": "error", "exception": "psycopg.OperationalError: gone"},
        {"event": "nothing can be read", "level": "error", "exception": "KeyError"},
    ]
    log.write_text("\n".join(json.dumps(line) for line in lines))
    excuses = [*traces.NOT_OURS, traces.Excuse("nothing can be read", ("psycopg.",))]
    fault = "An error in the log: nothing can be read KeyError KeyError"
    found = traces.in_log(log, excuses)
    assert (found.excused, found.faults) == (2, [fault])
    tally = Tally("kills")
    traces.judge_log(log, tally, excuses)
    assert (tally.notes, tally.wrong) == (["2 errors in the log were expected"], [fault])


@pytest.mark.parametrize(
    ("exception", "is_excused"),
    [
        ("psycopg.OperationalError: gone\n  a.py:1 f\npsycopg.errors.AdminShutdown: 57P01", True),
        ("storage.db.writer.RolledBack\n  a.py:1 f\nsqlite3.OperationalError: SQLITE_FULL", True),
        ("storage.db.writer.RolledBack\n  a.py:1 f\nKeyError\n  a.py:1 f", False),
        ("sqlalchemy.exc.IntegrityError", False),
    ],
)
def test_a_database_that_is_away_excuses_what_it_brings_about(
    exception: str,
    is_excused: bool,  # noqa: FBT001
) -> None:
    """Not a defect that undid a transaction."""
    assert any(one.covers("a write was lost", exception) for one in database.EXCUSES) == is_excused


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # it is the looking that is tried, not SQL
def test_what_a_badly_signed_request_left_and_what_an_honest_one_lost_is_found(
    database_url: URL, memory: Memory
) -> None:
    """In whatever table; and what was shared must be there once."""
    memory.run("INSERT INTO workspaces (id, name, url, bot_user, bot, installed_at) VALUES ('T', '', '', '', '', 0)")
    memory.run("INSERT INTO deliveries VALUES ('T', :id, 0)", id=canary(7))
    tally = Tally("requests")
    memory.run(
        "INSERT INTO learnings (workspace, id, key, channel, author, words, state, said_at, changed_at)"
        " VALUES ('T', 'L', 'k', 'C', 'U', :words, 'live', 1, 1)",
        words=canary(10),
    )
    traces.look(database_url.render_as_string(), tally, unsigned={7, 8}, shared={9}, refused={10, 11})
    assert tally.wrong == [
        "Request 7 was badly signed, and stands in deliveries.",
        "Request 10 heard that nothing was saved, and it was.",
    ]
    assert tally.lost == ["What request 9 shared is not remembered."]


class Scripted(Wire):
    """A door whose answers are given: statuses, or none at all."""

    def __init__(self, *statuses: int, said: str = "") -> None:
        super().__init__(0)
        self.statuses, self.words = list(statuses), said

    async def ask(self, raw: bytes, *, last: bool = False) -> int:  # noqa: ARG002 -- whatever is asked
        """The next one."""
        self.said = self.words.encode()
        if not self.statuses:
            raise TimeoutError
        return self.statuses.pop(0)


@pytest.fixture
def siege(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Siege:
    """A siege whose requests are sent one by one."""
    monkeypatch.setattr(hostile, "PAUSE", 0)
    return Siege(Slack(MANIFEST), [], short("sqlite", tmp_path), Tally("hostile requests"), 0)


HONEST, SHARE = Attempt(7, b"", is_honest=True), Attempt(7, b"", is_honest=True, shares=True)


@pytest.mark.parametrize(
    ("attempt", "statuses", "lost", "wrong"),
    [
        (HONEST, [200], [], []),
        (HONEST, [503, 503, 503, 200], [], []),
        (HONEST, [503] * 4, ["Request 7 was honest, and answered 503."], []),
        (HONEST, [401], ["Request 7 was honest, and answered 401."], []),
        (HONEST, [SAID_NOTHING], ["Request 7 was honest, and answered 0."], []),
        (HONEST, [], [], ["Request 7 got no answer."]),
        (Attempt(7, b""), [500], [], ["Request 7 was answered 500."]),
        (Attempt(7, b""), [503], [], []),
        (Attempt(7, b""), [SAID_NOTHING], [], ["Request 7 was hung up on without an answer."]),
        (Attempt(7, b"", is_large=True), [SAID_NOTHING], [], []),
        (Attempt(7, b"", is_signed=False), [200], [], ["Request 7 was badly signed, and answered 200."]),
        (Attempt(7, b"ssl_check=1", is_signed=False), [200], [], []),
    ],
)
async def test_each_answer_that_may_not_be_is_found(
    siege: Siege, attempt: Attempt, statuses: list[int], lost: list[str], wrong: list[str]
) -> None:
    """An honest one is taken, at the latest at its fourth try; no other one fails the door, or goes without an answer."""
    await siege.send(Scripted(*statuses), attempt)
    assert (siege.tally.lost, siege.tally.wrong) == (lost, wrong)


async def test_an_honest_share_is_taken_or_refused_in_plain_words(siege: Siege) -> None:
    """A status says neither: its words do. Whatever else is answered is a loss."""
    await siege.send(Scripted(200, said="Shared."), SHARE)
    await siege.send(Scripted(200, said="Too much to do, so nothing was saved."), replace(SHARE, number=8))
    await siege.send(Scripted(200, said="What?"), replace(SHARE, number=9))
    assert (siege.shared, siege.refused) == ({7}, {8})
    assert siege.tally.lost == ["Request 9 was an honest share, and not answered so."]


async def test_a_door_that_is_mostly_busy_is_no_door(siege: Siege) -> None:
    """Nor is a siege a proof in which nobody shared anything."""
    for number in range(21):
        await siege.send(Scripted(503), Attempt(number, b""))
    siege.tally.tried = 1000
    siege.judge_all()
    assert siege.tally.wrong == [
        "No honest request shared anything: nothing was tried.",
        "Of 1000 requests 21 were told that it is busy.",
    ]


async def test_a_share_after_the_siege_must_be_taken_and_what_was_shared_has_one_card(
    slack: Slack, pocket: Channel, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A card too many, a card that is missing, and a bot that does not share any more are found."""
    await slack.types("ana", f"/share Number {canary(1)}", in_=pocket)
    await memory.settled()
    card = next(one for one in pocket.messages.values() if canary(1) in slack.text_of(one))
    slack.world.post(card.channel, card.user, card.text, blocks=card.blocks, app_id=card.app_id)
    tally = Tally("hostile requests")
    hostile.require_one_card_each(slack, pocket, {1, 2}, tally)
    assert tally.doubled == [f"What request 1 shared has 2 cards ({canary(1)})."]
    assert tally.lost == [f"What request 2 shared has no card ({canary(2)})."]
    monkeypatch.setattr(hostile, "CARD_WITHIN", 0.1)
    await hostile.require_alive(slack, slack.channel("no-pocket", members=["ana"]), tally)
    assert tally.lost[1:] == [
        "After the siege /share was not answered as it should be.",
        "After the siege no card came.",
    ]


RENAMED = Sample("payload", json.dumps({"type": "block_actions", "actions": [{"action_id": "a"}]}), may_be_renamed=True)
SHARED = Sample("form", json.dumps({"command": "/share", "text": "Read the plan."}), is_expected=True)


def test_an_action_takes_the_place_of_another_but_not_where_honest_ones_share() -> None:
    """There it might end the pocket in which they do."""
    chance = random.Random(1)  # noqa: S311 -- to be repeated
    renamed = [mutations.body(chance, RENAMED, 1, mutations=3, names=["other.one"]) for _ in range(200)]
    assert any(b"other.one" in one for one in renamed)
    kept = replace(RENAMED, may_be_renamed=False)
    assert not any(
        b"other.one" in mutations.body(chance, kept, 1, mutations=3, names=["other.one"]) for _ in range(200)
    )


def test_enough_of_the_honest_ones_share_something() -> None:
    """However many others were seen."""
    honest = Sample("json", json.dumps({"type": "event_callback", "event": {"type": "message"}}), is_expected=True)
    made = [
        attempts.attempt(random.Random(number), [honest] * 50 + [SHARED], "s", number)  # noqa: S311 -- to be repeated
        for number in range(400)
    ]
    assert sum(one.is_honest for one in made) > 8
    assert sum(one.shares for one in made) > 2


def test_each_kind_that_the_manifest_names_is_shot_at() -> None:
    """What nobody brings about is made up; what is counted are names of the bot's."""
    slack = Slack(read_manifest(OUTLOUD))
    slack.person("dora")
    slack.channel("rummage", members=("dora",))
    made_up = samples.made_up(slack, [RENAMED])
    assert {one.route[1] for one in made_up} == {name.partition(".")[0] for name in slack.manifest.bot_events}
    seen = Sample("json", json.dumps({"type": "event_callback", "event": {"type": "app_mention"}}))
    assert len(samples.made_up(slack, [seen])) == len(made_up) - 1
    nothing = Sample("form", json.dumps({"ssl_check": "1"}))
    assert (
        samples.routes([RENAMED, RENAMED, SHARED, seen, nothing]) == "shot at 1 commands, 1 actions, 1 kinds of events"
    )
