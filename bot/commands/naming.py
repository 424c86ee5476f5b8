"""Which pocket an operator means."""

from __future__ import annotations

from storage.db.database import Database
from storage.places import exports
from storage.places.exports import Head

from .failing import Failure


async def pocket(db: Database, name: str) -> Head:
    """The one pocket of this name or id. Raises `Failure` where there is none, or more."""
    found = await db.read(exports.named, name)
    if len(found) > 1:
        ids = ", ".join(f"{head.place.channel} ({workspace})" for head, workspace in found)
        raise Failure(f"Several pockets are called so: {ids}. Say which by its id.")
    if not found:
        known = ", ".join(f"#{name}" for name in await db.read(exports.names)) or "none yet"
        raise Failure(f"There is no pocket {name!r}. There are: {known}.")
    return found[0][0]
