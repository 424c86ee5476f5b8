"""One `outloud run` for each SQLite file: a second one would lease the first one's errands, and write under its feet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from errno import ENOENT
from pathlib import Path

from filelock import FileLock, Timeout

from bot.settings import DatabaseSettings
from storage.db.engines import sqlite_file

from .failing import Failure

LOOK = 0.25
"""Seconds to wait for the lock: `outloud doctor` takes it for a moment, to see whether it is held."""


class InUse(Failure):
    """Another `outloud run` holds the lock."""


@contextmanager
def alone(chosen: DatabaseSettings) -> Iterator[None]:
    """Hold the file's lock as long as this lasts; for PostgreSQL, which many may share, nothing. Raises `Failure`.

    The lock is the kernel's, on `outloud.db.lock` beside the file that all names of it lead to. It ends with the process,
    however that ends; the empty file stays, because taking it away would let two hold locks of one name.
    """
    file = sqlite_file(chosen.database_url.get_secret_value())
    if file is None:
        yield
        return
    real = file.resolve()
    # Where there are no locks, the library would make do with the mere presence of the file, which outlives a kill.
    lock = FileLock(_beside(real), timeout=LOOK, poll_interval=LOOK / 10, fallback_to_soft=False)
    try:
        real.parent.stat()  # the library would make the folder
        held = lock.acquire()
    except Timeout:
        if not _beside(real).exists():  # the library takes a file that can't be made for one that somebody takes away
            raise _not_lockable(chosen, real, OSError(ENOENT, "no file can be made there")) from None
        raise InUse(
            f"Another `outloud run` is using {chosen.database_place}, and a SQLite file is for one at a time. "
            "Stop that one first. To run several side by side, give them PostgreSQL in DATABASE_URL."
        ) from None
    except OSError as error:
        raise _not_lockable(chosen, real, error) from None
    with held:
        yield


def is_held(chosen: DatabaseSettings) -> bool:
    """Whether an `outloud run` is using this SQLite file. Makes no lock file. Raises `Failure`, as `alone` does."""
    file = sqlite_file(chosen.database_url.get_secret_value())
    if file is None:
        return False
    real = file.resolve()
    try:
        if not _beside(real).exists():
            return False
    except OSError as error:
        raise _not_lockable(chosen, real, error) from None
    try:
        with alone(chosen):
            return False
    except InUse:
        return True


def _beside(real: Path) -> Path:
    return real.with_name(f"{real.name}.lock")


def _not_lockable(chosen: DatabaseSettings, real: Path, error: OSError) -> Failure:
    return Failure(
        f"Outloud can't lock {chosen.database_place} against a second `outloud run`: {error.strerror or error}.\n"
        f"Does its folder exist, on a disk of this machine, and may Outloud write {_beside(real)}? "
        "DATABASE_URL says where the database is."
    )
