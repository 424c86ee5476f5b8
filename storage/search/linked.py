"""Linked: where what was found leads to, as far as its viewer may see that, too."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from sqlalchemy import Select, select, true
from sqlalchemy.orm import Session

from storage import visibility
from storage.db.among import among
from storage.ids import ChannelId, LearningId
from storage.learned import learnings, links
from storage.learned.learnings import LearningView
from storage.tables import Learning
from storage.visibility import Viewer

Leads = dict[LearningId, tuple[LearningView, ...]]


def to(
    session: Session, viewer: Viewer, ids: Collection[LearningId], *, hopeful: bool
) -> tuple[Leads, frozenset[ChannelId]]:
    """Where each of these leads to, what was linked last first; and the channels that Slack is to be asked about before.

    `hopeful`: also what they may see only if Slack says so.
    """
    workspace = viewer.person.workspace
    others = links.of_each(session, workspace, ids)
    if not others:
        return {}, frozenset()
    wanted = sorted({id for some in others.values() for id in some})
    values = visibility.values(viewer) | {"others": wanted}
    rows = session.execute(_seen(visibility.shape(viewer), hopeful=hopeful), values).all()
    seen = learnings.several(session, workspace, [LearningId(row.id) for row in rows])
    leads = {id: tuple(seen[other] for other in some if other in seen) for id, some in others.items()}
    return leads, frozenset(ChannelId(row.channel) for row in rows if not row.is_sure)


@lru_cache
def _seen(shape: visibility.Shape, *, hopeful: bool) -> Select[str, str, bool]:
    viewer = visibility.prepared(shape)
    sees = visibility.visible(viewer)
    found = select(Learning.id, Learning.channel, (sees if hopeful else true()).label("is_sure"))
    return found.where(among(Learning.id, "others"), visibility.hoped(viewer) if hopeful else sees)
