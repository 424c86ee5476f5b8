"""Answered: a question speaks for who answered it, and never for who asked.

So a question that was found is a document of everybody whose answer to it whoever asks now may open, as in Balog's model any
document is of those whom it is associated with; in communities of questions and answers that finds people best (X. Liu,
W. B. Croft, M. Koll, *Finding experts in community-based question-answering services*, CIKM 2005).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, and_, exists, select, true

from storage import visibility
from storage.db.among import among
from storage.ids import ChannelId, LearningId, PersonId
from storage.search.looking import Look
from storage.tables import Answer, Learning, Outdated, Round


@dataclass(frozen=True, slots=True)
class Given:
    """An answer: a learning. `is_sure` as in `storage.search.looking`; `said_at` in seconds since 1970, UTC."""

    question: LearningId
    learning: LearningId
    channel: ChannelId
    author: PersonId
    said_at: float
    is_sure: bool


def to(search: Look, questions: Collection[LearningId]) -> list[Given]:
    """The answers to these that bear a name and are not out of date, as far as the viewer sees them, or might."""
    if not questions:
        return []
    found = _answers(visibility.shape(search.viewer), hopeful=search.hopeful)
    rows = search.session.execute(found, visibility.values(search.viewer) | {"questions": sorted(questions)})
    return [
        Given(
            LearningId(row.asked),
            LearningId(row.id),
            ChannelId(row.channel),
            PersonId(row.author),
            row.said_at,
            bool(row.is_sure),
        )
        for row in rows
    ]


@lru_cache
def _answers(shape: visibility.Shape, *, hopeful: bool) -> Select[*tuple[Any, ...]]:
    viewer = visibility.prepared(shape)
    sees = visibility.visible(viewer)
    is_old = exists().where(Outdated.workspace == Learning.workspace, Outdated.learning == Learning.id)
    shown = (Learning.__table__.c[name] for name in ("id", "channel", "author", "said_at"))
    of = and_(Answer.workspace == Round.workspace, Answer.round == Round.id)
    became = and_(Learning.workspace == Answer.workspace, Learning.id == Answer.learning)
    return (
        select(Round.asked, *shown, (sees if hopeful else true()).label("is_sure"))
        .join(Answer, of)
        .join(Learning, became)
        .where(
            Round.workspace == viewer.person.workspace,
            among(Round.asked, "questions"),
            visibility.hoped(viewer) if hopeful else sees,
            ~Learning.without_name,
            ~is_old,
        )
        .order_by(Round.asked, Learning.id)
    )
