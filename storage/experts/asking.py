"""The weekly question: whether somebody wants to be listed for what others, or their own learnings, say of them.

Endorsements wait for it, unseen; what one's learnings earned is asked in the same. Nothing of either counts without a yes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, ColumnExpressionArgument, Row, and_, case, func, inspect, select, update
from sqlalchemy.orm import Session

from storage import people, visibility
from storage.db.upserts import Upsert
from storage.home import showing
from storage.ids import Person, PersonId, Place
from storage.owed import notices
from storage.tables import Endorsement, ExpertTag, Help, Learning, LearningTopic, PersonRow
from storage.visibility import Viewer, visible

from . import names, tags, wishes
from .refusals import NothingWaits
from .wishes import WEEK

DAY = 86400.0
"""Seconds from the first that waits until it is asked: others may come."""

REST = 182 * DAY
"""Seconds for which a topic rests that they said no to."""

EARNED = 3
"""How many people learnings on a topic must have helped before it is proposed: one may be luck, two a pair of friends."""

AT_ONCE = 5
"""Topics in one question."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A topic that somebody may be listed for: how many would ask them about it, and how many their learnings on it helped."""

    topic: str
    endorsers: int
    helped: int


def _list(insert):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 -- the dialect's own builder
    new = insert(ExpertTag)
    return new.on_conflict_do_update(
        index_elements=["workspace", "person", "topic"],
        set_={
            "claimed_at": case((ExpertTag.off_at.is_(None), ExpertTag.claimed_at)),  # what was taken off began anew
            "endorsed_at": func.coalesce(
                new.excluded.endorsed_at, case((ExpertTag.off_at.is_(None), ExpertTag.endorsed_at))
            ),
            "earned_at": func.coalesce(new.excluded.earned_at, case((ExpertTag.off_at.is_(None), ExpertTag.earned_at))),
            "off_at": None,
            "declined_at": None,
            "touched_at": new.excluded.touched_at,
        },
    )


def _decline(insert):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    new = insert(ExpertTag)
    return new.on_conflict_do_update(
        index_elements=["workspace", "person", "topic"], set_={"declined_at": new.excluded.declined_at}
    )


_LIST = Upsert(_list)
_DECLINE = Upsert(_decline)


def owe(session: Session, person: Person, *, at: float, not_before: float = 0.0, asked: Collection[str] = ()) -> None:
    """Something waits for their answer: they are asked a day from now, and a week after they last were at the soonest.

    `asked`: topics that they were asked about of late, and did not answer; the others come first.
    """
    decided = wishes.of(session, person)
    if decided.hidden or decided.stopped:
        return
    soonest = at + DAY if decided.asked_at is None else max(at + DAY, decided.asked_at + WEEK)
    notices.tell(
        session, person, "expert tags", {"asked": [*asked]} if asked else {}, at=at, not_before=max(soonest, not_before)
    )


def owe_waiting(session: Session, person: Person, *, at: float) -> None:
    """They may be asked: where something waits, they are; of what rests alone, once it has rested."""
    if ends := _rests_until(session, person):
        owe(session, person, at=at, not_before=min(ends))


def owe_resting(session: Session, person: Person, *, at: float) -> None:
    """They were asked about all that might be asked: what waits and rests still is asked about once it has rested."""
    if ends := [end for end in _rests_until(session, person) if end > at]:
        owe(session, person, at=at, not_before=min(ends))


def helped(session: Session, person: Person, written: Collection[str], *, at: float) -> None:
    """A learning of theirs on these topics helped somebody: where that is enough, it is asked about."""
    if ends := [_rested_at(session, person, topic) for topic in _earned_anew(session, person, written)]:
        owe(session, person, at=at, not_before=min(ends))


def merge(
    session: Session, place: Place, typed: Collection[str], into: str, *, by: Person, at: float
) -> tuple[tuple[str, ...], str]:
    """As `names.merge`, which it raises as; and what that makes enough for a topic to be earned is asked about."""
    merged, topic = names.merge(session, place, typed, into, by=by, at=at)
    found = (
        select(Learning.author)
        .join(LearningTopic, and_(LearningTopic.workspace == Learning.workspace, LearningTopic.learning == Learning.id))
        .join(Help, and_(Help.workspace == Learning.workspace, Help.learning == Learning.id, Help.standing))
        .where(
            Learning.workspace == place.workspace,
            Learning.author.is_not(None),
            LearningTopic.topic.in_(names.all_of(session, place.workspace, [topic])),
        )
        .group_by(Learning.author)
        .having(  # of the others, nothing is new
            func.count(Help.person.distinct()) >= EARNED,
            func.max(case((LearningTopic.topic.in_(merged), 1), else_=0)) == 1,
        )
        .order_by(Learning.author)
    )
    for author in session.scalars(found).all():
        helped(session, Person(place.workspace, PersonId(author or "")), [topic], at=at)
    return merged, topic


def question(session: Session, viewer: Viewer, *, at: float) -> list[Proposal]:
    """What they are to be asked, the most wanted first; `AT_ONCE` fit into one question.

    Of their learnings, only what Slack would show them now says anything.
    """
    person = viewer.person
    decided = wishes.of(session, person)
    if decided.hidden or decided.stopped or viewer.kind == "external":  # nobody would find them
        return []
    waiting = _waiting(session, person)
    earned = {
        one.topic: one.helped
        for one in _earned(session, person, None, viewer)
        if _is_new(session, person, one.topic, at=at)
    }
    found = [Proposal(topic, waiting.get(topic, 0), earned.get(topic, 0)) for topic in {*waiting, *earned}]
    asked = [one for one in found if not one.endorsers or not _rests(session, person, one.topic, at=at)]
    return sorted(asked, key=lambda one: (-one.endorsers, -one.helped, one.topic))


def may_have_more(session: Session, viewer: Viewer, found: Collection[Proposal], *, at: float) -> bool:
    """Whether they earned more than was found, that Slack might show them: it did not say all that it was asked."""
    person, known = viewer.person, {one.topic for one in found}
    decided = wishes.of(session, person)
    said = viewer.kind != "unknown" and not visibility.needs(session, viewer, visibility.by_author(person))
    if said or not viewer.is_active or decided.hidden or decided.stopped:
        return False
    more = [one.topic for one in _earned(session, person, None) if one.topic not in known]
    return any(_is_new(session, person, topic, at=at) for topic in more)


def yes(session: Session, topic: str, *, by: Person, at: float) -> None:
    """*List me*, by whatever name it was asked. Raises `NothingWaits` where nothing speaks for it any more."""
    topic = names.called(session, by.workspace, [topic])[topic]
    waits = _waiting(session, by).get(topic, 0) > 0
    has_earned = any(one.topic == topic for one in _earned(session, by, [topic]))
    if not waits and not has_earned:
        raise NothingWaits
    people.meet(session, by)
    showing.touch(session, by, at=at)
    _leave_behind(session, by, topic)
    endorsed_at, earned_at = at if waits else None, at if has_earned else None
    for one in _written(session, by, topic) if waits else [topic]:
        key = {"workspace": by.workspace, "person": by.id, "topic": one}
        _LIST.run(session, **key, endorsed_at=endorsed_at, earned_at=earned_at, touched_at=at)
    _answer(session, by, topic, "yes")


def no(session: Session, topic: str, *, by: Person, at: float) -> None:
    """*No thanks*: whoever endorsed them is not told, and they are not asked about it again for half a year."""
    people.meet(session, by)
    _DECLINE.run(session, workspace=by.workspace, person=by.id, topic=topic, declined_at=at, touched_at=at)
    _answer(session, by, topic, "no")


def stop(session: Session, *, by: Person) -> None:
    """*Stop asking*: nothing that waits counts, and nothing of the kind is asked again."""
    decided = wishes.of(session, by)
    wishes.save(session, by, hidden=decided.hidden, a_week=decided.a_week, stopped=True)
    here = (Endorsement.workspace == by.workspace, Endorsement.person == by.id, Endorsement.state == "waiting")
    hold(session, *here)
    session.execute(update(Endorsement).where(*here).values(state="stopped"))


def hold(session: Session, *which: ColumnExpressionArgument[bool]) -> None:
    """Nobody else changes these endorsements before this transaction ends: whoever looks for them by whatever, in one order."""
    key = inspect(Endorsement).primary_key
    session.execute(select(*key).where(*which).order_by(*key).with_for_update(of=Endorsement)).all()


def _waiting(session: Session, person: Person) -> dict[str, int]:
    """How many people would ask them about each topic, of those they were not asked about yet."""
    rows = session.execute(select(Endorsement.topic, Endorsement.giver).where(*_asked_about(person))).all()
    called = names.called(session, person.workspace, {row.topic for row in rows})
    givers: dict[str, set[str]] = {}
    for row in rows:
        givers.setdefault(called[row.topic], set()).add(row.giver)
    return {topic: len(some) for topic, some in givers.items()}


def _asked_about(person: Person) -> tuple[ColumnElement[bool], ...]:
    """The endorsements that a question tells of: an answer is about these, and no other."""
    return (
        Endorsement.workspace == person.workspace,
        Endorsement.person == person.id,
        Endorsement.standing.is_(True),
        Endorsement.state == "waiting",
        ~wishes.hidden(person.workspace, Endorsement.giver),
        Endorsement.giver.in_(select(PersonRow.id).where(PersonRow.workspace == person.workspace, ~_is_bot())),
    )


def _is_bot() -> ColumnElement[bool]:
    """As far as is known: of who reacted lately, Slack is being asked."""
    return func.coalesce(PersonRow.is_bot, False)


def _earned(
    session: Session, person: Person, written: Collection[str] | None, viewer: Viewer | None = None
) -> list[Proposal]:
    """Topics of their learnings, of all or of these, that helped enough people; of what `viewer` may see, where one looks."""
    about = names.all_of(session, person.workspace, written) if written is not None else None
    learning = and_(Learning.workspace == LearningTopic.workspace, Learning.id == LearningTopic.learning)
    help_ = and_(Help.workspace == LearningTopic.workspace, Help.learning == LearningTopic.learning, Help.standing)
    people_ = and_(PersonRow.workspace == Help.workspace, PersonRow.id == Help.person, PersonRow.is_bot.is_(False))
    seen = [visible(viewer)] if viewer else []
    found = (
        select(LearningTopic.topic, Help.person)
        .join(Learning, learning)
        .join(Help, help_)
        .join(PersonRow, people_)
        .where(
            Learning.workspace == person.workspace,
            Learning.author == person.id,
            Learning.state == "live",
            ~Learning.without_name,
            Learning.kind != "question",
            Help.person != person.id,
            *seen,
            *([LearningTopic.topic.in_(about)] if about is not None else []),
        )
        .distinct()
    )
    rows = session.execute(found).all()
    called = about or names.called(session, person.workspace, {row.topic for row in rows})
    whom: dict[str, set[str]] = {}
    for row in rows:
        whom.setdefault(called[row.topic], set()).add(row.person)
    return [Proposal(topic, 0, len(some)) for topic, some in sorted(whom.items()) if len(some) >= EARNED]


def _earned_anew(session: Session, person: Person, written: Collection[str] | None) -> list[str]:
    """Topics, of all or of these, that they earned, and that are none of theirs."""
    return [one.topic for one in _earned(session, person, written) if not _is_tag(session, person, one.topic)]


def _is_tag(session: Session, person: Person, topic: str) -> bool:
    return any(row.is_tag for row in _rows(session, person, topic))


def _is_new(session: Session, person: Person, topic: str, *, at: float) -> bool:
    """Whether it is neither a topic of theirs, nor one that they took off or said no to of late."""
    return not _is_tag(session, person, topic) and not _rests(session, person, topic, at=at)


def _rests(session: Session, person: Person, topic: str, *, at: float) -> bool:
    return _rested_at(session, person, topic) > at


def _rests_until(session: Session, person: Person) -> list[float]:
    """When each topic that waits, or was earned and is no topic of theirs, has rested."""
    topics = {*_waiting(session, person), *_earned_anew(session, person, None)}
    return [_rested_at(session, person, topic) for topic in sorted(topics)]


def _rested_at(session: Session, person: Person, topic: str) -> float:
    """When it may be asked about again; 0: they neither said no to it nor took it off."""
    said_no = [no for row in _rows(session, person, topic) for no in (row.declined_at, row.off_at) if no is not None]
    return max(said_no) + REST if said_no else 0.0


def _rows(session: Session, person: Person, topic: str) -> Sequence[Row[Any]]:
    about = names.all_of(session, person.workspace, [topic])
    found = select(tags.holds().label("is_tag"), ExpertTag.off_at, ExpertTag.declined_at).where(
        ExpertTag.workspace == person.workspace, ExpertTag.person == person.id, ExpertTag.topic.in_(about)
    )
    return [*session.execute(found)]


def _leave_behind(session: Session, person: Person, topic: str) -> None:
    """What they had said yes to before, and counts no more, went with what they took off: it is not asked about again."""
    about = names.all_of(session, person.workspace, [topic])
    listed = select(ExpertTag.topic).where(
        ExpertTag.workspace == person.workspace,
        ExpertTag.person == person.id,
        ExpertTag.topic.in_(about),
        ExpertTag.off_at.is_(None),
        ExpertTag.endorsed_at.is_not(None),
    )
    yes = (Endorsement.workspace == person.workspace, Endorsement.person == person.id, Endorsement.state == "yes")
    counts = sorted(set(session.scalars(select(Endorsement.giver).where(*yes, Endorsement.topic.in_(listed)))))
    these = (*yes, Endorsement.topic.in_(about), Endorsement.giver.not_in(counts))  # by whatever name, who counts does
    hold(session, *these)
    session.execute(
        update(Endorsement).where(*these).values(state="no"), execution_options={"synchronize_session": False}
    )


def _written(session: Session, person: Person, topic: str) -> list[str]:
    """As those who would ask them about it wrote it."""
    about = names.all_of(session, person.workspace, [topic])
    found = select(Endorsement.topic).where(
        Endorsement.workspace == person.workspace, Endorsement.person == person.id, Endorsement.topic.in_(about)
    )
    return sorted({topic, *session.scalars(found)})


def _answer(session: Session, person: Person, topic: str, state: str) -> None:
    about = names.all_of(session, person.workspace, [topic])
    these = (*_asked_about(person), Endorsement.topic.in_(about))
    hold(session, *these)
    told = update(Endorsement).where(*these)
    session.execute(told.values(state=state), execution_options={"synchronize_session": False})
