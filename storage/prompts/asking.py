"""What is asked, when a schedule's time comes up: the question is drawn, and whoever posts it hears what to ask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Row, update
from sqlalchemy.orm import Session

from storage.ids import ChannelId, PersonId, Place, WorkspaceId
from storage.tables import Schedule

from . import bank, drawing
from .plans import ScheduleId
from .recurrence import Rule, Time
from .refusals import CantBeRead
from .timing import closes_at, nudges_at


class Drawn(NamedTuple):
    """A question, the bank's prompt that it is, if it is one, and the deck that is left. No question: there is none to ask."""

    question: str
    prompt: str | None
    deck: list[str]


class Turn(NamedTuple):
    """A schedule's turn to ask. Moments in seconds since 1970, UTC; its round opens at `opens_at`."""

    schedule: ScheduleId
    place: Place
    lead: PersonId
    rule: Rule
    time: Time
    question: str
    opens_at: float
    open_days: int
    nudge: bool

    @property
    def closes_at(self) -> float:
        """When the round closes."""
        return closes_at(self.rule, self.opens_at, days=self.open_days)

    @property
    def nudges_at(self) -> float | None:
        """When those are reminded who asked for it; None: nobody is."""
        return nudges_at(self.rule, self.opens_at, self.closes_at) if self.nudge else None


Opens = Callable[[Session, Turn, float], object]
"""Opens a round, or asks its lead for the first answer to it, at a moment (seconds since 1970, UTC), in the same transaction."""


def drawn(session: Session, row: Row[Any], time: Time) -> Drawn:
    """What a schedule asks at a time: a pure function of its row and the pocket's bank, so that a preview says the same.

    Raises `CantBeRead` where its row holds none.
    """
    if row.source != "theme" and not row.questions:
        raise CantBeRead
    if row.source == "question":
        return Drawn(row.questions[0], None, row.deck or [])
    cards = {question: question for question in row.questions}
    if row.source == "theme":
        cards = bank.cards(session, Place(WorkspaceId(row.workspace), ChannelId(row.channel)), row.theme)
    if not cards:
        return Drawn("", None, row.deck)
    seed = f"{row.id}:{time.on}"
    card, deck = drawing.draw(row.deck, cards, shuffled=row.shuffled, seed=seed, last=row.last_card)
    return Drawn(cards[card], card if row.source == "theme" else None, deck)


def keep_deck(session: Session, row: Row[Any], drawn: Drawn) -> None:
    """Remember what is left to draw."""
    here = (Schedule.workspace == row.workspace, Schedule.id == row.id)
    card = drawn.prompt or drawn.question
    session.execute(update(Schedule).where(*here).values(deck=drawn.deck, last_card=card))


def put_back(session: Session, row: Row[*tuple[Any, ...]], cards: Sequence[str]) -> None:
    """What was drawn (a prompt of the bank's, else a question) was not asked: it lies on top of the deck again."""
    here = (Schedule.workspace == row.workspace, Schedule.id == row.id)
    deck = list(dict.fromkeys([*cards, *(row.deck or [])]))
    session.execute(update(Schedule).where(*here).values(deck=deck))


def turn(row: Row[Any], rule: Rule, time: Time, question: str, *, opens_at: float) -> Turn:
    """What is to be asked, for a round that opens at a moment."""
    place = Place(WorkspaceId(row.workspace), ChannelId(row.channel))
    id, lead = ScheduleId(row.id), PersonId(row.lead)
    return Turn(id, place, lead, rule, time, question, opens_at, row.open_days, row.nudge)
