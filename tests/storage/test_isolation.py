"""Two workspaces whose channels, people and messages have the same ids never see or touch each other's rows."""

from __future__ import annotations

import importlib
import inspect
import itertools
import pkgutil
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

import storage
from storage import (
    channels,
    consent,
    curators,
    deliveries,
    gaps,
    keeps,
    kept_errands,
    learnings,
    outbox,
    people,
    pockets,
    sources,
    topics,
    visibility,
    workspaces,
)
from storage.channels import ChannelFacts
from storage.curators import Given
from storage.ids import ChannelId, LearningId, MessageRef, Person, PersonId, Place, Ts, WorkspaceId
from storage.keeps import Look, Reaction
from storage.learnings import NewLearning
from storage.sources import Shown
from storage.tables import Base
from storage.visibility import Viewer
from tests.storage.rows import installation, open_workspace

ANA, BEN = PersonId("UANA"), PersonId("UBEN")
OURS, THEIRS = WorkspaceId("TOURS"), WorkspaceId("TTHEIRS")

OF_ALL_WORKSPACES = {
    "channels.check",
    "database.reachable",
    "deliveries.forget_old",
    "outbox.claim",
    "outbox.due",
    "outbox.next_due",
    "parking.drop",
    "parking.entries",
    "parking.retry",
    "parking.tally",
    "condition.condition",
    "workspaces.signs",
}
"""What the worker, the clock and the operator do for everybody at once."""

WORDS = "The bakery's oven needs 20 minutes, swordfish."


class Acts:
    """Everything that storage can do, done in one workspace: each public function by its name."""

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
        self.react(standing=True)
        self.look()

    def react(self, *, standing: bool) -> None:
        """Ben's keep of ana's message comes, or goes."""
        self.ts += 1
        reaction = Reaction(self.message, BEN, "bulb", Ts(f"17000000{self.ts}.000000"), standing, f"Ev{self.ts}")
        keeps.follow(self.session, reaction, at=1.0)

    def look(self) -> None:
        """The kept message is looked at."""
        seen = Look(author=ANA, words=self.new.words, link=f"https://{self.workspace}.slack.com/p1", by_person=True)
        keeps.looked(self.session, self.workspace, self.kept.id, seen, known=None, at=2.0)

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
    def shown(self) -> Shown:
        """The kept message, as Slack shows it."""
        return Shown(self.message, f"edited {self.workspace}", frozenset({Given(BEN, "bulb")}))

    @property
    def gap(self) -> gaps.Gap:
        """Something was missed."""
        return gaps.Gap(self.place, 1.0, 2.0, Ts("1700000093.000000"), Ts("1600000000.000000"))

    def _pulse(self) -> Ts | None:
        """Away for long."""
        gaps.pulse(self.session, self.workspace, at=1.0, heard=None, rhythm=gaps.Rhythm(), just_started=False)
        heard = Ts("1700000099.000000")
        return gaps.pulse(self.session, self.workspace, at=999.0, heard=heard, rhythm=gaps.Rhythm(), just_started=True)

    def errand(self) -> outbox.Errand:
        """An errand of this workspace, leased."""
        due = [one for one in outbox.due(self.session, at=1e6) if one.workspace == self.workspace]
        return outbox.claim(self.session, due[:1], at=1e6, lease=30.0)[0]

    def each(self) -> dict[str, Callable[[], Any]]:
        """What is called, in this order."""
        s, w, p, ana, ben, m = self.session, self.workspace, self.place, self.ana, self.ben, self.message
        later = replace(self.new, words="Other words", topics=("other",))
        return {
            "workspaces.find": lambda: workspaces.find(s, w),
            "workspaces.install": lambda: workspaces.install(s, replace(installation(w), name="x"), at=9.0),
            "people.meet": lambda: people.meet(s, Person(w, PersonId("UNEW"))),
            "people.never_keeps": lambda: people.never_keeps(s, ana),
            "people.set_never_keep": lambda: people.set_never_keep(s, ben, never=True),
            "people.heard": lambda: people.heard(s, ana, "keep"),
            "people.hears": lambda: people.hears(s, ben, "kept", at=9.0),
            "people.is_to_hear": lambda: people.is_to_hear(s, ana, "keep", at=9.0),
            "people.lose": lambda: people.lose(s, ben, at=9.0),
            "channels.know": lambda: channels.know(s, p, ChannelFacts("renamed", is_private=True), at=9.0),
            "channels.described": lambda: channels.described(s, p, ChannelFacts("asked", is_private=False), at=9.0),
            "gaps.described": lambda: gaps.described(s, p, ChannelFacts("asked", is_private=False), at=9.0),
            "channels.changed": lambda: channels.changed(s, p, in_doubt=False, at=9.0),
            "channels.is_archived": lambda: channels.is_archived(s, p),
            "channels.known": lambda: channels.known(s, p),
            "channels.membership": lambda: channels.membership(s, p, ben),
            "channels.follow": lambda: channels.follow(
                s, p, BEN, standing=False, event_ts=Ts("1700000099.000000"), at=9.0
            ),
            "channels.listed": lambda: channels.listed(s, p, [ANA, BEN], asked_at=99.0),
            "channels.owe_members": lambda: channels.owe_members(s, p, at=99.0),
            "channels.seen": lambda: channels.seen(s, p, Person(w, PersonId("UNEW")), at=9.5),
            "channels.rename": lambda: channels.rename(s, p, "renamed"),
            "channels.has_bot": lambda: channels.has_bot(s, p),
            "channels.out_since": lambda: channels.out_since(s, p),
            "channels.set_bot": lambda: channels.set_bot(s, p, there=False, event_ts=Ts("1700000099.000000")),
            "channels.was_invited": lambda: channels.was_invited(s, p, known=Ts("1700000100.000000")),
            "channels.name_of": lambda: channels.name_of(s, p),
            "pockets.joined": lambda: pockets.joined(s, p, event_ts=Ts("1700000101.000000"), at=9.0),
            "pockets.returned": lambda: pockets.returned(s, p, known=Ts("1700000102.000000"), at=9.0),
            "pockets.is_live": lambda: pockets.is_live(s, p),
            "pockets.require": lambda: pockets.require(s, p),
            "pockets.was_one": lambda: pockets.was_one(s, p),
            "pockets.require_share": lambda: pockets.require_share(s, p, ben),
            "pockets.enter": lambda: pockets.enter(s, p, ben, name="entered", at=9.0),
            "pockets.leads_of": lambda: pockets.leads_of(s, p),
            "pockets.of_person": lambda: pockets.of_person(s, ben),
            "topics.of": lambda: topics.of(s, w, self.shared.id),
            "topics.suggest": lambda: topics.suggest(s, p, "", to=ana),
            "topics.add": lambda: topics.add(s, w, self.kept.id, ("added",)),
            "topics.replace": lambda: topics.replace(s, w, self.kept.id, ("replaced",)),
            "learnings.find": lambda: learnings.find(s, w, self.shared.id),
            "learnings.find_by_key": lambda: learnings.find_by_key(s, w, "form:1", lock=True),
            "visibility.sees": lambda: visibility.sees(s, Viewer(ana, "member"), self.shared.id),
            "learnings.own": lambda: learnings.own(s, self.shared.id, by=ana),
            "learnings.share": lambda: learnings.share(s, later, by=ana, here=True, at=9.0),
            "learnings.edit": lambda: learnings.edit(s, self.shared.id, self.new, by=ana, at=9.0),
            "learnings.carded": lambda: learnings.carded(s, w, self.shared.id, ts=Ts("5.0"), at=9.0),
            "learnings.card_is_owed": lambda: learnings.card_is_owed(s, self.shared),
            "learnings.owe_words_back": lambda: learnings.owe_words_back(s, self.shared, reason="x", at=9.0),
            "learnings.owe_card_refresh": lambda: learnings.owe_card_refresh(s, self.shared, at=9.0),
            "deliveries.first": lambda: deliveries.first(s, w, "Ev-of-both", at=9.0),
            "curators.of": lambda: curators.of(s, m),
            "curators.follow": lambda: curators.follow(
                s, m, ANA, "bulb", standing=True, event_ts=Ts("1700000050.000000")
            ),
            "curators.stands": lambda: curators.stands(s, m, ANA, event_ts=Ts("1700000050.000000")),
            "curators.withdraw": lambda: curators.withdraw(s, m, ANA, event_ts=Ts("1700000051.000000")),
            "keeps.curators_of": lambda: keeps.curators_of(s, self.kept),
            "keeps.follow": lambda: self.react(standing=True),
            "keeps.take_back": lambda: keeps.take_back(
                s, self.kept.id, by=ben, event_ts=Ts("1700000060.000000"), at=9.0
            ),
            "keeps.looked": self._look_again,
            "consent.withhold_all": lambda: consent.withhold_all(s, by=ana, at=9.0),
            "consent.withhold": self._withhold,
            "consent.never_keep": lambda: consent.never_keep(s, self.kept.id, by=ana, at=9.0),
            "consent.keep_again": lambda: consent.keep_again(s, by=ana),
            "curators.seen": lambda: curators.seen(s, m, [Given(ANA, "bulb")], known=Ts("1700000090.000000")),
            "kept_errands.owe_look": lambda: kept_errands.owe_look(s, m, self.kept.id, at=9.0),
            "kept_errands.owe_mark": lambda: kept_errands.owe_mark(s, self.kept, at=9.0),
            "kept_errands.owe_refusal": lambda: kept_errands.owe_refusal(s, m, BEN, at=9.0),
            "kept_errands.owe_words": lambda: kept_errands.owe_words(s, "tell author", self.kept, BEN, at=9.0),
            "kept_errands.owe_private_refusal": lambda: kept_errands.owe_private_refusal(
                s, workspace=w, body={"channel": p.channel, "ts": m.ts, "person": BEN}, at=9.0
            ),
            "keeps.settle": lambda: keeps.settle(s, m, at=9.0),
            "sources.edited": lambda: sources.edited(s, m, "w", event_ts=Ts("1700000091.000000"), at=9.0),
            "sources.shown": lambda: sources.shown(s, [self.shown], known=Ts("1700000092.000000"), at=9.0),
            "sources.known_between": lambda: sources.known_between(s, p, after=Ts("0"), before=Ts("9")),
            "sources.known_among": lambda: sources.known_among(s, p, [m.ts]),
            "sources.next_older": lambda: sources.next_older(s, p, before=Ts("9")),
            "gaps.pulse": self._pulse,
            "gaps.limited": lambda: gaps.limited(s, w, minute=1.7e9, at=2e3, heard=None, rhythm=gaps.Rhythm()),
            "gaps.read": lambda: gaps.read(s, self.gap, gaps.Page((self.shown,), (), (m.ts,), m.ts, Ts("9")), at=9.0),
            "gaps.read_thread": lambda: gaps.read_thread(s, self.gap, m.ts, gaps.Page((self.shown,)), at=9.0),
            "gaps.checked": lambda: gaps.checked(s, self.gap, m, self.shown, at=9.0),
            "gaps.go_on": lambda: gaps.go_on(s, self.gap, m, at=9.0),
            "gaps.missed": lambda: gaps.missed(s, self.gap, at=9.0),
            "pockets.find": lambda: pockets.find(s, p),
            "pockets.all_with_bot": lambda: pockets.all_with_bot(s, w, after="", limit=9),
            "sources.newest": lambda: sources.newest(s, p),
            "curators.given": lambda: curators.given(s, m),
            "gaps.joined": lambda: gaps.joined(s, p, event_ts=Ts("1700000111.000000"), at=9.0),
            "gaps.returned": lambda: gaps.returned(s, p, known=Ts("1700000112.000000"), at=9.0),
            "gaps.heard": lambda: gaps.heard(s, w),
            "gaps.as_known_now": lambda: gaps.as_known_now(s, self.gap),
            "gaps.begin": lambda: gaps.begin(s, w, self.gap.body, at=9.0),
            "outbox.bodies_of": lambda: outbox.bodies_of(s, w, slot="check older:C1"),
            "outbox.withdraw": lambda: outbox.withdraw(s, w, slot="check older:C1"),
            "sources.deleted": lambda: sources.deleted(s, m, at=9.0),
            "curators.forget": lambda: curators.forget(s, m),
            "curators.refuse": lambda: curators.refuse(s, m),
            "learnings.forget_words": lambda: learnings.forget_words(s, w, self.kept.id, state="taken back", at=9.0),
            "learnings.withdraw": lambda: learnings.withdraw(s, self.shared.id, by=ana, at=9.0),
            "outbox.owe": lambda: outbox.owe(s, w, "mark", lane="C1", body={"learning": "x"}, slot="slot", at=9.0),
            "outbox.waits": self._confirmation_waits,
            "outbox.put_off": lambda: outbox.put_off(s, self.errand(), until=9.0, reason="later"),
            "outbox.holds": lambda: outbox.holds(s, self.errand()),
            "outbox.another_leased": lambda: outbox.another_leased(s, self.errand()),
            "outbox.has_successor": lambda: outbox.has_successor(s, w, self.errand().id),
            "outbox.leave_unknown": lambda: outbox.leave_unknown(s, self.errand(), until=9.0, reason="?"),
            "outbox.park": lambda: outbox.park(s, self.errand(), reason="no"),
            "outbox.done": lambda: outbox.done(s, self.errand()),
            "pockets.stop": lambda: pockets.stop(s, p, by=ana, at=9.0),
            "pockets.start": lambda: pockets.start(s, p, ChannelFacts("again", is_private=False), by=ben, at=10.0),
            "channels.deleted": lambda: channels.deleted(s, p),
            "pockets.gone": lambda: pockets.gone(s, p, at=11.0),
        }

    def _look_again(self) -> None:
        self.ts = 70
        self.react(standing=True)
        self.look()

    def _confirmation_waits(self) -> bool:
        """Not any more: only the twin's does."""
        self.session.execute(
            text("DELETE FROM outbox WHERE workspace = :w AND kind = 'confirm share'"), {"w": self.workspace}
        )
        return outbox.waits(
            self.session, self.workspace, "confirm share", lane="C1", key="learning", value=self.shared.id
        )

    def _withhold(self) -> None:
        self.session.execute(
            text("UPDATE learnings SET state = 'live', words = 'w' WHERE workspace = :w AND id = :id"),
            {"w": self.workspace, "id": self.kept.id},
        )
        consent.withhold(self.session, self.kept.id, by=self.ana, at=9.0)


def public_functions() -> set[str]:
    """Every public function of storage that takes a session."""
    found = set()
    for info in pkgutil.iter_modules(storage.__path__):
        module = importlib.import_module(f"storage.{info.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            first = next(iter(inspect.signature(function).parameters), "")
            if function.__module__ == module.__name__ and not name.startswith("_") and first == "session":
                found.add(f"{info.name}.{name}")
    return found


def rows(session: Session, workspace: WorkspaceId) -> dict[str, list[str]]:
    """All that is stored of a workspace."""
    session.expire_all()
    found = {}
    for table in Base.metadata.sorted_tables:
        column = "id" if table.name == "workspaces" else "workspace"
        query = text(f'SELECT * FROM "{table.name}" WHERE "{column}" = :w')  # noqa: S608 -- our own tables
        found[table.name] = sorted(str(row) for row in session.execute(query, {"w": workspace}))
    return found


class Ids:
    """Makes the same ids anew after each `restart`: twins that differ by their workspace alone."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.restart()
        for module in (learnings, keeps):
            monkeypatch.setattr(module, "new_learning_id", lambda: LearningId(self.next()))
        monkeypatch.setattr(outbox, "uuid4", lambda: SimpleNamespace(hex=self.next()))

    def restart(self) -> None:
        """From the beginning."""
        self._numbers = itertools.count(1)

    def next(self) -> str:
        """The next one."""
        return f"id{next(self._numbers)}"


def test_no_function_sees_or_touches_another_workspaces_rows(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is called in one workspace, and does what it does there alone; its twin, down to the ids, stays as it was."""
    ids = Ids(monkeypatch)
    alone, seen = dict[str, str](), set[str]()
    with Session(engine) as session:
        ours = Acts(session, OURS)
        ours.live()
        for name, act in ours.each().items():
            alone[name] = str(act())
    ids.restart()
    with Session(engine) as session:
        ours, theirs = Acts(session, OURS), Acts(session, THEIRS)
        ours.live()
        ids.restart()
        theirs.live()
        assert ours.shared.id == theirs.shared.id
        before = rows(session, THEIRS)
        for name, act in ours.each().items():
            assert str(act()) == alone[name], name
            assert rows(session, THEIRS) == before, name
            seen.add(name)
    assert seen | OF_ALL_WORKSPACES == public_functions()


def test_no_row_of_the_outbox_ever_holds_what_people_wrote(engine: Engine) -> None:
    """After every act that owes something: ids and our own words only, never theirs."""
    with Session(engine) as session:
        acts = Acts(session, OURS)
        acts.live()
        for name, act in acts.each().items():
            act()
            assert "swordfish" not in str(rows(session, OURS)["outbox"]), name
        assert "swordfish" not in str(rows(session, OURS)["deliveries"])
