"""Keeps: messages that somebody's reaction turned into learnings.

Whether a message is a learning follows from the reactions that stand on it (`curators`), in `settle`. A new one is
*pending*, shown nowhere, until its message was looked at. What becomes of the message itself: `sources`; what its author
decides: `consent`.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from . import curators, deliveries, kept_errands, learnings, people, pockets
from .ids import LearningId, MessageRef, Person, PersonId, Ts, WorkspaceId, new_learning_id
from .learnings import LearningView
from .refusals import AlreadyUndone, Gone
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
    """What Slack shows of a message: `by_person` is false for bots' and Slack's own; `edited` is its last edit's time."""

    author: PersonId | None
    words: str
    link: str
    by_person: bool
    edited: Ts | None = None


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
    settle(session, reaction.message, at=at, newest=reaction.person if reaction.standing else None)


def looked(
    session: Session, workspace: WorkspaceId, id: LearningId, look: Look | None, *, known: Ts | None, at: float
) -> None:
    """The message of a pending learning was looked at; None: it is gone.

    It becomes a learning; or it can't be one, and its curators hear so. `known`: its `words_ts` before the look.
    """
    found = learnings.find(session, workspace, id, lock=True)
    if found is None or found.state != "pending" or found.source_ts is None:
        return
    if found.words_ts != known:  # it was edited while it was looked at: what was seen may be the older words
        kept_errands.owe_look(session, MessageRef(found.place, found.source_ts), id, at=at)
        return
    if look is None or not _may_be_kept(session, workspace, look):
        _refuse(session, found, at=at)
        return
    session.execute(
        update(Learning)
        .where(Learning.workspace == workspace, Learning.id == id)
        .values(
            state="live",
            author=look.author,
            words=look.words,
            words_ts=max(known or "", look.edited or "") or None,
            link=look.link,
            changed_at=at,
        )
    )
    kept_errands.owe_mark(session, found, at=at)
    _tell(session, found, look.author, at=at)


def take_back(session: Session, id: LearningId, *, by: Person, event_ts: Ts, at: float) -> None:
    """A curator undoes their keep, as if they had taken their reaction back. Raises `Gone`, `AlreadyUndone`."""
    message = _message(session, by.workspace, id)
    if not curators.withdraw(session, message, by.id, event_ts=event_ts):
        raise AlreadyUndone
    settle(session, message, at=at)


def curators_of(session: Session, learning: LearningView) -> tuple[PersonId, ...]:
    """Who keeps a learning; nobody, where it was shared."""
    if learning.source_ts is None:
        return ()
    return curators.of(session, MessageRef(learning.place, learning.source_ts))


def settle(session: Session, message: MessageRef, *, at: float, newest: PersonId | None = None) -> None:
    """Bring a message's learning in line with the reactions that stand on it. `newest`: whose was just given."""
    found = learnings.find_by_key(session, message.place.workspace, key_of(message), lock=True)
    kept = bool(curators.of(session, message))
    if found is None:
        if kept:
            _begin(session, message, at=at)
    elif not kept:
        if found.state in ("pending", "live"):
            learnings.forget_words(session, message.place.workspace, found.id, state="taken back", at=at)
            kept_errands.owe_mark(session, found, at=at)
    elif found.state in ("pending", "taken back"):  # while it was pending nobody may have been let in to look at it
        _look_again(session, found, at=at)
    elif found.state == "withheld" and newest is not None:
        if newest == found.author:
            _look_again(session, found, at=at)
        else:
            kept_errands.owe_refusal(session, message, newest, at=at)
            curators.refuse(session, message)
    elif found.state == "live":
        _stays(session, found, newest, at=at)
    elif found.state == "deleted":  # told late: nobody can have reacted since
        curators.forget(session, message)


def key_of(message: MessageRef) -> str:
    """The key of the learning that a message becomes."""
    return f"message:{message.place.channel}:{message.ts}"


def _takes_back(session: Session, reaction: Reaction) -> bool:
    """Whether it is the end of a keep that is known: that counts also where the pocket has been stopped since."""
    return not reaction.standing and reaction.person in curators.of(session, reaction.message)


def _mark_again(session: Session, message: MessageRef, *, at: float) -> None:
    """The same keep was told once more: a mark that was lost meanwhile is mended by it, at little cost."""
    found = learnings.find_by_key(session, message.place.workspace, key_of(message))
    if found is not None and found.is_live:
        kept_errands.owe_mark(session, found, at=at)


def _begin(session: Session, message: MessageRef, *, at: float) -> None:
    id = new_learning_id()
    session.execute(
        insert(Learning.__table__),  # type: ignore[arg-type]
        {
            "workspace": message.place.workspace,
            "id": id,
            "key": key_of(message),
            "channel": message.place.channel,
            "words": "",
            "state": "pending",
            "source_ts": message.ts,
            "said_at": float(message.ts),
            "changed_at": at,
        },
    )
    kept_errands.owe_look(session, message, id, at=at)


def _stays(session: Session, found: LearningView, newest: PersonId | None, *, at: float) -> None:
    if newest is not None:
        kept_errands.owe_mark(session, found, at=at)
    _tell(session, found, found.author, at=at)  # also an author who kept it themselves, and does so no more


def _look_again(session: Session, found: LearningView, *, at: float) -> None:
    if found.source_ts is None:
        return
    session.execute(
        update(Learning)
        .where(Learning.workspace == found.place.workspace, Learning.id == found.id)
        .values(state="pending", changed_at=at)
    )
    kept_errands.owe_look(session, MessageRef(found.place, found.source_ts), found.id, at=at)


def _may_be_kept(session: Session, workspace: WorkspaceId, look: Look) -> bool:
    if not look.by_person or look.author is None or not learnings.has_words(look.words):
        return False
    return not people.never_keeps(session, Person(workspace, look.author))


def _refuse(session: Session, found: LearningView, *, at: float) -> None:
    """It can't be kept, and whoever tried hears so. A later try looks anew: an author who said never may change their mind."""
    workspace = found.place.workspace
    learnings.forget_words(session, workspace, found.id, state="taken back", at=at)
    message = _message(session, workspace, found.id)
    for curator in curators.of(session, message):
        kept_errands.owe_refusal(session, message, curator, at=at)
    curators.refuse(session, message)


def _tell(session: Session, found: LearningView, author: PersonId | None, *, at: float) -> None:
    """Whoever keeps for the first time hears what it does; whose words are kept for the first time hears that."""
    if found.source_ts is None or author is None:
        return
    workspace = found.place.workspace
    keepers = curators.of(session, MessageRef(found.place, found.source_ts))
    for curator in keepers:
        if people.is_to_hear(session, Person(workspace, curator), "keep", at=at):
            kept_errands.owe_words(session, "tell curator", found, curator, at=at)
    if author not in keepers and people.is_to_hear(session, Person(workspace, author), "kept", at=at):
        kept_errands.owe_words(session, "tell author", found, author, at=at)


def _message(session: Session, workspace: WorkspaceId, id: LearningId) -> MessageRef:
    found = learnings.find(session, workspace, id)
    if found is None or found.source_ts is None:
        raise Gone
    return MessageRef(found.place, found.source_ts)
