"""Sources: the messages that learnings were kept from, and how learnings follow them.

An edit or a deletion is told by an event; after a gap, what Slack shows is compared with what is known. Last write wins, by
Slack's order: an edit's `event_ts`, or what was known before Slack showed the message (`known`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from . import curators, keeps, kept_errands, learnings
from .curators import Given
from .ids import MessageRef, Place, Ts
from .learnings import LearningView
from .tables import Keep, Learning


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as Slack shows it: its words, and the keep reactions that stand on it."""

    message: MessageRef
    words: str
    given: frozenset[Given]


def edited(session: Session, message: MessageRef, words: str, *, event_ts: Ts, at: float) -> None:
    """A message says something else since `event_ts`. Of one that nobody keeps, nothing is remembered."""
    found = _of(session, message, lock=True)
    if found is not None and event_ts > (found.words_ts or "0"):
        _rewrite(session, found, message, words, words_ts=event_ts, at=at)


def deleted(session: Session, message: MessageRef, *, at: float) -> None:
    """A message is gone from Slack, for ever: so are its learning's words, and who kept it."""
    found = _of(session, message, lock=True)
    if found is not None:
        learnings.forget_words(session, message.place.workspace, found.id, state="deleted", at=at)
        # One may have been set since, on what stands in its place for its replies.
        kept_errands.owe_mark(session, found, at=at)
        curators.forget(session, message)


def shown(session: Session, found: Collection[Shown], *, known: Ts, at: float, may_keep: bool = True) -> None:
    """Slack showed these messages, after all that was known: keeps and edits that were not heard of are made up for.

    `may_keep`: false where it is no pocket any more: keeps may end there, but none begins.
    """
    for one in sorted(found, key=lambda one: one.message.ts):
        given = one.given if may_keep else one.given & curators.given(session, one.message)
        seen = curators.seen(session, one.message, given, known=known)
        if seen.given or seen.taken_back:
            keeps.settle(session, one.message, at=at, newest=min(seen.given, default=None))
        learning = _of(session, one.message, lock=True)
        if learning is not None and learning.state == "pending":  # nobody may have been let in to look at it
            kept_errands.owe_look(session, one.message, learning.id, at=at)
        if learning is not None and learning.words != one.words and (learning.words_ts or "0") <= known:
            _rewrite(session, learning, one.message, one.words, words_ts=max(known, one.message.ts), at=at)


def known_between(session: Session, place: Place, *, after: Ts, before: Ts) -> list[Ts]:
    """The messages of a pocket that something is known of and that were written from `after` on, before `before`."""
    standing = select(Keep.message_ts.label("ts")).where(
        Keep.workspace == place.workspace,
        Keep.channel == place.channel,
        Keep.message_ts >= after,
        Keep.message_ts < before,
        Keep.standing,
    )
    live = select(Learning.source_ts.label("ts")).where(
        *_live(place), Learning.source_ts >= after, Learning.source_ts < before
    )
    return [Ts(ts) for ts in session.scalars(standing.union(live).order_by("ts"))]


def newest(session: Session, place: Place) -> Ts:
    """The newest of Slack's times that a keep or an edit in this channel is known by; "0" where there is none."""
    kept = select(func.max(Keep.event_ts)).where(Keep.workspace == place.workspace, Keep.channel == place.channel)
    said = select(func.max(Learning.words_ts)).where(
        Learning.workspace == place.workspace, Learning.channel == place.channel
    )
    return Ts(max(session.scalar(kept) or "0", session.scalar(said) or "0"))


def known_among(session: Session, place: Place, written: Collection[Ts]) -> set[Ts]:
    """Of these messages, those that something is known of."""
    if not written:
        return set()
    upto = Ts(f"{max(written)}0")  # the next possible time
    return set(written).intersection(known_between(session, place, after=min(written), before=upto))


def next_older(session: Session, place: Place, *, before: Ts) -> LearningView | None:
    """The youngest kept learning of a pocket whose message is older than `before`."""
    found = select(func.max(Learning.source_ts)).where(*_live(place), Learning.source_ts < before)
    ts = session.scalar(found)
    return _of(session, MessageRef(place, Ts(ts))) if ts else None


def _of(session: Session, message: MessageRef, *, lock: bool = False) -> LearningView | None:
    return learnings.find_by_key(session, message.place.workspace, keeps.key_of(message), lock=lock)


def _live(place: Place) -> tuple[ColumnElement[bool], ...]:
    return Learning.workspace == place.workspace, Learning.channel == place.channel, Learning.state == "live"


def _rewrite(
    session: Session, found: LearningView, message: MessageRef, words: str, *, words_ts: Ts, at: float
) -> None:
    """Its message has said these words since `words_ts`. Of a pending one, the look that it waits for reads them."""
    if found.state == "taken back" and learnings.has_words(words):
        keeps.settle(session, message, at=at)  # where keeps still stand, its words were away: it is looked at anew
        return
    if found.state not in ("pending", "live"):
        return
    if found.is_live and not learnings.has_words(words):
        _empty(session, found, words_ts=words_ts, at=at)
        return
    session.execute(
        update(Learning)
        .where(Learning.workspace == found.place.workspace, Learning.id == found.id)
        .values(words=words if found.is_live else "", words_ts=words_ts, changed_at=at)
    )


def _empty(session: Session, found: LearningView, *, words_ts: Ts, at: float) -> None:
    """Its words were edited away: nothing is left to be a learning, until another edit brings some back."""
    learnings.forget_words(session, found.place.workspace, found.id, state="taken back", at=at)
    session.execute(
        update(Learning)
        .where(Learning.workspace == found.place.workspace, Learning.id == found.id)
        .values(words_ts=words_ts)
    )
    kept_errands.owe_mark(session, found, at=at)
