"""What one may not read weighs nothing: neither in an order, nor in what stands in bold, nor in what is very close."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from storage.search import closeness

from .stage import AT, BEN, Library


@pytest.fixture
def library(engine: Engine) -> Iterator[Library]:
    """With a private pocket that ben is not in."""
    with Session(engine) as session:
        library = Library(session)
        library.opens("C2", private=True)
        yield library


def test_an_order_and_what_is_bold_hang_on_what_one_may_read(library: Library) -> None:
    """However often a word is used where they do not read: of two that are as rare as the other, the newer is first."""
    library.shares("layoffs", "Layoffs are planned", days_ago=1)
    library.shares("planned", "Mergers are planned", days_ago=300)
    library.shares("good", "Mergers are good", days_ago=2)
    library.count()

    def answer() -> list[tuple[str, tuple[str, ...]]]:
        return [(hit.learning.id, hit.why.telling) for hit in library.look("layoffs mergers").hits]

    before = answer()
    assert before[0] == (library.ids["layoffs"], ("layoff",))
    for number in range(20):
        library.shares(f"hidden {number}", f"The layoffs, said the board, will be {number}", channel="C2")
    library.count()
    assert answer() == before


def test_what_is_very_close_is_so_whatever_one_may_not_read(library: Library) -> None:
    """Words that are common, or more of the same, where they do not read make nothing closer, or less close."""
    library.shares("first", "Rotate signing keys by script", days_ago=3)
    for number in range(30):
        library.shares(f"noise {number}", f"Lesson {number} is about kettles and their whistles", days_ago=400)
    library.shares("mine", "Rotate signing keys by vault", by=BEN)
    library.count()
    ids = {id: name for name, id in library.ids.items()}

    def near() -> str:
        hit = closeness.nearest(library.session, library.viewer(), library.ids["mine"], at=AT).hit
        return ids[hit.learning.id] if hit else ""

    before = near()
    for number in range(40):
        library.shares(f"hidden {number}", f"Rotate the signing keys, says number {number}", channel="C2", days_ago=9)
    library.count()
    assert near() == before
    library.shares("said again", "Rotate signing keys, by script", by=BEN)
    ids[library.ids["said again"]] = "said again"
    hit = closeness.nearest(library.session, library.viewer(), library.ids["said again"], at=AT).hit
    assert hit is not None
    assert ids[hit.learning.id] == "first"
