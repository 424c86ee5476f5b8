"""Channels and who is in them: read from Slack as a whole now and then, and followed by its events in between."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case, func, or_, select, update
from sqlalchemy.orm import Session

from storage.db.upserts import Upsert
from storage.home import showing
from storage.ids import ChannelId, Person, PersonId, Place, Ts, WorkspaceId
from storage.owed import outbox
from storage.tables import Channel, Membership, Pocket


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """What Slack said of a channel when it was asked."""

    name: str
    is_private: bool
    known: Ts | None = None
    """The newest of Slack's times that was heard before it was asked."""
    is_shared: bool = False
    is_archived: bool = False
    has_bot: bool = True


@dataclass(frozen=True, slots=True)
class More:
    """Slack has more to list, after `cursor`: an errand of this kind is to go on, from `at`.

    `anew`: how often the list was begun anew by now.
    """

    cursor: str
    kind: str
    at: float
    anew: int = 0


KINDS = ("name", "is_private", "is_shared", "is_archived")
"""What Slack says of a channel itself, and not of Outloud in it."""

CHECK_EVERY = 3600.0
"""Seconds after which a pocket's channel is looked at again: the event that tells of a change may be lost."""

CHECK_AT_ONCE = 10
"""How many of them are looked at in one go: a fifth of what Slack allows in a minute."""


def _know(insert):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 -- the dialect's own builder
    statement = insert(Channel)
    news = {name: statement.excluded[name] for name in (*KINDS, "has_bot", "is_known", "checked_at", "described_at")}
    news["bot_ts"] = case(
        (statement.excluded.bot_ts > func.coalesce(Channel.bot_ts, "0"), statement.excluded.bot_ts),
        else_=Channel.bot_ts,
    )
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


def know(session: Session, place: Place, facts: ChannelFacts, *, at: float) -> None:
    """Remember a channel that Outloud is in, or what became of it since."""
    _KNOW.run(
        session,
        workspace=place.workspace,
        id=place.channel,
        **_kinds(facts),
        is_known=True,
        checked_at=at,
        described_at=at,
        has_bot=True,
        bot_ts=facts.known,
    )


def described(session: Session, place: Place, facts: ChannelFacts | None, *, at: float) -> None:
    """Slack was asked, at `at`, of what kind a channel is; None: it may not be looked at, so that is in doubt."""
    here = (Channel.workspace == place.workspace, Channel.id == place.channel)
    if facts is None:
        session.execute(update(Channel).where(*here).values(is_known=False, checked_at=at, described_at=at))
        return
    told = {**_kinds(facts), "is_known": True, "checked_at": at, "described_at": at}
    session.execute(update(Channel).where(*here).values(told))
    if facts.known is not None:  # asked after all that was heard until then, so it is newer than what was heard then
        set_bot(session, place, there=facts.has_bot, event_ts=facts.known, or_same=True)


def changed(session: Session, place: Place, *, in_doubt: bool, at: float) -> None:
    """Slack told that something became of a channel: it is owed a look. `in_doubt`: fewer may see it, until then."""
    if not known(session, place):
        return
    here = (Channel.workspace == place.workspace, Channel.id == place.channel)
    doubt = {"is_known": False} if in_doubt else {}
    session.execute(update(Channel).where(*here).values(**doubt, described_at=None))
    _owe_look(session, place, at=at)


def deleted(session: Session, place: Place) -> None:
    """A channel is gone, with all that was said in it."""
    here = (Channel.workspace == place.workspace, Channel.id == place.channel)
    session.execute(update(Channel).where(*here).values(is_deleted=True, is_known=False, has_bot=False))


def check(session: Session, *, at: float) -> None:
    """Owe a look at the pockets' channels that were not looked at for long: the longest first, a few at once."""
    stale = (
        select(Channel.workspace, Channel.id)
        .join(Pocket, (Pocket.workspace == Channel.workspace) & (Pocket.channel == Channel.id))
        .where(
            Pocket.stopped_at.is_(None),
            Channel.is_deleted.is_(False),
            func.coalesce(Channel.checked_at, 0) < at - CHECK_EVERY,
        )
        .order_by(func.coalesce(Channel.checked_at, 0), Channel.id)
        .limit(CHECK_AT_ONCE)
    )
    for row in session.execute(stale).all():
        session.execute(
            update(Channel).where(Channel.workspace == row.workspace, Channel.id == row.id).values(checked_at=at)
        )
        _owe_look(session, Place(WorkspaceId(row.workspace), ChannelId(row.id)), at=at)


def is_archived(session: Session, place: Place) -> bool:
    """Whether it is archived, as far as was heard: nothing can be said there."""
    found = select(Channel.is_archived).where(Channel.workspace == place.workspace, Channel.id == place.channel)
    return session.scalar(found) is True


def known(session: Session, place: Place) -> bool:
    """Whether this channel was ever looked at. Of others, nothing is remembered."""
    found = select(Channel.id).where(Channel.workspace == place.workspace, Channel.id == place.channel)
    return session.scalar(found) is not None


def follow(session: Session, place: Place, person: PersonId, *, standing: bool, event_ts: Ts, at: float) -> None:
    """Somebody joined or left. An older event than the last one changes nothing; nor does one of an unknown channel."""
    if known(session, place):
        row = {"workspace": place.workspace, "channel": place.channel, "person": person}
        _FOLLOW.run(session, **row, event_ts=event_ts, heard_at=at, standing=standing)
        showing.touch(session, Person(place.workspace, person), at=at, ever=not standing)


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


def out_since(session: Session, place: Place) -> Ts | None:
    """Since when, by Slack's time, Outloud is out of it, as far as was heard; None while it is in it."""
    found = select(Channel.out_since).where(Channel.workspace == place.workspace, Channel.id == place.channel)
    ts = session.scalar(found)
    return Ts(ts) if ts else None


def has_bot(session: Session, place: Place) -> bool:
    """Whether Outloud is in it, as far as it was told."""
    found = select(Channel.has_bot).where(Channel.workspace == place.workspace, Channel.id == place.channel)
    return session.scalar(found) is not False


def set_bot(session: Session, place: Place, *, there: bool, event_ts: Ts, or_same: bool = False) -> bool:
    """Outloud itself was invited, or removed. False: something later is known already, or nothing of this channel.

    `or_same`: it is newer than what is known of that very moment, too.
    """
    is_newer = Channel.bot_ts <= event_ts if or_same else Channel.bot_ts < event_ts
    done = session.execute(
        update(Channel)
        .where(
            Channel.workspace == place.workspace,
            Channel.id == place.channel,
            or_(Channel.bot_ts.is_(None), is_newer),
        )
        .values(
            has_bot=there,
            bot_ts=event_ts,
            out_since=None if there else case((Channel.has_bot, event_ts), else_=Channel.out_since),
        )
        .returning(Channel.id)
    )
    return done.scalar() is not None


def was_invited(session: Session, place: Place, *, known: Ts | None) -> None:
    """Slack says that Outloud is in it, after all that had happened until `known`."""
    facts = (Channel.workspace == place.workspace, Channel.id == place.channel)
    session.execute(update(Channel).where(*facts).values(has_bot=True, out_since=None))
    if known is not None:
        set_bot(session, place, there=True, event_ts=known)


def name_of(session: Session, place: Place) -> str:
    """What a channel is called, as far as was heard."""
    found = select(Channel.name).where(Channel.workspace == place.workspace, Channel.id == place.channel)
    return session.scalar(found) or ""


def owe_members(session: Session, place: Place, *, kind: str = "list members", anew: int = 0, at: float) -> None:
    """Everybody in a channel is to be listed, from the beginning; `list members again`, where nobody waits for it.

    `anew`: how often it was begun anew by now, because Slack no longer knew where it was.
    """
    slot = _listing(place)
    outbox.withdraw(session, place.workspace, slot=slot)  # a list that was begun before may lack who came since
    body = {"channel": place.channel} | ({"anew": anew} if anew else {})
    outbox.owe(session, place.workspace, kind, lane=place.channel, body=body, slot=slot, at=at)


def listed(
    session: Session, place: Place, members: list[PersonId], *, asked_at: float, more: More | None = None
) -> None:
    """Slack listed people in a channel, asked for the first of them at `asked_at`; after the last, who was not listed has left.

    What was heard of anybody since then is newer, and stays.
    """
    row = {"workspace": place.workspace, "channel": place.channel, "event_ts": "0", "heard_at": asked_at}
    for person in sorted(members):  # locks are taken in one order
        _LIST.run(session, **row, person=person, standing=True)
    if more is not None:
        body = {"channel": place.channel, "cursor": more.cursor, "asked_at": asked_at, "anew": more.anew}
        outbox.owe(session, place.workspace, more.kind, lane=place.channel, body=body, slot=_listing(place), at=more.at)
        return
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


def _kinds(facts: ChannelFacts) -> dict[str, object]:
    return {name: getattr(facts, name) for name in KINDS}


def _owe_look(session: Session, place: Place, *, at: float) -> None:
    body, slot = {"channel": place.channel}, f"channel:{place.channel}"
    outbox.owe(session, place.workspace, "look at channel", lane=place.channel, body=body, slot=slot, at=at)


def _listing(place: Place) -> str:
    """One list at a time: its next page gives way to a new beginning."""
    return f"list members:{place.channel}"
