"""Homes that were opened are shown anew after what their person does; others are left alone until they are opened."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from storage.db.upserts import Upsert
from storage.ids import Person
from storage.owed import outbox
from storage.tables import HomeRow

OPEN_FOR = 86400.0
"""Seconds for which a Home may stand open before somebody: opened anew, it is made anew in any case."""


def _open(insert):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 -- the dialect's own builder
    new = insert(HomeRow)
    return new.on_conflict_do_update(index_elements=["workspace", "person"], set_={"opened_at": new.excluded.opened_at})


_OPEN = Upsert(_open)
_OPENED = select(HomeRow.opened_at).where(
    HomeRow.workspace == bindparam("of_workspace"), HomeRow.person == bindparam("of_person")
)


def opened(session: Session, person: Person, *, at: float) -> None:
    """Somebody opened their Home: it is to be shown."""
    _OPEN.run(session, workspace=person.workspace, person=person.id, opened_at=at)
    _owe(session, person, at=at)


def touch(session: Session, person: Person, *, at: float, ever: bool = False) -> None:
    """They did something that their Home may show: where it may stand open, it is to be shown anew.

    `ever`: also where it was opened long ago, since Slack shows it as it was until it is published anew.
    """
    key = {"of_workspace": person.workspace, "of_person": person.id}
    opened_at = session.connection().scalar(_OPENED, key)
    if opened_at is not None and (ever or abs(at - opened_at) < OPEN_FOR):
        _owe(session, person, at=at)


def _owe(session: Session, person: Person, *, at: float) -> None:
    """One at most waits for each person."""
    body, slot = {"person": person.id}, f"home:{person.id}"
    outbox.owe(session, person.workspace, "refresh home", lane=person.id, body=body, slot=slot, at=at)
