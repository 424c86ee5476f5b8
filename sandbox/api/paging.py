"""Pages of a long answer: `limit`, `cursor`, `response_metadata.next_cursor`.

https://docs.slack.dev/apis/web-api/pagination
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, TypeVar

from sandbox.records import Json, SlackError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .method import Asked

T = TypeVar("T")


def page_of(asked: Asked, items: Sequence[T], *, default: int, most: int) -> tuple[list[T], Json]:
    """The page that was asked for, and the `response_metadata` that leads to the next.

    Raises `invalid_limit`, `invalid_cursor`.
    """
    limit = asked.args.get("limit", default) or default
    if not 1 <= limit <= most:
        raise SlackError("invalid_limit")
    start = _start(asked.text("cursor"))
    end = start + limit
    return list(items[start:end]), {"next_cursor": _cursor(end) if end < len(items) else ""}


def _cursor(start: int) -> str:
    return base64.b64encode(f"next:{start}".encode()).decode()


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
    except (ValueError, binascii.Error):
        raise SlackError("invalid_cursor") from None
