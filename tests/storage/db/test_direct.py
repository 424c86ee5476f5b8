"""The sessions that storage functions are given: their statements go straight to the connection."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from storage.db.database import Database
from storage.db.direct import Direct
from storage.tables import Workspace
from tests.storage.rows import found, install


@pytest.fixture
def session(engine: Engine) -> Iterator[Direct]:
    """One that writes."""
    with Direct(engine) as opened:
        yield opened


def test_what_goes_through_rows_may_write_meanwhile(session: Direct) -> None:
    """It meets what stood there when it asked, and nothing of what it writes itself on the way."""
    for number in range(3):
        install(session, f"T{number}")
    for row in session.execute(select(Workspace.id).where(Workspace.id >= "T").order_by(Workspace.id)):
        assert len(row.id) < 20, "what is written on the way is met as well"
        install(session, f"Z{row.id}")
    assert found(session) == {"T0", "T1", "T2", "ZT0", "ZT1", "ZT2"}


def test_rows_and_values_come_as_a_connection_gives_them(session: Direct) -> None:
    """By a statement that has its values, and by one that is given them."""
    install(session, "T1")
    assert session.execute(update(Workspace).where(Workspace.id == "T1").values(name="Acme")).rowcount == 1
    assert session.scalar(select(Workspace.name).where(Workspace.id == "T1")) == "Acme"
    assert session.scalars(select(Workspace.id)).all() == ["T1"]
    assert session.scalar(select(Workspace.name).where(Workspace.id == "T2")) is None


def test_what_is_asked_for_after_an_end_is_of_a_new_transaction(session: Direct) -> None:
    """The connection is that of a transaction, and is forgotten with it."""
    install(session, "T1")
    assert session.connection() is session.connection()
    session.rollback()
    assert found(session) == set()
    install(session, "T2")
    session.commit()
    session.rollback()
    assert found(session) == {"T2"}


async def test_whatever_reads_and_writes_gets_one(db: Database) -> None:
    """A session that looks after objects would take twice as long for each statement."""

    def kind(session: Session) -> type[Session]:
        return type(session)

    assert (await db.read(kind), await db.write(kind)) == (Direct, Direct)
