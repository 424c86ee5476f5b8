"""The pace of all processes together: a row for each of Slack's limits, locked by whoever takes a turn, without a leader.

Time is the database's, which they share. A row that another process has locked is left to it for a moment: nobody waits for
a lock here, so no order of locks can cross.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Select, bindparam, delete, select, text, tuple_, update
from sqlalchemy.orm import Session

from storage.db.upserts import Upsert
from storage.ids import Ts, WorkspaceId
from storage.tables import Paced

from . import outbox
from .limits import MINUTE, Book, Books, Key, Limit, Pace, Turn
from .outbox import Due, Errand

FORGET_AFTER = 10 * MINUTE
"""Seconds after which a limit that nobody came near says nothing any more."""

_KEY = tuple_(Paced.workspace, Paced.name)
_BEGIN = Upsert(lambda insert: insert(Paced).on_conflict_do_nothing())
_KEEP = (
    update(Paced.__table__)  # type: ignore[arg-type]  # the table, so that many rows are one call of the driver
    .where(Paced.workspace == bindparam("of_workspace"), Paced.name == bindparam("of_name"))
    .values(
        calls=bindparam("new_calls", type_=JSON),
        ready=bindparam("new_ready"),
        by=bindparam("new_by"),
        holder=bindparam("new_holder"),
        touched_at=bindparam("new_touched_at"),
    )
)

_BOOKS: Select[*tuple[Any, ...]] = (
    select(Paced.workspace, Paced.name, Paced.calls, Paced.ready, Paced.by, Paced.holder)
    .where(_KEY.in_(bindparam("keys", expanding=True)))
    .order_by(Paced.workspace, Paced.name)
)
_LOCKED = _BOOKS.with_for_update()
_LEFT_TO_OTHERS = _BOOKS.with_for_update(skip_locked=True)

Choose = Callable[[list[Due], Books], tuple[list[Due], float]]
"""What of that which is due is to be done now; and in how many seconds the pace allows the first of the rest."""

TurnOf = Callable[[Due], Turn]
"""Which turn something that is due needs."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What was `wanted` and what was `got` of it: another process may have had the rest already.

    In `wait` seconds the pace allows more of what is due; `later` (seconds since 1970, UTC) something more is due.
    """

    wanted: list[Due]
    wait: float
    got: list[Errand]
    later: float | None


def look(session: Session, *, at: float, turn_of: TurnOf, pace: Pace) -> tuple[list[Due], Books]:
    """What is due at `at`, as `outbox.due` says; and how near the limits it needs are. Nothing is taken by it."""
    due = outbox.due(session, at=at)
    return due, _books(session, _keys(map(turn_of, due)), pace)


def take(
    session: Session,
    choose: Choose,
    *,
    at: float,
    lease: float,
    turn_of: TurnOf,
    pace: Pace,
    heard: Mapping[WorkspaceId, Ts] | None = None,
) -> Taken:
    """`look`, let `choose` say what of it to do now, and `claim` that, at once. `choose` runs in the writer's thread."""
    due, books = look(session, at=at, turn_of=turn_of, pace=pace)
    wanted, wait = choose(due, books)
    got = claim(session, wanted, at=at, lease=lease, turn_of=turn_of, pace=pace, heard=heard) if wanted else []
    return Taken(wanted, wait, got, outbox.next_due(session, after=at))


def claim(
    session: Session,
    wanted: list[Due],
    *,
    at: float,
    lease: float,
    turn_of: TurnOf,
    pace: Pace,
    heard: Mapping[WorkspaceId, Ts] | None = None,
) -> list[Errand]:
    """As `outbox.claim`, of those whose turn it is: by the time this is committed, no other process has the same."""
    books = _lock(session, _keys(map(turn_of, wanted)), pace)
    tried, may = books.copy(), dict[tuple[str, str], Due]()
    for one in wanted:
        if tried.wait(turn_of(one)) <= 0:
            tried.take(turn_of(one))
            may[one.workspace, one.id] = one
    claimed = outbox.claim(session, [*may.values()], at=at, lease=lease, heard=heard) if may else []
    for errand in claimed:  # of the others, somebody else had them already: their turns are left to others
        books.take(turn_of(may[errand.workspace, errand.id]), lease=errand.lease)
    _keep(session, books)
    return claimed


def again(session: Session, turn: Turn, *, lease: str, pace: Pace) -> bool:
    """Whether an errand that was held up since it had its turn may go now all the same, as another call."""
    books = _lock(session, _keys([turn]), pace)
    may = books.may_again(turn, lease=lease)
    if may:
        books.take(turn, lease=lease)
        _keep(session, books)
    return may


def also(session: Session, turn: Turn, *, pace: Pace) -> float:
    """A turn for one more call of an errand under way. Returns 0 if it is taken; else after how many seconds it may be."""
    books = _lock(session, _keys([turn]), pace)
    wait = books.wait(turn)
    if wait <= 0:
        books.take(turn)
        _keep(session, books)
    return wait


def release(session: Session, errand: Errand, limits: Iterable[Limit], *, ago: float, pace: Pace) -> None:
    """Its call was answered, `ago` seconds ago: whoever comes next in its channel may go a second after that."""
    for key in [(errand.workspace, limit.name) for limit in limits if limit.a_minute is None]:
        books = _books(session, {key}, pace, _LOCKED)
        books.release(key, lease=errand.lease, ago=ago)
        _keep(session, books)


def rest(session: Session, workspace: WorkspaceId, method: str, *, seconds: float, pace: Pace) -> None:
    """Slack asked for a pause of a method."""
    key = (workspace, method)
    _BEGIN.run_all(session, [_row(key)])
    books = _books(session, {key}, pace, _LOCKED)
    books.rest(key, seconds)
    _keep(session, books)


def forget_old(session: Session) -> int:
    """Forget the limits that nobody came near: there is one for every channel that was ever spoken in. Returns how many."""
    old = select(Paced.workspace, Paced.name).where(Paced.touched_at < _now(session) - FORGET_AFTER)
    gone = delete(Paced).where(_KEY.in_(old.with_for_update(skip_locked=True)))
    return session.connection().execute(gone).rowcount


def _keys(turns: Iterable[Turn]) -> set[Key]:
    return {(turn.workspace, limit.name) for turn in turns for limit in turn.limits}


def _lock(session: Session, keys: set[Key], pace: Pace) -> Books:
    """Their books, made where there are none, and locked: of those that another process has locked, nothing may go."""
    books = _books(session, keys, pace, _LEFT_TO_OTHERS)
    if books.known != keys:
        _BEGIN.run_all(session, [_row(key) for key in sorted(keys - books.known)])
        books = _books(session, keys, pace, _LEFT_TO_OTHERS)
    books.others = keys - books.known
    return books


def _books(session: Session, keys: set[Key], pace: Pace, chosen: Select[*tuple[Any, ...]] = _BOOKS) -> Books:
    rows = session.execute(chosen, {"keys": sorted(keys)}) if keys else ()
    books = {(row.workspace, row.name): Book(row.calls, row.ready, row.by, row.holder) for row in rows}
    return Books(books, now=_now(session), pace=pace)


def _keep(session: Session, books: Books) -> None:
    rows = [
        {
            "of_workspace": key[0],
            "of_name": key[1],
            "new_calls": books[key].calls,
            "new_ready": books[key].ready,
            "new_by": books[key].by,
            "new_holder": books[key].holder,
            "new_touched_at": books.now,
        }
        for key in sorted(books.changed)
    ]
    if rows:
        session.connection().execute(_KEEP, rows)


def _row(key: Key) -> dict[str, Any]:
    return {"workspace": key[0], "name": key[1], "calls": [], "ready": 0.0, "touched_at": time.time()}


def _now(session: Session) -> float:
    """Seconds since 1970, by the clock that all processes share: PostgreSQL's own; beside a SQLite file, this machine's."""
    if session.get_bind().dialect.name == "sqlite":
        return time.time()
    return float(session.scalar(text("SELECT extract(epoch FROM clock_timestamp())")) or 0)
