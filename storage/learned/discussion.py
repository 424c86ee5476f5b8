"""Discussion: what is said in the thread of a card. Its author is owed a private word; what is said there is not remembered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from storage import deliveries
from storage.ids import LearningId, MessageRef, Person, PersonId, Ts
from storage.owed import notices

from . import learnings
from .learnings import LearningView

MOST = 20
"""Of so many answers some will stand when their author hears."""


def answered(session: Session, card: MessageRef, reply: Ts, *, by: Person, at: float) -> None:
    """Somebody answered below a message of Outloud's: where it is a card, its author is to hear so, once until they have."""
    found = learnings.find_by_card(session, card)
    if found is not None:
        _tell(session, found, _key(card, reply), by=by, body={"ts": reply, "person": by.id}, at=at)


def deleted(session: Session, card: MessageRef, reply: Ts, *, at: float) -> None:
    """An answer was taken back: whose card it is hears of the next one, or of none."""
    found = learnings.find_by_card(session, card)
    if found is not None:
        deliveries.first(session, card.place.workspace, _key(card, reply), at=at)  # Slack may tell of it only now
        _rewrite(session, found, lambda body: _without(body, reply))


def _key(card: MessageRef, reply: Ts) -> str:
    return f"answer:{card.place.channel}:{reply}"


def _with(body: dict[str, Any], answer: dict[str, str]) -> dict[str, Any]:
    more = body.get("more", [])
    return body if body["ts"] == answer["ts"] or len(more) >= MOST else body | {"more": [*more, answer]}


def _without(body: dict[str, Any], reply: Ts) -> dict[str, Any] | None:
    left = [one for one in ({"ts": body["ts"], "person": body["person"]}, *body.get("more", [])) if one["ts"] != reply]
    return {"learning": body["learning"], **left[0], "more": left[1:]} if left else None


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
    notices.tell(session, _author(found), "answered", {"learning": found.id, **body}, at=at, about=found.id)
    _rewrite(session, found, lambda known: _with(known, body))


def _author(found: LearningView) -> Person:
    return Person(found.place.workspace, PersonId(found.author or ""))


def _rewrite(session: Session, found: LearningView, change: Callable[[dict[str, Any]], dict[str, Any] | None]) -> None:
    """Their notice names the first answer, and the next ones (`more`): where the first is deleted, it names one of those."""
    notices.rewrite(session, _author(found), "answered", found.id, change)
