"""Channels and who is in them: read from Slack as a whole now and then, and followed by its events in between."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from .ids import Person, PersonId, Place, Ts
from .tables import Channel, Membership
from .upserts import Upsert


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """What Slack said of a channel when it was asked."""

    name: str
    is_private: bool


def _know(insert):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 -- the dialect's own builder
    statement = insert(Channel)
    news = {name: statement.excluded[name] for name in ("name", "is_private", "has_bot")}
    return statement.on_conflict_do_update(index_elements=["workspace", "id"], set_=news)


def _follow(insert):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    statement = insert(Membership)
    return statement.on_conflict_do_update(
        index_elements=["workspace", "channel", "person"],
        set_={name: statement.excluded[name] for name in ("event_ts", "heard_at", "standing")},
        where=statement.excluded.event_ts > Membership.event_ts,
    )


def _list(insert):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    statement = insert(Membership)
    return statement.on_conflict_do_update(
        index_elements=["workspace", "channel", "person"],
        set_={name: statement.excluded[name] for name in ("heard_at", "standing")},
        where=statement.excluded.heard_at > Membership.heard_at,
    )


_KNOW = Upsert(_know)
_FOLLOW = Upsert(_follow)
_LIST = Upsert(_list)


def know(session: Session, place: Place, facts: ChannelFacts) -> None:
    """Remember a channel that Outloud is in, or what became of it since."""
    _KNOW.run(
        session,
        workspace=place.workspace,
        id=place.channel,
        name=facts.name,
        is_private=facts.is_private,
        has_bot=True,
    )


def known(session: Session, place: Place) -> bool:
    """Whether this channel was ever looked at. Of others, nothing is remembered."""
    found = select(Channel.id).where(Channel.workspace == place.workspace, Channel.id == place.channel)
    return session.scalar(found) is not None


def follow(session: Session, place: Place, person: PersonId, *, standing: bool, event_ts: Ts, at: float) -> None:
    """Somebody joined or left. An older event than the last one changes nothing; nor does one of an unknown channel."""
    if known(session, place):
        row = {"workspace": place.workspace, "channel": place.channel, "person": person}
        _FOLLOW.run(session, **row, event_ts=event_ts, heard_at=at, standing=standing)


def seen(session: Session, place: Place, person: Person, *, at: float) -> None:
    """They act in it, so they are in it: an event that told of their coming may have been lost."""
    if membership(session, place, person) is not True:
        row = {"workspace": place.workspace, "channel": place.channel, "person": person.id}
        _LIST.run(session, **row, event_ts="0", heard_at=at, standing=True)


def rename(session: Session, place: Place, name: str) -> None:
    """Remember what a channel is called now."""
    session.execute(
        update(Channel)
        .where(Channel.workspace == place.workspace, Channel.id == place.channel, Channel.name != name)
        .values(name=name)
    )


def has_bot(session: Session, place: Place) -> bool:
    """Whether Outloud is in it, as far as it was told."""
    found = select(Channel.has_bot).where(Channel.workspace == place.workspace, Channel.id == place.channel)
    return session.scalar(found) is not False


def set_bot(session: Session, place: Place, *, there: bool) -> None:
    """Outloud itself was invited, or removed."""
    session.execute(
        update(Channel).where(Channel.workspace == place.workspace, Channel.id == place.channel).values(has_bot=there)
    )


def listed(session: Session, place: Place, members: list[PersonId], *, asked_at: float) -> None:
    """Slack listed everybody in a channel when it was asked at `asked_at`: who is not listed has left.

    What was heard of anybody since then is newer, and stays.
    """
    row = {"workspace": place.workspace, "channel": place.channel, "event_ts": "0", "heard_at": asked_at}
    for person in members:
        _LIST.run(session, **row, person=person, standing=True)
    session.execute(
        update(Membership)
        .where(
            Membership.workspace == place.workspace,
            Membership.channel == place.channel,
            Membership.heard_at < asked_at,
        )
        .values(standing=False, heard_at=asked_at)
    )
    session.execute(
        update(Channel)
        .where(Channel.workspace == place.workspace, Channel.id == place.channel)
        .values(looked_at=asked_at)
    )


def membership(session: Session, place: Place, person: Person) -> bool | None:
    """True: they are in it; False: they left; None: nothing was heard of it."""
    return session.scalar(
        select(Membership.standing).where(
            Membership.workspace == place.workspace,
            Membership.channel == place.channel,
            Membership.person == person.id,
        )
    )
