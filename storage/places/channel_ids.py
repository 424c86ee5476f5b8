"""A channel has another id from now on, as when a private one is shared (Slack's `channel_id_changed`): all of it moves.

Every table whose rows are of a channel calls that column `channel`; so none can be forgotten, whenever it was made.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, and_, delete, func, insert, literal, select, update
from sqlalchemy.orm import Session, aliased

from storage import deliveries
from storage.ids import ChannelId, Place, Ts, WorkspaceId
from storage.search import documents
from storage.tables import Base, Channel, Delivery, Learning, NoticeRow, Owed, Unasked

from . import channels, gaps, pockets

COLUMN = "channel"
"""What a column is called that holds a channel's id; of the channels themselves, it is their `id`."""


@dataclass(frozen=True, slots=True)
class _Rows:
    """A table whose rows are of a channel, which `id` names."""

    table: Table
    id: Column[Any]

    @property
    def are_referred_to(self) -> bool:
        """Whether other rows name these by their channel: then these must stand under the new id before those do."""
        others = (other for other in Base.metadata.tables.values() if other is not self.table)
        return any(key.column is self.id for other in others for key in other.foreign_keys)

    def of(self, place: Place) -> tuple[ColumnElement[bool], ...]:
        """Those of one channel."""
        return self.table.c.workspace == place.workspace, self.id == place.channel

    def stand_under(self, new: ChannelId) -> ColumnElement[bool]:
        """Whether one like this stands under the new id already."""
        other = self.table.alias()
        keys = self.table.primary_key.columns
        same = [other.c[key.name] == (literal(new) if key is self.id else key) for key in keys]
        return select(literal(1)).select_from(other).where(and_(*same)).correlate(self.table).exists()


def changed(session: Session, place: Place, new: ChannelId, *, event_ts: Ts, at: float) -> None:
    """The channel that had the id of `place` is `new` now. Told again, or of a channel that is not known, it changes nothing.

    Of what kind it is now is in doubt; and what was told of it by its old id meanwhile is read from Slack. For two days it is
    remembered what the old one became: a form that is open knows no other (`moved`).
    """
    if new == place.channel or not channels.known(session, place):
        return
    deliveries.first(session, place.workspace, f"{_became(place.channel)}{new}", at=at)
    moved = _all()
    for rows in moved:
        (_copy if rows.are_referred_to else _rename)(session, rows, place, new)
    for rows in reversed(moved):
        if rows.are_referred_to:
            session.execute(delete(rows.table).where(*rows.of(place)))
    _rename_within_learnings(session, place, new)
    documents.move(session, place, new)
    _rename_within_outbox(session, place, new)
    _rename_within_notices(session, place, new)
    now = Place(place.workspace, new)
    channels.changed(session, now, in_doubt=True, at=at)
    if pockets.is_live(session, now):
        gaps.returned(session, now, known=event_ts, at=at)


def moved(session: Session, workspace: WorkspaceId, named: Collection[ChannelId]) -> dict[ChannelId, ChannelId]:
    """Those of these ids that no channel has any more, and the one that it has now in the place of each."""
    found = dict[ChannelId, ChannelId]()
    for old in named:
        if channels.known(session, Place(workspace, old)):
            continue
        begins = _became(old)
        this = select(Delivery.id).where(
            Delivery.workspace == workspace, Delivery.id.startswith(begins, autoescape=True)
        )
        if told := session.scalar(this.order_by(Delivery.seen_at.desc()).limit(1)):
            found[old] = ChannelId(told.removeprefix(begins))
    return found


def _became(old: ChannelId) -> str:
    return f"moved:{old}:"


def _all() -> list[_Rows]:
    """Whatever is referred to stands before what refers to it."""
    tables = Base.metadata.sorted_tables
    return [
        _Rows(table, table.c.id if table is Channel.__table__ else table.c[COLUMN])
        for table in tables
        if table is Channel.__table__ or COLUMN in table.c
    ]


def _copy(session: Session, rows: _Rows, place: Place, new: ChannelId) -> None:
    columns = [literal(new) if column is rows.id else column for column in rows.table.c]
    found = select(*columns).where(*rows.of(place), ~rows.stand_under(new))
    session.execute(insert(rows.table).from_select([column.name for column in rows.table.c], found))


def _rename(session: Session, rows: _Rows, place: Place, new: ChannelId) -> None:
    if rows.id.primary_key:  # what is known under the new id already is newer
        session.execute(delete(rows.table).where(*rows.of(place), rows.stand_under(new)))
    session.execute(update(rows.table).where(*rows.of(place)).values({rows.id.name: new}))


def _rename_within_learnings(session: Session, place: Place, new: ChannelId) -> None:
    """A kept one's key names its message, and its link leads there."""
    here = (Learning.workspace == place.workspace, Learning.channel == new)
    link = func.replace(Learning.link, place.channel, new)
    session.execute(update(Learning).where(*here, Learning.link.contains(place.channel)).values(link=link))
    key = func.replace(Learning.key, f"message:{place.channel}:", f"message:{new}:")
    other = aliased(Learning)
    taken = select(other.id).where(other.workspace == Learning.workspace, other.key == key).exists()
    session.execute(
        update(Learning).where(*here, Learning.key.startswith(f"message:{place.channel}:"), ~taken).values(key=key)
    )


def _rename_within_outbox(session: Session, place: Place, new: ChannelId) -> None:
    """What is owed there is done there."""
    named = Owed.body[COLUMN].as_string() == place.channel
    found = select(Owed.__table__).where(Owed.workspace == place.workspace, (Owed.lane == place.channel) | named)
    for owed in session.execute(found.order_by(Owed.id).with_for_update()).all():
        one = (Owed.workspace == place.workspace, Owed.id == owed.id)
        slot = owed.slot and owed.slot.replace(place.channel, new)
        taken = select(Owed.id).where(Owed.workspace == place.workspace, Owed.slot == slot, Owed.id != owed.id)
        if slot and slot != owed.slot and owed.lease is None and session.scalar(taken.where(Owed.lease.is_(None))):
            session.execute(delete(Owed).where(*one))
            continue
        lane = new if owed.lane == place.channel else owed.lane
        body = owed.body | ({COLUMN: new} if owed.body.get(COLUMN) == place.channel else {})
        session.execute(update(Owed).where(*one).values(slot=slot, lane=lane, body=body))


def _rename_within_notices(session: Session, place: Place, new: ChannelId) -> None:
    """What somebody is to hear of it is of the new one; what was posted there unasked counts on."""
    said = (Unasked.workspace == place.workspace, Unasked.lane == place.channel)
    session.execute(update(Unasked).where(*said).values(lane=new))
    here = (NoticeRow.workspace == place.workspace, NoticeRow.body[COLUMN].as_string() == place.channel)
    found = select(NoticeRow.__table__).where(*here).order_by(NoticeRow.person, NoticeRow.kind, NoticeRow.about)
    for notice in session.execute(found.with_for_update()).all():
        one = [column == getattr(notice, column.name) for column in NoticeRow.__table__.primary_key]
        body, again = notice.body | {COLUMN: new}, notice.again and notice.again | {COLUMN: new}
        about = notice.about.replace(place.channel, new)
        session.execute(update(NoticeRow).where(*one).values(body=body, again=again, about=about))
