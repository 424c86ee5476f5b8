"""Many people and topics for a library: who wrote what, what they claim, and whom they would ask."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from sqlalchemy import Connection, text

AT_ONCE = 20_000
CLAIMS, ENDORSEMENTS = 2, 1
"""How many people stand for a topic on average, and how many others would ask each of a half of those."""

HELPED = 0.05
"""Of a library's learnings, those that helped somebody."""

QUESTIONS, ANSWERS = 0.05, 2
"""Of a library's learnings, those that are questions; and how many answers each has."""


@dataclass
class Crowd:
    """So many people and topics; a few of each have most of it, as ever."""

    people: int
    topics: int
    chance: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311 -- nothing here is secret

    def person(self) -> str:
        """Somebody: of those that write most, rather."""
        return f"U{int(self.people * self.chance.random() ** 3):06}"

    def topic(self) -> str:
        """A topic: of those that most is on, rather."""
        return f"topic-{int(self.topics * self.chance.random() ** 3):05}"

    def move_in(self, connection: Connection) -> None:
        """Before they wrote anything: they are there."""
        people = ({"id": f"U{number:06}"} for number in range(self.people))
        _all(connection, "INSERT INTO people (workspace, id) VALUES ('T1', :id)", people)

    def stand_for(self, connection: Connection, at: float) -> None:
        """What they claim, and what others say of that; whom it helped stands there since `at` (seconds since 1970, UTC)."""
        claims = {(self.person(), self.topic()): None for _ in range(self.topics * CLAIMS)}
        tag = (
            "INSERT INTO expert_tags (workspace, person, topic, claimed_at, endorsed_at, touched_at)"
            " VALUES ('T1', :person, :topic, :at, :endorsed, :at)"
        )
        word = (
            "INSERT INTO endorsements (workspace, person, topic, giver, event_ts, standing, state, given_at)"
            " VALUES ('T1', :person, :topic, :giver, '1.0', :yes, 'yes', :at)"
        )
        tags = [
            {"person": person, "topic": topic, "at": at, "endorsed": at if number % 2 else None}
            for number, (person, topic) in enumerate(claims)
        ]
        given = (
            {**{name: one[name] for name in ("person", "topic", "at")}, "giver": self.person(), "yes": True}
            for one in tags
            if one["endorsed"]
            for _ in range(ENDORSEMENTS)
        )
        _all(connection, tag, tags)
        _all(connection, word, given)

    def help(self, connection: Connection, learnings: Sequence[str]) -> None:
        """Some of the learnings helped somebody."""
        row = (
            "INSERT INTO helps (workspace, learning, person, message_ts, emoji, event_ts, standing)"
            " VALUES ('T1', :learning, :person, '', '', '1.0', :yes)"
        )
        some = self.chance.sample(learnings, int(len(learnings) * HELPED))
        _all(connection, row, ({"learning": id, "person": self.person(), "yes": True} for id in some))

    def answer(self, connection: Connection, learnings: Sequence[str]) -> None:
        """Some of the learnings are questions, which others answer."""
        asked = self.chance.sample(learnings, int(len(learnings) * QUESTIONS))
        kind = "UPDATE learnings SET kind = 'question' WHERE workspace = 'T1' AND id = :id"
        round_ = (
            "INSERT INTO rounds (workspace, id, key, channel, question, asked, lead, opened_at)"
            " SELECT workspace, 'R' || id, 'question:' || id, channel, '', id, author, said_at FROM learnings"
            " WHERE workspace = 'T1' AND kind = 'question'"
        )
        answer = (
            "INSERT INTO answers (workspace, round, person, channel, learning)"
            " VALUES ('T1', :round, :person, 'C0', :learning)"
        )
        _all(connection, kind, ({"id": id} for id in asked))
        connection.execute(text(round_))
        by = {(f"R{id}", self.person()): self.chance.choice(learnings) for id in asked for _ in range(ANSWERS)}
        rows = ({"round": one, "person": who, "learning": id} for (one, who), id in by.items())
        _all(connection, answer, rows)


def _all(connection: Connection, statement: str, rows: Iterable[Mapping[str, object]]) -> None:
    left = iter(rows)
    while some := list(islice(left, AT_ONCE)):
        connection.execute(text(statement), some)
