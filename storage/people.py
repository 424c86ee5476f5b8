"""People, and what they decided about their words."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, bindparam, case, func, select, update
from sqlalchemy.orm import Session

from .db.upserts import Upsert
from .ids import Person, PersonId, WorkspaceId
from .tables import PersonRow

_MEET = Upsert(lambda insert: insert(PersonRow).on_conflict_do_nothing())


def _introduce(insert):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 -- the dialect's own builder
    new = insert(PersonRow)
    return new.on_conflict_do_update(
        index_elements=["workspace", "id"],
        set_={
            "is_bot": func.coalesce(PersonRow.is_bot, new.excluded.is_bot),
            "name": case((new.excluded.name.is_not(None), PersonRow.name)),
        },
    )


_INTRODUCE = Upsert(_introduce)

_ONE = (PersonRow.workspace == bindparam("of_workspace"), PersonRow.id == bindparam("of_id"))
_NEVER_KEEP = select(PersonRow.never_keep).where(*_ONE)
_LOST_AT = select(PersonRow.lost_at).where(*_ONE)
_IS_BOT = select(PersonRow.is_bot).where(*_ONE)
_HEARD_AT = {
    "keep": select(PersonRow.told_keep_at).where(*_ONE),
    "kept": select(PersonRow.told_kept_at).where(*_ONE),
}
_HEARS = {
    "keep": update(PersonRow).where(*_ONE).values(told_keep_at=bindparam("now")),
    "kept": update(PersonRow).where(*_ONE).values(told_kept_at=bindparam("now")),
}

Lesson = Literal["keep", "kept"]
"""What one hears once: what a *keep* does, after one's first; that words of one's own were *kept*, the first time."""

LOST_FOR = 7 * 86400.0
"""Seconds until somebody who could not be written to is tried again: they may be back."""


def meet(session: Session, person: Person) -> None:
    """Make sure that a person is remembered."""
    _MEET.run(session, workspace=person.workspace, id=person.id)


def hold(session: Session, person: Person) -> None:
    """The same, and nobody else holds them before this transaction ends. What only refers to them, a help say, goes on."""
    meet(session, person)
    session.execute(select(PersonRow.id).where(*_ONE).with_for_update(key_share=True), _key(person))


@dataclass(frozen=True, slots=True)
class Someone:
    """Somebody, as an export describes them.

    `name`: what they are called there, of those who are not in this workspace; None: Slack itself names them. `is_bot`: None
    where the export does not say. `is_gone`: they were deactivated.
    """

    id: PersonId
    name: str | None = None
    is_bot: bool | None = None
    is_gone: bool = False


def introduce(session: Session, workspace: WorkspaceId, people: Collection[Someone]) -> None:
    """Make sure that these are remembered. Whoever is known already is known better, unless only an export told of them."""
    rows = [
        {"workspace": workspace, "id": one.id, "name": one.name, "is_bot": one.is_bot}
        for one in sorted(people, key=lambda one: one.id)  # locks are taken in one order
    ]
    _INTRODUCE.run_all(session, rows)


def names(session: Session, workspace: WorkspaceId, ids: Collection[PersonId]) -> dict[PersonId, str]:
    """What those of these people are called who are not in this workspace: a mention would name nobody."""
    found = select(PersonRow.id, PersonRow.name).where(
        PersonRow.workspace == workspace, PersonRow.id.in_(ids), PersonRow.name.is_not(None)
    )
    return {PersonId(row.id): row.name for row in session.execute(found)}


def never_keeps(session: Session, person: Person) -> bool:
    """Whether they said *never keep mine*."""
    return bool(session.scalar(_NEVER_KEEP, _key(person)))


def set_never_keep(session: Session, person: Person, *, never: bool) -> None:
    """Remember whether words of theirs may be kept from now on."""
    meet(session, person)
    session.execute(update(PersonRow).where(*_ONE).values(never_keep=never), _key(person))


def heard(session: Session, person: Person, lesson: Lesson) -> bool:
    """Whether they have heard it."""
    return heard_at(session, person, lesson) is not None


def heard_at(session: Session, person: Person, lesson: Lesson) -> float | None:
    """When they last heard it."""
    heard_at: float | None = session.scalar(_HEARD_AT[lesson], _key(person))
    return heard_at


def is_to_hear(session: Session, person: Person, lesson: Lesson, *, at: float) -> bool:
    """Whether they have not heard it yet, and can be written to, as far as is known."""
    return not heard(session, person, lesson) and not is_lost(session, person, at=at)


def is_lost(session: Session, person: Person, *, at: float) -> bool:
    """Whether Slack said of late that they can't be written to."""
    lost_at = session.scalar(_LOST_AT, _key(person))
    return lost_at is not None and at - lost_at <= LOST_FOR


def lost_by(at: float) -> ColumnElement[bool]:
    """The same, as a condition for a statement that selects from `PersonRow`."""
    return PersonRow.lost_at >= at - LOST_FOR


def lose(session: Session, person: Person, *, at: float) -> None:
    """Slack says that they can't be written to: they are deactivated, gone, or no people."""
    meet(session, person)
    session.execute(update(PersonRow).where(*_ONE).values(lost_at=at), _key(person))


def hears(session: Session, person: Person, lesson: Lesson, *, at: float) -> None:
    """They hear it now: it stands in Slack."""
    meet(session, person)
    session.execute(_HEARS[lesson], {**_key(person), "now": at})


def is_bot(session: Session, person: Person) -> bool | None:
    """Whether they are a bot; None: nobody knows yet."""
    return session.scalar(_IS_BOT, _key(person))


def bots(session: Session, workspace: WorkspaceId, ids: Collection[PersonId]) -> frozenset[PersonId]:
    """Those of these who are known to be bots."""
    found = select(PersonRow.id).where(
        PersonRow.workspace == workspace, PersonRow.id.in_(ids), PersonRow.is_bot.is_(True)
    )
    return frozenset(PersonId(id) for id in session.scalars(found)) if ids else frozenset()


def is_known_to_be(session: Session, person: Person, *, bot: bool) -> None:
    """Remember whether they are a bot: nobody ever changes that."""
    if is_bot(session, person) is not bot:
        meet(session, person)
        session.execute(update(PersonRow).where(*_ONE).values(is_bot=bot), _key(person))


def _key(person: Person) -> dict[str, str]:
    return {"of_workspace": person.workspace, "of_id": person.id}
