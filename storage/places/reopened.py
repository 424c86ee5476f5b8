"""Reopened: a channel where Outloud can write again, archived or without it before, shows what became of things meanwhile."""

from __future__ import annotations

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from storage.ids import LearningId, Place
from storage.kept import kept_errands
from storage.prompts import rounds
from storage.tables import Learning

NEWEST = 100
"""Learnings whose marks and cards are looked at: two minutes of Slack's rate, and more than changes meanwhile."""


def look(session: Session, place: Place, *, at: float) -> None:
    """What changed last there, marks, cards and prompts, is to be as it should: while it was closed, nothing could be set."""
    changed = (
        select(Learning.id, Learning.card_ts)
        .where(
            Learning.workspace == place.workspace,
            Learning.channel == place.channel,
            or_(Learning.card_ts.is_not(None), and_(Learning.source_ts.is_not(None), ~Learning.is_elsewhere)),
            Learning.state != "pending",
        )
        .order_by(Learning.changed_at.desc(), Learning.id)
        .limit(NEWEST)
    )
    for row in sorted(session.execute(changed).all(), key=lambda row: row.id):  # locks are taken in one order
        (rounds.owe_card if row.card_ts else kept_errands.owe_mark_at)(session, place, LearningId(row.id), at=at)
    for round in rounds.lately_closed(session, place):
        rounds.owe_refresh(session, round, at=at)
