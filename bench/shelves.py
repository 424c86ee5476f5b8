"""Databases of either engine for the benches of search: a workspace, pockets, and somebody who looks."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

import migrations
from bench import databases
from storage import workspaces
from storage.db import engines
from storage.ids import ChannelId, LearningId, Person, PersonId, Place, WorkspaceId
from storage.learned import learnings
from storage.learned.entries import MAX_WORDS, NewLearning
from storage.places import pockets
from storage.places.channels import ChannelFacts
from storage.search import counting
from storage.visibility import Viewer
from storage.workspaces import Installation

ENGINES = ("sqlite", "postgresql")
WORKSPACE = WorkspaceId("T1")
AUTHOR, READER = Person(WORKSPACE, PersonId("U0AUTHOR")), Person(WORKSPACE, PersonId("U0READER"))
HERE = Place(WORKSPACE, ChannelId("C1"))


def somebody(channels: frozenset[ChannelId] = frozenset()) -> Viewer:
    """A full member of the workspace, in these channels; whatever Slack ever said holds."""
    return Viewer(READER, "member", since=0.0, until=math.inf, channels=channels)


@dataclass
class Shelf:
    """One workspace with one pocket, which the author shares in and the reader looks through."""

    engine: Engine
    reader: Viewer = field(default_factory=somebody)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def share(self, words: str, *, at: float) -> LearningId:
        """Let the author share something, at a time. What is longer than a learning goes on as why it matters."""
        key, why = f"form:{next(self._numbers)}", words[MAX_WORDS : 2 * MAX_WORDS]
        with Session(self.engine) as session:
            id = learnings.share(
                session, NewLearning(key, HERE, words[:MAX_WORDS], why=why), by=AUTHOR, here=True, at=at
            )
            session.commit()
        return id

    def count(self) -> None:
        """The clock counts words."""
        more = True
        while more:
            with Session(self.engine) as session:
                more = counting.beat(session)
                session.commit()


@contextmanager
def shelf(admin: URL, engine: str, folder: Path) -> Iterator[Shelf]:
    """An empty one, which is gone afterwards."""
    with database(admin, engine, folder, "outloud_bench_search") as url:
        made = engines.connect(url).execution_options(write=True)
        with Session(made) as session:
            workspaces.install(session, Installation(WORKSPACE, None, "Acme", "", PersonId("U0"), "B0"), at=1.0)
            pockets.start(session, HERE, ChannelFacts("c1", is_private=False), by=AUTHOR, at=1.0)
            session.execute(text("UPDATE channels SET described_at = 1"))
            session.commit()
        try:
            yield Shelf(made)
        finally:
            made.dispose()


@contextmanager
def database(admin: URL, engine: str, folder: Path, name: str) -> Iterator[URL]:
    """A migrated database of an engine, dropped afterwards."""
    with databases.empty(admin, engine, folder, name) as url:
        migrations.upgrade(url)
        yield url
