"""Twins: two workspaces whose channels, people and messages have the same ids, in which the same is done."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine, Table, TextClause, text
from sqlalchemy.orm import Session

from storage.ids import ChannelId, LearningId, MessageRef, Person, PersonId, Place, Ts, WorkspaceId
from storage.kept import importing, keeps
from storage.kept.curators import Given
from storage.kept.files import FileLink
from storage.kept.keeps import Look, Reaction
from storage.kept.sources import Shown
from storage.learned import drafts, learnings
from storage.learned.drafts import NewDraft
from storage.learned.entries import NewLearning
from storage.owed import outbox
from storage.places import channels, pockets
from storage.places.channels import ChannelFacts
from storage.tables import Base
from tests.storage.rows import open_workspace

ANA, BEN = PersonId("UANA"), PersonId("UBEN")
OURS, THEIRS = WorkspaceId("TOURS"), WorkspaceId("TTHEIRS")

WORDS = "The bakery's oven needs 20 minutes, swordfish."


class Acts:
    """What is done in one workspace: a room's public functions, each by its name, are its `each`."""

    def __init__(self, session: Session, workspace: WorkspaceId) -> None:
        self.session = session
        self.workspace = workspace
        self.place = Place(workspace, ChannelId("C1"))
        self.ana, self.ben = Person(workspace, ANA), Person(workspace, BEN)
        self.message = MessageRef(self.place, Ts("1700000000.000100"))
        words = f"{WORDS} {workspace}"  # whatever is theirs says so
        self.new = NewLearning(
            key="form:1", place=self.place, words=words, why=words, topics=(f"swordfish {workspace}",)
        )
        self.ts = 10

    def live(self) -> None:
        """A pocket with a learning that was shared, one that was kept, and errands."""
        open_workspace(self.session, self.workspace)
        facts = ChannelFacts(f"learning-{self.workspace}", is_private=False)
        pockets.start(self.session, self.place, facts, by=self.ana, at=1.0)
        channels.listed(self.session, self.place, [ANA, BEN], asked_at=1.0)
        learnings.share(self.session, self.new, by=self.ana, here=True, tell=True, at=1.0)
        for key in ("2", "3"):
            drafts.save(self.session, replace(self.draft, key=key), by=self.ana, at=1.0)
        self.react(standing=True)
        self.look()

    def react(self, *, standing: bool) -> None:
        """Ben's keep of ana's message comes, or goes."""
        self.ts += 1
        reaction = Reaction(self.message, BEN, "bulb", Ts(f"17000000{self.ts}.000000"), standing, f"Ev{self.ts}")
        keeps.follow(self.session, reaction, at=1.0)

    def look(self) -> None:
        """The kept message is looked at."""
        keeps.looked(self.session, self.workspace, self.kept.id, self.seen, known=None, at=2.0)

    @property
    def seen(self) -> Look:
        """What the kept message says."""
        link = f"https://{self.workspace}.slack.com/p1"
        files = (FileLink(self.new.words, link),)
        return Look(author=ANA, words=self.new.words, link=link, by_person=True, files=files)

    @property
    def shared(self) -> learnings.LearningView:
        """The learning that was shared."""
        found = learnings.find_by_key(self.session, self.workspace, "form:1")
        assert found
        return found

    @property
    def kept(self) -> learnings.LearningView:
        """The learning that was kept."""
        found = learnings.find_by_key(self.session, self.workspace, "message:C1:1700000000.000100")
        assert found
        return found

    @property
    def draft(self) -> NewDraft:
        """Something that was put aside."""
        return NewDraft(key="2", channel=self.place.channel, words=self.new.words)

    @property
    def shown(self) -> Shown:
        """The kept message, as Slack shows it."""
        return Shown(self.message, f"edited {self.workspace}", frozenset({Given(BEN, "bulb")}))

    def each(self) -> dict[str, Callable[[], Any]]:
        """What is called, in this order."""
        raise NotImplementedError


def rows(session: Session, workspace: WorkspaceId, *tables: str) -> dict[str, list[str]]:
    """All that is stored of a workspace, or in these tables of it."""
    found: dict[str, list[str]] = {table.name: [] for table in Base.metadata.sorted_tables}
    session.expire_all()
    for table, row in session.execute(_rows(session.get_bind().dialect.name, tables), {"w": workspace}):
        found[table].append(row)
    return {table: sorted(rows) for table, rows in found.items()}


@cache
def _rows(engine: str, tables: tuple[str, ...]) -> TextClause:
    """Of all tables in one go: it is asked after each act."""
    parts = []
    for table in (table for table in Base.metadata.sorted_tables if not tables or table.name in tables):
        column = "id" if table.name == "workspaces" else "workspace"
        whole = f'"{table.name}"::text' if engine == "postgresql" else _quoted(table)
        parts.append(f"""SELECT '{table.name}', {whole} FROM "{table.name}" WHERE "{column}" = :w""")  # noqa: S608 -- our own tables
    return text(" UNION ALL ".join(parts))


def _quoted(table: Table) -> str:
    return " || ',' || ".join(f'quote("{column.name}")' for column in table.columns)


class Ids:
    """Makes the same ids anew after each `restart`: twins that differ by their workspace alone."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.restart()
        for module in (learnings, keeps, importing):
            monkeypatch.setattr(module, "new_learning_id", lambda: LearningId(self.next()))
        monkeypatch.setattr(outbox, "uuid4", lambda: SimpleNamespace(hex=self.next()))

    def restart(self) -> None:
        """From the beginning."""
        self._numbers = itertools.count(1)

    def next(self) -> str:
        """The next one."""
        return f"id{next(self._numbers)}"


def seen_alone(engine: Engine, monkeypatch: pytest.MonkeyPatch, kind: type[Acts]) -> set[str]:
    """Each act does in one workspace what it does there alone; its twin, down to the ids, stays as it was. Returns all names."""
    ids = Ids(monkeypatch)
    alone, seen = dict[str, str](), set[str]()
    with Session(engine) as session:
        ours = kind(session, OURS)
        ours.live()
        for name, act in ours.each().items():
            alone[name] = str(act())
    ids.restart()
    with Session(engine) as session:
        ours, theirs = kind(session, OURS), kind(session, THEIRS)
        ours.live()
        ids.restart()
        theirs.live()
        assert ours.shared.id == theirs.shared.id
        before = rows(session, THEIRS)
        for name, act in ours.each().items():
            assert str(act()) == alone[name], name
            assert rows(session, THEIRS) == before, name
            seen.add(name)
    return seen


def assert_no_words_are_owed(engine: Engine, kind: type[Acts]) -> None:
    """After each act: what is owed holds ids and our own words only, never theirs."""
    with Session(engine) as session:
        acts = kind(session, OURS)
        acts.live()
        for name, act in acts.each().items():
            act()
            assert "swordfish" not in str(rows(session, OURS, "outbox")["outbox"]), name
