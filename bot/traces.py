"""What a log says about an exception: its kind and where it came from, and never its words, which may be a person's.

A pydantic error repeats the field, a database's error the row, and SQLite's full-text search what was looked for.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator

MOST_PLACES = 15
"""Frames shown of one exception, the innermost."""

MOST_CAUSES = 5


def describe(error: BaseException) -> str:
    """Several lines: each exception, what led to it after it, and the places that each came through, innermost last."""
    return "\n".join(line for each in _causes(error) for line in (_name(each), *_places(each)))


def _causes(error: BaseException) -> Iterator[BaseException]:
    step: BaseException | None = error
    for _ in range(MOST_CAUSES):
        if step is None:
            return
        yield step
        step = step.__cause__ or (None if step.__suppress_context__ else step.__context__)


def _name(error: BaseException) -> str:
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    reason = _reason(error)
    return f"{kind}: {reason}" if reason else kind


def _reason(error: BaseException) -> str:
    """What the machine says of it: the operating system, or the database by a code. None of these repeats a value."""
    if isinstance(error, OSError):
        return error.strerror or ""
    for code in ("sqlstate", "sqlite_errorname"):
        if known := getattr(error, code, None):
            return str(known)
    if _is_of_psycopg(error):  # without a code: the server was not reached
        return " ".join(str(error).split())
    return ""


def _is_of_psycopg(error: BaseException) -> bool:
    """Whether it says that the server failed. Where all is in SQLite, psycopg is never loaded: a twentieth of a start."""
    psycopg = sys.modules.get("psycopg")
    return psycopg is not None and isinstance(error, psycopg.OperationalError)


def _places(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)[-MOST_PLACES:]
    return [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
