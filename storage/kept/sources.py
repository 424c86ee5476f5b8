"""Sources: the messages that learnings were kept from, and how learnings follow them.

An edit or a deletion is told by an event; after a gap, what Slack shows is compared with what is known. Last write wins, by
Slack's order: an edit's `event_ts`, or what was known before Slack showed the message (`known`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from storage.experts import endorsing
from storage.ids import MessageRef, Place, Ts
from storage.learned import entries, helps, learnings
from storage.learned.learnings import LearningView
from storage.prompts import answers, rounds
from storage.search import documents
from storage.tables import Keep, Learning

from . import curators, files, keeps, kept_errands, shortening
from .curators import Given
from .files import FileLink


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as Slack shows it: its words, and the reactions on it.

    Those that keep (`given`), that say that it `helped`, by which its author is `endorsed`, and all. `once`: those of an emoji
    that kept before its pocket chose another. They begin nothing.
    """

    message: MessageRef
    words: str
    given: frozenset[Given]
    once: frozenset[Given] = frozenset()
    files: tuple[FileLink, ...] = ()
    helped: frozenset[Given] = frozenset()
    endorsed: frozenset[Given] = frozenset()
    reactions: frozenset[Given] = frozenset()


def edited(
    session: Session, message: MessageRef, words: str, *, event_ts: Ts, at: float, with_files: tuple[FileLink, ...] = ()
) -> None:
    """A message says something else since `event_ts`. Of one that nobody keeps, nothing is remembered."""
    found = _of(session, message, lock=True)
    if found is not None and event_ts > (found.words_ts or "0"):
        _rewrite(session, found, Shown(message, words, frozenset(), files=with_files), words_ts=event_ts, at=at)


def deleted(session: Session, message: MessageRef, *, event_ts: Ts, at: float) -> None:
    """A message is gone from Slack since `event_ts`, for ever: so are its learning's words, and who kept it."""
    answers.of_message(session, message, lock=True)
    found = _of(session, message, lock=True)
    if found is not None:
        learnings.forget_words(session, message.place.workspace, found.id, state="deleted", at=at)
        # One may have been set since, on what stands in its place for its replies.
        kept_errands.owe_mark(session, found, at=at)
        curators.forget(session, message)
        helps.forget(session, message.place.workspace, found.id)
    answers.gone(session, message, event_ts=event_ts)
    rounds.prompt_deleted(session, message, event_ts=event_ts, at=at)


def shown(session: Session, found: Collection[Shown], *, known: Ts, at: float, may_keep: bool = True) -> None:
    """Slack showed these messages, after all that was known: keeps and edits that were not heard of are made up for.

    `may_keep`: false where it is no pocket any more: keeps may end there, but none begins.
    """
    for one in sorted(found, key=lambda one: one.message.ts):
        _of(session, one.message, lock=True)  # before who keeps it: locks are taken in one order
        given = one.given if may_keep else one.given & curators.given(session, one.message)
        given |= one.once & curators.told(session, one.message) if one.once else frozenset()
        seen = curators.seen(session, one.message, given, known=known)
        if seen.given or seen.taken_back:
            keeps.settle(
                session,
                one.message,
                at=at,
                newest=seen.given,
                taker=min(seen.taken_back, default=None),
            )
        learning = _of(session, one.message, lock=True)
        if learning is not None and learning.state == "pending":  # nobody may have been let in to look at it
            kept_errands.owe_look(session, one.message, learning.id, at=at)
        if learning is not None and not _says(learning, one) and (learning.words_ts or "0") <= known:
            _rewrite(session, learning, one, words_ts=max(known, one.message.ts), at=at)
        helps.seen(session, one.message, one.helped, one.reactions, known=known, at=at, may_give=may_keep)
        endorsing.seen(session, one.message, one.endorsed, one.reactions, known=known, at=at, may_give=may_keep)


def known_between(session: Session, place: Place, *, after: Ts, before: Ts) -> list[Ts]:
    """The messages of a pocket that something is known of, cards too, and that were written from `after` on, before `before`."""
    standing = select(Keep.message_ts.label("ts")).where(
        Keep.workspace == place.workspace,
        Keep.channel == place.channel,
        Keep.message_ts >= after,
        Keep.message_ts < before,
        Keep.standing,
        ~_is_elsewhere(),
    )
    live = select(Learning.source_ts.label("ts")).where(
        *_live(place), Learning.source_ts >= after, Learning.source_ts < before
    )
    cards = select(Learning.card_ts.label("ts")).where(
        *_live(place), Learning.card_ts >= after, Learning.card_ts < before
    )
    return [Ts(ts) for ts in session.scalars(standing.union(live, cards).order_by("ts"))]


def newest(session: Session, place: Place) -> Ts:
    """The newest of Slack's times that a keep, a help, an endorsement or an edit here is known by; "0" where there is none."""
    kept = select(func.max(Keep.event_ts)).where(Keep.workspace == place.workspace, Keep.channel == place.channel)
    said = select(func.max(Learning.words_ts)).where(
        Learning.workspace == place.workspace, Learning.channel == place.channel
    )
    reacted = (helps.newest(session, place), endorsing.newest(session, place))
    return Ts(max(session.scalar(kept) or "0", session.scalar(said) or "0", *reacted))


def known_among(session: Session, place: Place, written: Collection[Ts]) -> set[Ts]:
    """Of these messages, those that something is known of."""
    if not written:
        return set()
    upto = Ts(f"{max(written)}0")  # the next possible time
    return set(written).intersection(known_between(session, place, after=min(written), before=upto))


def next_older(session: Session, place: Place, *, before: Ts) -> MessageRef | None:
    """The youngest message older than `before` that a learning of the pocket was kept from, or that is the card of one."""
    stands_at = func.coalesce(Learning.source_ts, Learning.card_ts)
    ts = session.scalar(select(func.max(stands_at)).where(*_live(place), stands_at < before))
    return MessageRef(place, Ts(ts)) if ts else None


def _of(session: Session, message: MessageRef, *, lock: bool = False) -> LearningView | None:
    return learnings.find_by_key(session, message.place.workspace, learnings.key_of(message), lock=lock)


def _live(place: Place) -> tuple[ColumnElement[bool], ...]:
    """Those of a pocket that stand in its channel: what was imported from elsewhere is looked for in vain."""
    here = (Learning.workspace == place.workspace, Learning.channel == place.channel)
    return *here, Learning.state == "live", Learning.is_elsewhere.is_(False)


def _is_elsewhere() -> ColumnElement[bool]:
    """Whether a keep is of such a one."""
    message = (Learning.workspace == Keep.workspace, Learning.channel == Keep.channel)
    return select(Learning.id).where(*message, Learning.source_ts == Keep.message_ts, Learning.is_elsewhere).exists()


def _says(found: LearningView, now: Shown) -> bool:
    """Whether it says what its message says, though a curator may have left words out."""
    return found.files == now.files and (found.words == now.words or _is_shortened_from(found, now.words))


def _is_shortened_from(found: LearningView, words: str) -> bool:
    return found.shortened_from is not None and found.shortened_from == shortening.digest(words)


def _rewrite(session: Session, found: LearningView, now: Shown, *, words_ts: Ts, at: float) -> None:
    """Its message has said this since `words_ts`. Of a pending one, the look that it waits for reads it.

    Words of which a curator had left some out come whole: the edited ones nobody has shortened (docs/decisions/0041).
    """
    words = now.words
    if found.state == "taken back" and entries.has_words(words):
        keeps.settle(session, now.message, at=at)  # where keeps still stand, its words were away: it is looked at anew
        return
    if found.state not in ("pending", "live"):
        return
    if found.is_live and not entries.has_words(words):
        _empty(session, found, words_ts=words_ts, at=at)
        return
    change: dict[str, object] = {"words_ts": words_ts, "changed_at": at}
    if found.is_live:
        change["files"] = files.to_text(now.files)
        if not _is_shortened_from(found, words):
            change |= {"words": words, "shortened_by": None, "shortened_from": None}
    session.execute(
        update(Learning).where(Learning.workspace == found.place.workspace, Learning.id == found.id).values(change)
    )
    documents.follow(session, found.place.workspace, found.id)
    rounds.follow(session, found.place.workspace, found.id, at=at)


def _empty(session: Session, found: LearningView, *, words_ts: Ts, at: float) -> None:
    """Its words were edited away: nothing is left to be a learning, until another edit brings some back."""
    learnings.forget_words(session, found.place.workspace, found.id, state="taken back", at=at)
    session.execute(
        update(Learning)
        .where(Learning.workspace == found.place.workspace, Learning.id == found.id)
        .values(words_ts=words_ts)
    )
    kept_errands.owe_mark(session, found, at=at)
