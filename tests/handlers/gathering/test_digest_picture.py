"""The picture of a digest, drawn."""

from __future__ import annotations

import asyncio
import threading

import pytest

from handlers.gathering import digest_picture

PNG = b"\x89PNG\r\n\x1a\n"


async def test_pictures_that_are_due_at_once_are_drawn_one_after_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """By one thread: each that draws keeps what it needed for that."""
    drawn, by = digest_picture.drawn, set[int]()

    def note(weeks: tuple[int, ...], *, first: str, last: str) -> bytes:
        by.add(threading.get_ident())
        return drawn(weeks, first=first, last=last)

    monkeypatch.setattr(digest_picture, "drawn", note)
    pictures = await asyncio.gather(
        *(digest_picture.draw((1, 0, number), first="5 Jan", last="19 Jan") for number in range(5))
    )
    assert all(one.startswith(PNG) for one in pictures)
    assert len(set(pictures)) > 1
    assert len(by) == 1
    assert by != {threading.get_ident()}
