"""Tags: what somebody may be asked about, as they say themselves, as others say, and as their learnings say."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, func, or_, select, update
from sqlalchemy.orm import Session

from storage import people
from storage.db.upserts import Upsert
from storage.home import showing
from storage.ids import Person, PersonId, WorkspaceId
from storage.learned import topics
from storage.tables import Endorsement, ExpertTag, Learning, LearningTopic
from storage.visibility import Viewer, visible

from . import names, wishes
from .refusals import NoSuchTag, NoTags, TooManyTags

MOST = 30
"""Topics of one person: who stands for more stands for none; and each takes a line of the 3,000 characters that show them."""

SUGGESTED = 10
"""Topics that are offered from what one shared: as many as a group of checkboxes holds (Block Kit)."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A person's topic, as it is called now. `endorsed_by`: those whose word they said yes to."""

    topic: str
    claimed: bool
    endorsed_by: tuple[PersonId, ...]
    earned: bool


def _claim(insert):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 -- the dialect's own builder
    new = insert(ExpertTag)
    return new.on_conflict_do_update(
        index_elements=["workspace", "person", "topic"],
        set_={
            "claimed_at": new.excluded.claimed_at,
            "endorsed_at": case((ExpertTag.off_at.is_(None), ExpertTag.endorsed_at)),  # what was taken off began anew
            "earned_at": case((ExpertTag.off_at.is_(None), ExpertTag.earned_at)),
            "touched_at": new.excluded.touched_at,
            "off_at": None,
        },
    )


_CLAIM = Upsert(_claim)


def holds() -> ColumnElement[bool]:
    """The condition for a statement that selects from `ExpertTag`: it is one."""
    said = or_(ExpertTag.claimed_at.is_not(None), ExpertTag.endorsed_at.is_not(None), ExpertTag.earned_at.is_not(None))
    return and_(ExpertTag.off_at.is_(None), said)


def change(
    session: Session, wanted: Collection[str], unwanted: Collection[str], *, by: Person, at: float
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What somebody typed: these too, and those no more. Returns what is new, and what is gone. Raises as both."""
    showing.touch(session, by, at=at)
    gone = take_off(session, unwanted, by=by, at=at) if unwanted else ()
    return claim(session, wanted, by=by, at=at) if wanted or not unwanted else (), gone


def undo(session: Session, new: Collection[str], gone: Collection[str], *, by: Person, at: float) -> None:
    """What `change` returned is as it was before."""
    showing.touch(session, by, at=at)
    unclaim(session, new, by=by, at=at)
    put_back(session, gone, by=by, at=at)


def claim(session: Session, typed: Iterable[str], *, by: Person, at: float) -> tuple[str, ...]:
    """Somebody says: ask me about these. Returns those that they had not said before; of the others, it was said again now.

    Raises `NoTags`, `TooManyTags`, and what `topics.normalise_all` raises: at once, as many fit as on a learning.
    """
    wanted = topics.normalise_all([one for one in typed if one.strip()])
    if not wanted:
        raise NoTags
    called = names.called(session, by.workspace, wanted)
    before = {tag.topic: tag for tag in of(session, by)}
    claimed = {topic for topic, tag in before.items() if tag.claimed}
    new = [topic for topic in wanted if called[topic] not in claimed]
    many = len({*before, *(called[topic] for topic in new)})
    if many > MOST:
        raise TooManyTags(count=many, limit=MOST, one=min(before), field="tags")
    people.meet(session, by)
    if again := claimed & set(called.values()):
        _set(session, by, _written(session, by, again), touched_at=at)
    for topic in new:
        _CLAIM.run(session, workspace=by.workspace, person=by.id, topic=topic, claimed_at=at, touched_at=at)
    return tuple(new)


def take_off(session: Session, typed: Iterable[str], *, by: Person, at: float) -> tuple[str, ...]:
    """These are no topics of theirs any more, whoever said so. Returns them as written. Raises `NoTags`, `NoSuchTag`."""
    wanted = topics.normalise_all([one for one in typed if one.strip()])
    if not wanted:
        raise NoTags
    gone = _written(session, by, wanted)
    found = set(names.called(session, by.workspace, gone).values())
    called = names.called(session, by.workspace, wanted)
    if absent := [topic for topic in wanted if called[topic] not in found]:
        raise NoSuchTag(topic=absent[0])
    _set(session, by, gone, off_at=at, touched_at=at)
    return tuple(gone)


def put_back(session: Session, written: Collection[str], *, by: Person, at: float) -> None:
    """*Undo* of taking off: whoever had said so says so still."""
    _set(session, by, written, off_at=None, touched_at=at)


def unclaim(session: Session, written: Collection[str], *, by: Person, at: float) -> None:
    """*Undo* of claiming: what others or their learnings say stays."""
    _set(session, by, written, claimed_at=None, touched_at=at)


def choose(session: Session, typed: Collection[str], shown: Collection[str], *, by: Person, at: float) -> None:
    """Of the topics that a form showed, those that are chosen still are theirs, and what else is chosen is new.

    What somebody did about any other meanwhile holds. Raises as `claim`; ten at once may be new.
    """
    showing.touch(session, by, at=at)
    wanted = [topics.normalise(one) for one in typed]
    called = names.called(session, by.workspace, {*wanted, *shown})
    left, had = {called[topic] for topic in shown}, {tag.topic for tag in of(session, by)}
    gone = (left - {called[topic] for topic in wanted}) & had
    if gone:
        _set(session, by, _written(session, by, gone), off_at=at, touched_at=at)
    new = [topic for topic in wanted if called[topic] not in left | had]
    if new:
        claim(session, new, by=by, at=at)


def of(session: Session, person: Person) -> list[Tag]:
    """Somebody's topics, as they are called now, in order."""
    rows = session.execute(
        select(ExpertTag.topic, ExpertTag.claimed_at, ExpertTag.endorsed_at, ExpertTag.earned_at)
        .where(ExpertTag.workspace == person.workspace, ExpertTag.person == person.id, holds())
        .order_by(ExpertTag.topic)
    ).all()
    called = names.called(session, person.workspace, [row.topic for row in rows])
    given = select(Endorsement.topic, Endorsement.giver).where(
        counted(person.workspace), Endorsement.person == person.id
    )
    givers: dict[str, dict[PersonId, None]] = {}
    listed = {row.topic for row in rows if row.endorsed_at is not None}
    for topic, giver in session.execute(given.order_by(Endorsement.given_at, Endorsement.giver)):
        if topic in listed:
            givers.setdefault(called[topic], {})[PersonId(giver)] = None
    found: dict[str, Tag] = {}
    for row in rows:
        topic = called[row.topic]
        old = found.get(topic, Tag(topic, claimed=False, endorsed_by=(), earned=False))
        claimed, earned = old.claimed or row.claimed_at is not None, old.earned or row.earned_at is not None
        found[topic] = Tag(topic, claimed, tuple(givers.get(topic, ())), earned)
    return [found[topic] for topic in sorted(found)]


def counted(workspace: WorkspaceId) -> ColumnElement[bool]:
    """The condition for a statement that selects from `Endorsement`: it counts.

    Its person said yes to it; its giver stands by it, and is somebody who may be found.
    """
    stands = (Endorsement.workspace == workspace, Endorsement.standing, Endorsement.state == "yes")
    return and_(*stands, ~wishes.hidden(workspace, Endorsement.giver))


def suggestions(session: Session, viewer: Viewer, start: str = "", *, limit: int = SUGGESTED) -> list[str]:
    """What somebody shared with their name about, the most first, that begins so, and is no topic of theirs yet."""
    found = (
        select(LearningTopic.topic)
        .join(Learning, _ON_IT)
        .where(
            *_speaks_for(viewer),
            LearningTopic.topic.startswith(start, autoescape=True),
        )
        .group_by(LearningTopic.topic)
        .order_by(func.count().desc(), LearningTopic.topic)
        .limit(limit + MOST)
    )
    written = list(session.scalars(found))
    called = names.called(session, viewer.person.workspace, written)
    had = {tag.topic for tag in of(session, viewer.person)}
    return [topic for topic in dict.fromkeys(called[one] for one in written) if topic not in had][:limit]


def shared(session: Session, viewer: Viewer, among: Collection[str]) -> dict[str, int]:
    """How many learnings with their name speak for each of these topics of theirs, as it is called."""
    about = names.all_of(session, viewer.person.workspace, among)
    found = (
        select(LearningTopic.topic, Learning.id)
        .join(Learning, _ON_IT)
        .where(*_speaks_for(viewer))
        .where(LearningTopic.topic.in_(about))
    )
    ids: dict[str, set[str]] = {}
    for topic, id in session.execute(found):
        ids.setdefault(about[topic], set()).add(id)
    return {topic: len(some) for topic, some in ids.items()}


_ON_IT = and_(Learning.workspace == LearningTopic.workspace, Learning.id == LearningTopic.learning)


def _speaks_for(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    """The conditions for a statement that selects from `Learning`: it speaks for whoever looks. What one asks does not."""
    return visible(viewer), Learning.author == viewer.person.id, ~Learning.without_name, Learning.kind != "question"


def _written(session: Session, person: Person, wanted: Collection[str]) -> list[str]:
    """The topics of theirs that are called as one of these is, as they were written."""
    all_names = names.all_of(session, person.workspace, wanted)
    here = (ExpertTag.workspace == person.workspace, ExpertTag.person == person.id, holds())
    found = select(ExpertTag.topic).where(*here, ExpertTag.topic.in_(all_names)).order_by(ExpertTag.topic)
    return list(session.scalars(found))


def _set(session: Session, person: Person, written: Collection[str], **values: float | None) -> None:
    here = (ExpertTag.workspace == person.workspace, ExpertTag.person == person.id)
    session.execute(update(ExpertTag).where(*here, ExpertTag.topic.in_(written)).values(**values))
