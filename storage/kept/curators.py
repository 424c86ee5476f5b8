"""Curators: whose keep reactions stand on a message. Last write wins, by Slack's order (`event_ts`).

A reaction that was undone here, or refused, may stand in Slack still: as a *mere* one, which keeps nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, delete, or_, select, update
from sqlalchemy.orm import Session

from storage import people
from storage.db.upserts import Upsert
from storage.ids import MessageRef, PersonId, Ts
from storage.tables import Keep

UNDONE = ""
"""In place of an emoji's name: when somebody undid their keep. Whatever they gave before that is a mere reaction."""


SHORTCUT = "(keep this)"
"""In place of an emoji's name, which no emoji can have: when somebody keeps it by the shortcut. No reaction of theirs tells."""


@dataclass(frozen=True, slots=True, order=True)
class Given:
    """Somebody's reaction, as it stands on a message. In their order locks are taken."""

    person: PersonId
    emoji: str


@dataclass(frozen=True, slots=True)
class Seen:
    """Whose reactions on a message were not heard of when they were given, or when they were taken back."""

    given: frozenset[PersonId]
    taken_back: frozenset[PersonId]


def _follow(insert):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 -- the dialect's own builder
    statement = insert(Keep)
    return statement.on_conflict_do_update(
        index_elements=["workspace", "channel", "message_ts", "person", "emoji"],
        set_={"event_ts": statement.excluded.event_ts, "standing": statement.excluded.standing, "mere": False},
        where=statement.excluded.event_ts > Keep.event_ts,
    )


def _see(insert):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    statement = insert(Keep)
    return statement.on_conflict_do_update(
        index_elements=["workspace", "channel", "message_ts", "person", "emoji"],
        set_={"event_ts": statement.excluded.event_ts, "standing": statement.excluded.standing, "mere": False},
        where=statement.excluded.event_ts >= Keep.event_ts,
    )


_MESSAGE = (
    Keep.workspace == bindparam("of_workspace"),
    Keep.channel == bindparam("of_channel"),
    Keep.message_ts == bindparam("of_ts"),
)
_OF = select(Keep.person).where(*_MESSAGE, Keep.standing).order_by(Keep.event_ts)
_UNDONE_SINCE = select(Keep.person).where(
    *_MESSAGE, Keep.person == bindparam("of_person"), Keep.emoji == UNDONE, Keep.event_ts >= bindparam("since")
)
_FOLLOW = Upsert(_follow)
_SEE = Upsert(_see)


def follow(
    session: Session, message: MessageRef, person: PersonId, emoji: str, *, standing: bool, event_ts: Ts
) -> bool:
    """A reaction was given or taken back. False when something later is known of it, or of all of theirs, already."""
    if standing and _was_undone(session, message, person, event_ts):
        # It has its row all the same: whoever sees it stand in Slack must know that it is no news.
        _FOLLOW.run(session, **_row(message, Given(person, emoji)), event_ts=event_ts, standing=False)
        one = (*_on(message), Keep.person == person, Keep.emoji == emoji, Keep.event_ts == event_ts)
        session.execute(update(Keep).where(*one).values(mere=True))
        return False
    return _FOLLOW.run(session, **_row(message, Given(person, emoji)), event_ts=event_ts, standing=standing)


def of(session: Session, message: MessageRef) -> tuple[PersonId, ...]:
    """Whose keep reactions stand on a message, the first one first."""
    found = session.connection().scalars(_OF, _key(message))
    return tuple(dict.fromkeys(PersonId(person) for person in found))


def stands(session: Session, message: MessageRef, person: PersonId, *, event_ts: Ts) -> bool:
    """Whether a reaction that they gave at this very time stands."""
    found = select(Keep.emoji).where(*_on(message), Keep.person == person, Keep.event_ts == event_ts, Keep.standing)
    return session.scalar(found) is not None


def carried(session: Session, keepers: Sequence[tuple[MessageRef, Given]]) -> None:
    """An export shows these on messages. When they were given it does not say: whatever is heard of them is newer."""
    in_order = sorted(keepers, key=lambda keeper: (keeper[0].ts, keeper[1]))
    rows = [_row(message, one) | {"event_ts": message.ts, "standing": True} for message, one in in_order]
    _FOLLOW.run_all(session, rows)


def ever_kept(session: Session, message: MessageRef, person: PersonId) -> bool:
    """Whether they ever gave a keep reaction to a message, as far as was heard."""
    return session.scalar(select(Keep.person).where(*_on(message), Keep.person == person).limit(1)) is not None


def withdraw(session: Session, message: MessageRef, person: PersonId, *, event_ts: Ts) -> bool:
    """Somebody keeps it no more, whatever reactions of theirs stand. False where none does that is older than this."""
    withdrawn = (
        update(Keep)
        .where(*_on(message), Keep.person == person, Keep.standing, Keep.event_ts < event_ts)
        .values(standing=False, mere=True, event_ts=event_ts)
        .returning(Keep.emoji)
    )
    was_kept = bool(session.execute(withdrawn).all())
    if was_kept:
        _FOLLOW.run(session, **_row(message, Given(person, UNDONE)), event_ts=event_ts, standing=False)
    return was_kept


def refuse(session: Session, message: MessageRef) -> None:
    """A message can't be kept: who tried keeps nothing, so that a later try of somebody else's refuses only them."""
    session.execute(update(Keep).where(*_on(message), Keep.standing).values(standing=False, mere=True))


def given(session: Session, message: MessageRef) -> frozenset[Given]:
    """Whose keep reactions stand on a message, as far as was heard."""
    rows = session.execute(select(Keep.person, Keep.emoji).where(*_on(message), Keep.standing))
    return frozenset(Given(PersonId(row.person), row.emoji) for row in rows)


def told(session: Session, message: MessageRef) -> frozenset[Given]:
    """Whose reactions stand in Slack, as far as was heard, mere ones too."""
    rows = session.execute(select(Keep.person, Keep.emoji).where(*_on(message), or_(Keep.standing, Keep.mere)))
    return frozenset(Given(PersonId(row.person), row.emoji) for row in rows)


def forget(session: Session, message: MessageRef) -> None:
    """The message is gone from Slack, and with it whoever reacted to it."""
    session.execute(delete(Keep).where(*_on(message)))


def seen(session: Session, message: MessageRef, given: Collection[Given], *, known: Ts) -> Seen:
    """Slack showed which keep reactions stand on a message, after all that had happened until `known`.

    What was heard of later things stays.
    """
    rows = session.execute(select(Keep.__table__).where(*_on(message), Keep.emoji.not_in((UNDONE, SHORTCUT)))).all()
    before = {Given(PersonId(row.person), row.emoji): row for row in rows}
    at = max(known, message.ts)
    new = [one for one in given if one not in before or _was_taken_back(before[one], known)]
    bots = people.bots(session, message.place.workspace, {one.person for one in new})
    new = [one for one in new if one.person not in bots]
    for one in sorted(new):  # locks are taken in one order
        _SEE.run(session, **_row(message, one), event_ts=at, standing=True)
    gone = [
        one for one, row in before.items() if one not in given and (row.standing or row.mere) and row.event_ts <= known
    ]
    for one in sorted(gone):
        _SEE.run(session, **_row(message, one), event_ts=at, standing=False)
    return Seen(frozenset(one.person for one in new), frozenset(one.person for one in gone))


def _was_undone(session: Session, message: MessageRef, person: PersonId, event_ts: Ts) -> bool:
    """Whether they undid their keep after this time."""
    at = _key(message) | {"of_person": person, "since": event_ts}
    return session.connection().scalar(_UNDONE_SINCE, at) is not None


def _was_taken_back(row: Row[Any], known: Ts) -> bool:
    """Whether it stood no longer, as far as was heard until `known`."""
    return not row.standing and not row.mere and row.event_ts <= known


def _row(message: MessageRef, given: Given) -> dict[str, Any]:
    place = message.place
    return {
        "workspace": place.workspace,
        "channel": place.channel,
        "message_ts": message.ts,
        "person": given.person,
        "emoji": given.emoji,
    }


def _key(message: MessageRef) -> dict[str, Any]:
    """What stands in `_MESSAGE` for this one."""
    return {"of_workspace": message.place.workspace, "of_channel": message.place.channel, "of_ts": message.ts}


def _on(message: MessageRef) -> tuple[ColumnElement[bool], ...]:
    return (
        Keep.workspace == message.place.workspace,
        Keep.channel == message.place.channel,
        Keep.message_ts == message.ts,
    )
