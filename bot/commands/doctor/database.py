"""Whether the database is there, of this version's shape, and writable; and whether there is room for it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

import migrations
from bot.commands import schema
from bot.commands.failing import Failure
from bot.settings import DatabaseSettings
from storage import workspaces
from storage.db.condition import Condition, condition
from storage.db.engines import connect, sqlite_file
from storage.owed import parking
from storage.owed.parking import Tally
from storage.workspaces import Signs

from .finding import Finding, fault, unknown, warning, well

HARDLY_ANY = 20_000_000
"""Bytes of room: SQLite's journal alone grows to several MB before it is folded in."""
LITTLE = 200_000_000
"""Bytes of room: so much, or as much as the file itself, is wanted for a backup beside it."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What the other checks want to know of the database."""

    signs: list[Signs]
    tally: Tally
    condition: Condition


def look(chosen: DatabaseSettings) -> tuple[list[Finding], Memory | None]:
    """The findings, and what the database holds, where it could be read."""
    memory = None
    shape = _shape(chosen)
    if shape.state == "well":
        try:
            memory = _read(chosen)
            shape = _condition(chosen, memory.condition) or shape
        except DBAPIError as error:
            shape = _out_of_reach(schema.out_of_reach(chosen, error))
    file = sqlite_file(chosen.database_url.get_secret_value())
    return [shape, *([] if file is None else [_room(file)])], memory


def _shape(chosen: DatabaseSettings) -> Finding:
    file = sqlite_file(chosen.database_url.get_secret_value())
    try:
        if file is not None and not schema.is_there(chosen):  # looking into it would make it
            return _not_there(chosen, file)
        revision = schema.current(chosen)
        schema.require_known(chosen, revision)
    except Failure as failure:
        return _out_of_reach(failure)
    if revision == migrations.head():
        return well("database", f"{chosen.database_place} is at revision {revision}, and can be written to.")
    state = "is empty" if revision is None else f"is at revision {revision}"
    says = f"{chosen.database_place} {state}, and this version of Outloud needs {migrations.head()}."
    if file is not None:
        return warning("database", says, "`outloud run` brings it up to date when it starts. Make a backup before.")
    return fault("database", says, "Stop Outloud, make a backup, run `outloud migrate`, and start it again.")


def _not_there(chosen: DatabaseSettings, file: Path) -> Finding:
    if not file.parent.is_dir():
        return fault(
            "database",
            f"There is no folder for the database {chosen.database_place}.",
            "Make it, and let Outloud write there; or name another place in DATABASE_URL.",
        )
    return warning(
        "database",
        f"There is no database {chosen.database_place} yet.",
        "`outloud run` makes it. If you expected one here: DATABASE_URL says where it is, from the working directory on.",
    )


def _out_of_reach(failure: Failure) -> Finding:
    says, _, advice = str(failure).partition("\n")
    return fault("database", says, advice)


def _condition(chosen: DatabaseSettings, found: Condition) -> Finding | None:
    """What is wrong with it, if anything."""
    if found.read_only:
        return fault(
            "database",
            f"{chosen.database_place} can be read, but not written to.",
            "Is it a standby server, or is default_transaction_read_only set? DATABASE_URL must name one that takes writes.",
        )
    if found.journal not in {None, "wal"}:
        return warning(
            "database",
            f"{chosen.database_place} can't keep a write-ahead log (its journal is in mode {found.journal}).",
            "Is it on a network disk? Move it to a disk of this machine: locks may not hold there.",
        )
    return None


def _room(file: Path) -> Finding:
    try:
        free = shutil.disk_usage(file.resolve().parent).free
        size = file.stat().st_size if file.exists() else 0
    except OSError as error:
        return unknown("disk", f"How much room there is could not be found out: {error.strerror or error}.")
    says = f"There is room for {free / 1e6:,.0f} MB beside the database."
    if free < HARDLY_ANY:
        return fault("disk", says, "Make room: soon nothing can be saved any more.")
    if free < max(LITTLE, size):
        return warning("disk", says, "Make room, or a backup may not fit, and one day nothing can be saved.")
    return well("disk", says)


def _read(chosen: DatabaseSettings) -> Memory:
    engine = connect(chosen.database_url.get_secret_value(), connections=1)
    try:
        with Session(engine.execution_options(write=True)) as session:  # never committed
            return Memory(workspaces.signs(session), parking.tally(session), condition(session))
    finally:
        engine.dispose()
