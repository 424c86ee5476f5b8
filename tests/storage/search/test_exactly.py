"""Exactly: what must stand there so, and what must not, among hundreds that hold the same words otherwise."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from .stage import Library

MANY = 450
"""More than are looked at one by one."""


@pytest.fixture
def library(engine: Engine) -> Iterator[Library]:
    """An empty one."""
    with Session(engine) as session:
        yield Library(session)


def test_a_phrase_is_found_however_old_and_with_other_words(library: Library) -> None:
    """Among hundreds that are newer and hold its words; and it is not said that nothing has it."""
    library.shares("zookeeper", "The connection to zookeeper drops", days_ago=900)
    library.shares("end", "It was worth it in the end", days_ago=900)
    library.shares("without", "My connection is slow", days_ago=900)
    for number in range(MANY):
        library.shares(f"c {number}", f"A connection number {number}: the end of it is in sight", days_ago=number / 2)
    library.count()
    for typed, name in {
        '"connection" zookeeper': "zookeeper",
        '"in the end"': "end",
        '"in the end" worth': "end",
        'connection -"a connection" slow': "without",
    }.items():
        found = library.look(typed)
        assert found.hits[0].learning.id == library.ids[name], typed
        assert not found.loosened, typed
    assert library.find('"in the end"') == ["end"]
    assert sorted(library.find('connection -"a connection"')) == ["without", "zookeeper"]


def test_a_word_that_is_left_out_is_a_whole_word(library: Library) -> None:
    """With its endings; where it is only a part of another, that is another word."""
    library.shares("script", "JavaScript promises swallow their errors")
    library.shares("java", "Java promises to stay compatible")
    library.shares("joined", "Promises of java/kotlin are futures")
    library.shares("snake", "The promises of java_home are kept")
    library.count()
    assert sorted(library.find("promises")) == ["java", "joined", "script", "snake"]
    assert sorted(library.find("promises -java")) == ["script", "snake"]
    assert sorted(library.find("promises -JavaScript")) == ["java", "joined", "snake"]
    assert library.find("promises -errors -keep -kotlin") == ["java"] or library.find("promises -java -errors") == [
        "snake"
    ]
