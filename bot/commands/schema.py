"""`outloud migrate`, and what `outloud run` does about the schema before it starts."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

import migrations
from bot import settings
from bot.settings import DatabaseSettings
from storage.db.engines import sqlite_file

from .failing import Failure


def migrate(
    as_json: Annotated[bool, typer.Option("--json", help="Say it as one line of JSON.")] = False,
) -> None:
    """Bring the database to this version's schema."""
    chosen = settings.load_database()
    before = current(chosen)
    require_known(chosen, before)
    _upgrade(chosen)
    after = migrations.head()
    if as_json:
        typer.echo(json.dumps({"database": chosen.database_place, "before": before, "after": after}))
    elif before == after:
        typer.echo(f"{chosen.database_place} is up to date (revision {after}).")
    else:
        typer.echo(f"{chosen.database_place} is at revision {after} now; it was {before or 'empty'}.")


def prepare(chosen: DatabaseSettings) -> None:
    """Make sure that the database fits this version. A SQLite file is brought up to date; PostgreSQL must be already.

    Several processes may share a PostgreSQL database, and one of them must not change it under the others' feet. Raises
    `Failure`.
    """
    if sqlite_file(chosen.database_url.get_secret_value()) is None:
        require_current(chosen)
        return
    revision = current(chosen)
    require_known(chosen, revision)
    if revision != migrations.head():
        _upgrade(chosen)


def require_current(chosen: DatabaseSettings) -> None:
    """Raise `Failure` where the database is not at this version's revision."""
    if not is_there(chosen):  # looking into it would make it
        raise Failure(
            f"There is no database {chosen.database_place} here. DATABASE_URL says where it is; `outloud migrate` makes one."
        )
    revision = current(chosen)
    if revision == migrations.head():
        return
    require_known(chosen, revision)
    state = "is empty" if revision is None else f"is at revision {revision}"
    raise Failure(
        f"The database {chosen.database_place} {state}, and this version of Outloud needs {migrations.head()}. "
        "Run `outloud migrate`, then try again."
    )


def is_there(chosen: DatabaseSettings) -> bool:
    """Whether a SQLite file exists; of PostgreSQL it is taken for granted. Raises `Failure` where that can't be seen."""
    file = sqlite_file(chosen.database_url.get_secret_value())
    try:
        return file is None or file.exists()
    except OSError as error:
        raise Failure(
            f"Outloud can't look for the database {chosen.database_place}: {error.strerror or error}.\n"
            "May it enter that folder? DATABASE_URL says where the database is."
        ) from None


def current(chosen: DatabaseSettings) -> str | None:
    """The revision that the database is at; None where it is empty. Raises `Failure`."""
    try:
        return migrations.current(chosen.database_url.get_secret_value())
    except DBAPIError as error:
        raise out_of_reach(chosen, error) from None


def require_known(chosen: DatabaseSettings, revision: str | None) -> None:
    """Raise `Failure` where a revision comes from a newer version."""
    if revision is not None and not migrations.is_ours(revision):
        raise Failure(
            f"The database {chosen.database_place} is at revision {revision}, which comes from a newer version of Outloud. "
            "Update Outloud, or restore the backup that was made before the update."
        )


def _upgrade(chosen: DatabaseSettings) -> None:
    try:
        migrations.upgrade(chosen.database_url.get_secret_value())
    except DBAPIError as error:
        raise out_of_reach(chosen, error) from None


def out_of_reach(chosen: DatabaseSettings, error: DBAPIError) -> Failure:
    """A database that can't be opened, as a sentence. The driver's own words name the host, but no password."""
    why = " ".join(str(error.orig).split())
    url = chosen.database_url.get_secret_value()
    ask = "Does the folder exist, and may it be written to?"
    if sqlite_file(url) is None:  # the driver gives no code for what goes wrong before there is a connection
        name = make_url(url).database or ""
        ask = f"Does PostgreSQL run there, is there a database “{name}” in it (`createdb {name}`), and may this user enter it?"
    return Failure(
        f"Outloud can't use the database {chosen.database_place}: {why}\n{ask} DATABASE_URL says where it is."
    )
