"""What authors hear of their words that others keep: the first time at once, after that once a week, of what still stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from storage import people
from storage.ids import LearningId, Person, PersonId, WorkspaceId
from storage.learned import learnings
from storage.learned.learnings import LearningView
from storage.owed import notices
from storage.tables import Keep, Learning, NoticeRow

WEEK = 7 * 86400.0
"""Seconds between two times that somebody hears of it."""

MOST = 100
"""How many of somebody's messages one word speaks of: whoever has more hears of the rest a week later."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A learning that was kept from a message, and who kept it first of those who still do and are not its author."""

    learning: LearningView
    curator: PersonId


def owe(session: Session, id: LearningId, author: Person, *, at: float) -> None:
    """Others keep this of the author's words: they are to hear so, unless they have."""
    if people.is_to_hear(session, author, "kept", at=at):
        notices.tell(session, author, "first kept", {"learning": id}, at=at)
        return
    heard = people.heard_at(session, author, "kept")
    found = learnings.find(session, author.workspace, id)
    if heard is not None and found is not None and found.told_at is None:
        notices.tell(session, author, "kept this week", {}, at=at, not_before=heard + WEEK)


def owe_each(session: Session, workspace: WorkspaceId, one_of: Mapping[PersonId, LearningId], *, at: float) -> None:
    """Others keep something of each of these authors', of which `one_of` names one. Whoever is to hear already, hears of all."""
    waiting = select(NoticeRow.person).where(
        NoticeRow.workspace == workspace,
        NoticeRow.person.in_(one_of),
        NoticeRow.kind.in_(("first kept", "kept this week")),
    )
    for author in sorted({*one_of}.difference(session.scalars(waiting))):
        owe(session, one_of[author], Person(workspace, author), at=at)


def untold(session: Session, author: Person, *, limit: int = MOST) -> list[Kept]:
    """What others keep of the author's words as things stand, and they have not heard of: in the order it was said."""
    found = (
        select(Learning.id, Keep.person)
        .join(
            Keep,
            (Keep.workspace == Learning.workspace)
            & (Keep.channel == Learning.channel)
            & (Keep.message_ts == Learning.source_ts),
        )
        .where(
            Learning.workspace == author.workspace,
            Learning.author == author.id,
            Learning.state == "live",
            Learning.told_at.is_(None),
            Learning.is_elsewhere.is_(False),
            Keep.standing,
            Keep.person != author.id,
        )
        .order_by(Learning.said_at, Learning.id, Keep.event_ts)
    )
    first = dict[LearningId, PersonId]()
    for row in session.execute(found):
        if len(first) == limit and row.id not in first:
            break
        first.setdefault(LearningId(row.id), PersonId(row.person))
    views = [(learnings.find(session, author.workspace, id), curator) for id, curator in first.items()]
    return [Kept(view, curator) for view, curator in views if view is not None]


def told(session: Session, author: Person, ids: Collection[LearningId], *, at: float) -> None:
    """They have heard of these; of what else others keep they hear a week later."""
    these = (Learning.workspace == author.workspace, Learning.author == author.id, Learning.id.in_(ids))
    session.execute(select(Learning.id).where(*these).order_by(Learning.id).with_for_update()).all()  # all in one order
    session.execute(update(Learning).where(*these).values(told_at=at))
    people.hears(session, author, "kept", at=at)
    if untold(session, author, limit=1):
        notices.tell(session, author, "kept this week", {}, at=at, not_before=at + WEEK)
