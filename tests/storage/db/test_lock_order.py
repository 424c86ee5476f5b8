"""Locks are taken in one order: of two processes on one PostgreSQL, none waits for what another has that waits for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from storage import people
from storage.experts import asking, endorsing, private_questions
from storage.experts.private_questions import NewQuestion
from storage.ids import AskedId, ChannelId, Person, PersonId, Place, Ts
from storage.kept import curators, keeps, sources
from storage.kept.curators import Given
from storage.kept.sources import Shown
from storage.learned import helps, learnings
from storage.learned.entries import NewLearning
from storage.learned.learnings import LearningView
from storage.owed import outbox, quiet
from storage.places import channels, gaps
from storage.prompts import collecting
from storage.search import counting
from tests.storage.kept_message import ANA, BEN, SAID, Pocket
from tests.storage.prompts.stage import clock, new_stage
from tests.storage.search.stage import Library

CROWD = [PersonId(f"U{number:03}") for number in range(30)]
LATER = Ts("1700000200.000000")


@pytest.fixture
def engine(postgres_url: URL) -> Iterator[Engine]:
    """Ways to one PostgreSQL database, as several processes have them."""
    made = create_engine(postgres_url)
    yield made
    made.dispose()


def waits(engine: Engine) -> bool:
    """Whether somebody waits for a lock in this database."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with engine.connect() as connection:
        return bool(connection.scalar(text(waiting)))


class Other:
    """Another process, in the midst of a transaction."""

    def __init__(self, engine: Engine, connection: Connection) -> None:
        self._engine = engine
        self._connection = connection
        self._threads = list[threading.Thread]()

    def does(self, statement: str) -> None:
        """Execute something of our own."""
        self._connection.execute(text(statement))

    def locks(self, rows: str) -> int:
        """Lock these rows at once, as `SELECT 1 FROM` has them. How many there are; it fails where somebody has one."""
        found = self._connection.execute(text(f"SELECT 1 FROM {rows} FOR UPDATE NOWAIT"))  # noqa: S608 -- our own
        return len(found.all())

    def meanwhile(self, work: Callable[[Session], object]) -> None:
        """Begin a work in a third transaction, and come back when it waits for this one."""

        def run() -> None:
            with Session(self._engine) as session:
                work(session)
                session.commit()

        thread = threading.Thread(target=run)
        self._threads.append(thread)
        thread.start()
        ends = time.monotonic() + 20
        while not waits(self._engine):
            assert thread.is_alive(), "it did not wait for what is held"
            assert time.monotonic() < ends
            time.sleep(0.005)  # PostgreSQL announces nothing: it is asked who waits

    def ends(self) -> None:
        """End, and let the work end."""
        self._connection.rollback()
        self.ended()

    def ended(self) -> None:
        """It has: wait for the work."""
        for thread in self._threads:
            thread.join(20)
            assert not thread.is_alive()


@pytest.fixture
def other(engine: Engine) -> Iterator[Other]:
    """Another process."""
    with engine.connect() as connection:
        made = Other(engine, connection)
        yield made
        made.ends()


@pytest.fixture
def library(engine: Engine) -> Iterator[Library]:
    """One learning that is indexed and counted, and one that is indexed alone."""
    with Session(engine) as session:
        made = Library(session)
        made.shares("counted", "kettles whistle")
        made.count()
        made.shares("new", "pans whistle")
        session.commit()
        yield made


@pytest.fixture
def kept(engine: Engine) -> Iterator[Pocket]:
    """A message that many keep."""
    with Session(engine) as session:
        made = Pocket.new(session)
        for number, person in enumerate(CROWD):
            made.reacts(person, number)
        made.looks()
        session.commit()
        yield made


@pytest.mark.usefixtures("library")
def test_what_is_counted_is_locked_before_its_terms(other: Other) -> None:
    """Whoever takes a document back holds its workspace's count, and goes on to the terms."""
    other.locks("corpora")
    other.meanwhile(counting.count)
    assert other.locks("vocabulary") == 2


def test_what_is_counted_is_locked_before_its_documents(other: Other, library: Library) -> None:
    """One takes a learning back while another process counts."""
    taking_back: Callable[[Session], object] = lambda session: learnings.withdraw(  # noqa: E731
        session, library.ids["counted"], by=Person(library.workspace, PersonId("UANA")), at=2.0
    )
    other.locks("corpora")
    other.meanwhile(taking_back)
    assert other.locks("documents") == 2


def test_learnings_that_are_indexed_anew_are_locked_before_what_is_counted(other: Other, library: Library) -> None:
    """As where somebody takes one back: that locks the learning, too, before anything of the index."""
    library.session.execute(text("UPDATE corpora SET version = 0"))
    library.session.commit()
    other.locks(f"learnings WHERE id = '{library.ids['new']}'")
    other.meanwhile(counting.walk)
    assert other.locks("corpora") == 1


def test_what_is_edited_while_another_process_counts_it_is_taken_off_the_count(
    engine: Engine, library: Library
) -> None:
    """Of a word that is gone, the vocabulary keeps nothing, whoever was first."""
    anew = learnings.find(library.session, library.workspace, library.ids["new"])
    assert anew
    said = NewLearning("form:new", anew.place, "lids rattle")

    def edits(session: Session) -> None:
        learnings.edit(session, anew.id, said, by=Person(library.workspace, PersonId("UANA")), at=2.0)

    with Session(engine) as session:
        counting.count(session)
        one = Other(engine, session.connection())
        one.meanwhile(edits)
        session.commit()
        one.ended()
        counting.count(session)
        session.commit()
        terms = dict(map(tuple, session.execute(text("SELECT term, many FROM vocabulary"))))
    assert terms == {"kettl": 1, "whistl": 1, "lid": 1, "rattl": 1}


def test_nothing_is_indexed_again_that_is_taken_back_meanwhile(engine: Engine, library: Library) -> None:
    """The walk waits for whoever takes a learning back, and then sees that it is gone."""
    library.session.execute(text("UPDATE corpora SET version = 0"))
    library.session.commit()
    with Session(engine) as session:
        by = Person(library.workspace, PersonId("UANA"))
        learnings.withdraw(session, library.ids["new"], by=by, at=2.0)
        one = Other(engine, session.connection())
        one.meanwhile(counting.walk)
        session.commit()
        one.ended()
        assert list(session.scalars(text("SELECT learning FROM documents"))) == [library.ids["counted"]]


def reacted(kept: Pocket, *, standing: bool) -> Callable[[Session], object]:
    """Somebody takes their keep off, or gives it once more."""
    reaction = keeps.Reaction(kept.message, CROWD[0], "bulb", LATER, standing, "EvLater")
    return lambda session: keeps.follow(session, reaction, at=12.0)


def shown(kept: Pocket, given: set[PersonId]) -> Callable[[Session], object]:
    """After a gap, Slack shows the message with these people's reactions."""
    now = Shown(kept.message, SAID.words, frozenset(Given(one, "bulb") for one in given))
    return lambda session: sources.shown(session, [now], known=LATER, at=12.0)


WAYS: dict[str, Callable[[Pocket], Callable[[Session], object]]] = {
    "a reaction": lambda kept: reacted(kept, standing=True),
    "a reaction taken off": lambda kept: reacted(kept, standing=False),
    "an undo": lambda kept: (
        lambda session: keeps.take_back(session, kept.id, by=Person(kept.workspace, CROWD[0]), event_ts=LATER, at=12.0)
    ),
    "what was missed": lambda kept: shown(kept, {ANA}),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_learning_is_locked_before_who_keeps_it(other: Other, kept: Pocket, way: str) -> None:
    """As by whoever takes it from all of them: its author, or a look that finds that it can't be kept."""
    work = WAYS[way](kept)
    other.locks("learnings")
    other.meanwhile(work)
    assert other.locks("keeps") == len(CROWD)


@pytest.fixture
def answered(kept: Pocket) -> Pocket:
    """The message is somebody's first answer in a round."""
    workspace, place, ts = kept.workspace, kept.message.place, kept.message.ts
    key = {"workspace": workspace, "channel": place.channel}
    kept.session.execute(
        text(
            "INSERT INTO rounds (workspace, id, key, channel, question, lead, opened_at, closes_at, ts)"
            " VALUES (:workspace, 'r', 'r', :channel, 'What?', 'UANA', 9, 1e12, '1700000000.000001')"
        ),
        key,
    )
    kept.session.execute(
        text(
            "INSERT INTO answers (workspace, round, person, channel, message_ts, learning)"
            " VALUES (:workspace, 'r', 'UANA', :channel, :ts, :learning)"
        ),
        key | {"ts": ts, "learning": kept.id},
    )
    kept.session.commit()
    return kept


def test_an_answer_is_locked_before_its_learning_where_its_message_goes(other: Other, answered: Pocket) -> None:
    """As by whoever tells of an earlier reply, which is the first one then: it goes on to the learning of this one."""
    other.locks("answers")
    other.meanwhile(lambda session: sources.deleted(session, answered.message, event_ts=LATER, at=12.0))
    assert other.locks("learnings") == 1


def test_an_answer_is_locked_before_its_learning_where_it_is_left_out(other: Other, answered: Pocket) -> None:
    """Or let in again: it notes which learning it became."""
    author = Person(answered.workspace, ANA)
    other.locks("answers")
    other.meanwhile(
        lambda session: collecting.left_out(session, answered.message, author, standing=True, event_ts=LATER, at=12.0)
    )
    assert other.locks("learnings") == 1


def test_who_keeps_a_message_is_written_in_one_order(engine: Engine, kept: Pocket) -> None:
    """Not in that of a set, which each process has otherwise."""
    newcomers = frozenset(Given(PersonId(f"W{number:03}"), "bulb") for number in range(30))
    with Session(engine) as session:
        curators.seen(session, kept.message, newcomers, known=LATER)
        order = text("SELECT person FROM keeps WHERE person LIKE 'W%' ORDER BY cmin::text::bigint")
        assert list(session.scalars(order)) == sorted(one.person for one in newcomers)
        session.rollback()


def test_whom_it_helped_is_met_in_one_order(engine: Engine, kept: Pocket) -> None:
    """Two processes that see the same people for the first time wait for one another otherwise."""
    helped = frozenset(Given(PersonId(f"W{number:03}"), "key") for number in range(30))
    with Session(engine) as session:
        helps.seen(session, kept.message, helped, helped, known=LATER, at=12.0)
        order = text("SELECT id FROM people WHERE id LIKE 'W%' ORDER BY cmin::text::bigint")
        assert list(session.scalars(order)) == sorted(one.person for one in helped)
        session.rollback()


def test_who_endorses_and_who_is_endorsed_are_met_in_one_order(other: Other, kept: Pocket) -> None:
    """Two strangers endorse one another at the same moment."""
    one, two = Person(kept.workspace, PersonId("W1")), Person(kept.workspace, PersonId("W2"))
    new = "INSERT INTO people (workspace, id, never_keep) SELECT id, '{}', false FROM workspaces"
    other.does(new.format(one.id))
    other.meanwhile(lambda session: endorsing.endorse(session, one, "tea", by=two, event_ts=LATER, at=12.0))
    other.does(new.format(two.id))  # had the work met them already, PostgreSQL would end one of the two


def test_an_answer_that_comes_while_it_is_given_again_stays(engine: Engine, kept: Pocket) -> None:
    """Somebody says yes to an endorsement while who gave it presses once more."""
    endorsed, by = Person(kept.workspace, ANA), Person(kept.workspace, BEN)

    def gives(session: Session, ts: str) -> None:
        endorsing.endorse(session, endorsed, "tea", by=by, event_ts=Ts(ts), at=12.0)

    with Session(engine) as session:
        gives(session, "1700000300.0")
        session.commit()
        asking.yes(session, "tea", by=endorsed, at=13.0)
        one = Other(engine, session.connection())
        one.meanwhile(lambda other: gives(other, "1700000301.0"))
        session.commit()
        one.ended()
        assert session.scalar(text("SELECT state FROM endorsements")) == "yes"


def test_what_is_looked_at_to_be_edited_is_held(
    engine: Engine, library: Library, other: Other, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A form is sent again, with other words: nobody takes the learning back between the look and the edit."""
    says, held = learnings.says, list[str]()

    def looks(found: LearningView, new: NewLearning) -> bool:
        with pytest.raises(OperationalError):
            other.locks("learnings")
        held.append(found.words)
        return says(found, new)

    monkeypatch.setattr(learnings, "says", looks)
    by = Person(library.workspace, PersonId("UANA"))
    said = NewLearning("form:new", Place(library.workspace, ChannelId("C1")), "lids rattle")
    with Session(engine) as session:
        learnings.share(session, said, by=by, here=True, at=3.0)
        session.commit()
    assert held == ["pans whistle"]


def test_who_claims_what_is_due_waits_for_no_other_claim(engine: Engine, other: Other) -> None:
    """A channel was archived unheard, and of its two schedules each process has one: neither waits for the other's."""
    with Session(engine) as session:
        stage = new_stage(session)
        first, second = stage.add(at=clock(23)), stage.add(at=clock(23) + 1)
        session.execute(text("UPDATE channels SET is_archived = true"))
        session.commit()
        other.locks(f"schedules WHERE id = '{max(first, second)}'")
        session.execute(text("SET lock_timeout = 200"))
        stage.ticks(clock(25))
        session.commit()
        states = session.execute(text("SELECT id, state FROM schedules"))
        assert dict(map(tuple, states)) == {min(first, second): "resting", max(first, second): "live"}
        other.ends()
        stage.ticks(clock(25))
        assert set(session.scalars(text("SELECT state FROM schedules"))) == {"resting"}


def beats(session: Session, kept: Pocket) -> None:
    """A process notes that it is there, as each does every five seconds."""
    gaps.pulse(session, kept.workspace, at=12.0, heard=LATER, rhythm=gaps.Rhythm(), just_started=False)


def hears(session: Session, kept: Pocket) -> None:
    """A process is about to say something to a person, and in a channel, that nobody asked for."""
    quiet.take_word(session, Person(kept.workspace, CROWD[0]), "e", at=12.0)
    quiet.take_post(session, kept.message.place, "e", at=12.0)


def asks(session: Session, kept: Pocket) -> None:
    """A process asks a person something privately."""
    place = kept.message.place
    channels.seen(session, place, Person(kept.workspace, BEN), at=1.0)
    new = NewQuestion(AskedId("q"), place, "How?")
    private_questions.ask(session, new, [CROWD[0]], by=Person(kept.workspace, BEN), at=12.0)


@pytest.mark.parametrize("does", [beats, hears, asks])
def test_what_only_refers_to_a_row_that_is_held_goes_on(
    engine: Engine, kept: Pocket, does: Callable[[Session, Pocket], None]
) -> None:
    """Whatever is owed refers to its workspace, a help to its person, a member to the channel: a foreign key locks, too."""
    person = Person(kept.workspace, CROWD[0])
    with Session(engine) as held, Session(engine) as session:
        people.is_known_to_be(session, person, bot=False)
        session.commit()
        does(held, kept)
        session.execute(text("SET lock_timeout = 200"))
        helps.press(session, kept.id, by=person, event_ts=LATER, at=13.0)
        channels.seen(session, kept.message.place, person, at=13.0)
        outbox.owe(session, kept.workspace, "mark", lane="C1", body={}, at=13.0)
        session.rollback()
        held.rollback()
