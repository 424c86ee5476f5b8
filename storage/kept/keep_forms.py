"""Keep this: somebody keeps a message by the shortcut and its form, where they may leave words out, and say what it is about."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.orm import Session

from storage import people
from storage.ids import LearningId, MessageRef, Person, PersonId, Ts
from storage.learned import entries, learnings, topics
from storage.learned.learnings import LearningView
from storage.places import channels, pocket_settings, pockets
from storage.prompts import rounds
from storage.refusals import (
    ArchivedChannel,
    AuthorGone,
    CantBeKept,
    EditedMeanwhile,
    EditedSince,
    NothingLeft,
    NotInvited,
    TakenBackSince,
)
from storage.search import documents
from storage.tables import Learning

from . import curators, keeps, shortening
from .curators import SHORTCUT, Given
from .keeps import Look
from .shortening import Shortened


@dataclass(frozen=True, slots=True)
class Offer:
    """What the form says. `noun`: the pocket's. `kept`: the learning, where whoever asks keeps the message already.

    `known_as`: the learning whose topics these are, whoever keeps it. `known` is its `words_ts` at that moment.
    """

    noun: str
    topics: tuple[str, ...] = ()
    kept: LearningId | None = None
    known: Ts | None = None
    known_as: LearningId | None = None


@dataclass(frozen=True, slots=True)
class FormKeep:
    """What was entered. `words` empty: all of them. `pressed`: when the shortcut was used, in Slack's order.

    `known`: the learning's `words_ts` before the message was looked at.
    """

    message: MessageRef
    look: Look
    words: str
    topics: tuple[str, ...]
    pressed: Ts
    known: Ts | None


def offered(session: Session, message: MessageRef, *, by: Person, author: PersonId | None) -> Offer:
    """What the form is to say of a message by `author`, as far as they are known.

    Raises `NotAPocket`, `ArchivedChannel`, `NotInvited`, and `CantBeKept`, whatever the reason.
    """
    place = message.place
    pockets.require(session, place)
    if channels.is_archived(session, place):
        raise ArchivedChannel
    if not channels.has_bot(session, place):
        raise NotInvited
    found = learnings.find_by_key(session, place.workspace, learnings.key_of(message))
    _require_consent(session, found, by=by, author=author)
    noun = pocket_settings.noun_of(session, place)
    if found is None:
        return Offer(noun)
    keeps_it = found.is_live and by.id in curators.of(session, message)
    known_as = found.id if found.is_live and found.topics else None
    return Offer(noun, found.topics, found.id if keeps_it else None, found.words_ts, known_as)


def keep(session: Session, new: FormKeep, *, by: Person, at: float) -> None:
    """Keep a message as by a reaction, and of its words only what `by` left. The same again changes nothing.

    Raises as `offered` does, `NotAShortening`, `NothingLeft`, what `topics.normalise_all` raises, `EditedMeanwhile`,
    `EditedSince` where its author edited it after `by` had opened the form, and `TakenBackSince` where they took it back then.
    """
    message, look = new.message, new.look
    offered(session, message, by=by, author=look.author)
    if not keeps.may_be_kept(session, by.workspace, look):
        raise CantBeKept(field="words")
    if (look.edited or "") > new.pressed:  # what is left out now, `by` has never seen
        raise EditedSince(field="words")
    left = _left(look.words, new.words)
    tags = topics.normalise_all(list(new.topics))
    before = learnings.find_by_key(session, by.workspace, learnings.key_of(message), lock=True)
    if before is not None and before.words_ts != new.known:
        raise EditedMeanwhile(field="words")
    if look.is_gone and not (before is not None and before.is_live):
        raise AuthorGone(field="words")
    curators.follow(session, message, by.id, SHORTCUT, standing=True, event_ts=new.pressed)
    if Given(by.id, SHORTCUT) not in curators.given(session, message):
        raise TakenBackSince(field="words")
    keeps.settle(session, message, at=at, newest=(by.id,))
    found = learnings.find_by_key(session, by.workspace, learnings.key_of(message))
    if found is not None and found.state == "pending":
        keeps.looked(session, by.workspace, found.id, look, known=found.words_ts, at=at)
        found = learnings.find(session, by.workspace, found.id)
    if found is not None and found.is_live:
        _apply(session, found, left, tags, look, by=by, at=at)
    elif found is not None and found.state == "asked":
        _hold(session, found, left, look, by=by)


def _require_consent(session: Session, found: LearningView | None, *, by: Person, author: PersonId | None) -> None:
    if found is not None and (found.state == "deleted" or (found.state == "withheld" and found.author != by.id)):
        raise CantBeKept
    if author is not None and people.never_keeps(session, Person(by.workspace, author)):
        raise CantBeKept


def _left(whole: str, words: str) -> Shortened:
    """What remains. A message that is longer than a field takes is whole where the field was emptied."""
    if not entries.has_words(words):
        if len(shortening.shown(whole)) > entries.MAX_WORDS:
            return Shortened(whole, is_whole=True)
        raise NothingLeft(field="words")
    return shortening.of(whole, words)


def _hold(session: Session, found: LearningView, left: Shortened, look: Look, *, by: Person) -> None:
    """Until its author says yes nothing that it says, or is about, is remembered: what was left out is, by its places."""
    if left.is_whole and found.shortened_by != by.id:
        return
    cut = None if left.is_whole else shortening.to_hold(left, edited=look.edited)
    session.execute(
        update(Learning)
        .where(Learning.workspace == by.workspace, Learning.id == found.id)
        .values(cut=cut, shortened_by=None if left.is_whole else by.id)
    )


def _apply(
    session: Session, found: LearningView, left: Shortened, tags: tuple[str, ...], look: Look, *, by: Person, at: float
) -> None:
    """What was left out stays out, until its message is edited; only who left it out brings it back."""
    if tags != found.topics:
        topics.replace(session, by.workspace, found.id, tags)
        documents.follow(session, by.workspace, found.id)
    if left.is_whole and found.shortened_by != by.id:
        return
    shortened = {} if left.is_whole else {"shortened_by": by.id, "shortened_from": shortening.digest(look.words)}
    session.execute(
        update(Learning)
        .where(Learning.workspace == by.workspace, Learning.id == found.id)
        .values({"words": left.words, "shortened_by": None, "shortened_from": None, "changed_at": at} | shortened)
    )
    documents.follow(session, by.workspace, found.id)
    rounds.follow(session, by.workspace, found.id, at=at)
