"""Empty databases for a proof: a SQLite file, or a database of its own on the PostgreSQL server at hand."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy.exc import OperationalError

from bench import databases

from .proof import CantProve


@contextmanager
def fresh(engine: str, folder: Path) -> Iterator[str]:
    """The address of an empty database; a SQLite file lies in `folder`. Raises `CantProve` where no server answers."""
    if engine == "sqlite":
        yield f"sqlite:///{folder}/outloud.db"
    else:
        with _fresh_postgres() as url:
            yield url


@contextmanager
def _fresh_postgres() -> Iterator[str]:
    server = databases.server()
    name = f"outloud_prove_{os.getpid()}_{secrets.token_hex(4)}"
    with ExitStack() as made:
        try:
            url = made.enter_context(databases.fresh(server, name))
        except OperationalError:
            raise CantProve(
                f"No PostgreSQL at {server.host}:{server.port} (TEST_POSTGRES_URL says where it is)."
            ) from None
        yield url.render_as_string(hide_password=False)
