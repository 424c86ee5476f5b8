"""How long `whoknows` takes where a company has shared for years.

Made-up learnings as in `search`, by a crowd of people on many topics, of which a few write most, claim and are asked for.
Somebody in 50 of the 500 channels asks for a topic that much is on, for one that little is on, and a question of twelve words.
Wall time of what `/whoknows` asks of the database (`finding.look`), in turn; what Slack is asked then is Slack's.
"""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from bench import library, shelves
from bench.crowd import Crowd
from bench.library import CHANNELS, Library
from bench.row import Row
from storage.db import engines
from storage.experts import finding
from storage.ids import ChannelId

SIZE, PEOPLE, TOPICS, READS = 1_000_000, 100_000, 20_000, 50
TIMES = 40
SHOWN = 2
"""Learnings of each person that are looked at, as `/whoknows` shows them."""

WANTED = 80.0
"""Milliseconds within which 95 of 100 are to be answered."""


def measure(admin: URL, _export: Path | None) -> Iterator[Row]:
    """The rows, by engine and class. SIZE and ENGINE name one alone: a million takes long to be written."""
    size = int(os.environ.get("SIZE", SIZE))
    for engine in os.environ.get("ENGINE", "").split() or shelves.ENGINES:
        with (
            tempfile.TemporaryDirectory(prefix="outloud-bench-") as folder,
            shelves.database(admin, engine, Path(folder), "outloud_bench_whoknows") as url,
        ):
            crowd = Crowd(max(1, PEOPLE * size // SIZE), max(1, TOPICS * size // SIZE))
            yield from _of(url, library.fill(url, size, crowd=crowd), crowd, engine)


def _of(url: URL, filled: Library, crowd: Crowd, engine: str) -> Iterator[Row]:
    made, chance = engines.connect(url), random.Random(11)  # noqa: S311
    viewer = shelves.somebody(frozenset(ChannelId(id) for id in chance.sample(CHANNELS, READS)))
    classes: dict[str, Callable[[], str]] = {
        "a topic of many": lambda: f"topic-{chance.randrange(20):05}",
        "a topic of few": lambda: f"topic-{chance.randrange(crowd.topics // 2, crowd.topics):05}",
        "question": lambda: filled.query("question", chance),
    }
    spent: dict[str, list[float]] = {name: [] for name in classes}
    for _ in range(TIMES + 1):
        for name, asked in classes.items():
            words, began = asked(), time.perf_counter()
            with Session(made) as session:
                finding.look(session, viewer, words, at=library.NOW, hopeful=True, shown=SHOWN)
            spent[name].append((time.perf_counter() - began) * 1e3)
    for name, all_ in spent.items():
        ordered = sorted(all_[1:])
        p95 = ordered[int(len(ordered) * 0.95) - 1]
        yield Row(
            f"{engine}, {filled.size}, {name}", p95, f"ms p95, median {ordered[len(ordered) // 2]:.1f}", None, None
        )
    made.dispose()
