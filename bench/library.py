"""Made-up learnings by the hundred thousand, with their documents, written as fast as either engine takes them."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import URL

from bench.crowd import Crowd
from storage.ids import ChannelId, Place, WorkspaceId
from storage.search import documents, marks, tokens

CHANNELS = [f"C{number}" for number in range(500)]
NOW = 1.75e9
YEARS = 3 * 365 * 86400.0
"""Seconds in which all of it was said."""

WORDS, LENGTH, AT_ONCE = 60_000, 25, 10_000
SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]


BEGIN = (
    "INSERT INTO workspaces (id, name, url, bot_user, bot, installed_at) VALUES ('T1', 'Acme', '', 'U0', 'B0', 1)",
    "INSERT INTO people (workspace, id) VALUES ('T1', 'U0AUTHOR')",
)
CHANNEL = (
    "INSERT INTO channels (workspace, id, name, is_private, described_at) VALUES ('T1', :id, :id, true, 1)",
    "INSERT INTO pockets (workspace, channel, started_by, started_at) VALUES ('T1', :id, 'U0AUTHOR', 1)",
)
PLAIN = {
    "sqlite": (
        "CREATE VIRTUAL TABLE plain USING fts5(words, content='learnings', content_rowid='rowid')",
        "INSERT INTO plain (rowid, words) SELECT rowid, words FROM learnings",
        "INSERT INTO plain (plain) VALUES ('optimize')",
        "INSERT INTO documents_fts (documents_fts) VALUES ('optimize')",
    ),
    "postgresql": (
        "ALTER TABLE learnings ADD COLUMN plain tsvector GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED",
        "CREATE INDEX ON learnings USING gin (plain)",
        "CREATE INDEX ix_documents_vector ON documents USING gin (vector)",
    ),
}
"""What makes the plain index, and ends the filling of ours."""

LEARNING = "workspace, key, author, state, changed_at, id, channel, words, said_at"
TOPIC = "workspace, learning, topic, position"
DOCUMENT = "workspace, counted, learning, number, channel, length, terms"
Values = tuple[str | float, ...]


@dataclass(frozen=True, slots=True)
class Library:
    """What was filled: how many learnings."""

    size: int

    def query(self, kind: str, chance: random.Random) -> str:
        """What somebody looks for."""
        common = range(20, 60)  # each in some hundredth of all learnings, or in more
        rare = range(WORDS // 2, WORDS)
        match kind:
            case "rare":
                return word(chance.choice(rare))
            case "common":
                return word(chance.choice(common))
            case "two common":
                return " ".join(word(number) for number in chance.sample(common, 2))
            case "question":
                picked = [*chance.sample(range(12), 5), *chance.sample(common, 4), *chance.sample(range(500, 9000), 3)]
                return " ".join(word(number) for number in picked)
            case _:
                return word(0)


def word(number: int) -> str:
    """The word that is so many-th in frequency: "the" is the first."""
    if number == 0:
        return "the"
    found = ""
    number += len(SYLLABLES)
    while number:
        number, at = divmod(number, len(SYLLABLES))
        found += SYLLABLES[at]
    return f"{found}k"  # no English ending


def texts(many: int, *, seed: int) -> Iterator[str]:
    """So many texts; a word is half as frequent as that of half its number (Zipf)."""
    chance = np.random.default_rng(seed)
    vocabulary = [word(number) for number in range(WORDS)]
    shares = 1 / (np.arange(WORDS) + 2.7)
    reach = np.cumsum(shares / shares.sum())
    for start in range(0, many, AT_ONCE):
        numbers = np.searchsorted(reach, chance.random((min(AT_ONCE, many - start), LENGTH)))
        for row in numbers:
            yield " ".join(vocabulary[min(number, WORDS - 1)] for number in row)


def fill(url: URL, size: int, *, crowd: Crowd | None = None) -> Library:
    """Write a workspace with so many learnings, in private channels, oldest first; and the plain query's index of them.

    They are one author's, on nothing; with a `crowd`, theirs, each on a topic.
    """
    engine, chance = create_engine(url), random.Random(3)  # noqa: S311 -- nothing here is secret
    often = Counter[str]()
    with engine.begin() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        _begin(connection)
        if crowd:
            crowd.move_in(connection)
        numbered = enumerate(texts(size, seed=1))
        while some := list(itertools.islice(numbered, AT_ONCE)):
            rows, found, on = list[Values](), list[Values](), list[Values]()
            for number, said in some:
                at, channel = NOW - YEARS * (size - number) / size, chance.choice(CHANNELS)
                terms = tokens.terms(said)
                often.update(set(terms))
                place = Place(WorkspaceId("T1"), ChannelId(channel))
                author = crowd.person() if crowd else "U0AUTHOR"
                topic = crowd.topic() if crowd else ""
                of = [*_marks(place, author), *([marks.on(topic)] if topic else [])]
                rows.append((author, f"L{number:07}", channel, said, at))
                text_ = f" {' '.join([*of, *terms])} "
                found.append((f"L{number:07}", documents.number_at(at), channel, len(terms), text_))
                on += [(f"L{number:07}", topic, 0)] if topic else []
            _write(connection, rows, found, on, is_sqlite=is_sqlite)
        _count(connection, often)
        if crowd:
            crowd.stand_for(connection, NOW - YEARS / 10)
            ids = [f"L{number:07}" for number in range(size)]
            crowd.help(connection, ids)
            crowd.answer(connection, ids)
        for statement in PLAIN["sqlite" if is_sqlite else "postgresql"]:
            connection.execute(text(statement))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE" if is_sqlite else "VACUUM ANALYZE"))
    engine.dispose()
    return Library(size)


def _marks(place: Place, author: str) -> list[str]:
    by = [marks.written_by(place.workspace, author), marks.signed_by(author)]
    return [marks.of_workspace(place.workspace), marks.of_channel(place), *by, marks.of_kind("learning")]


def _begin(connection: Connection) -> None:
    for statement in BEGIN:
        connection.execute(text(statement))
    for statement in CHANNEL:
        connection.execute(text(statement), [{"id": channel} for channel in CHANNELS])
    if connection.dialect.name != "sqlite":
        connection.execute(text("DROP INDEX ix_documents_vector"))  # made once all is there


def _write(
    connection: Connection, rows: Sequence[Values], found: Sequence[Values], on: Sequence[Values], *, is_sqlite: bool
) -> None:
    said = [("T1", row[1], row[0], "live", 1.0, *row[1:]) for row in rows]
    held = [("T1", True, *row) for row in found]
    topics = [("T1", *row) for row in on]
    cursor = connection.connection.cursor()
    filled = (("learnings", LEARNING, said), ("documents", DOCUMENT, held), ("learning_topics", TOPIC, topics))
    for table, columns, values in filled:
        if is_sqlite:
            marks = ", ".join("?" for _ in columns.split())
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)  # noqa: S608 -- ours
            continue
        with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:  # psycopg's
            for one in values:
                copy.write_row(one)


def _count(connection: Connection, often: Counter[str]) -> None:
    term = text(
        "INSERT INTO vocabulary (workspace, term, begins, many, words) VALUES ('T1', :term, :begins, :many, :term)"
    )
    rows = [{"term": one, "begins": one[0], "many": many} for one, many in often.items()]
    connection.execute(term, rows)
    corpus = text("INSERT INTO corpora (workspace, version) VALUES ('T1', :version)")
    connection.execute(corpus, {"version": tokens.VERSION})
