"""Endorsing: somebody would ask somebody else about a topic. It waits, unseen, until that one is asked, and says yes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, case, delete, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from storage import people
from storage.db.upserts import Upsert
from storage.ids import ChannelId, MessageRef, Person, PersonId, Place, Ts, WorkspaceId
from storage.kept.curators import Given
from storage.learned import helps, topics
from storage.owed import outbox
from storage.places import pockets
from storage.tables import Endorsement

from . import asking, names, tags, wishes
from .refusals import NoTags, NotEndorsed, YourselfEndorsed

BUTTON = MessageRef(Place(WorkspaceId(""), ChannelId("")), Ts(""))
"""In place of the message that was reacted to: the button."""

Outcome = Literal["new", "counted", "not counted"]
"""What whoever endorses hears. A no, a wait and a person who is not found are all *not counted*: nobody can tell them apart."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """Somebody's endorse reaction on a message, given or taken off, at `event_ts` in Slack's order."""

    message: MessageRef
    giver: PersonId
    emoji: str
    event_ts: Ts
    standing: bool


def _follow(insert):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 -- the dialect's own builder
    new = insert(Endorsement)
    still = Endorsement.standing & new.excluded.standing  # said again, it is no newer
    return new.on_conflict_do_update(
        index_elements=["workspace", "person", "topic", "giver", "channel", "message_ts", "emoji"],
        set_={
            **{name: new.excluded[name] for name in ("event_ts", "standing")},
            # Another process may have written an answer since it was looked for.
            "state": case((Endorsement.state != "waiting", Endorsement.state), else_=new.excluded.state),
            "given_at": case((still, Endorsement.given_at), else_=new.excluded.given_at),
        },
        where=new.excluded.event_ts > Endorsement.event_ts,
    )


_FOLLOW = Upsert(_follow)


def endorse_all(
    session: Session, person: Person, typed: Sequence[str], *, by: Person, event_ts: Ts, at: float
) -> tuple[tuple[str, ...], Outcome]:
    """The same for several topics, as they are typed: which, and what is to be said of all. Raises `NoTags`, and as `endorse`."""
    wanted = topics.normalise_all([one for one in typed if one.strip()])
    if not wanted:
        raise NoTags(field="about")
    said = [endorse(session, person, topic, by=by, event_ts=event_ts, at=at) for topic in wanted]
    order: tuple[Outcome, ...] = ("new", "not counted", "counted")
    return wanted, next(one for one in order if one in said)


def endorse(session: Session, person: Person, topic: str, *, by: Person, event_ts: Ts, at: float) -> Outcome:
    """By the button. Raises `YourselfEndorsed`, and what `topics.normalise` raises."""
    topic = topics.normalise(topic)
    if person.id == by.id:
        raise YourselfEndorsed(topic=topic)
    _meet(session, person, by.id)
    people.is_known_to_be(session, by, bot=False)  # bots press nothing
    before = _standing(session, person, topic, by=by)
    given = Reaction(BUTTON, by.id, "", event_ts, standing=True)
    if _give(session, person, topic, given, at=at) and before is None:
        asking.owe_waiting(session, person, at=at)
    return before or "new"


def owe_endorsed(session: Session, by: Person, *, at: float) -> None:
    """`by` is to be found again: whom they endorsed meanwhile, or before, may be asked."""
    mine = (Endorsement.workspace == by.workspace, Endorsement.giver == by.id)
    found = select(Endorsement.person).where(*mine, Endorsement.standing, Endorsement.state == "waiting").distinct()
    for person in session.scalars(found.order_by(Endorsement.person)).all():
        asking.owe_waiting(session, Person(by.workspace, PersonId(person)), at=at)


def take_back(session: Session, person: Person, written: Sequence[str], *, by: Person, event_ts: Ts) -> None:
    """However it was given, for these topics. A reaction may stand in Slack still, as a mere one. Raises `NotEndorsed`."""
    about = names.all_of(session, person.workspace, topics.normalise_all(list(written)))
    given = (*_of(person), Endorsement.giver == by.id, Endorsement.topic.in_(about), Endorsement.standing)
    asking.hold(session, *given)
    ended = update(Endorsement).where(*given).values(standing=False, event_ts=event_ts).returning(Endorsement.topic)
    gone = set(session.connection().scalars(ended))
    if not gone:
        raise NotEndorsed
    for topic in sorted(gone):  # the button's row, of the same time: by it `_is_mere` knows them
        _give(session, person, topic, Reaction(BUTTON, by.id, "", event_ts, standing=False), at=float(event_ts))


def react(session: Session, reaction: Reaction, author: PersonId | None, *, at: float, was_seen: bool = False) -> None:
    """A reaction endorses whoever wrote a message, for the topics of the learning that it is; taken off, it ends what it gave.

    `author`: who wrote it, as far as Slack says. Where no topics are known, or nobody is named, whoever reacted hears that;
    nothing comes of it in a channel that is no pocket, or where something later is known. `was_seen`: it was not told, but seen
    to stand, as it may be again and again: where nothing comes of it, nothing is said.
    """
    place, giver = reaction.message.place, Person(reaction.message.place.workspace, reaction.giver)
    found = helps.of_message(session, reaction.message)
    learning = found if found is not None and found.is_live else None
    who = (None if learning.without_name else learning.author) if learning else author
    written = learning.topics if learning and who and learning.kind != "question" else ()
    if not reaction.standing:
        _end(session, reaction)
    elif who == giver.id or not pockets.is_live(session, place):
        return
    about = Person(place.workspace, PersonId(who or ""))
    gave = [_give(session, about, topic, reaction, at=at) for topic in (written if who != giver.id else ())]
    if reaction.standing and (any(gave) if was_seen else (who or learning)):
        _owe_answer(session, reaction, who, was_seen=was_seen, at=at)


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
    """Slack showed which endorse reactions stand on a learning's message (`given`), after all that had happened until `known`.

    What was heard of later things stays. `reactions`: all that stand on it; `may_give`: false where it is no pocket any more.
    """
    found = helps.of_message(session, message)
    if found is None or not found.is_live:
        return
    here = (Endorsement.workspace == message.place.workspace, Endorsement.channel == message.place.channel)
    known_of = (Endorsement.giver, Endorsement.emoji, Endorsement.event_ts, Endorsement.standing)
    rows = session.execute(
        select(*known_of, _is_mere().label("is_mere")).where(*here, Endorsement.message_ts == message.ts)
    ).all()  # one for each topic
    newest, before = dict[Given, str](), set[Given]()
    for row in rows:
        one = Given(PersonId(row.giver), row.emoji)
        newest[one] = max(newest.get(one, ""), row.event_ts)
        if row.standing or row.is_mere:
            before.add(one)
    new = {one for one in given if may_give and one not in before}
    gone = {one for one in before if one not in reactions}
    for one in sorted(new | gone):  # locks are taken in one order
        if newest.get(one, "") > known:
            continue
        since = Ts(f"{max(known, message.ts)}0")  # the next possible time
        reaction = Reaction(message, one.person, one.emoji, since, standing=one in new)
        react(session, reaction, found.author, at=at, was_seen=True)


def checked(
    session: Session, message: MessageRef, giver: PersonId, emoji: str, about: Person, *, may_be: bool, at: float
) -> None:
    """Slack said who they are whom a reaction endorses: then they are asked; of whoever may not be endorsed, nothing stays."""
    here = (Endorsement.workspace == about.workspace, Endorsement.person == about.id, Endorsement.giver == giver)
    if may_be:
        asking.owe_waiting(session, about, at=at)
    else:
        these = (*here, *_way(message, emoji))
        asking.hold(session, *these)
        session.execute(delete(Endorsement).where(*these))


def given_by(session: Session, message: MessageRef, giver: PersonId, emoji: str) -> tuple[str, ...]:
    """For what a reaction endorses, as things stand."""
    here = (Endorsement.workspace == message.place.workspace, Endorsement.giver == giver, Endorsement.standing)
    found = select(Endorsement.topic).where(*here, *_way(message, emoji))
    return tuple(session.scalars(found.order_by(Endorsement.topic)))


def newest(session: Session, place: Place) -> Ts:
    """The newest of Slack's times that an endorsement in this channel is known by; "0" where there is none."""
    here = (Endorsement.workspace == place.workspace, Endorsement.channel == place.channel)
    return Ts(session.scalar(select(func.max(Endorsement.event_ts)).where(*here)) or "0")


def _end(session: Session, reaction: Reaction) -> None:
    """What it gave is taken back, whatever its message is about by now."""
    here = (Endorsement.workspace == reaction.message.place.workspace, Endorsement.giver == reaction.giver)
    given = (Endorsement.standing, Endorsement.event_ts < reaction.event_ts)
    these = (*here, *_way(reaction.message, reaction.emoji), *given)
    asking.hold(session, *these)
    session.execute(update(Endorsement).where(*these).values(standing=False, event_ts=reaction.event_ts))


def _owe_answer(session: Session, reaction: Reaction, who: PersonId | None, *, was_seen: bool, at: float) -> None:
    """Whoever reacted hears, privately, what came of it; where it is not known yet whether they are a bot, Slack is asked."""
    message, giver = reaction.message, Person(reaction.message.place.workspace, reaction.giver)
    channel = message.place.channel
    body: dict[str, Any] = {"channel": channel, "ts": message.ts, "emoji": reaction.emoji}
    body |= {"person": giver.id, "about": who or ""} | ({"seen": True} if was_seen else {})
    outbox.owe(session, giver.workspace, "answer endorsement", lane=channel, body=body, at=at)
    if people.is_bot(session, giver) is None:
        asked, slot = {"person": giver.id}, f"who:{giver.id}"
        outbox.owe(session, giver.workspace, "ask who it helped", lane=giver.id, body=asked, slot=slot, at=at)


def _give(session: Session, person: Person, topic: str, given: Reaction, *, at: float) -> bool:
    """Whether it changed anything. What was answered before stays answered: a no is not asked about again."""
    _meet(session, person, given.giver)
    about = names.all_of(session, person.workspace, [topic])
    before = (*_of(person), Endorsement.topic.in_(about), Endorsement.giver == given.giver)
    answered = session.scalar(select(Endorsement.state).where(*before, Endorsement.state != "waiting").limit(1))
    row = {"workspace": person.workspace, "person": person.id, "topic": topic, "giver": given.giver}
    way = {"channel": given.message.place.channel, "message_ts": given.message.ts, "emoji": given.emoji}
    said = {"event_ts": given.event_ts, "standing": given.standing, "state": answered or "waiting"}
    return _FOLLOW.run(session, **row, **way, **said, given_at=at)


def _meet(session: Session, person: Person, by: PersonId) -> None:
    for one in sorted((person.id, by)):  # locks are taken in one order
        people.meet(session, Person(person.workspace, one))


def _standing(session: Session, person: Person, topic: str, *, by: Person) -> Outcome | None:
    """How one's endorsement for this topic, by whatever name, stands; None: there is none."""
    about = names.all_of(session, person.workspace, [topic])
    given = (*_of(person), Endorsement.giver == by.id, Endorsement.topic.in_(about), Endorsement.standing)
    states = set(session.scalars(select(Endorsement.state).where(*given)))
    if not states:
        return None
    called = about.get(topic, topic)
    is_listed = any(tag.topic == called and by.id in tag.endorsed_by for tag in tags.of(session, person))
    is_hidden = wishes.of(session, person).hidden  # whoever hides counts for nothing, whatever they said before
    return "counted" if "yes" in states and is_listed and not is_hidden else "not counted"


def _of(person: Person) -> tuple[ColumnElement[bool], ...]:
    return Endorsement.workspace == person.workspace, Endorsement.person == person.id


def _is_mere() -> ColumnElement[bool]:
    """Whether it was taken back here, and not in Slack: a reaction may stand there still, and gives nothing."""
    button = aliased(Endorsement)
    same = (getattr(button, name) == getattr(Endorsement, name) for name in ("workspace", "person", "topic", "giver"))
    pressed = (button.channel == "", button.message_ts == "", button.emoji == "", ~button.standing)
    return ~Endorsement.standing & exists().where(*same, *pressed, button.event_ts == Endorsement.event_ts)


def _way(message: MessageRef, emoji: str) -> tuple[ColumnElement[bool], ...]:
    """How it was given."""
    here = (Endorsement.channel == message.place.channel, Endorsement.message_ts == message.ts)
    return *here, Endorsement.emoji == emoji
