"""Who may be shown to whom: one rule, for all that says who stands for something."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, false, func, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from storage import visibility
from storage.db.among import among
from storage.ids import Person, PersonId
from storage.tables import Endorsement, ExpertTag, ExpertWish, Membership, PersonRow
from storage.visibility import Viewer

from . import earned, names, tags, wishes
from .tags import Tag

_UNSEEN = union_all(
    select(ExpertWish.person).where(
        ExpertWish.workspace == bindparam("of_workspace"), among(ExpertWish.person, "people"), ExpertWish.hidden
    ),
    select(PersonRow.id).where(
        PersonRow.workspace == bindparam("of_workspace"), among(PersonRow.id, "people"), PersonRow.is_bot.is_(True)
    ),
)
"""Of these people, those who hide, and bots."""


def allowed(session: Session, viewer: Viewer, authors: Collection[PersonId]) -> set[PersonId]:
    """Of these, those who may be shown to `viewer`: as `may_be_found` has it."""
    if not authors:
        return set()
    values = {"of_workspace": viewer.person.workspace, "people": sorted(authors)}
    return _near(session, viewer, {*authors} - {viewer.person.id, *session.scalars(_UNSEEN, values)})


def tags_of(session: Session, viewer: Viewer, person: Person) -> list[Tag]:
    """What somebody stands for, as far as `viewer` may be told: whoever is not to be found stands for nothing."""
    if viewer.is_nobody or not allowed(session, viewer, {person.id}):
        return []
    found, me = tags.of(session, person), viewer.person.id
    near = _near(session, viewer, {giver for tag in found for giver in tag.endorsed_by}) | {me}
    about = names.all_of(session, viewer.person.workspace, [tag.topic for tag in found if tag.earned])
    seen = earned.by_evidence(session, viewer, about, {person.id})
    return told([replace(tag, earned=tag.earned and (person.id, tag.topic) in seen) for tag in found], near)


def told(tags: Collection[Tag], near: Collection[PersonId]) -> list[Tag]:
    """What is left of these where only these are named as who endorses."""
    found = [replace(tag, endorsed_by=tuple(giver for giver in tag.endorsed_by if giver in near)) for tag in tags]
    return [tag for tag in found if tag.claimed or tag.earned or tag.endorsed_by]


def may_be_found(viewer: Viewer, person: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Whoever a column names may be shown: not `viewer`, no bot, nobody who is hidden; to guests, who is where they are."""
    workspace = viewer.person.workspace
    one = (PersonRow.workspace == workspace, PersonRow.id == person, PersonRow.is_bot.is_(True))
    bot = exists(select(PersonRow.id).where(*one))
    rules = [person != viewer.person.id, ~bot, ~wishes.hidden(workspace, person)]
    return and_(*rules) if viewer.kind == "member" else and_(*rules, is_near(viewer, person))


def is_near(viewer: Viewer, person: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Whether they are in a channel together, as far as was heard: Slack is asked of those who are to be shown."""
    if not viewer.channels:
        return false()
    here: ColumnElement[bool] = (
        among(Membership.channel, visibility.GIVEN)
        if isinstance(viewer.channels, str)  # as `visibility.prepared` has it
        else Membership.channel.in_(viewer.channels)
    )
    both = (Membership.workspace == viewer.person.workspace, Membership.person == person)
    return exists(select(Membership.person).where(*both, here, Membership.standing))


def stands(viewer: Viewer, near: Collection[PersonId] | None = None) -> ColumnElement[bool]:
    """The condition for a statement that selects from `ExpertTag`: somebody stands for it whom `viewer` may be shown.

    That may be `viewer`, unless they want to be found by nobody. It binds the workspace, too. `near`: whom Slack says a guest is
    in a channel with; None: whoever was there as far as was heard. What they earned is no part of it: that hangs on what `viewer`
    may open, as `have_earned` has it.
    """
    workspace, is_guest = viewer.person.workspace, viewer.kind != "member"
    same = (Endorsement.person == ExpertTag.person, Endorsement.topic == ExpertTag.topic)
    by = [_is_there(viewer, Endorsement.giver, near)] if is_guest else []
    given = exists(select(Endorsement.giver).where(tags.counted(workspace), *same, *by))
    by_others = and_(ExpertTag.endorsed_at.is_not(None), given)
    said = or_(ExpertTag.claimed_at.is_not(None), by_others)
    return and_(said, _may_be_told_of(viewer, near))


def have_earned(
    session: Session, viewer: Viewer, about: Mapping[str, str], near: Collection[PersonId] | None = None
) -> set[str]:
    """Of these topics, what those are called that somebody earned by what `viewer` may open. `near` as in `stands`."""
    theirs = (ExpertTag.earned_at.is_not(None), ExpertTag.topic.in_(about), _may_be_told_of(viewer, near))
    found = session.execute(select(ExpertTag.person, ExpertTag.topic).where(*theirs)).all()
    yes = {(PersonId(row.person), about[row.topic]) for row in found}
    return {topic for _, topic in yes & earned.by_evidence(session, viewer, about, {person for person, _ in yes})}


def _may_be_told_of(viewer: Viewer, near: Collection[PersonId] | None) -> ColumnElement[bool]:
    workspace, is_guest = viewer.person.workspace, viewer.kind != "member"
    own = and_(ExpertTag.person == viewer.person.id, ~wishes.hidden(workspace, ExpertTag.person))
    here = and_(ExpertTag.workspace == workspace, ExpertTag.off_at.is_(None))
    there = [_is_there(viewer, ExpertTag.person, near)] if is_guest else []
    return and_(here, or_(own, and_(may_be_found(viewer, ExpertTag.person), *there)))


def whom_to_ask(session: Session, viewer: Viewer, topics: Collection[str], *, limit: int) -> list[PersonId]:
    """Of whom Slack is to be asked where they are, before a guest hears that somebody stands for these; for a member, nobody.

    So many at most who stand for most of them, as far as was heard, and as many of those who say so.
    """
    if viewer.kind == "member" or viewer.is_nobody or not topics:
        return []
    theirs = (
        or_(stands(viewer), and_(ExpertTag.earned_at.is_not(None), _may_be_told_of(viewer, None))),
        ExpertTag.topic.in_(topics),
        ExpertTag.person != viewer.person.id,
    )
    found = select(ExpertTag.person).where(*theirs).group_by(ExpertTag.person)
    people = session.scalars(found.order_by(func.count().desc(), ExpertTag.person).limit(limit)).all()
    of_them = (tags.counted(viewer.person.workspace), Endorsement.person.in_(people), Endorsement.topic.in_(topics))
    given = select(Endorsement.giver).where(*of_them, is_near(viewer, Endorsement.giver)).distinct()
    givers = session.scalars(given.order_by(Endorsement.giver).limit(limit)).all()
    return [PersonId(one) for one in dict.fromkeys([*people, *givers])]


def _is_there(
    viewer: Viewer, person: InstrumentedAttribute[Any], near: Collection[PersonId] | None
) -> ColumnElement[bool]:
    return is_near(viewer, person) if near is None else person.in_(near)


def _near(session: Session, viewer: Viewer, people: set[PersonId]) -> set[PersonId]:
    """Of these, as far as was heard, who is in a channel with a guest; to a full member, all are near."""
    if viewer.kind == "member" or not people:
        return people
    near = select(Membership.person).where(
        Membership.workspace == viewer.person.workspace,
        Membership.person.in_(people),
        Membership.channel.in_(viewer.channels or ()),
        Membership.standing,
    )
    return people & {PersonId(person) for person in session.scalars(near)}
