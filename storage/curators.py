"""Curators: whose keep reactions stand on a message. Last write wins, by Slack's order (`event_ts`)."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from .ids import MessageRef, PersonId, Ts
from .tables import Keep
from .upserts import Upsert


def _follow(insert):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 -- the dialect's own builder
    statement = insert(Keep)
    return statement.on_conflict_do_update(
        index_elements=["workspace", "channel", "message_ts", "person", "emoji"],
        set_={"event_ts": statement.excluded.event_ts, "standing": statement.excluded.standing},
        where=statement.excluded.event_ts > Keep.event_ts,
    )


_FOLLOW = Upsert(_follow)


def follow(
    session: Session, message: MessageRef, person: PersonId, emoji: str, *, standing: bool, event_ts: Ts
) -> bool:
    """A reaction was given or taken back. False when something later is known of it already."""
    return _FOLLOW.run(
        session,
        workspace=message.place.workspace,
        channel=message.place.channel,
        message_ts=message.ts,
        person=person,
        emoji=emoji,
        event_ts=event_ts,
        standing=standing,
    )


def of(session: Session, message: MessageRef) -> tuple[PersonId, ...]:
    """Whose keep reactions stand on a message, the first one first."""
    found = select(Keep.person).where(*_on(message), Keep.standing).order_by(Keep.event_ts)
    return tuple(dict.fromkeys(PersonId(person) for person in session.scalars(found)))


def stands(session: Session, message: MessageRef, person: PersonId, *, event_ts: Ts) -> bool:
    """Whether a reaction that they gave at this very time stands."""
    found = select(Keep.emoji).where(*_on(message), Keep.person == person, Keep.event_ts == event_ts, Keep.standing)
    return session.scalar(found) is not None


def withdraw(session: Session, message: MessageRef, person: PersonId, *, event_ts: Ts) -> bool:
    """Somebody keeps it no more, whatever reactions of theirs stand. False where none does that is older than this."""
    withdrawn = (
        update(Keep)
        .where(*_on(message), Keep.person == person, Keep.standing, Keep.event_ts < event_ts)
        .values(standing=False, event_ts=event_ts)
        .returning(Keep.emoji)
    )
    return bool(session.execute(withdrawn).all())


def refuse(session: Session, message: MessageRef) -> None:
    """A message can't be kept: who tried keeps nothing, so that a later try of somebody else's refuses only them."""
    session.execute(update(Keep).where(*_on(message), Keep.standing).values(standing=False))


def _on(message: MessageRef) -> tuple[ColumnElement[bool], ...]:
    return (
        Keep.workspace == message.place.workspace,
        Keep.channel == message.place.channel,
        Keep.message_ts == message.ts,
    )
