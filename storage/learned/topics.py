"""Topics: what a learning is about, in a form in which `Python`, `#python` and `python ` are one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from sqlalchemy import bindparam, delete, func, insert, select
from sqlalchemy.orm import Session

from storage.db.among import among
from storage.ids import LearningId, Place, WorkspaceId
from storage.refusals import NotATopic, TooManyTopics, TopicTooLong
from storage.tables import Learning, LearningTopic
from storage.visibility import Viewer, visible

MAX_TOPICS = 10
"""A learning on more is on none: nobody searches by the eleventh."""
MAX_LENGTH = 60
"""Characters: it must fit, with a word of ours, into an option's label of 75 (Block Kit)."""

_APART = re.compile(r"[\s_]+|-{2,}")
_SIGNS = set("+#./&-")
"""Kept inside a topic: c++, c#, .net, ci/cd, r&d, node.js. Other signs part words."""
_JOINERS = {"\u200c", "\u200d"}
"""They join the parts of an emoji, and keep apart letters of Persian."""
_VARIANTS = {"\ufe0e", "\ufe0f"}
"""The same sign in black and white, or in colours."""
_AFTER = "-/&\u200c\u200d"
_BEFORE = _AFTER + "#"
"""What no topic ends, or begins with."""

_OF = (
    select(LearningTopic.topic)
    .where(LearningTopic.workspace == bindparam("of_workspace"), LearningTopic.learning == bindparam("of_learning"))
    .order_by(LearningTopic.position)
)

_INSERT = insert(LearningTopic.__table__)  # type: ignore[arg-type]
_OF_EACH = (
    select(LearningTopic.learning, LearningTopic.topic)
    .where(
        LearningTopic.workspace == bindparam("of_workspace"),
        among(LearningTopic.learning, "of_learnings"),
    )
    .order_by(LearningTopic.learning, LearningTopic.position)
)


def normalise(typed: str) -> str:
    """A topic in its one form: NFKC, lower case, words joined by hyphens, without the leading `#`.

    Raises `NotATopic` where nothing is left, `TopicTooLong` over 60 characters.
    """
    topic = typed
    for _ in range(3):  # lower case may compose anew, and what is cut off an edge may lay bare another
        before, topic = topic, _normalise_once(topic)
        if topic == before:
            break
    if not any(mark.isalnum() or _is_emoji(mark) for mark in topic):
        raise NotATopic(topic=typed.strip()[:MAX_LENGTH], field="topics")
    if len(topic) > MAX_LENGTH:
        raise TopicTooLong(topic=f"{topic[:MAX_LENGTH]}…", limit=MAX_LENGTH, field="topics")
    return topic


def as_one(typed: str) -> str:
    """A topic in its one form; empty where what is typed is none, or none yet."""
    try:
        return normalise(typed)
    except (NotATopic, TopicTooLong):
        return ""


def normalise_all(typed: list[str]) -> tuple[str, ...]:
    """Topics in their one form and first order, each once. Raises as `normalise`, and `TooManyTopics` over ten."""
    topics = tuple(dict.fromkeys(normalise(topic) for topic in typed))
    if len(topics) > MAX_TOPICS:
        raise TooManyTopics(count=len(topics), limit=MAX_TOPICS, field="topics")
    return topics


def replace(session: Session, workspace: WorkspaceId, learning: LearningId, topics: tuple[str, ...]) -> None:
    """Give a learning these topics, and no others."""
    session.execute(
        delete(LearningTopic).where(LearningTopic.workspace == workspace, LearningTopic.learning == learning)
    )
    add(session, workspace, learning, topics)


def add(session: Session, workspace: WorkspaceId, learning: LearningId, topics: tuple[str, ...]) -> None:
    """Give a new learning its topics."""
    if topics:
        rows = [
            {"workspace": workspace, "learning": learning, "topic": topic, "position": position}
            for position, topic in enumerate(topics)
        ]
        session.connection().execute(_INSERT, rows)


def of(session: Session, workspace: WorkspaceId, learning: LearningId) -> tuple[str, ...]:
    """A learning's topics, in the order they were given."""
    return tuple(session.scalars(_OF, {"of_workspace": workspace, "of_learning": learning}))


def of_each(session: Session, workspace: WorkspaceId, learnings: Sequence[LearningId]) -> dict[str, tuple[str, ...]]:
    """The same of several; those that are on none are left out."""
    found = dict[str, tuple[str, ...]]()
    for row in session.connection().execute(_OF_EACH, {"of_workspace": workspace, "of_learnings": [*learnings]}):
        found[row.learning] = (*found.get(row.learning, ()), row.topic)
    return found


def suggest(session: Session, place: Place, start: str, *, to: Viewer, limit: int = 20) -> list[str]:
    """The pocket's own topics that begin with `start`, the most used first: of learnings that `to` may see."""
    found = (
        select(LearningTopic.topic)
        .join(
            Learning,
            (Learning.workspace == LearningTopic.workspace) & (Learning.id == LearningTopic.learning),
        )
        .where(
            visible(to),
            Learning.channel == place.channel,
            LearningTopic.topic.startswith(start, autoescape=True),
        )
        .group_by(LearningTopic.topic)
        .order_by(func.count().desc(), LearningTopic.topic)
        .limit(limit)
    )
    return list(session.scalars(found))


def _normalise_once(typed: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", typed).casefold())
    kept = "".join(_kept(mark) for mark in folded)
    return _APART.sub("-", kept.strip()).lstrip(_BEFORE).rstrip(_AFTER)


def _kept(mark: str) -> str:
    """A character of a topic: itself, nothing, or a space where it parts words."""
    kind = unicodedata.category(mark)
    if mark.isalnum() or mark in _SIGNS or mark in _JOINERS or _is_emoji(mark):
        return mark
    if mark in _VARIANTS or kind == "Cf":  # what nobody sees parts nothing
        return ""
    return mark if kind[0] == "M" else " "  # vowels of Hindi and Thai, and accents, are marks


def _is_emoji(mark: str) -> bool:
    return unicodedata.category(mark) == "So" or "\U0001f3fb" <= mark <= "\U0001f3ff"  # with its skin tone
