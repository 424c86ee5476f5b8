"""What topics are called: aliases that leads name, and topics that they merge.

Learnings and tags keep the topic that was written; what it is called is looked up when it is read. So a merge loses nothing, its
undo brings everything back, and what is written to either meanwhile is found by both.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, delete, insert, or_, select, update
from sqlalchemy.orm import Session, aliased

from storage.db.among import among
from storage.ids import Person, PersonId, Place, WorkspaceId
from storage.learned import topics
from storage.places import leads, pockets
from storage.tables import Channel, Pocket, TopicAlias, Workspace

from .refusals import AliasAlready, NamedElsewhere, NoSuchAlias, NotAMerge, OneTopicAlready

MOST_LISTED = 20
"""Aliases that are listed at once, the newest first: each takes a block of the 50 of a message (Block Kit)."""


@dataclass(frozen=True, slots=True)
class Alias:
    """A topic that is called otherwise: what a lead said it is, and what that is called in the end."""

    alias: str
    into: str
    called: str
    by: PersonId


_OTHER = aliased(TopicAlias)
_ALIKE = select(TopicAlias.alias, TopicAlias.topic).where(
    TopicAlias.workspace == bindparam("of_workspace"),
    or_(
        among(TopicAlias.topic, "written"),
        TopicAlias.topic.in_(
            select(_OTHER.topic).where(_OTHER.workspace == bindparam("of_workspace"), among(_OTHER.alias, "written"))
        ),
    ),
)


def called(session: Session, workspace: WorkspaceId, written: Collection[str]) -> dict[str, str]:
    """What each of these topics is called: most as they are written."""
    found = select(TopicAlias.alias, TopicAlias.topic).where(
        TopicAlias.workspace == workspace, TopicAlias.alias.in_(written)
    )
    return {**{topic: topic for topic in written}, **{row.alias: row.topic for row in session.execute(found)}}


def all_of(session: Session, workspace: WorkspaceId, written: Collection[str]) -> dict[str, str]:
    """All that is another name of any of these topics, and they themselves; each with what it is called."""
    values = {"of_workspace": workspace, "written": sorted(set(written))}
    rows = session.execute(_ALIKE, values).all() if values["written"] else []
    named = {row.alias: row.topic for row in rows}
    roots = {named.get(topic, topic) for topic in written}
    return {**{topic: topic for topic in roots}, **named}


def merge(
    session: Session, place: Place, typed: Collection[str], into: str, *, by: Person, at: float
) -> tuple[tuple[str, ...], str]:
    """A lead says that these topics are that one. Returns them, in their one form, and what they are called from now on.

    Raises `NotAPocket`, `NotALead`, `NotAMerge`, `AliasAlready`, `OneTopicAlready`, which refuses a cycle, too, `NamedElsewhere`
    instead of either where leads of another pocket named it, and what `topics.normalise_all` raises.
    """
    _require(session, place, by)
    aliases, target = topics.normalise_all(list(typed)), topics.normalise(into)
    if not aliases:
        raise NotAMerge
    names = called(session, place.workspace, [*aliases, target])
    root = names[target]
    for alias in aliases:
        if names[alias] != alias:
            if not _may_take_back(session, place, alias):
                raise NamedElsewhere(alias=alias)
            raise (OneTopicAlready if names[alias] == root else AliasAlready)(
                alias=alias, topic=target, called=names[alias]
            )
        if alias == root:
            raise OneTopicAlready(alias=alias, topic=target, called=root)
    row = {"workspace": place.workspace, "into": target, "topic": root, "channel": place.channel, "named_by": by.id}
    session.execute(insert(TopicAlias), [row | {"alias": alias, "named_at": at} for alias in aliases])
    of_these = (TopicAlias.workspace == place.workspace, TopicAlias.topic.in_(aliases))
    session.execute(update(TopicAlias).where(*of_these).values(topic=root))
    return aliases, root


def separate_all(session: Session, place: Place, aliases: Collection[str], *, by: Person) -> None:
    """Undo several. Raises as `separate`."""
    for alias in aliases:
        separate(session, place, alias, by=by)


def separate(session: Session, place: Place, alias: str, *, by: Person) -> None:
    """Undo it: a topic is one of its own again, and so is all that was merged into it.

    Raises `NoSuchAlias`, also of what leads of another pocket named: that is theirs while it is one. And as `merge`.
    """
    _require(session, place, by)
    here = TopicAlias.workspace == place.workspace
    root = session.scalar(select(TopicAlias.topic).where(here, TopicAlias.alias == alias))
    if root is None or not _may_take_back(session, place, alias):
        raise NoSuchAlias(alias=alias)
    rows = session.execute(select(TopicAlias.alias, TopicAlias.into).where(here, TopicAlias.topic == root)).all()
    session.execute(delete(TopicAlias).where(here, TopicAlias.alias == alias))
    below = _below(alias, {row.alias: row.into for row in rows})
    session.execute(update(TopicAlias).where(here, TopicAlias.alias.in_(below)).values(topic=alias))


def listed(session: Session, place: Place, *, by: Person) -> list[Alias]:
    """The aliases that this pocket's leads named, the newest first. Raises `NotAPocket`, `NotALead`."""
    pockets.require(session, place)
    leads.require(session, place, by)
    found = (
        select(TopicAlias.alias, TopicAlias.into, TopicAlias.topic, TopicAlias.named_by)
        .where(TopicAlias.workspace == place.workspace, TopicAlias.channel == place.channel)
        .order_by(TopicAlias.named_at.desc(), TopicAlias.alias)
        .limit(MOST_LISTED)
    )
    return [Alias(row.alias, row.into, row.topic, PersonId(row.named_by)) for row in session.execute(found)]


def _require(session: Session, place: Place, by: Person) -> None:
    """A lead, and alone: two merges at once could be a cycle together. What only refers to the workspace goes on."""
    pockets.require(session, place)
    leads.require(session, place, by)
    session.execute(select(Workspace.id).where(Workspace.id == place.workspace).with_for_update(key_share=True))


def _may_take_back(session: Session, place: Place, alias: str) -> bool:
    """Whether leads of this pocket named it, or those of one that is none any more: else nobody could."""
    channel = and_(Channel.workspace == Pocket.workspace, Channel.id == Pocket.channel, ~Channel.is_deleted)
    live = select(Pocket.channel).join(Channel, channel).where(Pocket.stopped_at.is_(None))
    still = live.where(Pocket.workspace == TopicAlias.workspace, Pocket.channel == TopicAlias.channel).exists()
    theirs = or_(TopicAlias.channel == place.channel, ~still)
    one = (TopicAlias.workspace == place.workspace, TopicAlias.alias == alias, theirs)
    return session.scalar(select(TopicAlias.alias).where(*one)) is not None


def _below(topic: str, into: dict[str, str]) -> list[str]:
    """All that was merged into this topic, or into what was."""
    found, new = set[str](), {topic}
    while new:
        new = {alias for alias, target in into.items() if target in new} - found
        found |= new
    return sorted(found)
