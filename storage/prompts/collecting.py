"""Collecting: each person's first reply in a round's thread becomes a learning of theirs, and follows what becomes of it.

Slack's order decides which reply is the first, not that of arrival. Of replies that are no first answer nothing is remembered.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from storage import deliveries, people
from storage.ids import LearningId, MessageRef, Person, PersonId, Place, Ts, new_learning_id
from storage.kept import consent, keeps, kept_errands
from storage.learned import entries, learnings
from storage.learned.learnings import LearningView
from storage.places import pockets
from storage.search import documents
from storage.tables import Learning

from . import answers, rounds
from .rounds import RoundView


@dataclass(frozen=True, slots=True)
class Reply:
    """Something that a person wrote in the thread of a message of Outloud's, as Slack tells of it.

    `words_ts`: its last edit's place in Slack's order. `had_words`: false where it had none before that edit, or emoji alone.
    """

    message: MessageRef
    thread: Ts
    author: PersonId
    words: str
    link: str
    words_ts: Ts | None = None
    had_words: bool = True


def replied(session: Session, reply: Reply, *, at: float) -> None:
    """A reply: in a round that was open when it was written, its author's first one with words is an answer. No other is."""
    place = reply.message.place
    round = rounds.of_thread(session, place, reply.thread) or _round_by_now(session, place, reply.thread, at=at)
    if round is None or not round.takes(reply.message.ts) or not entries.has_more_than_signs(reply.words):
        return
    author = Person(place.workspace, reply.author)
    if not pockets.is_live(session, place) or people.never_keeps(session, author):
        return
    if deliveries.seen(session, place.workspace, _gone(reply.message)):
        return
    if not reply.had_words and answers.given(session, round, reply.author) is not None:
        return  # what had no words until now was not their first answer when they gave another
    people.meet(session, author)
    is_first, other = answers.take(session, round, reply.author, reply.message.ts)
    if other is not None:
        keeps.settle(session, MessageRef(place, other), at=at)
    if is_first and not answers.is_left_out(session, reply.message, reply.author):
        _collect(session, round, reply, at=at)


def came_early(session: Session, round: RoundView, ts: Ts) -> bool:
    """Whether somebody wrote below a prompt, at `ts`, before it was known to be this round's: their words are not here."""
    return deliveries.seen(session, round.place.workspace, _early(round.place, ts))


def shown(session: Session, reply: Reply, *, left_out: bool, known: Ts, at: float) -> None:
    """Slack showed a reply of a thread, after all that had happened until `known`: what was not heard is made up for.

    `left_out`: its author's ❌ stands on it.
    """
    if left_out != answers.is_left_out(session, reply.message, reply.author):
        _left_out(session, reply.message, reply.author, standing=left_out, event_ts=max(known, reply.message.ts), at=at)
    replied(session, reply, at=at)


def left_out(
    session: Session,
    message: MessageRef,
    person: Person,
    *,
    standing: bool,
    event_ts: Ts,
    at: float,
    by_bot: bool = False,
) -> None:
    """Somebody put ❌ on a message, or took it off: on an answer of theirs it counts, before or after that was collected.

    `by_bot`: Outloud wrote it, so it counts for whoever answered by the form: their answer is taken back, with its card.
    """
    if by_bot:
        card = answers.by_card(session, message, person) if standing else None
        if card is not None:
            learnings.withdraw(session, card, by=person, at=at)
        return
    answer = answers.of_message(session, message)
    if answer is None and not rounds.stands_before(session, message.place, message.ts):
        return
    if answer is None or answer.person == person.id:
        _left_out(session, message, person.id, standing=standing, event_ts=event_ts, at=at)


def deleted(session: Session, message: MessageRef, thread: Ts, *, at: float) -> None:
    """A reply was deleted that is no answer: it may be told of later than its deletion."""
    if rounds.of_thread(session, message.place, thread) is not None:
        deliveries.first(session, message.place.workspace, _gone(message), at=at)


def _round_by_now(session: Session, place: Place, thread: Ts, *, at: float) -> RoundView | None:
    """The round of a thread that was none a moment ago. Where its prompt may be a round's still, that is noted, without words."""
    if not rounds.await_prompt(session, place):
        return rounds.of_thread(session, place, thread)
    found = rounds.of_thread(session, place, thread)
    if found is None:
        deliveries.first(session, place.workspace, _early(place, thread), at=at)
    return found


def _left_out(
    session: Session, message: MessageRef, author: PersonId, *, standing: bool, event_ts: Ts, at: float
) -> None:
    workspace = message.place.workspace
    if not answers.leave_out(session, message, author, standing=standing, event_ts=event_ts):
        return
    answer = answers.of_message(session, message, lock=True)
    found = learnings.find_by_key(session, workspace, learnings.key_of(message), lock=True)
    if answer is None:
        return
    if not standing:
        keeps.settle(session, message, at=at, newest=(author,))
        if found is None:
            _remember(session, message, answer)
    elif found is not None and found.state in ("pending", "live", "taken back"):
        consent.leave_out(session, found, author=author, at=at)


def _remember(session: Session, message: MessageRef, answer: answers.Given) -> None:
    """An answer that was left out until now has its learning."""
    round = rounds.find(session, message.place.workspace, answer.round)
    learning = learnings.find_by_key(session, message.place.workspace, learnings.key_of(message))
    if round is not None and learning is not None:
        answers.became(session, round, answer.person, learning.id)


def _collect(session: Session, round: RoundView, reply: Reply, *, at: float) -> None:
    place = reply.message.place
    found = learnings.find_by_key(session, place.workspace, learnings.key_of(reply.message), lock=True)
    if found is None:
        learning = _begin(session, round, reply, at=at)
    else:  # somebody kept it before it was told of
        learning = found.id
        session.execute(
            update(Learning)
            .where(Learning.workspace == place.workspace, Learning.id == found.id)
            .values(kind=round.kind)
        )
        documents.follow(session, place.workspace, found.id)
        keeps.settle(session, reply.message, at=at)
    answers.became(session, round, reply.author, learning)
    if not round.is_open:
        rounds.owe_refresh(session, round, at=at)


def _begin(session: Session, round: RoundView, reply: Reply, *, at: float) -> LearningId:
    place, id = reply.message.place, new_learning_id()
    session.execute(
        insert(Learning.__table__),  # type: ignore[arg-type]
        {
            "workspace": place.workspace,
            "id": id,
            "key": learnings.key_of(reply.message),
            "channel": place.channel,
            "author": reply.author,
            "kind": round.kind,
            "words": reply.words,
            "words_ts": reply.words_ts,
            "link": reply.link,
            "state": "live",
            "source_ts": reply.message.ts,
            "said_at": float(reply.message.ts),
            "changed_at": at,
        },
    )
    documents.follow(session, place.workspace, id)
    new = learnings.find(session, place.workspace, id)
    if isinstance(new, LearningView):
        kept_errands.owe_mark(session, new, at=at)
    return id


def _early(place: Place, thread: Ts) -> str:
    return f"early:{place.channel}:{thread}"


def _gone(message: MessageRef) -> str:
    return f"gone:{message.place.channel}:{message.ts}"
