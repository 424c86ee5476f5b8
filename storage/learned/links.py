"""Links: learnings that say nearly the same lead to each other. Who may link them is in `changes`.

A link goes with either of the two: of one that is gone, no card says anything.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, bindparam, delete, or_, select
from sqlalchemy.orm import Session

from storage.db.among import among
from storage.db.upserts import Upsert
from storage.ids import ChannelId, LearningId, PersonId, Place, WorkspaceId
from storage.owed import outbox
from storage.prompts import rounds
from storage.tables import Learning, Link

_ADD = Upsert(lambda insert: insert(Link).on_conflict_do_nothing())
_OF = (
    select(Link.learning, Link.other)
    .where(
        Link.workspace == bindparam("of_workspace"),
        or_(Link.learning == bindparam("of_id"), Link.other == bindparam("of_id")),
    )
    .order_by(Link.linked_at.desc(), Link.learning, Link.other)
)

_OF_EACH = (
    select(Link.learning, Link.other)
    .where(
        Link.workspace == bindparam("of_workspace"), or_(among(Link.learning, "of_ids"), among(Link.other, "of_ids"))
    )
    .order_by(Link.linked_at.desc(), Link.learning, Link.other)
)


def add(session: Session, workspace: WorkspaceId, one: LearningId, two: LearningId, *, by: PersonId, at: float) -> None:
    """These two lead to each other from now on, and their cards follow. Said again, it changes nothing."""
    first, second = sorted((one, two))
    if _ADD.run(session, workspace=workspace, learning=first, other=second, linked_by=by, linked_at=at):
        _owe_cards(session, workspace, (one, two), at=at)


def remove(session: Session, workspace: WorkspaceId, one: LearningId, two: LearningId, *, at: float) -> None:
    """They don't any more. Said again, it changes nothing."""
    first, second = sorted((one, two))
    pair = (Link.workspace == workspace, Link.learning == first, Link.other == second)
    if session.execute(delete(Link).where(*pair).returning(Link.other)).scalar() is not None:
        _owe_cards(session, workspace, (one, two), at=at)


def of(session: Session, workspace: WorkspaceId, id: LearningId) -> list[LearningId]:
    """Where a learning leads to, what was linked last first."""
    rows = session.execute(_OF, {"of_workspace": workspace, "of_id": id})
    return [LearningId(row.other if row.learning == id else row.learning) for row in rows]


def of_each(
    session: Session, workspace: WorkspaceId, ids: Collection[LearningId]
) -> dict[LearningId, list[LearningId]]:
    """The same, of those of these that lead anywhere."""
    found = dict[LearningId, list[LearningId]]()
    for row in session.execute(_OF_EACH, {"of_workspace": workspace, "of_ids": [*ids]}) if ids else ():
        for id, other in ((row.learning, row.other), (row.other, row.learning)):
            if id in ids:
                found.setdefault(LearningId(id), []).append(LearningId(other))
    return found


def forget(session: Session, workspace: WorkspaceId, id: LearningId, *, at: float) -> None:
    """It leads nowhere any more, and nothing to it: the others' cards follow."""
    others = of(session, workspace, id)
    if others:
        session.execute(delete(Link).where(*_of(workspace, id)))
        _owe_cards(session, workspace, others, at=at)


def owe_look(session: Session, place: Place, id: LearningId, *, at: float) -> None:
    """What says nearly the same as something that was just shared here is to be looked for, and its author told."""
    outbox.owe(session, place.workspace, "tell close", lane=place.channel, body={"learning": id}, at=at)


def _owe_cards(session: Session, workspace: WorkspaceId, ids: Collection[LearningId], *, at: float) -> None:
    """Owe those that have a card the state that it will have; what was kept has none."""
    carded = (Learning.source_ts.is_(None), Learning.state == "live")
    here = select(Learning.id, Learning.channel).where(Learning.workspace == workspace, Learning.id.in_(ids), *carded)
    for row in session.execute(here.order_by(Learning.id)).all():
        rounds.owe_card(session, Place(workspace, ChannelId(row.channel)), LearningId(row.id), at=at)


def _of(workspace: WorkspaceId, id: LearningId) -> tuple[ColumnElement[bool], ...]:
    return Link.workspace == workspace, or_(Link.learning == id, Link.other == id)
