"""Keeps: messages that somebody's reaction turned into learnings.

Whether a message is a learning follows from the reactions that stand on it (`curators`), in `_settle`. A new one is
*pending*, shown nowhere, until its message was looked at.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from . import curators, deliveries, learnings, outbox, people, pockets
from .ids import LearningId, MessageRef, Person, PersonId, Ts, WorkspaceId, new_learning_id
from .learnings import LearningView
from .refusals import AlreadyUndone, Gone, NotYours
from .tables import Learning


@dataclass(frozen=True, slots=True)
class Reaction:
    """Somebody's keep reaction on a message, given or taken back, at `event_ts` in Slack's order."""

    message: MessageRef
    person: PersonId
    emoji: str
    event_ts: Ts
    standing: bool
    delivery: str
    """The delivery that told of it."""


@dataclass(frozen=True, slots=True)
class Look:
    """What Slack shows of a message: `by_person` is false for bots' and Slack's own."""

    author: PersonId | None
    words: str
    link: str
    by_person: bool


def follow(session: Session, reaction: Reaction, *, at: float) -> None:
    """A keep reaction was given or taken back: its learning comes, stays or goes. Outside of pockets nothing happens."""
    place = reaction.message.place
    if not pockets.is_live(session, place) and not _takes_back(session, reaction):
        return
    if not deliveries.first(session, place.workspace, reaction.delivery, at=at):
        return
    changed = curators.follow(
        session,
        reaction.message,
        reaction.person,
        reaction.emoji,
        standing=reaction.standing,
        event_ts=reaction.event_ts,
    )
    if not changed:  # it tells of an earlier time than what is known already, or of the same once more
        if curators.stands(session, reaction.message, reaction.person, event_ts=reaction.event_ts):
            _mark_again(session, reaction.message, at=at)
        return
    _settle(session, reaction.message, at=at, newest=reaction.person if reaction.standing else None)


def looked(session: Session, workspace: WorkspaceId, id: LearningId, look: Look | None, *, at: float) -> None:
    """The message of a pending learning was looked at; None: it is gone.

    It becomes a learning; or it can't be one, and its curators hear so.
    """
    found = learnings.find(session, workspace, id, lock=True)
    if found is None or found.state != "pending" or found.source_ts is None:
        return
    if look is None or not _may_be_kept(session, workspace, look):
        _refuse(session, found, look, at=at)
        return
    session.execute(
        update(Learning)
        .where(Learning.workspace == workspace, Learning.id == id)
        .values(state="live", author=look.author, words=look.words, link=look.link, changed_at=at)
    )
    _owe_mark(session, found, at=at)
    _tell(session, found, look.author, at=at)


def take_back(session: Session, id: LearningId, *, by: Person, event_ts: Ts, at: float) -> None:
    """A curator undoes their keep, as if they had taken their reaction back. Raises `Gone`, `AlreadyUndone`."""
    message = _message(session, by.workspace, id)
    if not curators.withdraw(session, message, by.id, event_ts=event_ts):
        raise AlreadyUndone
    _settle(session, message, at=at)


def withhold(session: Session, id: LearningId, *, by: Person, at: float) -> None:
    """An author wants this message of theirs kept by nobody, though it may be taken back already.

    Raises `Gone`, `NotYours`; `AlreadyUndone` when they said so before.
    """
    found = learnings.find(session, by.workspace, id, lock=True)
    if found is None or found.source_ts is None:
        raise Gone
    if found.author != by.id:
        raise NotYours
    if found.state == "withheld":
        raise AlreadyUndone
    _withhold(session, found, at=at)


def never_keep(session: Session, id: LearningId, *, by: Person, at: float) -> int:
    """An author wants no words of theirs kept from now on, this message's included.

    Returns how many that were kept before still are. Raises `Gone`, `NotYours`.
    """
    found = learnings.find(session, by.workspace, id, lock=True)
    if found is None or found.source_ts is None:
        raise Gone
    if found.author != by.id:
        raise NotYours
    people.set_never_keep(session, by, never=True)
    if found.state != "withheld":
        _withhold(session, found, at=at)
    return len(_kept_of(session, by))


def withhold_all(session: Session, *, by: Person, at: float) -> int:
    """Take back all that was ever kept of an author's words. Returns how many."""
    kept = _kept_of(session, by)
    for id in kept:
        found = learnings.find(session, by.workspace, id, lock=True)
        if found is not None:
            _withhold(session, found, at=at)
    return len(kept)


def keep_again(session: Session, *, by: Person) -> None:
    """An author lets words of theirs be kept again."""
    people.set_never_keep(session, by, never=False)


def curators_of(session: Session, learning: LearningView) -> tuple[PersonId, ...]:
    """Who keeps a learning; nobody, where it was shared."""
    if learning.source_ts is None:
        return ()
    return curators.of(session, MessageRef(learning.place, learning.source_ts))


def _settle(session: Session, message: MessageRef, *, at: float, newest: PersonId | None = None) -> None:
    """Bring a message's learning in line with the reactions that stand on it. `newest`: whose was just given."""
    found = learnings.find_by_key(session, message.place.workspace, _key(message), lock=True)
    kept = bool(curators.of(session, message))
    if found is None:
        if kept:
            _begin(session, message, at=at)
    elif not kept:
        if found.state in ("pending", "live"):
            learnings.forget_words(session, message.place.workspace, found.id, state="taken back", at=at)
            _owe_mark(session, found, at=at)
    elif found.state == "taken back":
        _look_again(session, found, at=at)
    elif found.state == "withheld" and newest is not None:
        if newest == found.author:
            _look_again(session, found, at=at)
        else:
            _owe_refusal(session, message, newest, at=at)
    elif found.state == "live" and newest is not None:
        _owe_mark(session, found, at=at)
        _tell(session, found, found.author, at=at)


def _takes_back(session: Session, reaction: Reaction) -> bool:
    """Whether it is the end of a keep that is known: that counts also where the pocket has been stopped since."""
    return not reaction.standing and reaction.person in curators.of(session, reaction.message)


def _mark_again(session: Session, message: MessageRef, *, at: float) -> None:
    """The same keep was told once more: a mark that was lost meanwhile is mended by it, at little cost."""
    found = learnings.find_by_key(session, message.place.workspace, _key(message))
    if found is not None and found.is_live:
        _owe_mark(session, found, at=at)


def _begin(session: Session, message: MessageRef, *, at: float) -> None:
    id = new_learning_id()
    session.execute(
        insert(Learning.__table__),  # type: ignore[arg-type]
        {
            "workspace": message.place.workspace,
            "id": id,
            "key": _key(message),
            "channel": message.place.channel,
            "words": "",
            "state": "pending",
            "source_ts": message.ts,
            "said_at": float(message.ts),
            "changed_at": at,
        },
    )
    _owe_look(session, message, id, at=at)


def _look_again(session: Session, found: LearningView, *, at: float) -> None:
    if found.source_ts is None:
        return
    session.execute(
        update(Learning)
        .where(Learning.workspace == found.place.workspace, Learning.id == found.id)
        .values(state="pending", changed_at=at)
    )
    _owe_look(session, MessageRef(found.place, found.source_ts), found.id, at=at)


def _may_be_kept(session: Session, workspace: WorkspaceId, look: Look) -> bool:
    if not look.by_person or look.author is None or not learnings.has_words(look.words):
        return False
    return not people.never_keeps(session, Person(workspace, look.author))


def _refuse(session: Session, found: LearningView, look: Look | None, *, at: float) -> None:
    """It can't be kept, and whoever tried hears so. An author who said never may still keep it themselves, later."""
    workspace, author = found.place.workspace, look.author if look else None
    if author is not None and people.never_keeps(session, Person(workspace, author)):
        learnings.forget_words(session, workspace, found.id, state="withheld", at=at)
        session.execute(
            update(Learning).where(Learning.workspace == workspace, Learning.id == found.id).values(author=author)
        )
    else:
        learnings.forget_words(session, workspace, found.id, state="taken back", at=at)
    message = _message(session, workspace, found.id)
    for curator in curators.of(session, message):
        _owe_refusal(session, message, curator, at=at)
    curators.refuse(session, message)


def _withhold(session: Session, found: LearningView, *, at: float) -> None:
    learnings.forget_words(session, found.place.workspace, found.id, state="withheld", at=at)
    _owe_mark(session, found, at=at)


def _tell(session: Session, found: LearningView, author: PersonId | None, *, at: float) -> None:
    """Whoever keeps for the first time hears what it does; whose words are kept for the first time hears that."""
    if found.source_ts is None or author is None:
        return
    workspace = found.place.workspace
    keepers = curators.of(session, MessageRef(found.place, found.source_ts))
    for curator in keepers:
        if not people.heard(session, Person(workspace, curator), "keep"):
            _owe_words(session, "tell curator", found, curator, at=at)
    if author not in keepers and not people.heard(session, Person(workspace, author), "kept"):
        _owe_words(session, "tell author", found, author, at=at)


def _owe_words(session: Session, kind: str, found: LearningView, person: PersonId, *, at: float) -> None:
    body = {"learning": found.id, "person": person}
    outbox.owe(session, found.place.workspace, kind, lane=person, body=body, at=at)


def _owe_look(session: Session, message: MessageRef, id: LearningId, *, at: float) -> None:
    place = message.place
    outbox.owe(session, place.workspace, "look", lane=place.channel, body={"learning": id}, at=at)


def _owe_mark(session: Session, found: LearningView, *, at: float) -> None:
    outbox.owe(
        session,
        found.place.workspace,
        "mark",
        lane=found.place.channel,
        body={"learning": found.id},
        slot=f"mark:{found.id}",
        at=at,
    )


def _owe_refusal(session: Session, message: MessageRef, curator: PersonId, *, at: float) -> None:
    body = {"channel": message.place.channel, "ts": message.ts, "person": curator}
    outbox.owe(session, message.place.workspace, "refuse keep", lane=message.place.channel, body=body, at=at)


def _message(session: Session, workspace: WorkspaceId, id: LearningId) -> MessageRef:
    found = learnings.find(session, workspace, id)
    if found is None or found.source_ts is None:
        raise Gone
    return MessageRef(found.place, found.source_ts)


def _kept_of(session: Session, author: Person) -> list[LearningId]:
    found = select(Learning.id).where(
        Learning.workspace == author.workspace,
        Learning.author == author.id,
        Learning.source_ts.is_not(None),
        Learning.state == "live",
    )
    return [LearningId(id) for id in session.scalars(found)]


def _key(message: MessageRef) -> str:
    return f"message:{message.place.channel}:{message.ts}"
