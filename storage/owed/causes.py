"""Because of what something is done: an id that goes from a delivery at the door to what it owed, and to what that owed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import uuid4

CAUSE: ContextVar[str | None] = ContextVar("cause", default=None)
"""The id, where there is one. It says nothing of anybody: it is only the same in every line of the log, and in the outbox."""

LENGTH = 12
"""Characters: enough for every delivery that a log still tells of."""


def new() -> str:
    """An id that nothing else has."""
    return uuid4().hex[:LENGTH]


@contextmanager
def because_of(cause: str | None) -> Iterator[None]:
    """What is done, written and logged meanwhile in this task is so because of `cause`."""
    before = CAUSE.set(cause)
    try:
        yield
    finally:
        CAUSE.reset(before)
