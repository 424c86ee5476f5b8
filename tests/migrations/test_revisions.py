"""Migrations and models: one truth of the schema, on both engines, in both directions."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.engine import URL

import migrations
from storage.tables import Base
from tests import databases
from tests.databases import has_model

ROWS = (
    "INSERT INTO workspaces (id, name, url, bot_user, bot, installed_at) VALUES ('T1', 'Acme', '', 'U0', 'B0', 1)",
    "INSERT INTO people (workspace, id) VALUES ('T1', 'U1')",
    "INSERT INTO channels (workspace, id, name) VALUES ('T1', 'C1', 'learning')",
    "INSERT INTO memberships (workspace, channel, person, event_ts, heard_at) VALUES ('T1', 'C1', 'U1', '0', 1)",
    "INSERT INTO pockets (workspace, channel, started_by, started_at) VALUES ('T1', 'C1', 'U1', 1)",
    "INSERT INTO leads (workspace, channel, person, since) VALUES ('T1', 'C1', 'U1', 1)",
    (
        "INSERT INTO learnings (workspace, id, key, channel, author, words, state, said_at, changed_at)"
        " VALUES ('T1', 'L1', 'k', 'C1', 'U1', 'w', 'live', 1, 1)"
    ),
    "INSERT INTO learning_topics (workspace, learning, topic, position) VALUES ('T1', 'L1', 'sqlite', 0)",
    (
        "INSERT INTO keeps (workspace, channel, message_ts, person, emoji, event_ts, standing)"
        " VALUES ('T1', 'C1', '1.0', 'U1', 'bulb', '1.0', true)"
    ),
    (
        "INSERT INTO helps (workspace, learning, person, message_ts, emoji, event_ts, standing)"
        " VALUES ('T1', 'L1', 'U1', '1.0', 'key', '1.0', true)"
    ),
    "INSERT INTO outdated (workspace, learning, by, at, why) VALUES ('T1', 'L1', 'U1', 1, 'y')",
    "INSERT INTO removals (workspace, learning, author, by, at, words, why) VALUES ('T1', 'L1', 'U1', 'U2', 1, 'w', '')",
    "INSERT INTO earlier (workspace, learning, at, words, why, kind, topics) VALUES ('T1', 'L1', 1, 'w', '', 'idea', '[]')",
    (
        "INSERT INTO learnings (workspace, id, key, channel, author, words, state, said_at, changed_at)"
        " VALUES ('T1', 'L2', 'k2', 'C1', 'U1', 'w', 'live', 1, 1)"
    ),
    "INSERT INTO links (workspace, learning, other, linked_by, linked_at) VALUES ('T1', 'L1', 'L2', 'U1', 1)",
    "INSERT INTO paces (workspace, name, calls, ready, touched_at) VALUES ('T1', 'chat.update', '[]', 0, 1)",
    "INSERT INTO outbox (workspace, id, kind, lane, body, due, owed_at) VALUES ('T1', 'E1', 'mark', 'C1', '{}', 1, 1)",
    (
        "INSERT INTO drafts (workspace, person, key, channel, words, kind, without_name, saved_at)"
        " VALUES ('T1', 'U1', 'k', 'C1', 'w', 'learning', false, 1)"
    ),
    "INSERT INTO homes (workspace, person, opened_at) VALUES ('T1', 'U1', 1)",
    (
        "INSERT INTO notices (workspace, person, kind, body, owed_at, due, errand)"
        " VALUES ('T1', 'U1', 'first kept', '{}', 1, 1, 'E1')"
    ),
    "INSERT INTO unasked (workspace, lane, errand, said_at) VALUES ('T1', 'U1', 'E1', 1)",
    "INSERT INTO deliveries (workspace, id, seen_at) VALUES ('T1', 'Ev1', 1)",
    "INSERT INTO expert_tags (workspace, person, topic, touched_at) VALUES ('T1', 'U1', 'sqlite', 1)",
    "INSERT INTO expert_wishes (workspace, person) VALUES ('T1', 'U1')",
    (
        "INSERT INTO endorsements (workspace, person, topic, giver, channel, message_ts, emoji, event_ts, standing, state,"
        " given_at) VALUES ('T1', 'U1', 'sqlite', 'U1', 'C1', '1.0', 'mortar_board', '1.0', true, 'yes', 1)"
    ),
    (
        "INSERT INTO asked_questions (workspace, id, asker, channel, words, asked_at, due_at, question)"
        " VALUES ('T1', 'Q1', 'U1', 'C1', 'w', 1, 2, 'L1')"
    ),
    "INSERT INTO asked_people (workspace, question, person, turn, state) VALUES ('T1', 'Q1', 'U1', 0, 'asked')",
    "INSERT INTO approaches (workspace, person, by, at) VALUES ('T1', 'U1', 'U2', 1)",
    (
        'INSERT INTO topic_aliases (workspace, alias, "into", topic, channel, named_by, named_at)'
        " VALUES ('T1', 'sq', 'sqlite', 'sqlite', 'C1', 'U1', 1)"
    ),
    (
        "INSERT INTO schedules (workspace, id, channel, lead, rule, zone, source, questions, deck, changed_by,"
        " created_at) VALUES ('T1', 'S1', 'C1', 'U1', '{}', 'UTC', 'question', '[\"q\"]', '[]', 'U1', 1)"
    ),
    (
        "INSERT INTO occurrences (workspace, schedule, local_date, at, state, claimed_at)"
        " VALUES ('T1', 'S1', '2026-11-25', 1, 'opened', 1)"
    ),
    (
        "INSERT INTO prompts (workspace, id, channel, theme, question, by, state, changed_by, created_at)"
        " VALUES ('T1', 'P1', 'C1', 'ours', 'q', 'U1', 'live', 'U1', 1)"
    ),
    (
        "INSERT INTO rounds (workspace, id, key, channel, question, lead, opened_at, closes_at)"
        " VALUES ('T1', 'R1', 'k', 'C1', 'What?', 'U1', 1, 2)"
    ),
    "INSERT INTO answers (workspace, round, person, channel) VALUES ('T1', 'R1', 'U1', 'C1')",
    (
        "INSERT INTO left_out (workspace, channel, message_ts, person, event_ts, standing)"
        " VALUES ('T1', 'C1', '1.0', 'U1', '1.0', true)"
    ),
    (
        "INSERT INTO digests (workspace, channel, weekday, clock, zone, since, next_at)"
        " VALUES ('T1', 'C1', 1, '09:30', 'UTC', 1, 2)"
    ),
    "INSERT INTO reminders (workspace, channel, person, since) VALUES ('T1', 'C1', 'U1', 1)",
    (
        "INSERT INTO first_answers (workspace, key, channel, lead, question, opens_at)"
        " VALUES ('T1', 'k', 'C1', 'U1', 'What?', 1)"
    ),
    (
        "INSERT INTO documents (workspace, learning, number, channel, length, terms)"
        " VALUES ('T1', 'L1', 1, 'C1', 1, ' @w:T1 w ')"
    ),
    "INSERT INTO vocabulary (workspace, term, begins, many) VALUES ('T1', 'w', 'w', 1)",
    "INSERT INTO corpora (workspace) VALUES ('T1')",
)
"""A row in every table; of learnings two, which are linked."""


@pytest.fixture(params=databases.ENGINES)
def blank(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[URL]:
    """A database in which nothing stands yet."""
    if request.param == "sqlite":
        yield URL.create("sqlite", database=str(tmp_path / "blank.db"))
    else:
        name = f"outloud_migrations_{os.getpid()}_{tmp_path.name}"[:60].replace("-", "_").lower()
        yield from databases.new_postgres(name)


@pytest.fixture
def engine(blank: URL) -> Iterator[Engine]:
    """A way to look at it."""
    found = create_engine(blank)
    yield found
    found.dispose()


def fill(engine: Engine) -> None:
    """Put a row into every table."""
    with engine.begin() as connection:
        for row in ROWS:
            connection.execute(text(row))


def is_ours(table: str) -> bool:
    """SQLite's full-text index is a table, too, and has some more for itself: none of them has a model."""
    return table != "alembic_version" and not table.startswith("documents_fts")


def searches(engine: Engine) -> list[str]:
    """How each engine defines its full-text index."""
    sqlite = "SELECT sql FROM sqlite_master WHERE name LIKE 'documents%' AND type <> 'table' OR name = 'documents_fts'"
    postgresql = "SELECT indexdef FROM pg_indexes WHERE tablename = 'documents'"
    with engine.connect() as connection:
        found = connection.scalars(text(sqlite if engine.dialect.name == "sqlite" else postgresql))
        return sorted(" ".join(str(one).split()) for one in found if one)


def counts(engine: Engine) -> dict[str, int]:
    """How many rows each table has."""
    names = [name for name in inspect(engine).get_table_names() if is_ours(name)]
    with engine.connect() as connection:
        return {name: connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0 for name in names}  # noqa: S608


def checks(engine: Engine) -> dict[str, dict[str, str]]:
    """The CHECKs of every table: Alembic's comparison does not look at them."""
    found = inspect(engine)
    return {
        table: {str(check["name"]): " ".join(check["sqltext"].split()) for check in found.get_check_constraints(table)}
        for table in found.get_table_names()
        if is_ours(table)
    }


def columns(engine: Engine) -> dict[str, dict[str, tuple[str, bool, str | None]]]:
    """Each column's type, whether it may be null, and its default on the server."""
    found = inspect(engine)
    return {
        table: {
            column["name"]: (str(column["type"]), column["nullable"], column["default"])
            for column in found.get_columns(table)
        }
        for table in found.get_table_names()
        if is_ours(table)
    }


def of_some(engine: Engine) -> dict[str, str]:
    """The indexes of some rows alone, by name: of which."""
    found, option = inspect(engine), f"{engine.dialect.name}_where"
    return {
        str(index["name"]): str(index["dialect_options"][option])
        for table in found.get_table_names()
        if is_ours(table)
        for index in found.get_indexes(table)
        if option in index.get("dialect_options", {})
    }


def test_there_is_one_newest_revision() -> None:
    """Two heads would leave it open which schema is meant. The files' names, by which it is known, say what Alembic says."""
    script = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert script.get_heads() == [migrations.head()]
    assert migrations.revisions() == tuple(one.revision for one in reversed(list(script.walk_revisions())))


def test_the_revisions_make_what_the_models_say(blank: URL, engine: Engine) -> None:
    """Tables, columns, keys and indexes by Alembic's comparison; CHECKs, server defaults and WHERE beside a fresh schema."""
    migrations.upgrade(blank)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_server_default": True, "include_object": has_model}
        )
        assert compare_metadata(context, Base.metadata) == []
    migrated = checks(engine), columns(engine), searches(engine), of_some(engine)
    migrations.downgrade(blank, "base")
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
    Base.metadata.create_all(engine)
    assert migrated == (checks(engine), columns(engine), searches(engine), of_some(engine))


def test_a_row_stands_in_every_table(blank: URL, engine: Engine) -> None:
    """The rows below are what the next tests rely on: a new table needs one, too."""
    migrations.upgrade(blank)
    fill(engine)
    assert counts(engine) == dict.fromkeys((table.name for table in Base.metadata.sorted_tables), 1) | {"learnings": 2}


def test_up_down_and_up_again_with_rows_in_the_tables(blank: URL, engine: Engine) -> None:
    """Each revision can be undone, also where people have used it, and done again."""
    script = ScriptDirectory(str(Path(migrations.__file__).parent))
    revisions = [one.revision for one in reversed(list(script.walk_revisions()))]
    migrations.upgrade(blank)
    fill(engine)
    for lower in [*reversed(revisions[:-1]), "base"]:
        migrations.downgrade(blank, lower)
    assert counts(engine) == {}
    assert migrations.current(blank) is None
    for revision in revisions:
        migrations.upgrade(blank, revision)
    assert migrations.current(blank) == migrations.head()
    fill(engine)
    migrations.upgrade(blank)
    assert set(counts(engine).values()) == {1, 2}


def test_two_that_migrate_at_once_come_one_after_the_other(blank: URL) -> None:
    """Two processes that start together: the second one finds it done."""
    failures: list[BaseException] = []

    def migrate() -> None:
        try:
            migrations.upgrade(blank)
        except BaseException as error:  # noqa: BLE001 -- told by the test
            failures.append(error)

    threads = [threading.Thread(target=migrate) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert migrations.current(blank) == migrations.head()


def test_a_migration_that_fails_leaves_everything_as_it_was(blank: URL, engine: Engine) -> None:
    """Half a schema would help nobody: the tables that were made before the failure are gone, too."""
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE learnings (mine TEXT)"))
    with pytest.raises(Exception, match="learnings"):
        migrations.upgrade(blank)
    assert counts(engine) == {"learnings": 0}
    assert migrations.current(blank) is None


def test_postgres_keeps_no_sample_of_what_people_wrote(postgres_database: URL) -> None:
    """ANALYZE, which runs by itself, copies values of the columns that it looks at: they outlive the row, until it runs again."""
    databases.empty(postgres_database)
    sentence = "swordfish, they said"
    engine = create_engine(postgres_database)
    with engine.begin() as connection:
        for row in ROWS:
            connection.execute(text(row.replace("'w'", f"'{sentence}'")))
        connection.execute(text("ANALYZE"))
        asked = "SELECT tablename, concat(most_common_vals, histogram_bounds) FROM pg_stats WHERE schemaname = 'public'"
        found = connection.execute(text(asked)).all()
    engine.dispose()
    assert "learnings" in {row[0] for row in found}
    assert not [row for row in found if sentence in row[1]]


def test_postgres_keeps_no_sample_from_before_either(tmp_path: Path) -> None:
    """Once ANALYZE passes a column over, what it sampled there would never go."""
    name = f"outloud_samples_{os.getpid()}_{tmp_path.name}"[:60].replace("-", "_").lower()
    for url in databases.new_postgres(name):
        migrations.upgrade(url, "0028")
        engine = create_engine(url)
        with engine.begin() as connection:
            for row in ROWS:
                connection.execute(text(row.replace("'w'", "'swordfish, they said'")))
            connection.execute(text("ANALYZE"))
        migrations.upgrade(url)
        with engine.begin() as connection:
            connection.execute(text("ANALYZE"))
            asked = "SELECT concat(most_common_vals, histogram_bounds) FROM pg_stats WHERE schemaname = 'public'"
            assert not [one for one in connection.scalars(text(asked)) if "swordfish" in one]
        engine.dispose()


ENDORSED = (
    "INSERT INTO people (workspace, id) VALUES ('T1', 'U2')",
    "INSERT INTO people (workspace, id) VALUES ('T1', 'U3')",
    (
        "INSERT INTO endorsements (workspace, person, topic, giver, way, event_ts, standing, state, given_at)"
        " VALUES ('T1', 'U1', 'sql', 'U2', '', '1.0', true, 'yes', 1),"
        " ('T1', 'U1', 'sql', 'U3', 'C1:1700000000.000100:clap::skin-tone-2', '1.0', false, 'waiting', 1)"
    ),
)


def test_how_somebody_endorsed_is_the_same_in_one_column_and_in_three(blank: URL, engine: Engine) -> None:
    """On the way back there is room for one way of each: for one that counts."""
    migrations.upgrade(blank, "0027")
    with engine.begin() as connection:
        for row in (*ROWS[:2], *ENDORSED):
            connection.execute(text(row))
    migrations.upgrade(blank)
    ways = "SELECT giver, channel, message_ts, emoji, standing FROM endorsements ORDER BY giver"
    with engine.begin() as connection:
        assert [tuple(row) for row in connection.execute(text(ways))] == [
            ("U2", "", "", "", True),
            ("U3", "C1", "1700000000.000100", "clap::skin-tone-2", False),
        ]
        for giver, emoji, standing in (("U2", "a", True), ("U2", "b", False), ("U3", "a", False), ("U3", "b", True)):
            connection.execute(
                text(
                    "INSERT INTO endorsements VALUES"
                    " ('T1', 'U1', 'sql', :giver, '2.0', :standing, 'yes', 2, 'C1', '3.0', :emoji)"
                ),
                {"giver": giver, "standing": standing, "emoji": emoji},
            )
    migrations.downgrade(blank, "0027")
    with engine.begin() as connection:
        one = connection.execute(text("SELECT giver, way, standing FROM endorsements ORDER BY giver"))
        assert [tuple(row) for row in one] == [("U2", "", True), ("U3", "C1:3.0:b", True)]
