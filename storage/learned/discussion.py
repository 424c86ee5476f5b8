"""Discussion: what is said in the thread of a card. Its author is owed a private word; what is said there is not remembered."""

from __future__ import annotations

from sqlalchemy.orm import Session

from storage import deliveries
from storage.ids import LearningId, MessageRef, Person, PersonId, Ts
from storage.owed import notices

from . import learnings
from .learnings import LearningView


def answered(session: Session, card: MessageRef, reply: Ts, *, by: Person, at: float) -> None:
    """Somebody answered below a message of Outloud's: where it is a card, its author is to hear so, once until they have."""
    found = learnings.find_by_card(session, card)
    if found is not None:
        key = f"answer:{card.place.channel}:{reply}"
        _tell(session, found, key, by=by, body={"ts": reply, "person": by.id}, at=at)


def answered_by_form(
    session: Session, question: LearningId, answer: LearningId, *, by: Person, shown: PersonId | None, at: float
) -> None:
    """Somebody answered a question by the form: who asked is to hear so. `shown`: None where it is without their name."""
    found = learnings.find(session, by.workspace, question)
    if found is not None and found.card_ts is not None:
        _tell(session, found, f"answer:{answer}", by=by, body={"ts": found.card_ts, "person": shown or ""}, at=at)


def _tell(session: Session, found: LearningView, key: str, *, by: Person, body: dict[str, str], at: float) -> None:
    if not found.is_live or found.author in (None, by.id):
        return
    if not deliveries.first(session, found.place.workspace, key, at=at):
        return  # told again, by whatever id: they may have heard of it already
    author = Person(found.place.workspace, PersonId(found.author or ""))
    notices.tell(session, author, "answered", {"learning": found.id, **body}, at=at, about=found.id)
