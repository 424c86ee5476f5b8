"""What was deleted stands nowhere: not in a row, and on SQLite in no byte of its files."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import URL

from storage.db.database import Database
from storage.ids import ChannelId, Person, PersonId, Place
from storage.learned import learnings
from storage.learned.entries import NewLearning
from storage.places import pockets
from storage.places.channels import ChannelFacts
from storage.search import counting, vocabulary
from tests.storage.rows import open_workspace

SECRET = "swordfish"


async def test_words_that_were_taken_back_stand_in_no_byte(db: Database, database_url: URL) -> None:
    """Free pages and the -wal file included, once that was emptied and the index tidied, as it is hourly; nor their topics."""
    ana = Person(await db.write(open_workspace), PersonId("UANA"))
    place = Place(ana.workspace, ChannelId("C1"))
    await db.write(pockets.start, place, ChannelFacts("c", is_private=False), by=ana, at=1.0)
    words = f"{SECRET} " * 300  # more than a page
    for number in range(20):
        new = NewLearning(key=f"form:{number}", place=place, words=words, why=words, topics=(f"{SECRET}-{number}",))
        id = await db.write(learnings.share, new, by=ana, here=True, at=1.0)
        if number % 2:
            await db.write(counting.count)
        await db.write(learnings.withdraw, id, by=ana, at=2.0)
    before = _files(database_url)
    while await db.read(vocabulary.is_untidy) and await db.write(counting.tidy):
        pass
    assert not await db.read(vocabulary.is_untidy)
    await db.empty_wal()
    if before:  # PostgreSQL's files are its own
        assert any(SECRET.encode() in file for file in before)
        assert not any(SECRET.encode() in file for file in _files(database_url))


def _files(url: URL) -> list[bytes]:
    """What SQLite keeps on disk."""
    if url.get_backend_name() != "sqlite":
        return []
    return [path.read_bytes() for path in Path(str(url.database)).parent.glob("outloud.db*")]
