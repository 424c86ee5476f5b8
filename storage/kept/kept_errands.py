"""What a keep owes to Slack: a look at its message, the mark on it, and private words to those concerned."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from storage.ids import LearningId, MessageRef, PersonId, Place, WorkspaceId
from storage.learned.learnings import LearningView
from storage.owed import outbox


def owe_words(session: Session, found: LearningView, person: PersonId, *, at: float) -> None:
    """Whoever keeps for the first time is to hear, privately, what it does."""
    body = {"learning": found.id, "person": person}
    outbox.owe(session, found.place.workspace, "tell curator", lane=person, body=body, at=at)


def owe_look(session: Session, message: MessageRef, id: LearningId, *, at: float) -> None:
    """Its message is to be looked at."""
    place = message.place
    body, slot = {"learning": id}, f"look:{id}"
    outbox.owe(session, place.workspace, "look", lane=place.channel, body=body, slot=slot, at=at)


def owe_mark(session: Session, found: LearningView, *, at: float) -> None:
    """The mark on its message is to stand, or not, as the learning does when it is set. What was imported elsewhere has none."""
    if not found.is_elsewhere:
        owe_mark_at(session, found.place, found.id, at=at)


def owe_mark_at(session: Session, place: Place, id: LearningId, *, at: float) -> None:
    """The same, of one whose message stands in this channel."""
    body, slot = {"learning": id}, f"mark:{id}"
    outbox.owe(session, place.workspace, "mark", lane=place.channel, body=body, slot=slot, at=at)


def owe_refusal(
    session: Session,
    message: MessageRef,
    curator: PersonId,
    *,
    at: float,
    waits: bool = False,
    gone: bool = False,
) -> None:
    """Who tried to keep it is to hear, privately, that it can't be kept; or that it `waits` for its author's yes.

    `gone`: that nobody can be asked for one.
    """
    body: dict[str, Any] = {"channel": message.place.channel, "ts": message.ts, "person": curator}
    body |= ({"waits": True} if waits else {}) | ({"gone": True} if gone else {})
    outbox.owe(session, message.place.workspace, "refuse keep", lane=message.place.channel, body=body, at=at)


def owe_question(session: Session, found: LearningView, curator: PersonId, *, at: float) -> None:
    """Who took the last keep back is to be asked whether the learning shall go with it."""
    body = {"learning": found.id, "person": curator}
    outbox.owe(session, found.place.workspace, "ask curator", lane=curator, body=body, at=at)


def owe_private_refusal(session: Session, *, workspace: WorkspaceId, body: dict[str, Any], at: float) -> None:
    """They are to hear it in a direct message. `body` is that of the refusal that did not reach them."""
    outbox.owe(session, workspace, "refuse keep privately", lane=body["person"], body=body, at=at)
