"""Who may see what: the one rule, in SQL, for every surface that shows learnings.

A person sees a learning only where Slack, at this moment, would let them read the channel that it came from. Who somebody is and
which channels they are in is asked of Slack (`Viewer`); what could not be asked is not known, and what is not known is not shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, and_, exists, false, not_, or_
from sqlalchemy.orm import Session

from .ids import ChannelId, LearningId, Person
from .tables import Channel, Learning

Kind = Literal["member", "guest", "external", "unknown"]
"""A full member of the workspace, a guest in it, somebody of another organisation; or nobody could say."""

FRESH = 60.0
"""Seconds for which an answer of Slack's about a viewer holds."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who wants to see something, as Slack describes them now.

    `channels`: those that Slack says they are in, public and private, of which it tells Outloud; None: it did not say in time.
    `is_active`: false for somebody who was deactivated.
    """

    person: Person
    kind: Kind
    is_active: bool = True
    channels: frozenset[ChannelId] | None = None


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """The condition for a statement that selects from `Learning`. It binds the workspace, too."""
    here = and_(Learning.workspace == viewer.person.workspace, Learning.state == "live")
    if not viewer.is_active or viewer.kind == "unknown":
        return and_(here, false())
    own = and_(Learning.author == viewer.person.id, _from(not_(_is_readable())))
    return and_(here, or_(_from(_is_readable(), _reads(viewer)), own))


def sees(session: Session, viewer: Viewer, learning: LearningId) -> bool:
    """Whether they may see this one. What does not exist is answered alike."""
    return session.query(Learning.id).where(Learning.id == learning, visible(viewer)).first() is not None


def unchecked(viewer: Viewer) -> ColumnElement[bool]:
    """What they might see, if Slack had said in time which channels they are in: for an answer that says so, and no more."""
    if viewer.channels is not None or not viewer.is_active or viewer.kind == "unknown":
        return false()
    here = and_(Learning.workspace == viewer.person.workspace, Learning.state == "live")
    closed = [not_(_is_open())] if viewer.kind == "member" else []
    return and_(here, _from(_is_readable(), *closed))


def _from(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a learning comes from a channel that meets all of these."""
    return exists().where(Channel.workspace == Learning.workspace, Channel.id == Learning.channel, *conditions)


def _is_readable() -> ColumnElement[bool]:
    """Whether anybody but the author may see what came from this channel: its kind is known, and Slack shows it still."""
    is_closed = or_(Channel.is_private, Channel.is_shared)
    return and_(Channel.is_known, not_(Channel.is_deleted), not_(and_(is_closed, not_(Channel.has_bot))))


def _is_open() -> ColumnElement[bool]:
    """Public, and of this workspace alone: a full member may read it without being in it."""
    return and_(not_(Channel.is_private), not_(Channel.is_shared))


def _reads(viewer: Viewer) -> ColumnElement[bool]:
    inside = Channel.id.in_(viewer.channels) if viewer.channels else false()
    return or_(_is_open(), inside) if viewer.kind == "member" else inside
