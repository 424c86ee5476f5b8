"""Which errors of the database are its own trouble, and what people hear of them. One of the places that know both engines.

Everything else (a constraint, a statement that is wrong) is a race or a defect, and is none of its fault.
"""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, TimeoutError  # noqa: A004 -- the pool's

from storage.refusals import Busy, Unavailable

DEADLOCKS = {"40001", "40P01"}
"""PostgreSQL's codes for a transaction that it gave up in favour of another one."""

IMPATIENCE = {"55P03", "57014", "SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_BUSY_SNAPSHOT"}
"""Both engines' codes for a lock, or a statement, that took too long."""


def is_outage(error: BaseException) -> bool:
    """Whether the database was away, full, or busy: the same request may succeed in a moment."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    if _code(error) == "SQLITE_ERROR":  # its word for statements that are wrong
        return False
    return isinstance(error, OperationalError | InterfaceError | TimeoutError)


def is_deadlock(error: BaseException) -> bool:
    """Whether the database chose this transaction to give way: run again, it may pass."""
    return _code(error) in DEADLOCKS


def refusal(error: BaseException | None) -> BaseException:
    """What a person hears, with the error as its cause. What is no outage stays what it is: a defect."""
    if error is not None and not is_outage(error):
        return error
    heard = Busy() if _code(error) in IMPATIENCE else Unavailable()
    heard.__cause__ = error
    return heard


def _code(error: BaseException | None) -> str | None:
    original = getattr(error, "orig", None)
    return getattr(original, "sqlstate", None) or getattr(original, "sqlite_errorname", None)
