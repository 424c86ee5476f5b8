"""Whatever stands in a table of handlers/__init__.py, fed with what is broken: a clear answer or a clean 4xx, and no defect."""

from __future__ import annotations

import contextlib
import itertools
import logging
import sqlite3
from typing import Any

import pytest

from sandbox.records import Channel
from sandbox.slack import Slack
from storage.tables.base import Base
from tests.again import send
from tests.conftest import Bot
from tests.handlers.every_entry import TABLES, Path, Scene, drop, fill, paths_of, play, put, reading
from tests.memory import Memory

TYPED = (
    "", "   \n ", "x" * 3001, "y" * 40_000, "\0", "<!channel> <@U0NOBODY>", "&lt;!here&gt; &amp", "```", "\u202eabc",
)  # fmt: skip
"""What somebody may type."""

HALF = "\ud83d half"
"""Half a character, which JSON can carry, and a command's form can not."""

NOT_OURS = ("", "x" * 40_000, "-1", "99999999999999999999", "skip:x:never")
"""What the value of a button never is."""

JUNK: tuple[Any, ...] = (None, 7, [], {}, "z" * 40_000, -(10**30), True)
"""What no field holds. By turns: each place gets one of them."""

OWN = ("value", "private_metadata")
"""What each entry understands in a way of its own; the rest is understood alike by all that read it."""

ORIGINS = ("", "{}", '{"key": "k", "channel": "C0GONE", "id": "x", "learning": "x"}')
"""What a form may carry along that is not ours."""

DO = {
    "command": ("/askme", "/share"),
    "shortcut": (),
    "block_actions": (
        *("asked.decline", "askme.stand", "card.helped", "close.link", "draft.save", "found.helped", "keep.form_undo"),
        *("keep.undo", "kept.never", "kept.no", "kept.take_all_back", "kept.undo", "mine.take_back", "pocket.stop"),
        *("round.remind", "round.slower", "schedule.remove", "schedule.unadd", "share.undo", "tag.no", "tag.stop"),
        *("who.endorse", "who.write"),
    ),
    "view_submission": (
        *("answer", "ask", "askme", "delete", "details", "digest", "duplicate", "edit", "keep", "outdate", "pause"),
        *("schedule", "settings", "share", "suggest"),
    ),
}
"""What changes something in the scene of these tests, so that it can be seen whether it does so twice."""

BROKEN = "Something broke"

PATIENCE = 5
"""How often something is sent again that a machine with much else to do had no time for."""


@pytest.fixture
async def scene(slack: Slack, bot: Bot, pocket: Channel, memory: Memory) -> Scene:
    """A pocket with something of each kind in it."""
    return await play(slack, bot, pocket, memory)


class Judge:
    """Delivers what is broken, and notes each answer that is not clean."""

    def __init__(self, scene: Scene, kind: str, log: pytest.LogCaptureFixture) -> None:
        self.scene, self.kind = scene, kind
        self.faults: list[str] = []
        self._log = log
        log.set_level(logging.ERROR)

    async def feed(self, payload: dict[str, Any], *what: object) -> None:
        """A 5xx is a fault, and whatever is logged of an error that nobody thought of."""
        for _ in range(PATIENCE):  # a machine with much else to do answers late, or with "too much to do, ask again"
            reply = await send(self.scene.slack, self.kind, payload)
            if not (reply.reason == "http_timeout" or reply.status == 503):
                break
        if not 200 <= reply.status < 500 or BROKEN in reply.body:
            self.faults.append(f"{what}: {reply.status} {reply.reason}")
        self.faults += [f"{what}: {_told(record)}" for record in self._log.records]
        self._log.clear()

    async def read_by(self, name: str) -> list[Path]:
        """Where this entry looks into what it is brought, through the shapes of ours; and through none of them."""
        with reading() as models:
            await self.feed(self.scene.payload(self.kind, name), name)
        read = paths_of(models)
        if self.kind != "event":  # of what was done before, Slack may be telling just now: a card that was deleted, say
            read = [path for path in read if path[0] != "event"]
        return read or [("value",)]

    async def everything(self) -> None:
        """All that Slack can bring, as it should be."""
        for self.kind, table in TABLES.items():
            for name in table:
                await self.feed(self.scene.payload(self.kind, name), name)


def _told(record: logging.LogRecord) -> str:
    return f"{record.getMessage()}: {record.exc_info[1]!r}" if record.exc_info else record.getMessage()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # it is the parsing that is tried, not SQL
@pytest.mark.parametrize("kind", TABLES)
async def test_each_field_that_an_entry_reads_may_be_missing_or_something_else(
    scene: Scene, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    """One field at a time, of all that this entry was seen to read."""
    judge, junk, tried = Judge(scene, kind, caplog), itertools.cycle(JUNK), set[Path]()
    for name in TABLES[kind]:
        for path in await judge.read_by(name):
            await judge.feed(drop(scene.payload(kind, name), path), name, path, "missing")
            if path not in tried or path[-1] in OWN:
                tried.add(path)
                instead = next(junk)
                await judge.feed(put(scene.payload(kind, name), path, instead), name, path, str(instead)[:9])
    assert not judge.faults, "\n".join(judge.faults)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # of the two, it holds less of what is typed
@pytest.mark.parametrize("kind", [kind for kind in TABLES if kind != "event"])
async def test_each_entry_takes_any_text(scene: Scene, kind: str, caplog: pytest.LogCaptureFixture) -> None:
    """Typed, chosen, or in a button's value; and whatever a form may carry along."""
    judge = Judge(scene, kind, caplog)
    for name in TABLES[kind]:
        read = await judge.read_by(name)
        for text in NOT_OURS if kind == "block_actions" else TYPED if kind == "command" else (*TYPED, HALF):
            await judge.feed(fill(scene.payload(kind, name), read, text), name, text[:9])
        for origin in ORIGINS if ("view", "private_metadata") in read else ():
            await judge.feed(put(scene.payload(kind, name), ("view", "private_metadata"), origin), name, origin)
    assert not judge.faults, "\n".join(judge.faults)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # constraints are the same on both
@pytest.mark.parametrize("kind", DO)
async def test_what_comes_twice_is_done_once(
    scene: Scene, kind: str, memory: Memory, caplog: pytest.LogCaptureFixture
) -> None:
    """A form sent twice, a double click: the second finds everything as the first left it. Each entry has the scene to itself."""
    judge, before, done = Judge(scene, kind, caplog), Kept(memory), set[str]()
    for name in TABLES[kind]:
        for payload in scene.tries(kind, name):
            before.restore()
            was = _rows(memory)
            once = await _fed(judge, payload, memory)
            if once == was:
                continue
            done.add(name)
            if changed := _differ(once, await _fed(judge, payload, memory)):
                judge.faults.append(f"{name}, again: {changed}")
            break
    assert not judge.faults, "\n".join(judge.faults)
    assert done >= set(DO[kind]), "what does nothing is not tried"


async def _fed(judge: Judge, payload: dict[str, Any], memory: Memory) -> Rows:
    await judge.feed(payload, payload.get("command") or payload.get("callback_id"))
    await memory.settled()
    return _rows(memory)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # it is what is answered that is tried
async def test_each_entry_bears_a_pocket_that_is_gone_and_a_person_who_left(
    slack: Slack, scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    """It was stopped while the form was open; then, too, whoever acts is not in the channel any more."""
    judge = Judge(scene, "", caplog)
    await slack.types("ana", "/outloud stop", in_=scene.pocket)
    await judge.everything()
    await slack.leaves("ana", scene.pocket)
    await judge.everything()
    assert not judge.faults, "\n".join(judge.faults)


NOT_ASKED = {"outbox", "deliveries", "outages", "channels", "paces", "people", "workspaces", "homes", "memberships"}
"""What is owed, and may be done meanwhile; what Slack tells, and when it was heard."""
REMEMBERED = sorted(Base.metadata.tables.keys() - NOT_ASKED)

Rows = dict[str, list[dict[str, Any]]]


class Kept:
    """What a SQLite database holds now, to be brought back as often as is wanted."""

    def __init__(self, memory: Memory) -> None:
        self._path = str(memory.url.database)
        self._kept = sqlite3.connect(":memory:")
        with contextlib.closing(sqlite3.connect(self._path)) as there:
            there.backup(self._kept)

    def restore(self) -> None:
        """Let it stand again in the file, whoever has that open."""
        with contextlib.closing(sqlite3.connect(self._path, timeout=10)) as there:
            self._kept.backup(there)


def _rows(memory: Memory) -> Rows:
    """All that is remembered in each table, but when, and how often it was changed."""
    return {table: sorted(map(_said, memory.rows(f"SELECT * FROM {table}")), key=str) for table in REMEMBERED}  # noqa: S608 -- our own tables


def _said(row: dict[str, Any]) -> dict[str, Any]:
    return {name: held for name, held in row.items() if not name.endswith("at") and name != "version"}


def _differ(before: Rows, after: Rows) -> dict[str, Any]:
    """What each table holds besides, and holds no more."""
    return {
        table: [row for row in before[table] if row not in after[table]]
        + [row for row in after[table] if row not in before[table]]
        for table in REMEMBERED
        if before[table] != after[table]
    }
