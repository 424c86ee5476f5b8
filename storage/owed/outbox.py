"""What Outloud still has to say or do in Slack: owed in the transaction of its cause, done by the worker.

A row holds ids, never people's words: those are read, and who may see them is checked, when it is sent. What goes
to one place goes there one at a time (`lane`), oldest first, though one that must wait lets others pass; of what may be
said anew at any time, one at most waits (`slot`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    ColumnElement,
    Float,
    Integer,
    Row,
    Select,
    String,
    Update,
    bindparam,
    case,
    delete,
    func,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.orm import Session, aliased

from storage.db.upserts import Upsert
from storage.ids import Ts, WorkspaceId
from storage.tables import Owed, Workspace

from . import quiet
from .causes import CAUSE

PER_LANE = 8
"""How many of one kind and lane are looked at in one go: more could not be sent within a lease anyway."""

PER_KIND = 64
"""How many of one kind are looked at in one go: a backlog of one kind, which waits for its quota, hides no other."""


def _owe(insert):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 -- the dialect's own builder
    # It changes nothing, but locks the one that waits: another process may not claim it, and say what stands now,
    # before what is owed here is committed.
    return insert(Owed).on_conflict_do_update(
        index_elements=["workspace", "slot"],
        index_where=text("state = 'waiting' AND lease IS NULL"),
        set_={"due": Owed.due},
    )


_OWE = Upsert(_owe)


def _slot_is_leased(one: Any, *, at: float | ColumnElement[float]) -> ColumnElement[bool]:  # noqa: ANN401 -- the table, or a selection of it
    """Whether somebody is doing another one of `one`'s slot now: the older one's words must not arrive last."""
    other = aliased(Owed)
    return (
        select(other.id)
        .where(
            other.workspace == one.workspace,
            other.slot == one.slot,
            other.id != one.id,
            other.state == "waiting",
            other.lease.is_not(None),
            other.due > at,
        )
        .exists()
    )


# They are asked at each errand: to put them together would take longer than to run them.
_ANOTHER = (
    select(Owed.id)
    .where(
        Owed.workspace == bindparam("of_workspace"),
        Owed.kind == bindparam("of_kind"),
        Owed.lane == bindparam("of_lane"),
        Owed.id != bindparam("of_id"),
        Owed.state == "waiting",
        Owed.lease.is_not(None),
    )
    .limit(1)
)
_NOW = bindparam("at", type_=Float)
_FEW = (  # mostly no more is due: then nothing stands in another's way, and a twentieth of what `_due` takes will do
    select(Owed.workspace, Owed.id, Owed.kind, Owed.lane, Owed.slot, Owed.owed_at)
    .where(Owed.state == "waiting", Owed.due <= _NOW, ~_slot_is_leased(Owed, at=_NOW))
    .limit(bindparam("most", type_=Integer))
)
_BODIES = (
    select(Owed.body)
    .where(Owed.workspace == bindparam("of_workspace"), Owed.slot == bindparam("of_slot"), Owed.state == "waiting")
    .with_for_update()
)
_NEXT_DUE = select(func.min(Owed.due)).where(Owed.state == "waiting", Owed.due > bindparam("after", type_=Float))
_LEASED = (
    Owed.workspace == bindparam("of_workspace"),
    Owed.id == bindparam("of_id"),
    Owed.lease == bindparam("of_lease"),
)
"""An errand's row, if its lease is still ours: another process may have taken it over since."""
_HOLDS = select(Owed.id).where(*_LEASED).with_for_update()
_DONE = delete(Owed).where(*_LEASED)


@dataclass(frozen=True, slots=True)
class Due:
    """Something that may be tried now."""

    workspace: WorkspaceId
    id: str
    kind: str
    lane: str
    slot: str | None


@dataclass(frozen=True, slots=True)
class Errand:
    """Something leased, to be done before `until` (seconds since 1970, UTC).

    `unknown`: an earlier try may have reached Slack. The first was made at `tried_at` (our clock), `waited` seconds ago; what
    it said there has a `ts` after `after_ts` (Slack's; None: nothing was heard of Slack's time by then). `tries` counts this
    one too. `cause`: the delivery that it is owed because of, as the log calls it.
    """

    workspace: WorkspaceId
    id: str
    kind: str
    lane: str
    slot: str | None
    body: dict[str, Any]
    lease: str
    until: float
    tries: int
    unknown: bool
    owed_at: float
    tried_at: float
    after_ts: Ts | None
    waited: float
    cause: str | None = None


def owe(
    session: Session,
    workspace: WorkspaceId,
    kind: str,
    *,
    lane: str,
    body: dict[str, Any],
    at: float,
    slot: str | None = None,
) -> None:
    """Owe something to Slack. Where an errand with this `slot` still waits, it will do."""
    session.info["owed"] = True
    _OWE.run(
        session,
        workspace=workspace,
        id=uuid4().hex,
        kind=kind,
        lane=lane,
        body=body,
        slot=slot,
        due=at,
        owed_at=at,
        cause=CAUSE.get(),
    )


def due(session: Session, *, at: float, limit: int = 400) -> list[Due]:
    """What may be tried now, oldest first, a few of each kind and lane, so that none stands in another's way."""
    found = session.connection().execute(_FEW, {"at": at, "most": PER_LANE + 1}).all()
    if len(found) > PER_LANE:
        found = session.connection().execute(_due(), {"at": at, "most": limit}).all()
    rows = sorted(found, key=lambda row: (row.owed_at, row.id))
    return [Due(WorkspaceId(row.workspace), row.id, row.kind, row.lane, row.slot) for row in rows]


@cache  # to put it together would take longer than to run it
def _due() -> Select[Any]:
    at = bindparam("at", type_=Float)
    in_lane = func.row_number().over(
        partition_by=(Owed.workspace, Owed.kind, Owed.lane), order_by=(Owed.owed_at, Owed.id)
    )
    ready = (
        select(Owed.workspace, Owed.id, Owed.kind, Owed.lane, Owed.slot, Owed.owed_at, in_lane.label("in_lane"))
        .where(Owed.state == "waiting", Owed.due <= at)
        .subquery()
    )
    in_kind = func.row_number().over(
        partition_by=(ready.c.workspace, ready.c.kind), order_by=(ready.c.in_lane, ready.c.owed_at, ready.c.id)
    )
    few = select(ready, in_kind.label("in_kind")).where(ready.c.in_lane <= PER_LANE).subquery()
    free = ~_slot_is_leased(few.c, at=at)  # else what waits for a lease to end would be tried for, again and again
    wanted = select(few).where(few.c.in_kind <= PER_KIND, free)
    return wanted.order_by(few.c.in_kind, few.c.owed_at, few.c.id).limit(bindparam("most", type_=Integer))


def next_due(session: Session, *, after: float) -> float | None:
    """When the next errand that is not due yet will be, seconds since 1970, UTC."""
    return session.scalar(_NEXT_DUE, {"after": after})


def claim(
    session: Session, wanted: list[Due], *, at: float, lease: float, heard: Mapping[WorkspaceId, Ts] | None = None
) -> list[Errand]:
    """Take what is still to be had of `wanted`, for `lease` seconds; of one slot, only when nobody has another.

    `heard`: the newest of Slack's times that is known of each workspace.
    """
    heard = heard or {}
    asked = {"wanted": [(one.workspace, one.id) for one in wanted], "at": at, "until": at + lease, "by": uuid4().hex}
    times = {f"heard_{number}": ts for number, ts in enumerate(heard.values())}
    rows = session.connection().execute(_claim(tuple(heard)), asked | times).all()
    return [_errand(row, at=at) for row in sorted(rows, key=lambda row: (row.owed_at, row.id))]


@lru_cache  # by the workspaces of which something was heard: of one, nearly always
def _claim(heard: tuple[WorkspaceId, ...]) -> Update:
    at = bindparam("at", type_=Float)
    free = (
        select(Owed.workspace, Owed.id)
        .where(
            tuple_(Owed.workspace, Owed.id).in_(bindparam("wanted", expanding=True)),
            Owed.state == "waiting",
            Owed.due <= at,
            ~_slot_is_leased(Owed, at=at),
        )
        .order_by(Owed.workspace, Owed.id)
        .with_for_update(skip_locked=True)  # SQLite, which has one writer, leaves it out
    )
    return (
        update(Owed)
        .where(tuple_(Owed.workspace, Owed.id).in_(free))
        .values(
            due=bindparam("until", type_=Float),
            lease=bindparam("by"),
            unknown=Owed.lease.is_not(None),
            tries=Owed.tries + 1,
            after_ts=case((Owed.tried_at.is_(None), _heard(heard)), else_=Owed.after_ts),
            tried_at=func.coalesce(Owed.tried_at, at),
        )
        .returning(*Owed.__table__.c)
    )


def holds(session: Session, errand: Errand) -> bool:
    """Whether its lease is still this try's; nobody takes it over before this transaction ends."""
    return session.connection().scalar(_HOLDS, _lease(errand)) is not None


def done(session: Session, errand: Errand) -> None:
    """It is said or done: nothing is owed any more."""
    session.connection().execute(_DONE, _lease(errand))


def put_off(
    session: Session, errand: Errand, *, until: float, reason: str, counted: bool = True, unsaid: bool = False
) -> None:
    """It is tried again from `until` on. Where a newer one of its slot waits, that will do.

    What was unknown of a post stays so, unless it is known now that it is `unsaid`: perhaps it was the look for it that could
    not be made. `counted`: whether this was a try at all.
    """
    if has_successor(session, errand.workspace, errand.id):
        done(session, errand)
        return
    still_unknown = errand.unknown and errand.slot is None and not unsaid
    now = {
        "due": until,
        "lease": errand.lease if still_unknown else None,
        "tries": errand.tries if counted else errand.tries - 1,
        "reason": reason,
    }
    session.connection().execute(update(Owed).where(*_LEASED).values(now), _lease(errand))


def leave_unknown(session: Session, errand: Errand, *, until: float, reason: str) -> None:
    """It may have happened. From `until` on it is looked for, before it is tried again."""
    session.connection().execute(update(Owed).where(*_LEASED).values(due=until, reason=reason), _lease(errand))


def park(session: Session, errand: Errand, *, reason: str, unknown: bool = False) -> None:
    """It can't be done as things are: an operator decides (`outloud outbox`).

    `unknown`: this try may have happened. What was unknown of an earlier one stays so. What surely did not happen gives back
    the turn that it took by the quiet rule: others may be heard meanwhile.
    """
    lease = errand.lease if errand.unknown or unknown else None
    if lease is None:
        quiet.give_back(session, errand.workspace, errand.id)
    parked = update(Owed).where(*_LEASED).values(state="parked", lease=lease, reason=reason)
    session.connection().execute(parked, _lease(errand))


def bodies_of(session: Session, workspace: WorkspaceId, *, slot: str) -> list[dict[str, Any]]:
    """What the errands of a slot carry: the one that waits, and the one that is under way. They stay as they are till commit."""
    return list(session.scalars(_BODIES, {"of_workspace": workspace, "of_slot": slot}))


def withdraw(session: Session, workspace: WorkspaceId, *, slot: str) -> None:
    """What waits in this slot is not owed any more: another beginning is made. What is under way goes on."""
    session.execute(
        delete(Owed).where(
            Owed.workspace == workspace, Owed.slot == slot, Owed.state == "waiting", Owed.lease.is_(None)
        )
    )


def waits(session: Session, workspace: WorkspaceId, kind: str, *, lane: str, key: str = "", value: str = "") -> bool:
    """Whether an errand of `kind` still waits, or one whose body says `value` under `key`."""
    found = select(Owed.id).where(
        Owed.workspace == workspace, Owed.kind == kind, Owed.lane == lane, Owed.state == "waiting"
    )
    if key:
        found = found.where(Owed.body[key].as_string() == value)
    return session.scalar(found.limit(1)) is not None


def another_leased(session: Session, errand: Errand) -> bool:
    """Whether another errand of the same kind and lane is being done, or may have been done: how it ended is not known."""
    one = {"of_workspace": errand.workspace, "of_kind": errand.kind, "of_lane": errand.lane, "of_id": errand.id}
    return session.scalar(_ANOTHER, one) is not None


def has_successor(session: Session, workspace: WorkspaceId, id: str) -> bool:
    """Whether a newer errand of the same slot waits: it will do for both."""
    other = aliased(Owed)
    found = select(other.id).where(
        Owed.workspace == workspace,
        Owed.id == id,
        other.workspace == Owed.workspace,
        other.slot == Owed.slot,
        other.id != Owed.id,
        other.state == "waiting",
        other.lease.is_(None),
    )
    return session.scalar(found.limit(1)) is not None


def _lease(errand: Errand) -> dict[str, Any]:
    """What stands in `_LEASED` for this one."""
    return {"of_workspace": errand.workspace, "of_id": errand.id, "of_lease": errand.lease}


def _heard(workspaces: tuple[WorkspaceId, ...]) -> ColumnElement[Any]:
    """The newest of Slack's times of an errand's workspace: what this process heard of these, or what is remembered."""
    remembered = select(Workspace.heard).where(Workspace.id == Owed.workspace).correlate(Owed).scalar_subquery()
    heard = {workspace: bindparam(f"heard_{number}", type_=String) for number, workspace in enumerate(workspaces)}
    return func.coalesce(case(heard, value=Owed.workspace), remembered) if heard else remembered


def _errand(row: Row[Any], *, at: float) -> Errand:
    return Errand(
        workspace=WorkspaceId(row.workspace),
        id=row.id,
        kind=row.kind,
        lane=row.lane,
        slot=row.slot,
        body=row.body,
        lease=row.lease,
        until=row.due,
        tries=row.tries,
        unknown=row.unknown,
        owed_at=row.owed_at,
        tried_at=row.tried_at,
        after_ts=row.after_ts,
        waited=at - row.tried_at,
        cause=row.cause,
    )
