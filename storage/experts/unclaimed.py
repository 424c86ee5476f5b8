"""Unclaimed: topics that people write about and nobody stands for, as far as somebody may know.

Whoever wants to be found by nobody stands for nothing in anybody's eyes: what only they know is unclaimed, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from functools import lru_cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from storage import visibility
from storage.ids import ChannelId, PersonId
from storage.tables import ExpertTag, Learning, LearningTopic
from storage.visibility import Viewer

from . import findable, names

LATELY = 182 * 86400.0
"""Seconds in which a topic was written about, or it is not missed: half a year."""

NEWEST, MOST = 100, 20
"""Learnings of a channel that are looked at, the newest; and of their topics, those that most are on."""

ASKED = 5
"""People who stand for something and of whom Slack is asked where they are, for one guest; and as many who endorse them."""


def of(
    session: Session,
    viewer: Viewer,
    channels: Collection[ChannelId],
    *,
    at: float,
    near: Collection[PersonId] = frozenset(),
) -> dict[ChannelId, list[str]]:
    """Of each of these channels the topics that nobody stands for, as they are called, by what `viewer` may see.

    What most is written about comes first; of as much, what was written about last. `near`: of `whom_to_ask`, those who Slack
    says are in a channel with a guest: to them, nobody else stands for anything.
    """
    many = _most_written(session, viewer, channels, at=at)
    kept = _standing(session, viewer, _all(many), near)
    return {channel: [topic for topic in one if topic not in kept] for channel, one in many.items()}


def whom_to_ask(session: Session, viewer: Viewer, channels: Collection[ChannelId], *, at: float) -> list[PersonId]:
    """Of whom Slack is to be asked, before a guest hears of any, whether they are where the guest is; none for a member."""
    if viewer.kind == "member" or viewer.is_nobody:
        return []
    topics = _all(_most_written(session, viewer, channels, at=at))
    about = names.all_of(session, viewer.person.workspace, topics)
    return findable.whom_to_ask(session, viewer, about, limit=ASKED)


def _most_written(
    session: Session, viewer: Viewer, channels: Collection[ChannelId], *, at: float
) -> dict[ChannelId, list[str]]:
    """Of each channel the topics that most is written about, as they are called."""
    written = {channel: _written(session, viewer, channel, at=at) for channel in channels}
    called = names.called(session, viewer.person.workspace, {topic for one in written.values() for topic in one})
    return {channel: _by_name(one, called) for channel, one in written.items()}


def _all(many: dict[ChannelId, list[str]]) -> set[str]:
    return {topic for one in many.values() for topic in one}


def _written(session: Session, viewer: Viewer, channel: ChannelId, *, at: float) -> Counter[str]:
    """How many of the newest learnings are on each topic, as it was written."""
    values = visibility.values(viewer) | {"of_channel": channel, "after": at - LATELY}
    return Counter(session.scalars(_topics(visibility.shape(viewer)), values))


@lru_cache
def _topics(shape: visibility.Shape) -> Select[str]:
    viewer = visibility.prepared(shape)
    lately = (Learning.channel == bindparam("of_channel"), Learning.said_at > bindparam("after"))
    newest = (
        select(Learning.id, Learning.said_at)
        .where(visibility.visible(viewer), *lately)
        .order_by(Learning.said_at.desc())
        .limit(NEWEST)
        .subquery()
    )
    return (
        select(LearningTopic.topic)
        .join(newest, newest.c.id == LearningTopic.learning)
        .where(LearningTopic.workspace == viewer.person.workspace)
        .order_by(newest.c.said_at.desc(), LearningTopic.topic)
    )


def _by_name(written: Counter[str], called: dict[str, str]) -> list[str]:
    many = Counter[str]()
    for topic, number in written.items():
        many[called[topic]] += number
    return [topic for topic, _ in many.most_common(MOST)]


def _standing(session: Session, viewer: Viewer, called: Collection[str], near: Collection[PersonId]) -> set[str]:
    """Those of them that somebody stands for, by whatever name."""
    about = names.all_of(session, viewer.person.workspace, called)
    found = select(ExpertTag.topic).where(findable.stands(viewer, near), ExpertTag.topic.in_(about)).distinct()
    if not about:
        return set()
    said = {about[topic] for topic in session.scalars(found)}
    return said | findable.have_earned(session, viewer, about, near)
