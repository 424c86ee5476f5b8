"""Exports: what a pocket learned, a page at a time, for its leads, or for whoever runs Outloud.

A learning that was shared without a name has none here either, whoever asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session

from storage import people, visibility
from storage.ids import ChannelId, LearningId, Person, PersonId, Place, WorkspaceId
from storage.learned import helps
from storage.owed import outbox
from storage.tables import Channel, Learning, LearningTopic, Pocket, Workspace
from storage.visibility import Viewer

from . import leads, pocket_settings, pockets

PAGE = 500
"""Learnings that are in memory at once."""

MOST_IN_SLACK = 10_000
"""Learnings that are sent as files: a lease is long enough for these, and more are a matter for whoever runs Outloud."""


class Position(NamedTuple):
    """Where a page ended: the next one begins behind it."""

    said_at: float
    id: LearningId


@dataclass(frozen=True, slots=True)
class Exported:
    """A learning as it is exported. `author`: None where no name stands with it. `said_at` in seconds since 1970, UTC.

    `is_slacks`: its words are a message's, as Slack writes them, with mentions and links in angle brackets.
    """

    at: Position
    author: PersonId | None
    kind: str
    words: str
    why: str
    topics: tuple[str, ...]
    link: str
    is_slacks: bool
    helped: int = 0
    """How many people; nobody's name stands with it."""


@dataclass(frozen=True, slots=True)
class Head:
    """What is said of the pocket itself: what its channel is called, what it is for, its noun and its timezone."""

    place: Place
    name: str
    purpose: str
    noun: str
    timezone: str


def owe(session: Session, place: Place, *, by: Person, at: float) -> None:
    """A lead wants the export of their pocket. Pressed again before it came, it comes once.

    Raises `NotAPocket`, `NotALead`.
    """
    pockets.require(session, place)
    leads.require(session, place, by)
    people.hold(session, by)  # of two processes that owe it at once, the second waits, and sees what the first owes
    if not outbox.waits(session, place.workspace, "send export", lane=by.id, key="channel", value=place.channel):
        body = {"channel": place.channel, "person": by.id}
        outbox.owe(session, place.workspace, "send export", lane=by.id, body=body, at=at)


def owe_refusal(session: Session, *, place: Place, person: PersonId, reason: str, at: float) -> None:
    """They are to hear why it does not come: `scope`, `large` or `lead`."""
    body = {"channel": place.channel, "person": person, "reason": reason}
    outbox.owe(session, place.workspace, "refuse export", lane=person, body=body, at=at)


def head(session: Session, place: Place) -> Head:
    """Of a channel that is a pocket, or was one."""
    found = select(Channel.name).where(Channel.workspace == place.workspace, Channel.id == place.channel)
    settings = pocket_settings.of(session, place)
    return Head(place, session.scalar(found) or place.channel, settings.purpose, settings.noun, settings.timezone)


def count(session: Session, place: Place, viewer: Viewer | None) -> int:
    """How many learnings there are for this viewer; None is whoever runs Outloud."""
    return session.scalar(select(func.count()).select_from(Learning).where(_those(place, viewer))) or 0


def is_unchecked(session: Session, place: Place, viewer: Viewer) -> bool:
    """Whether Slack did not say in time what this viewer may see of it."""
    if viewer.kind == "unknown" and viewer.is_active:
        return True
    found = select(Learning.id).where(Learning.channel == place.channel, visibility.unchecked(viewer))
    return session.scalar(found.limit(1)) is not None


def page(
    session: Session, place: Place, viewer: Viewer | None, *, after: Position | None = None, limit: int = PAGE
) -> list[Exported]:
    """The next learnings, oldest first."""
    found = select(Learning.__table__).where(_those(place, viewer)).order_by(Learning.said_at, Learning.id).limit(limit)
    if after is not None:
        found = found.where(tuple_(Learning.said_at, Learning.id) > (after.said_at, after.id))
    url = session.scalar(select(Workspace.url).where(Workspace.id == place.workspace)) or ""
    rows = session.execute(found).all()
    ids = [row.id for row in rows]
    tags, helped = _topics(session, place, ids), helps.counts(session, place, ids)
    return [_exported(row, url, tuple(tags.get(row.id, ())), helped.get(row.id, 0)) for row in rows]


def named(session: Session, name: str) -> list[tuple[Head, str]]:
    """The pockets, live or stopped, whose channel has this name or id; each with its workspace's name."""
    wanted = name.strip().removeprefix("#")
    found = (
        select(Pocket.workspace, Pocket.channel, Workspace.name)
        .join(Channel, and_(Channel.workspace == Pocket.workspace, Channel.id == Pocket.channel))
        .join(Workspace, Workspace.id == Pocket.workspace)
        .where(or_(Channel.name == wanted.lower(), Channel.id == wanted))
        .order_by(Pocket.workspace, Pocket.channel)
    )
    rows = session.execute(found).all()
    return [(head(session, Place(WorkspaceId(row[0]), ChannelId(row[1]))), row[2]) for row in rows]


def names(session: Session, *, limit: int = 30) -> list[str]:
    """What the pockets' channels are called."""
    channel = and_(Channel.workspace == Pocket.workspace, Channel.id == Pocket.channel)
    return list(session.scalars(select(Channel.name).join(Pocket, channel).order_by(Channel.name).limit(limit)))


def _those(place: Place, viewer: Viewer | None) -> ColumnElement[bool]:
    of_it = and_(Learning.workspace == place.workspace, Learning.channel == place.channel, Learning.state == "live")
    return of_it if viewer is None else and_(of_it, visibility.visible(viewer))


def _topics(session: Session, place: Place, ids: list[str]) -> dict[str, list[str]]:
    found = (
        select(LearningTopic.learning, LearningTopic.topic)
        .where(LearningTopic.workspace == place.workspace, LearningTopic.learning.in_(ids))
        .order_by(LearningTopic.learning, LearningTopic.position)
    )
    tags: dict[str, list[str]] = {}
    for row in session.execute(found):
        tags.setdefault(row.learning, []).append(row.topic)
    return tags


def _exported(row: Row[Any], url: str, topics: tuple[str, ...], helped: int) -> Exported:
    card = row.card_ts
    return Exported(
        at=Position(row.said_at, LearningId(row.id)),
        author=PersonId(row.author) if row.author and not row.without_name else None,
        kind=row.kind,
        words=row.words,
        why=row.why,
        topics=topics,
        link=row.link or (f"{url}archives/{row.channel}/p{card.replace('.', '')}" if card else ""),
        is_slacks=row.source_ts is not None,
        helped=helped,
    )
