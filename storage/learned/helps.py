"""Helps: who says that a learning helped them. Last write wins, by Slack's order (`event_ts`), for each way of saying so.

There are three ways: the card's button, a reaction on the card, a reaction on the message that it was kept from. Each is taken
back as it was given; whoever uses several is counted once. Bots aren't counted, nor is its author; of whom it is not known
yet whether they are people, Slack is asked.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, bindparam, delete, func, select
from sqlalchemy.orm import Session

from storage import people, visibility
from storage.db.upserts import Upsert
from storage.experts import asking
from storage.home import showing
from storage.ids import LearningId, MessageRef, Person, PersonId, Place, Ts, WorkspaceId
from storage.kept.curators import Given
from storage.owed import outbox
from storage.places import pockets
from storage.refusals import Gone, YourOwn
from storage.tables import Help, Learning, PersonRow

from . import learnings
from .learnings import LearningView

BUTTON = ""
"""In place of a message and of an emoji's name: the card's button."""

SOON = 2.0
"""Seconds until a card of which it is not known yet where it stands is looked at for reactions."""


@dataclass(frozen=True, slots=True)
class Helped:
    """Somebody's helped reaction on a message, given or taken back, at `event_ts` in Slack's order.

    `may_be_card`: Outloud itself wrote that message, as far as Slack says.
    """

    message: MessageRef
    person: PersonId
    emoji: str
    event_ts: Ts
    standing: bool
    may_be_card: bool = False


@dataclass(frozen=True, slots=True)
class Pressed:
    """What came of the button: whether it says now that it helped them, and whether a reaction of theirs says so."""

    standing: bool
    reacted: bool
    place: Place


def _follow(insert):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 -- the dialect's own builder
    statement = insert(Help)
    return statement.on_conflict_do_update(
        index_elements=["workspace", "learning", "person", "message_ts", "emoji"],
        set_={"event_ts": statement.excluded.event_ts, "standing": statement.excluded.standing},
        where=statement.excluded.event_ts > Help.event_ts,
    )


def _see(insert):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    statement = insert(Help)
    return statement.on_conflict_do_update(
        index_elements=["workspace", "learning", "person", "message_ts", "emoji"],
        set_={"event_ts": statement.excluded.event_ts, "standing": statement.excluded.standing},
        where=statement.excluded.event_ts >= Help.event_ts,
    )


_FOLLOW = Upsert(_follow)
_SEE = Upsert(_see)


def follow(session: Session, reaction: Helped, *, at: float) -> None:
    """A helped reaction was given or taken back. On a message that is no learning nothing comes of it."""
    found = of_message(session, reaction.message, lock=True)
    if found is None:
        if reaction.may_be_card and _is_on_its_way(session, reaction.message):
            _owe_look(session, reaction.message, at=at + SOON)
        return
    person = Person(found.place.workspace, reaction.person)
    if found.state not in ("pending", "live") or person.id == found.author:
        return
    if reaction.standing and not pockets.is_live(session, found.place):
        return
    given = Given(reaction.person, reaction.emoji)
    if _write(session, found, reaction.message.ts, given, standing=reaction.standing, event_ts=reaction.event_ts):
        _settle(session, found, person, standing=reaction.standing, at=at)


def press(session: Session, id: LearningId, *, by: Person, event_ts: Ts, at: float) -> Pressed:
    """Somebody pressed *it helped me*: it did, or, where they said so by the button before, it did not.

    The same press again changes nothing. Raises `Gone`, `YourOwn`, and `NotAPocket` where nothing new is taken in any more.
    """
    found = learnings.find(session, by.workspace, id, lock=True)
    if found is None or not found.is_live:
        raise Gone
    if found.author == by.id:
        raise YourOwn
    mine = (*_of(found), Help.person == by.id)
    before = session.execute(select(Help.standing, Help.event_ts).where(*mine, Help.message_ts == BUTTON)).one_or_none()
    reacted = select(Help.emoji).where(*mine, Help.message_ts != BUTTON, Help.standing).limit(1)
    by_reaction = session.scalar(reacted) is not None
    if before is not None and before.event_ts >= event_ts:
        return Pressed(before.standing, by_reaction, found.place)
    standing = before is None or not before.standing
    if standing:
        pockets.require(session, found.place)
    people.is_known_to_be(session, by, bot=False)  # bots press nothing
    _write(session, found, Ts(BUTTON), Given(by.id, BUTTON), standing=standing, event_ts=event_ts)
    learnings.owe_card_refresh(session, found, at=at)
    if standing:
        _tell_of_topics(session, found, at=at)
    showing.touch(session, by, at=at)
    return Pressed(standing, by_reaction, found.place)


_COUNT = (
    select(func.count(Help.person.distinct()))
    .join(PersonRow, (PersonRow.workspace == Help.workspace) & (PersonRow.id == Help.person))
    .where(
        Help.workspace == bindparam("of_workspace"),
        Help.learning == bindparam("of_id"),
        Help.standing,
        PersonRow.is_bot.is_(False),
        Help.person != bindparam("of_author"),
    )
)


def count(session: Session, learning: LearningView) -> int:
    """How many people it helped; of one that is not shown, none."""
    if not learning.is_live:
        return 0
    asked = {"of_workspace": learning.place.workspace, "of_id": learning.id, "of_author": learning.author or ""}
    return session.scalar(_COUNT, asked) or 0


def may_have_helped(session: Session, learning: LearningView) -> bool:
    """Whether somebody says so who is no bot, as far as is known: of some, Slack may not have said yet."""
    says = (
        select(Help.person)
        .join(PersonRow, (PersonRow.workspace == Help.workspace) & (PersonRow.id == Help.person))
        .where(*_of(learning), Help.standing, PersonRow.is_bot.is_not(True), Help.person != (learning.author or ""))
    )
    return session.scalar(says.limit(1)) is not None


def counts(session: Session, place: Place, among: Collection[str]) -> dict[str, int]:
    """How many people each of these learnings of a channel helped; those that helped nobody are left out."""
    person = (PersonRow.workspace == Help.workspace) & (PersonRow.id == Help.person)
    learning = (Learning.workspace == Help.workspace) & (Learning.id == Help.learning)
    found = (
        select(Help.learning, func.count(Help.person.distinct()).label("many"))
        .join(PersonRow, person)
        .join(Learning, learning)
        .where(
            Help.workspace == place.workspace,
            Help.learning.in_(among),
            Help.standing,
            PersonRow.is_bot.is_(False),
            Help.person != func.coalesce(Learning.author, ""),
            Learning.state == "live",
        )
        .group_by(Help.learning)
    )
    return {row.learning: row.many for row in session.execute(found)}


def most(session: Session, place: Place, *, since: float, limit: int) -> list[tuple[LearningId, int]]:
    """The learnings of a channel that helped most people since a moment (seconds since 1970, UTC), and how many each."""
    person = (PersonRow.workspace == Help.workspace) & (PersonRow.id == Help.person)
    learning = (Learning.workspace == Help.workspace) & (Learning.id == Help.learning)
    many = func.count(Help.person.distinct())
    found = (
        select(Help.learning, many.label("many"))
        .join(PersonRow, person)
        .join(Learning, learning)
        .where(
            visibility.shown_in(place),
            Help.event_ts >= f"{since:.6f}",
            Help.standing,
            PersonRow.is_bot.is_(False),
            Help.person != Learning.author,
        )
        .group_by(Help.learning)
        .order_by(many.desc(), Help.learning)
        .limit(limit)
    )
    return [(LearningId(row.learning), row.many) for row in session.execute(found)]


def seen(
    session: Session,
    message: MessageRef,
    given: Collection[Given],
    reactions: Collection[Given],
    *,
    known: Ts,
    at: float,
    may_give: bool = True,
) -> None:
    """Slack showed which helped reactions stand on a message (`given`), after all that had happened until `known`.

    What was heard of later things stays; so does what was given by an emoji that said so before the pocket chose another, while
    it is among all `reactions`. `may_give`: false where it is no pocket any more.
    """
    found = of_message(session, message, lock=True)
    if found is None or found.state not in ("pending", "live"):
        return
    rows = session.execute(select(Help.__table__).where(*_of(found), Help.message_ts == message.ts)).all()
    before = {Given(PersonId(row.person), row.emoji): row for row in rows}
    new = [
        one
        for one in given
        if may_give and one.person != found.author and (one not in before or not before[one].standing)
    ]
    gone = [one for one, row in before.items() if row.standing and one not in reactions]
    for one in sorted([*new, *gone]):  # locks are taken in one order
        if one in before and before[one].event_ts > known:
            continue
        if _write(session, found, message.ts, one, standing=one in new, event_ts=max(known, message.ts), by=_SEE):
            _settle(session, found, Person(found.place.workspace, one.person), standing=one in new, at=at)


def carried(
    session: Session, message: MessageRef, id: LearningId, given: Collection[Given], *, ask: bool, at: float
) -> None:
    """An export shows these on a learning's message. `ask`: of whom it does not say whether they are people, Slack may."""
    workspace = message.place.workspace
    key = {"workspace": workspace, "learning": id, "message_ts": message.ts, "event_ts": message.ts, "standing": True}
    _FOLLOW.run_all(session, [key | {"person": one.person, "emoji": one.emoji} for one in sorted(given)])
    for person in sorted({one.person for one in given}) if ask else ():
        if people.is_bot(session, who := Person(workspace, person)) is None:
            ask_who(session, who, at=at)


def is_person(session: Session, person: Person, *, bot: bool, at: float) -> None:
    """Slack said whether somebody who reacted is a bot: the cards of what helped them follow."""
    people.is_known_to_be(session, person, bot=bot)
    if bot:
        return
    found = select(Help.learning).where(Help.workspace == person.workspace, Help.person == person.id, Help.standing)
    for id in sorted(set(session.scalars(found))):
        learning = learnings.find(session, person.workspace, LearningId(id))
        if learning is not None and learning.is_live:
            learnings.owe_card_refresh(session, learning, at=at)
            _tell_of_topics(session, learning, at=at)


def forget(session: Session, workspace: WorkspaceId, id: LearningId) -> None:
    """The learning is gone for good: so is whom it helped."""
    session.execute(delete(Help).where(Help.workspace == workspace, Help.learning == id))


def of_message(session: Session, message: MessageRef, *, lock: bool = False) -> LearningView | None:
    """The learning that was kept from this message, or whose card it is."""
    workspace = message.place.workspace
    return learnings.find_by_key(session, workspace, learnings.key_of(message), lock=lock) or learnings.find_by_card(
        session, message, lock=lock
    )


def is_awaited(session: Session, message: MessageRef) -> bool:
    """Whether this message may be a card of which it will be known soon that it stands there."""
    return of_message(session, message) is None and _is_on_its_way(session, message)


def card_stands(session: Session, message: MessageRef, *, at: float, late: bool) -> None:
    """It is known now that this is a card. Who reacted to it before is read from Slack; `late`: somebody may have."""
    workspace, slot = message.place.workspace, _looking(message)
    if late or outbox.bodies_of(session, workspace, slot=slot):
        outbox.withdraw(session, workspace, slot=slot)  # it waits until later
        _owe_look(session, message, at=at)


def newest(session: Session, place: Place) -> Ts:
    """The newest of Slack's times that a help in this channel is known by; "0" where there is none."""
    learning = (Learning.workspace == Help.workspace) & (Learning.id == Help.learning)
    found = (
        select(func.max(Help.event_ts))
        .join(Learning, learning)
        .where(Learning.workspace == place.workspace, Learning.channel == place.channel)
    )
    return Ts(session.scalar(found) or "0")


def _settle(session: Session, found: LearningView, person: Person, *, standing: bool, at: float) -> None:
    """Its card is to say so; of whom nobody knows yet whether they are a bot, Slack is asked first."""
    is_bot = people.is_bot(session, person)
    if is_bot is False:
        learnings.owe_card_refresh(session, found, at=at)
        _tell_of_topics(session, found, at=at)
    elif is_bot is None and standing:
        ask_who(session, person, at=at)


def ask_who(session: Session, person: Person, *, at: float) -> None:
    """Slack is to be asked whether they are a bot."""
    body, slot = {"person": person.id}, f"who:{person.id}"
    outbox.owe(session, person.workspace, "ask who it helped", lane=person.id, body=body, slot=slot, at=at)


def _tell_of_topics(session: Session, found: LearningView, *, at: float) -> None:
    """What helps others may be something that its author wants to be asked about; what has no name says nothing of anybody."""
    if found.is_live and found.topics and found.author and not found.without_name:
        asking.helped(session, Person(found.place.workspace, found.author), found.topics, at=at)


def _write(
    session: Session, found: LearningView, ts: Ts, given: Given, *, standing: bool, event_ts: Ts, by: Upsert = _FOLLOW
) -> bool:
    """False when something later is known already."""
    workspace = found.place.workspace
    people.meet(session, Person(workspace, given.person))
    return by.run(
        session,
        workspace=workspace,
        learning=found.id,
        person=given.person,
        message_ts=ts,
        emoji=given.emoji,
        event_ts=event_ts,
        standing=standing,
    )


def _is_on_its_way(session: Session, message: MessageRef) -> bool:
    """Whether a card was or is being posted there of which it is not known yet where it stands."""
    return outbox.waits(session, message.place.workspace, "post card", lane=message.place.channel)


def _owe_look(session: Session, message: MessageRef, *, at: float) -> None:
    place, body = message.place, {"channel": message.place.channel, "ts": message.ts}
    slot = _looking(message)
    outbox.owe(session, place.workspace, "look whom it helped", lane=place.channel, body=body, slot=slot, at=at)


def _looking(message: MessageRef) -> str:
    return f"helped:{message.place.channel}:{message.ts}"


def _of(learning: LearningView) -> tuple[ColumnElement[bool], ...]:
    return Help.workspace == learning.place.workspace, Help.learning == learning.id
