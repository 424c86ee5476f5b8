"""How long a search takes, beside what the engines rank by themselves; and what a share costs with its document.

Made-up learnings of 25 words, as rare and as common as words are (Zipf), in 500 private channels. A reader of 50 of them, and of
one, looks for a rare word, a common one, two common ones, a question of twelve words, and "the". Wall time of all that `/recall`
does in the database (`viewing.found`), as if Slack answered at once, in turn with the plain query: SQLite's `bm25` over an FTS5
table as it comes, PostgreSQL's `ts_rank_cd` with GIN, both with the reader's channels as a filter.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

from sqlalchemy import Engine, bindparam, text
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from bench import library, shelves
from bench.library import CHANNELS, Library
from bench.row import Row
from handlers.desk import Desk
from handlers.slack import viewing
from storage import visibility
from storage.db import engines
from storage.ids import ChannelId, Person, Place
from storage.learned import learnings
from storage.learned.entries import NewLearning
from storage.search import finding
from storage.search.finding import Found
from storage.visibility import Viewer

SIZES = (100_000, 1_000_000)
READS = (50, 1)
"""In how many of the channels a reader is."""

TIMES = 40
"""Queries of a class."""

SHARES = 400
CLASSES = ("rare", "common", "two common", "question", "the")
WANTED = 50.0
"""Milliseconds within which 95 of 100 are to be answered."""


Seen = TypeVar("Seen")


@dataclass(frozen=True, slots=True)
class Looks:
    """What one engine is asked, and how: ours, and the plain query over the same learnings. Each returns how many it found."""

    ours: Callable[[str], int]
    plain: Callable[[str], int]


def measure(admin: URL, _export: Path | None) -> Iterator[Row]:
    """The rows, by engine, size, reader and class. SIZE and ENGINE name one alone: a million takes long to be written."""
    wanted = [int(one) for one in os.environ.get("SIZE", "").split()] or SIZES
    for engine in os.environ.get("ENGINE", "").split() or shelves.ENGINES:
        before: dict[str, float] = {}
        for size in wanted:
            with (
                tempfile.TemporaryDirectory(prefix="outloud-bench-") as folder,
                shelves.database(admin, engine, Path(folder), "outloud_bench_search") as url,
            ):
                yield from _of(url, library.fill(url, size), engine, before)


def _of(url: URL, filled: Library, engine: str, before: dict[str, float]) -> Iterator[Row]:
    made = engines.connect(url)
    chance = random.Random(11)  # noqa: S311 -- nothing here is secret
    for many in READS:
        viewer = shelves.somebody(frozenset(ChannelId(id) for id in chance.sample(CHANNELS, many)))
        looks = Looks(ours=_ours(made, viewer), plain=_plain(made, engine, viewer))
        for kind in CLASSES:
            ours, plain = _timed(looks, [filled.query(kind, chance) for _ in range(TIMES)])
            name = f"{engine}, {filled.size}, reader of {many}, {kind}"
            yield Row(
                name, _p95(ours), f"ms p95, median {statistics.median(ours):.1f}", _p95(plain), _p95(ours) / _p95(plain)
            )
            key = f"{many} {kind}"
            if key in before:
                yield Row(f"{name}, grown", _p95(ours), "ms p95", before[key], _p95(ours) / before[key])
            before[key] = _p95(ours)
    if filled.size == SIZES[0]:
        yield from _shares(made.execution_options(write=True), engine)
    made.dispose()


def _timed(looks: Looks, queries: Sequence[str]) -> tuple[list[float], list[float]]:
    """Milliseconds of each query, in turn; the first of each is thrown away."""
    ours, plain = list[float](), list[float]()
    for query in (queries[0], *queries):
        for look, spent in ((looks.ours, ours), (looks.plain, plain)):
            began = time.perf_counter()
            look(query)
            spent.append((time.perf_counter() - began) * 1e3)
    return ours[1:], plain[1:]


def _p95(spent: Sequence[float]) -> float:
    return sorted(spent)[int(len(spent) * 0.95) - 1]


def _ours(engine: Engine, viewer: Viewer) -> Callable[[str], int]:
    person, desk = viewer.person, cast(Desk, _Desk(engine, viewer))

    def look(query: str) -> int:
        asked = finding.understand(query, by=person, at=library.NOW)

        def find(session: Session, who: Viewer, hopeful: bool) -> Found:  # noqa: FBT001 -- as `viewing.found` calls it
            return finding.find(session, who, asked, at=library.NOW, hopeful=hopeful)

        return len(asyncio.run(viewing.found(desk, person, find)).hits)

    return look


class _Desk:
    """What a search takes of the program: the database, and a Slack that says at once who somebody is, and where."""

    fresh = visibility.FRESH

    def __init__(self, engine: Engine, viewer: Viewer) -> None:
        self._engine, self._viewer = engine, viewer
        self.db = self.viewers = self

    def now(self) -> float:
        return library.NOW

    async def read(self, look: Callable[..., Seen], *values: object) -> Seen:
        with Session(self._engine) as session:
            return look(session, *values)

    async def standing(self, _person: Person, *, until: float) -> viewing.Standing:  # noqa: ARG002 -- at once
        return self._viewer.kind, True

    async def channels(self, _person: Person, *, until: float) -> frozenset[ChannelId] | None:  # noqa: ARG002
        return self._viewer.channels


def _plain(engine: Engine, name: str, viewer: Viewer) -> Callable[[str], int]:
    sqlite = (
        "SELECT p.rowid FROM plain p JOIN learnings l ON l.rowid = p.rowid WHERE plain MATCH :query"
        " AND l.channel IN :channels ORDER BY bm25(plain) LIMIT 5"
    )
    postgresql = (
        "SELECT id FROM learnings WHERE plain @@ to_tsquery('simple', :query) AND channel IN :channels"
        " ORDER BY ts_rank_cd(plain, to_tsquery('simple', :query)) DESC LIMIT 5"
    )
    statement = text(sqlite if name == "sqlite" else postgresql).bindparams(bindparam("channels", expanding=True))
    either = " OR " if name == "sqlite" else " | "

    def look(query: str) -> int:
        values = {"query": either.join(query.split()), "channels": sorted(viewer.channels or ())}
        with Session(engine) as session:
            return len(session.execute(statement, values).all())

    return look


def _shares(engine: Engine, name: str) -> Iterator[Row]:
    """CPU of this process for a share in a transaction of its own, beside a row that is inserted in one."""
    place = Place(shelves.WORKSPACE, ChannelId(CHANNELS[0]))
    plain = text(
        "INSERT INTO learnings (workspace, id, key, channel, author, words, state, said_at, changed_at)"
        " VALUES ('T1', :id, :id, :channel, 'U0AUTHOR', :words, 'pending', 1, 1)"
    )

    def insert(number: int, words: str) -> None:
        with Session(engine) as session:
            session.execute(plain, {"id": f"plain {number}", "channel": place.channel, "words": words})
            session.commit()

    def share(number: int, words: str) -> None:
        with Session(engine) as session:
            new = NewLearning(f"form:share {number}", place, words)
            learnings.share(session, new, by=shelves.AUTHOR, here=True, at=library.NOW + number)
            session.commit()

    words = library.texts(SHARES, seed=5)
    spent = dict.fromkeys((insert, share), 0.0)
    for number, said in enumerate(words):
        for do in spent:
            began = time.process_time()
            do(number, said)
            spent[do] += time.process_time() - began
    one, other = (spent[do] / SHARES * 1e6 for do in (share, insert))
    yield Row(f"share, {name}", one, "µs CPU", other, one / other)
