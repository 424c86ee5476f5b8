"""Keeps: messages that somebody's reaction turned into learnings.

Whether a message is a learning follows, in `settle`, from the reactions that stand on it (`curators`), and from whether it is
somebody's answer in a round (`prompts.answers`). A new one is
*pending*, shown nowhere, until its message was looked at. What becomes of the message itself: `sources`; what its author
decides: `consent`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, insert, update
from sqlalchemy.orm import Session

from storage import deliveries, people
from storage.ids import LearningId, MessageRef, Person, PersonId, Ts, WorkspaceId, new_learning_id
from storage.learned import entries, helps, learnings
from storage.learned.learnings import LearningView
from storage.owed import notices
from storage.places import pockets
from storage.prompts import answers, rounds
from storage.refusals import AlreadyUndone, Gone
from storage.search import documents
from storage.tables import Learning

from . import curators, files, kept_errands, kept_news, shortening
from .curators import Given
from .files import FileLink

_INSERT = insert(Learning.__table__)  # type: ignore[arg-type]


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
    """What Slack shows of a message: `by_person` is false for bots' and Slack's own; `edited` is its last edit's time.

    `helped`: the helped reactions that stood on it, among all `reactions`, after all that had happened until `heard`.
    `is_gone`: its author, who would be asked first, was deactivated.
    """

    author: PersonId | None
    words: str
    link: str
    by_person: bool
    edited: Ts | None = None
    files: tuple[FileLink, ...] = ()
    helped: frozenset[Given] = frozenset()
    reactions: frozenset[Given] = frozenset()
    heard: Ts | None = None
    is_gone: bool = False


def follow(session: Session, reaction: Reaction, *, at: float) -> None:
    """A keep reaction was given or taken back: its learning comes, stays or goes. Outside of pockets nothing happens.

    A bot's does nothing: people keep (`keepers`).
    """
    place = reaction.message.place
    if reaction.standing and people.is_bot(session, Person(place.workspace, reaction.person)):
        return
    if not pockets.is_live(session, place) and not _takes_back(session, reaction):
        return
    if not deliveries.first(session, place.workspace, reaction.delivery, at=at):
        return
    found = _held(session, reaction.message)
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
    given = (reaction.person,) if reaction.standing else ()
    taker = None if reaction.standing else reaction.person
    _bring_in_line(session, reaction.message, found, at=at, newest=given, taker=taker)


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
    if look is None or not may_be_kept(session, workspace, look):
        _refuse(session, found, at=at)
        return
    if _needs_yes(session, found, look):
        if look.is_gone:
            _refuse(session, found, gone=True, at=at)
        else:
            _ask(session, found, look, at=at)
        return
    session.execute(
        update(Learning)
        .where(Learning.workspace == workspace, Learning.id == id)
        .values(
            state="live",
            author=look.author,
            **_left(found, look),
            words_ts=max(known or "", look.edited or "") or None,
            link=look.link,
            files=files.to_text(look.files),
            changed_at=at,
        )
    )
    documents.follow(session, workspace, id)
    message, heard = MessageRef(found.place, found.source_ts), look.heard or Ts("0")
    helps.seen(session, message, look.helped, look.reactions, known=heard, at=at)
    kept_errands.owe_mark(session, found, at=at)
    rounds.follow(session, workspace, id, at=at)
    _tell(session, found, look.author, at=at)


def _left(found: LearningView, look: Look) -> dict[str, object]:
    """What it says: all of its words, or what a curator left of them before its author's yes, if they are the same still."""
    left = shortening.held(found.cut, look.words, edited=look.edited) if found.cut else None
    if left is None:
        return {"words": look.words, "shortened_by": None, "shortened_from": None, "cut": None}
    return {"words": left, "shortened_from": shortening.digest(look.words), "cut": None}


def take_back(session: Session, id: LearningId, *, by: Person, event_ts: Ts, at: float) -> None:
    """A curator undoes their keep, as if they had taken their reaction back. Raises `Gone`, `AlreadyUndone`."""
    message = _message(session, by.workspace, id, lock=True)
    if not curators.withdraw(session, message, by.id, event_ts=event_ts):
        raise AlreadyUndone
    settle(session, message, at=at, taker=by.id)


def curators_of(session: Session, learning: LearningView) -> tuple[PersonId, ...]:
    """Who keeps a learning; nobody, where it was shared."""
    if learning.source_ts is None:
        return ()
    return curators.of(session, MessageRef(learning.place, learning.source_ts))


def was_touched(session: Session, found: LearningView) -> bool:
    """Whether it has a life of its own by now: somebody edited it here, or it helped somebody."""
    return found.edited_at is not None or helps.may_have_helped(session, found)


def settle(
    session: Session,
    message: MessageRef,
    *,
    at: float,
    newest: Collection[PersonId] = (),
    taker: PersonId | None = None,
) -> None:
    """Bring a message's learning in line with the reactions that stand on it.

    `newest`: whose were just given; `taker`: who just took theirs back.
    """
    _bring_in_line(session, message, _held(session, message), at=at, newest=newest, taker=taker)


def _held(session: Session, message: MessageRef) -> LearningView | None:
    """Its learning, before anything of who keeps it is written: locks are taken in one order."""
    return learnings.find_by_key(session, message.place.workspace, learnings.key_of(message), lock=True)


def _bring_in_line(
    session: Session,
    message: MessageRef,
    found: LearningView | None,
    *,
    at: float,
    newest: Collection[PersonId],
    taker: PersonId | None,
) -> None:
    if found is None:
        if is_kept(session, message):
            _begin(session, message, at=at)
        return
    for person in sorted(newest):  # of whom nobody knows yet whether they are people; of a new one, its look asks
        if people.is_bot(session, who := Person(message.place.workspace, person)) is None:
            helps.ask_who(session, who, at=at)
    if not is_kept(session, message):
        _ends(session, found, taker, at=at)
    elif found.state in ("pending", "taken back"):  # while it was pending nobody may have been let in to look at it
        look_again(session, found, at=at)
    elif found.state in ("asked", "withheld"):
        _tried(session, found, message, newest, at=at)
    elif found.state == "live":
        _stays(session, found, newest, at=at)
    elif found.state == "deleted":  # told late: nobody can have reacted since
        curators.forget(session, message)


def may_be_kept(session: Session, workspace: WorkspaceId, look: Look) -> bool:
    """Whether a message can be a learning at all: people wrote it, it says something, and its author lets theirs be kept."""
    if not look.by_person or look.author is None or not entries.has_words(look.words):
        return False
    return not people.never_keeps(session, Person(workspace, look.author))


def _takes_back(session: Session, reaction: Reaction) -> bool:
    """Whether it is the end of a keep that is known: that counts also where the pocket has been stopped since."""
    return not reaction.standing and reaction.person in curators.of(session, reaction.message)


def _mark_again(session: Session, message: MessageRef, *, at: float) -> None:
    """The same keep was told once more: a mark that was lost meanwhile is mended by it, at little cost."""
    found = learnings.find_by_key(session, message.place.workspace, learnings.key_of(message))
    if found is not None and found.is_live:
        kept_errands.owe_mark(session, found, at=at)


def _begin(session: Session, message: MessageRef, *, at: float) -> None:
    id = new_learning_id()
    session.connection().execute(
        _INSERT,
        {
            "workspace": message.place.workspace,
            "id": id,
            "key": learnings.key_of(message),
            "channel": message.place.channel,
            "kind": answers.kind_of(session, message),
            "words": "",
            "state": "pending",
            "source_ts": message.ts,
            "said_at": float(message.ts),
            "changed_at": at,
        },
    )
    kept_errands.owe_look(session, message, id, at=at)


def _stays(session: Session, found: LearningView, newest: Collection[PersonId], *, at: float) -> None:
    if newest:
        kept_errands.owe_mark(session, found, at=at)
    _tell(session, found, found.author, at=at)  # also an author who kept it themselves, and does so no more


def look_again(session: Session, found: LearningView, *, at: float) -> None:
    """Its message is to be looked at once more: it is pending until then."""
    if found.source_ts is None:
        return
    session.execute(
        update(Learning)
        .where(Learning.workspace == found.place.workspace, Learning.id == found.id)
        .values(state="pending", changed_at=at)
    )
    documents.forget(session, found.place.workspace, found.id)
    kept_errands.owe_look(session, MessageRef(found.place, found.source_ts), found.id, at=at)


def is_kept(session: Session, message: MessageRef) -> bool:
    """Whether anything keeps it: a reaction, or that it answers in a round."""
    return bool(curators.of(session, message)) or answers.stands(session, message)


def _tried(
    session: Session, found: LearningView, message: MessageRef, newest: Collection[PersonId], *, at: float
) -> None:
    """Its author has not said yes, or has said no: their own keep is a yes, and whoever else tries hears how it is."""
    if found.author in newest:
        look_again(session, found, at=at)
        return
    for person in sorted(newest):
        kept_errands.owe_refusal(session, message, person, waits=found.state == "asked", at=at)
    if newest and found.state == "withheld":
        curators.refuse(session, message)


def _ends(session: Session, found: LearningView, taker: PersonId | None, *, at: float) -> None:
    """No reaction keeps it any more."""
    if found.is_live and was_touched(session, found):
        if taker is not None:
            kept_errands.owe_question(session, found, taker, at=at)
    elif found.state in ("pending", "asked", "live"):
        learnings.forget_words(session, found.place.workspace, found.id, state="taken back", at=at)
        kept_errands.owe_mark(session, found, at=at)


def is_older(session: Session, message: MessageRef) -> bool:
    """Whether it was written before its channel was a pocket, by Slack's times."""
    pocket = pockets.find(session, message.place)
    return pocket is not None and message.ts <= (pocket.started_ts or "")


def _needs_yes(session: Session, found: LearningView, look: Look) -> bool:
    """Whether it is older than its pocket, and its author neither kept nor allowed it."""
    if found.allowed_at is not None or found.source_ts is None:
        return False
    message = MessageRef(found.place, found.source_ts)
    if not is_older(session, message):
        return False
    return look.author not in curators.of(session, message) and not answers.stands(session, message)


def _ask(session: Session, found: LearningView, look: Look, *, at: float) -> None:
    """Nothing of it is remembered but whose it is and where it stands; who tried hears that its author is asked."""
    keepers = curators_of(session, found)
    if look.author is None or found.source_ts is None or not keepers:
        return
    session.execute(
        update(Learning).where(*_one(found)).values(state="asked", author=look.author, link=look.link, changed_at=at)
    )
    author, body = Person(found.place.workspace, look.author), {"learning": found.id, "person": keepers[0]}
    notices.tell(session, author, "asked for a yes", body, about=found.id, at=at)
    for keeper in keepers:
        kept_errands.owe_refusal(session, MessageRef(found.place, found.source_ts), keeper, waits=True, at=at)


def _one(found: LearningView) -> tuple[ColumnElement[bool], ...]:
    return Learning.workspace == found.place.workspace, Learning.id == found.id


def _refuse(session: Session, found: LearningView, *, at: float, gone: bool = False) -> None:
    """It can't be kept, and whoever tried hears so. A later try looks anew: an author who said never may change their mind."""
    workspace = found.place.workspace
    learnings.forget_words(session, workspace, found.id, state="taken back", at=at)
    helps.forget(session, workspace, found.id)  # it is no learning
    message = _message(session, workspace, found.id)
    for curator in curators.of(session, message):
        kept_errands.owe_refusal(session, message, curator, gone=gone, at=at)
    curators.refuse(session, message)


def _tell(session: Session, found: LearningView, author: PersonId | None, *, at: float) -> None:
    """Whoever keeps for the first time hears what it does; whose words are kept for the first time hears that."""
    if found.source_ts is None or author is None:
        return
    workspace = found.place.workspace
    keepers = curators.of(session, MessageRef(found.place, found.source_ts))
    for curator in keepers:
        if people.is_to_hear(session, Person(workspace, curator), "keep", at=at):
            kept_errands.owe_words(session, found, curator, at=at)
    if keepers and author not in keepers:
        kept_news.owe(session, found.id, Person(workspace, author), at=at)


def _message(session: Session, workspace: WorkspaceId, id: LearningId, *, lock: bool = False) -> MessageRef:
    found = learnings.find(session, workspace, id, lock=lock)
    if found is None or found.source_ts is None:
        raise Gone
    return MessageRef(found.place, found.source_ts)
