"""The quiet rule: how often Outloud may say something that nobody asked for, to a person and in a channel.

Whatever somebody causes themselves (an answer, a card, what their first keep does) is not unasked, and does not count.
The rule is held at the moment of sending: whoever is about to say something takes a turn, which counts from then on,
whether the message is known to have arrived or not; what is surely not said gives its turn back.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Float, Integer, bindparam, delete, select, update
from sqlalchemy.orm import Session

from storage.db.upserts import Upsert
from storage.ids import Person, Place, WorkspaceId
from storage.tables import Channel, PersonRow, Unasked

DAY = 86400.0


@dataclass(frozen=True, slots=True)
class Rule:
    """At most `most` within any `window` (seconds)."""

    most: int
    window: float


WORDS = Rule(most=1, window=DAY)
"""To a person: one private message a day."""

POSTS = Rule(most=2, window=7 * DAY)
"""In a channel: two posts a week."""


class TooSoon(Exception):
    """The rule is met: not before `until` (seconds since 1970, UTC)."""

    def __init__(self, until: float) -> None:
        super().__init__(until)
        self.until = until


def _take(insert):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 -- the dialect's own builder
    statement = insert(Unasked)
    return statement.on_conflict_do_update(
        index_elements=["workspace", "lane", "errand"], set_={"said_at": statement.excluded.said_at}
    )


_TAKE = Upsert(_take)
_SAID = (
    select(Unasked.said_at)
    .where(
        Unasked.workspace == bindparam("of_workspace"),
        Unasked.lane == bindparam("of_lane"),
        Unasked.errand != bindparam("but"),
        Unasked.said_at + bindparam("window", type_=Float) > bindparam("at", type_=Float),
    )
    .order_by(Unasked.said_at.desc())
    .limit(bindparam("most", type_=Integer))
)


def may_hear(session: Session, person: Person, *, at: float) -> bool:
    """Whether something unasked may be said to a person at `at`."""
    return _next(session, person.workspace, person.id, WORDS, at=at) <= at


def may_post(session: Session, place: Place, *, at: float) -> bool:
    """Whether something unasked may be posted in a channel at `at`."""
    return _next(session, place.workspace, place.channel, POSTS, at=at) <= at


def take_word(session: Session, person: Person, errand: str, *, at: float) -> None:
    """`errand` is about to say something to a person, who is remembered. Raises `TooSoon`.

    Again for the same errand it is the same turn, at a later time.
    """
    one = select(PersonRow.id).where(PersonRow.workspace == person.workspace, PersonRow.id == person.id)
    # Of two processes that ask at once, one is too soon; what only refers to the person, a help say, goes on.
    session.execute(one.with_for_update(key_share=True))
    _take_turn(session, person.workspace, person.id, errand, WORDS, at=at)


def take_post(session: Session, place: Place, errand: str, *, at: float) -> None:
    """`errand` is about to post something in a channel that is known. Raises `TooSoon`; again as in `take_word`."""
    one = select(Channel.id).where(Channel.workspace == place.workspace, Channel.id == place.channel)
    session.execute(one.with_for_update(key_share=True))
    _take_turn(session, place.workspace, place.channel, errand, POSTS, at=at)


def posted(session: Session, workspace: WorkspaceId, errand: str, *, at: float) -> None:
    """It stands in Slack since `at`, at the latest: it counts from then on."""
    session.execute(update(Unasked).where(*_turn(workspace, errand)).values(said_at=at))


def give_back(session: Session, workspace: WorkspaceId, errand: str) -> None:
    """There was nothing to say: no turn was needed."""
    session.execute(delete(Unasked).where(*_turn(workspace, errand)))


def recent_words(*, at: float) -> ColumnElement[bool]:
    """The condition of a turn that still counts for a person."""
    return Unasked.said_at + WORDS.window > at


def _take_turn(session: Session, workspace: WorkspaceId, lane: str, errand: str, rule: Rule, *, at: float) -> None:
    until = _next(session, workspace, lane, rule, at=at, but=errand)
    if until > at:
        raise TooSoon(until)
    past = (Unasked.workspace == workspace, Unasked.lane == lane, Unasked.said_at + rule.window <= at)
    session.execute(delete(Unasked).where(*past))
    _TAKE.run(session, workspace=workspace, lane=lane, errand=errand, said_at=at)


def _next(session: Session, workspace: WorkspaceId, lane: str, rule: Rule, *, at: float, but: str = "") -> float:
    """From when on the next one may be said: `at`, or later. `but`: of whose turn we are speaking."""
    one = {"of_workspace": workspace, "of_lane": lane, "but": but, "at": at, "most": rule.most}
    said = list(session.scalars(_SAID, one | {"window": rule.window}))
    return said[-1] + rule.window if len(said) == rule.most else at


def _turn(workspace: WorkspaceId, errand: str) -> tuple[ColumnElement[bool], ...]:
    return Unasked.workspace == workspace, Unasked.errand == errand
