"""Earned: what somebody's learnings that helped others say of them, as far as whoever asks may open these.

A yes to it stays, and is worth what stands behind it now: to whoever may open none of these learnings, and once they are deleted,
or their helps taken back, nothing was earned. Else the reason would tell that there is something which one may not see.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from storage import visibility
from storage.db.among import among
from storage.ids import PersonId
from storage.tables import Help, Learning, LearningTopic, PersonRow
from storage.visibility import Viewer

from .asking import EARNED


def by_evidence(
    session: Session, viewer: Viewer, about: Mapping[str, str], people: Collection[PersonId]
) -> set[tuple[PersonId, str]]:
    """Whose learnings, that `viewer` may open, helped as many as earn a topic: with each, what that is called.

    `about`: topics as they are written, each with what it is called.
    """
    if viewer.is_nobody or not people or not about:
        return set()
    values = visibility.values(viewer) | {"people": sorted(people), "topics": sorted(about)}
    whom: dict[tuple[PersonId, str], set[str]] = {}
    for author, topic, helped in session.execute(_helped(visibility.shape(viewer)), values):
        whom.setdefault((PersonId(author), about[topic]), set()).add(helped)
    return {one for one, some in whom.items() if len(some) >= EARNED}


@lru_cache
def _helped(shape: visibility.Shape) -> Select[*tuple[Any, ...]]:
    viewer = visibility.prepared(shape)
    on = and_(LearningTopic.workspace == Learning.workspace, LearningTopic.learning == Learning.id)
    help_ = and_(Help.workspace == Learning.workspace, Help.learning == Learning.id, Help.standing)
    by = and_(PersonRow.workspace == Help.workspace, PersonRow.id == Help.person, PersonRow.is_bot.is_(False))
    found = select(Learning.author, LearningTopic.topic, Help.person).join(LearningTopic, on).join(Help, help_)
    return (
        found.join(PersonRow, by)
        .where(
            visibility.visible(viewer),
            among(Learning.author, "people"),
            among(LearningTopic.topic, "topics"),
            ~Learning.without_name,
            Learning.kind != "question",
            Help.person != Learning.author,
        )
        .distinct()
    )
