"""Pockets: channels that opted in, and the leads who may change them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from storage import deliveries
from storage.db.upserts import Upsert
from storage.home import showing
from storage.ids import ChannelId, Person, PersonId, Place, Ts, WorkspaceId
from storage.owed import outbox
from storage.prompts import resting
from storage.refusals import (
    AlreadyAPocket,
    ArchivedChannel,
    NoLongerAPocket,
    NotAMember,
    NotAPerson,
    NotAPocket,
    NotInvited,
    SettingsChanged,
)
from storage.tables import Channel, Lead, Membership, PersonRow, Pocket
from storage.visibility import Viewer, offered

from . import channels, leads, pocket_changes, pocket_reactions, pocket_settings
from .channels import ChannelFacts
from .pocket_changes import Led, Saw
from .pocket_reactions import PocketReactions
from .pocket_settings import PocketSettings


@dataclass(frozen=True, slots=True)
class PocketName:
    """A pocket, and what its channel is called."""

    channel: ChannelId
    name: str


@dataclass(frozen=True, slots=True)
class Pocketed:
    """A channel that is a pocket or was one; `started_ts` is Slack's time when it began to be one, if any was heard by then."""

    place: Place
    started_ts: Ts | None
    is_live: bool


@dataclass(frozen=True, slots=True)
class PocketView:
    """A pocket as somebody in it sees it. `may_lead`: they may change it."""

    settings: PocketSettings
    leads: tuple[PersonId, ...]
    may_lead: bool
    reactions: PocketReactions = field(default_factory=PocketReactions)

    @property
    def led(self) -> Led:
        """What its leads decide about it."""
        return Led(self.settings, self.leads, self.reactions)


def _start(insert):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 -- the dialect's own builder
    statement = insert(Pocket)
    news = {
        "started_by": statement.excluded.started_by,
        "started_at": statement.excluded.started_at,
        "started_ts": statement.excluded.started_ts,
        "stopped_at": None,
    }
    return statement.on_conflict_do_update(
        index_elements=["workspace", "channel"], set_=news, where=Pocket.stopped_at.is_not(None)
    )


_START = Upsert(_start)
_POCKETED = select(Pocket.channel, Pocket.started_ts, Pocket.stopped_at)
_LIVE = select(Pocket.channel).where(
    Pocket.workspace == bindparam("of_workspace"),
    Pocket.channel == bindparam("of_channel"),
    Pocket.stopped_at.is_(None),
)
_STANDING = (
    select(Pocket.stopped_at, Channel.is_archived, Channel.has_bot, Membership.standing, PersonRow.is_bot)
    .outerjoin(Channel, (Channel.workspace == Pocket.workspace) & (Channel.id == Pocket.channel))
    .outerjoin(
        Membership,
        (Membership.workspace == Pocket.workspace)
        & (Membership.channel == Pocket.channel)
        & (Membership.person == bindparam("of_person")),
    )
    .outerjoin(PersonRow, (PersonRow.workspace == Pocket.workspace) & (PersonRow.id == bindparam("of_person")))
    .where(Pocket.workspace == bindparam("of_workspace"), Pocket.channel == bindparam("of_channel"))
)


def is_live(session: Session, place: Place) -> bool:
    """Whether this channel is a pocket now."""
    return session.connection().scalar(_LIVE, _key(place)) is not None


def was_one(session: Session, place: Place) -> bool:
    """Whether it is a pocket, or was one."""
    found = select(Pocket.channel).where(Pocket.workspace == place.workspace, Pocket.channel == place.channel)
    return session.scalar(found) is not None


def require(session: Session, place: Place) -> None:
    """Raise `NotAPocket` where the channel is none now: `NoLongerAPocket` where it was one."""
    if not is_live(session, place):
        raise (NoLongerAPocket if was_one(session, place) else NotAPocket)(field="pocket")


def require_none(session: Session, place: Place) -> None:
    """Raise `AlreadyAPocket` where it is one."""
    if is_live(session, place):
        raise _already_one(session, place)


def require_share(session: Session, place: Place, person: Person, *, seen_at: float | None = None) -> None:
    """Raise `NotAPocket`, `ArchivedChannel`, `NotAMember` where `person` is not in it, `NotInvited` where Outloud isn't.

    `NotAPerson`, too, where Slack said once that `person` is a bot. `seen_at`: it says that they are there right now
    (seconds since 1970, UTC), which is remembered.
    """
    of = {"of_workspace": place.workspace, "of_channel": place.channel, "of_person": person.id}
    row = session.connection().execute(_STANDING, of).one_or_none()
    if row is None or row.stopped_at is not None:
        raise (NotAPocket if row is None else NoLongerAPocket)(field="pocket")
    if row.is_archived:
        raise ArchivedChannel(field="pocket")
    if row.has_bot is False:
        raise NotInvited(field="pocket")
    if row.is_bot:
        raise NotAPerson
    if row.standing is not True:
        if seen_at is None:
            raise NotAMember(field="pocket")
        channels.seen(session, place, person, at=seen_at)


def enter(session: Session, place: Place, person: Person, *, name: str, at: float) -> PocketName:
    """Somebody is about to share here, in a channel of this name (empty: Slack did not say). Raises as `require_share`."""
    require_share(session, place, person, seen_at=at)
    if name:
        channels.rename(session, place, name)
    return PocketName(place.channel, name or channels.name_of(session, place))


def start(
    session: Session,
    place: Place,
    facts: ChannelFacts,
    settings: PocketSettings | None = None,
    *,
    by: Person,
    at: float,
    form: str = "",
) -> None:
    """Make a channel a pocket, with `by` as its lead; the first time, the channel hears of it.

    `settings`: None leaves them as they were. `form`: the key of the form that was sent, if one was; the same again changes
    nothing, and `by` is to hear a private word. Raises `AlreadyAPocket`, and what `pocket_settings.checked` raises.
    """
    settings = settings and pocket_settings.checked(settings)
    if form and not deliveries.first(session, place.workspace, f"form:{form}", at=at):
        return
    require_none(session, place)
    showing.touch(session, by, at=at)
    is_new = not was_one(session, place)
    channels.know(session, place, facts, at=at)
    row = {"workspace": place.workspace, "channel": place.channel, "started_by": by.id, "started_at": at}
    if not _START.run(session, **row, started_ts=facts.known):
        raise _already_one(session, place)
    if settings:
        pocket_settings.write(session, place, settings, at=at)
    leads.add(session, place, by, at=at)
    lane, body = place.channel, {"channel": place.channel, "person": by.id}
    resting.look(session, place, at=at)
    channels.owe_members(session, place, at=at)
    if is_new:
        outbox.owe(session, place.workspace, "announce pocket", lane=lane, body=body, at=at)
    if form:
        outbox.owe(session, place.workspace, "confirm start", lane=lane, body=body, at=at)


def announced(session: Session, place: Place, *, ts: Ts) -> None:
    """The channel heard at `ts` that it is a pocket. Where nothing was heard of Slack's time before, it began to be one then."""
    here = (Pocket.workspace == place.workspace, Pocket.channel == place.channel, Pocket.started_ts.is_(None))
    session.execute(update(Pocket).where(*here).values(started_ts=ts))


def change(session: Session, place: Place, entered: Led, saw: Saw | None = None, *, by: Person, at: float) -> None:
    """A lead changes a pocket, and says who leads it. `saw`: what their form showed, where what others did since is to stay.

    Raises `NotAPocket`, `SettingsChanged` where somebody else has changed the same meanwhile, and what
    `pocket_settings.checked`, `pocket_reactions.require_distinct`, `leads.require` and `leads.set_all` raise.
    """
    entered = replace(entered, settings=pocket_settings.checked(entered.settings))
    require(session, place)
    leads.require(session, place, by)
    session.execute(
        _LIVE.with_for_update(key_share=True), _key(place)
    )  # of two who change it, one sees what the other did
    now = _led(session, place)
    if both := pocket_changes.clashing(entered, now, saw or {}):
        raise SettingsChanged(both)
    entered = pocket_changes.merged(entered, now, saw or {})
    pocket_reactions.require_distinct(entered.reactions)
    leads.set_all(session, place, entered.leads, at=at)
    pocket_settings.write(session, place, entered.settings, at=at)
    pocket_reactions.write(session, place, entered.reactions)
    showing.touch(session, by, at=at)


def seen_by(session: Session, place: Place, person: Person) -> PocketView | None:
    """What somebody sees of the pocket that they are in front of; None: it is none."""
    if not is_live(session, place):
        return None
    return _view(session, place, may_lead=leads.may(session, place, person))


def led_by(session: Session, place: Place, person: Person) -> PocketView:
    """A pocket, for whoever wants to change it. Raises `NotAPocket`, `NotALead`."""
    require(session, place)
    leads.require(session, place, person)
    return _view(session, place, may_lead=True)


def offer(session: Session, place: Place, inviter: PersonId, *, at: float) -> None:
    """Whoever invited Outloud is to be asked whether the channel shall be a pocket, unless it is one."""
    if not is_live(session, place):
        body = {"channel": place.channel, "person": inviter}
        outbox.owe(
            session,
            place.workspace,
            "offer pocket",
            lane=place.channel,
            body=body,
            slot=f"offer:{place.channel}",
            at=at,
        )


def stop(session: Session, place: Place, *, by: Person, at: float) -> None:
    """End a pocket. What was learned stays. Where no lead is in it any more, whoever is there may.

    Raises `NotAPocket`, and `NotALead` for anybody else than a lead.
    """
    require(session, place)
    leads.require(session, place, by)
    session.execute(
        update(Pocket).where(Pocket.workspace == place.workspace, Pocket.channel == place.channel).values(stopped_at=at)
    )
    resting.look(session, place, at=at)
    showing.touch(session, by, at=at)


def gone(session: Session, place: Place, *, at: float) -> None:
    """Its channel was deleted: it is none any more. What was learned there stays, for whoever wrote it."""
    channels.deleted(session, place)
    here = (Pocket.workspace == place.workspace, Pocket.channel == place.channel, Pocket.stopped_at.is_(None))
    session.execute(update(Pocket).where(*here).values(stopped_at=at))
    resting.look(session, place, at=at)


def left(session: Session, place: Place, *, event_ts: Ts, at: float) -> None:
    """Outloud itself was removed from its channel."""
    channels.set_bot(session, place, there=False, event_ts=event_ts)
    resting.look(session, place, at=at)


def joined(session: Session, place: Place, *, event_ts: Ts, at: float) -> bool:
    """Outloud itself was invited: who came and went before, it could not hear. False: that is known, or no pocket's."""
    is_news = channels.set_bot(session, place, there=True, event_ts=event_ts) and is_live(session, place)
    if is_news:
        channels.owe_members(session, place, at=at)
        resting.look(session, place, at=at)
    return is_news


def returned(session: Session, place: Place, *, known: Ts | None, at: float) -> None:
    """Slack says that Outloud is in it again, after all that was heard until `known`: the news of that was lost."""
    channels.was_invited(session, place, known=known)
    channels.owe_members(session, place, at=at)
    resting.look(session, place, at=at)


def find(session: Session, place: Place) -> Pocketed | None:
    """A channel that is a pocket, or was one."""
    row = session.execute(_POCKETED.where(Pocket.workspace == place.workspace, Pocket.channel == place.channel)).first()
    return _pocketed(place.workspace, *row) if row else None


def all_with_bot(session: Session, workspace: WorkspaceId, *, after: str, limit: int) -> list[Pocketed]:
    """Pockets that Outloud is in, stopped ones too, in the order of their ids, from behind `after` on."""
    channel = (Channel.workspace == Pocket.workspace) & (Channel.id == Pocket.channel)
    found = (
        _POCKETED.join(Channel, channel)
        .where(Pocket.workspace == workspace, Channel.has_bot, Pocket.channel > after)
        .order_by(Pocket.channel)
        .limit(limit)
    )
    return [_pocketed(workspace, *row) for row in session.execute(found)]


def of_viewer(
    session: Session,
    viewer: Viewer,
    *,
    containing: str = "",
    led: bool = False,
    channel: ChannelId | None = None,
    limit: int = 100,
) -> list[PocketName]:
    """The pockets that somebody is in, by name; only those whose name contains `containing`, and that they lead, if `led`.

    `channel`: only this one.
    """
    leading = select(Lead.person).where(
        Lead.workspace == Pocket.workspace, Lead.channel == Pocket.channel, Lead.person == viewer.person.id
    )
    found = (
        select(Pocket.channel, Channel.name)
        .join(Channel, (Channel.workspace == Pocket.workspace) & (Channel.id == Pocket.channel))
        .where(
            Pocket.stopped_at.is_(None),
            offered(viewer),
            *([leading.exists()] if led else []),
            *([Pocket.channel == channel] if channel else []),
            Channel.name.contains(containing.lower(), autoescape=True),
        )
        .order_by(Channel.name, Pocket.channel)
        .limit(limit)
    )
    return [PocketName(ChannelId(row.channel), row.name) for row in session.execute(found)]


def _view(session: Session, place: Place, *, may_lead: bool) -> PocketView:
    led = _led(session, place)
    return PocketView(led.settings, led.leads, may_lead, led.reactions)


def _led(session: Session, place: Place) -> Led:
    reactions = pocket_reactions.of(session, place)
    return Led(pocket_settings.of(session, place), leads.of(session, place), reactions)


def _key(place: Place) -> dict[str, str]:
    return {"of_workspace": place.workspace, "of_channel": place.channel}


def _already_one(session: Session, place: Place) -> AlreadyAPocket:
    return AlreadyAPocket(keep=pocket_reactions.of(session, place).shown("keep"))


def _pocketed(workspace: WorkspaceId, channel: str, started_ts: str | None, stopped_at: float | None) -> Pocketed:
    started = Ts(started_ts) if started_ts else None
    return Pocketed(Place(workspace, ChannelId(channel)), started, is_live=stopped_at is None)
