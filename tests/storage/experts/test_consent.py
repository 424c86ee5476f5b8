"""Consent, as properties: whoever hides is nowhere from then on; nothing counts without a yes; a no leaves no trace."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from storage import people
from storage.experts import asking, endorsing, fading, finding, names, ranking, tags, unclaimed, wishes
from storage.experts.endorsing import Reaction
from storage.experts.ranking import Document, Given, Word, rank
from storage.experts.refusals import AliasAlready, NoSuchTag, NoTags, OneTopicAlready, TooManyTags
from storage.ids import LearningId, MessageRef, Person, PersonId, Ts
from storage.learned import cards, helps, learnings
from storage.learned.entries import NewLearning
from storage.owed import notices
from storage.places import channels
from storage.refusals import NotATopic, Refusal, TooManyTopics, TopicTooLong
from storage.tables import LearningTopic
from tests.storage.kept_message import ANA, BEN, CLEO, Pocket
from tests.storage.rows import viewer

EVERYBODY = (ANA, BEN, CLEO)
TOPICS = ("python", "py", "sql")
DAY = 86400.0

ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["claim", "off", "endorse", "take back", "yes", "no", "stop", "hide", "show", "share", "merge", "part"]
        ),
        st.sampled_from(EVERYBODY),
        st.sampled_from(EVERYBODY),
        st.sampled_from(TOPICS),
    ),
    max_size=14,
)


@dataclass
class Room:
    """Three people of a pocket, and what they decide."""

    pocket: Pocket
    now: float = 1000.0

    def person(self, who: PersonId) -> Person:
        """Somebody."""
        return Person(self.pocket.workspace, who)

    def ts(self) -> Ts:
        """Slack's time, which goes on."""
        self.now += 1
        return Ts(f"170000{self.now:.0f}.000000")

    def act(self, deed: str, who: PersonId, whom: PersonId, topic: str) -> None:
        """One does something; what is refused changes nothing."""
        s, by, at = self.pocket.session, self.person(who), self.now
        place = self.pocket.message.place
        called = names.called(s, by.workspace, [topic])[topic]
        new = NewLearning(key=f"k{self.ts()}", place=place, words="Words.", topics=(topic,))
        stopped = wishes.of(s, by).stopped
        deeds: dict[str, Callable[[], object]] = {
            "claim": lambda: tags.claim(s, [topic], by=by, at=at),
            "off": lambda: tags.take_off(s, [topic], by=by, at=at),
            "endorse": lambda: endorsing.endorse(s, self.person(whom), topic, by=by, event_ts=self.ts(), at=at),
            "take back": lambda: endorsing.take_back(s, self.person(whom), [topic], by=by, event_ts=self.ts()),
            "yes": lambda: asking.yes(s, called, by=by, at=at),
            "no": lambda: asking.no(s, called, by=by, at=at),
            "stop": lambda: asking.stop(s, by=by),
            "hide": lambda: wishes.save(s, by, hidden=True, a_week=None, stopped=stopped),
            "show": lambda: wishes.save(s, by, hidden=False, a_week=None, stopped=stopped),
            "share": lambda: learnings.share(s, new, by=by, here=True, at=at),
            "merge": lambda: names.merge(s, place, ["py"], "python", by=self.person(ANA), at=at),
            "part": lambda: names.separate(s, place, "py", by=self.person(ANA)),
        }
        with suppress(Refusal):
            deeds[deed]()

    def found(self, who: PersonId, topic: str, kind: str = "member") -> list[finding.Found]:
        """Whom somebody finds for a topic."""
        s, place = self.pocket.session, self.pocket.message.place
        looking = viewer(self.person(who), kind, channels=frozenset({place.channel}))  # type: ignore[arg-type]
        return finding.people(s, looking, topic, at=self.now)

    def missing(self, who: PersonId) -> list[str]:
        """The unclaimed topics that somebody is told of."""
        place = self.pocket.message.place
        looking = viewer(self.person(who), channels=frozenset({place.channel}))
        return unclaimed.of(self.pocket.session, looking, [place.channel], at=self.now)[place.channel]

    def wrote(self, topic: str) -> bool:
        """Whether anybody wrote about it, by any of its names."""
        about = names.all_of(self.pocket.session, self.pocket.workspace, [topic])
        rows = self.pocket.session.scalars(select(LearningTopic.topic).where(LearningTopic.topic.in_(about)))
        return rows.first() is not None


def room(session: Session) -> Room:
    """An open one, in a channel that Slack has just described."""
    pocket = Pocket.new(session)
    channels.listed(session, pocket.message.place, list(EVERYBODY), asked_at=1.0)
    channels.described(session, pocket.message.place, channels.ChannelFacts("learning", is_private=False), at=1.0)
    return Room(pocket)


@given(acts=ACTS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whoever_hides_is_nowhere_and_nothing_counts_without_a_yes(
    engine: Engine, acts: list[tuple[str, PersonId, PersonId, str]]
) -> None:
    """Whatever was done before, in whatever order: in no result, no reason, no count, for nobody."""
    with Session(engine) as session:
        here = room(session)
        said_yes = set[PersonId]()
        for act in acts:
            here.act(*act)
            said_yes |= {act[1]} if act[0] == "yes" else set()
        hidden = {who for who in EVERYBODY if wishes.of(session, here.person(who)).hidden}
        for who in EVERYBODY:
            for topic in TOPICS:
                for one in here.found(who, topic):
                    assert one.person not in hidden | {who}
                    assert not hidden & set(one.endorsed_by)
                    assert one.person in said_yes or not (one.endorsed_by or one.earned)
            own = viewer(here.person(who), channels=frozenset())
            assert who not in hidden or asking.question(session, own, at=here.now) == []
            own_tags = tags.of(session, here.person(who))
            assert not any(hidden & set(tag.endorsed_by) for tag in own_tags)
            stood = {
                tag.topic for tag in own_tags if who not in hidden and (tag.claimed or tag.endorsed_by or tag.earned)
            }
            missing = here.missing(who)
            for topic in ("python", "sql"):
                others = any(one.claimed or one.endorsed_by or one.earned for one in here.found(who, topic))
                assert (topic in missing) == (here.wrote(topic) and not others and topic not in stood)


@pytest.mark.parametrize("answer", ["nothing", "no", "stop", "hide"])
def test_whoever_endorses_can_not_tell_a_no_from_a_wait(engine: Engine, answer: str) -> None:
    """The same words, whether they said no, wait, want no such question, or are found by nobody."""
    with Session(engine) as session:
        here = room(session)
        here.act("endorse", BEN, ANA, "python")
        here.act(answer if answer != "nothing" else "claim", ANA, ANA, "sql" if answer == "nothing" else "python")
        again = endorsing.endorse(
            session, here.person(ANA), "python", by=here.person(BEN), event_ts=here.ts(), at=here.now
        )
        assert again == "not counted"
        endorsing.take_back(session, here.person(ANA), ["python"], by=here.person(BEN), event_ts=here.ts())
        fresh = endorsing.endorse(
            session, here.person(ANA), "python", by=here.person(BEN), event_ts=here.ts(), at=here.now
        )
        assert fresh == "new"
        assert all(not one.endorsed_by for one in here.found(BEN, "python"))
        waits = asking.question(session, viewer(here.person(ANA)), at=here.now)
        assert [one.endorsers for one in waits] == ([1] if answer == "nothing" else [])


def test_neither_a_no_nor_who_hides_makes_a_word_a_topic(engine: Engine) -> None:
    """What somebody asks in a sentence is read the same before and after; nor does it count where she hid after her yes."""
    with Session(engine) as session:
        here = room(session)
        ana, ben = here.person(ANA), here.person(BEN)

        def topics_of(words: str) -> Collection[str]:
            looking = viewer(here.person(CLEO), channels=frozenset())
            words = f"who here knows about {words} today"
            return finding.look(session, looking, words, at=here.now, shown=1).asked.topics

        here.act("endorse", BEN, ANA, "zqxfoo")
        here.act("no", ANA, ANA, "zqxfoo")
        here.act("endorse", BEN, ANA, "zqxbar")
        here.act("yes", ANA, ANA, "zqxbar")
        assert (set(topics_of("zqxfoo")), set(topics_of("zqxbar"))) == (set(), {"zqxbar"})
        here.act("hide", ANA, ANA, "zqxbar")
        assert set(topics_of("zqxbar")) == set()
        again = endorsing.endorse(session, ana, "zqxbar", by=ben, event_ts=here.ts(), at=here.now)
        assert again == "not counted"


def test_what_helped_three_people_is_proposed_once_and_never_set(pocket: Pocket) -> None:
    """Bots and one's own don't count, nor what has no name; a no rests for half a year; a yes lists."""
    session, place = pocket.session, pocket.message.place
    ana = Person(pocket.workspace, ANA)
    channels.described(session, place, channels.ChannelFacts("learning", is_private=False), at=1.0)
    new = NewLearning(key="k", place=place, words="A lesson.", topics=("sql", "python"))
    id = learnings.share(session, new, by=ana, here=True, at=1.0)
    for number in range(3):
        by = Person(pocket.workspace, PersonId(f"U{number}"))
        assert notices.waiting(session, ana) == []
        helps.press(session, id, by=by, event_ts=Ts(f"170000000{number}.0"), at=5.0)
    assert [one.kind for one in notices.waiting(session, ana)] == ["expert tags"]
    proposed = asking.question(session, viewer(ana), at=6.0)
    assert [(one.topic, one.endorsers, one.helped) for one in proposed] == [("python", 0, 3), ("sql", 0, 3)]
    assert asking.question(session, viewer(ana, is_active=False), at=6.0) == []
    assert tags.of(session, ana) == []
    asking.no(session, "python", by=ana, at=7.0)
    asking.yes(session, "sql", by=ana, at=7.0)
    assert asking.question(session, viewer(ana), at=8.0) == []
    assert [(tag.topic, tag.earned) for tag in tags.of(session, ana)] == [("sql", True)]
    assert [one.topic for one in asking.question(session, viewer(ana), at=8.0 + asking.REST)] == ["python"]
    learnings.edit(session, id, NewLearning(key="k", place=place, words="A.", without_name=True), by=ana, at=9.0)
    assert asking.question(session, viewer(ana), at=8.0 + asking.REST) == []


def test_a_reaction_counts_in_slacks_order(pocket: Pocket) -> None:
    """Late, twice, after it was taken off: the last word holds, and the button's is not the reaction's to take back."""
    session, place, ana = pocket.session, pocket.message.place, Person(pocket.workspace, ANA)
    card = MessageRef(place, Ts("1700000000.000900"))
    new = NewLearning(key="k", place=place, words="A lesson.", topics=("sql",))
    cards.stands(
        session, pocket.workspace, learnings.share(session, new, by=ana, here=True, at=1.0), ts=card.ts, at=1.0
    )

    def reacts(ts: int, *, standing: bool, who: PersonId = BEN) -> None:
        event_ts = Ts(f"17000000{ts}.000000")
        endorsing.react(session, Reaction(card, who, "mortar_board", event_ts, standing=standing), None, at=2.0)

    reacts(20, standing=False)
    reacts(10, standing=True)
    assert endorsing.given_by(session, card, BEN, "mortar_board") == ()
    reacts(30, standing=True)
    reacts(30, standing=True)
    reacts(30, standing=True, who=ANA)
    assert endorsing.given_by(session, card, BEN, "mortar_board") == ("sql",)
    assert endorsing.given_by(session, card, ANA, "mortar_board") == ()
    ben = Person(pocket.workspace, BEN)
    assert endorsing.endorse(session, ana, "sql", by=ben, event_ts=Ts("1700000040.0"), at=3.0) == "not counted"
    people.is_known_to_be(session, ben, bot=True)
    assert asking.question(session, viewer(ana), at=4.0) == []


def test_merges_lose_nothing_and_refuse_cycles(pocket: Pocket) -> None:
    """Rows keep what was written; what was merged into a merged one comes along, and back with it."""
    session, place = pocket.session, pocket.message.place
    ana, ben = Person(pocket.workspace, ANA), Person(pocket.workspace, BEN)
    names.merge(session, place, ["py"], "python", by=ana, at=1.0)
    tags.claim(session, ["py3"], by=ben, at=2.0)
    names.merge(session, place, ["python"], "snakes", by=ana, at=3.0)
    names.merge(session, place, ["py3"], "py", by=ana, at=4.0)
    assert names.called(session, place.workspace, ["py", "py3", "python"]) == dict.fromkeys(
        ["py", "py3", "python"], "snakes"
    )
    for alias, into in (("snakes", "py3"), ("python", "py"), ("snakes", "snakes")):
        with pytest.raises((OneTopicAlready, AliasAlready)):
            names.merge(session, place, [alias], into, by=ana, at=5.0)
    assert [tag.topic for tag in tags.of(session, ben)] == ["snakes"]
    tags.claim(session, ["python"], by=ben, at=6.0)  # it is one already: nothing new is said
    names.separate(session, place, "python", by=ana)
    assert names.called(session, place.workspace, ["py", "py3", "python"]) == dict.fromkeys(
        ["py", "py3", "python"], "python"
    )
    names.separate_all(session, place, ["py3", "py"], by=ana)
    assert [tag.topic for tag in tags.of(session, ben)] == ["py3"]


def test_a_yes_holds_by_whatever_name_it_was_asked(engine: Engine) -> None:
    """A lead merges the topic while the question stands before somebody: what they press is about it still."""
    with Session(engine) as session:
        here = room(session)
        here.act("endorse", BEN, ANA, "py")
        here.act("merge", ANA, ANA, "py")
        asking.yes(session, "py", by=here.person(ANA), at=here.now)
        assert [(tag.topic, tag.endorsed_by) for tag in tags.of(session, here.person(ANA))] == [("python", (BEN,))]


def test_what_can_be_no_tag_says_so(pocket: Pocket) -> None:
    """Each has its sentence; an emoji is a topic, and `<!here>` pings nobody."""
    session, ana = pocket.session, Person(pocket.workspace, ANA)
    for typed, why in (
        ([" ", ""], NoTags),
        (["x" * 81], TopicTooLong),
        ([f"t{number}" for number in range(60)], TooManyTopics),
        (["!?"], NotATopic),
    ):
        with pytest.raises(why):
            tags.claim(session, typed, by=ana, at=1.0)
    assert tags.claim(session, ["🦫", "<!here>", "Python ", "python"], by=ana, at=1.0) == ("🦫", "here", "python")
    with pytest.raises(NoSuchTag):
        tags.take_off(session, ["cobol"], by=ana, at=1.0)
    for start in (0, 10):
        tags.claim(session, [f"t{start + number}" for number in range(10)], by=ana, at=1.0)
    with pytest.raises(TooManyTags):
        tags.claim(session, [f"u{number}" for number in range(10)], by=ana, at=1.0)


def test_old_claims_are_asked_about_once(pocket: Pocket) -> None:
    """After a year untouched; *still* keeps them, and nobody hears it twice."""
    session, ana = pocket.session, Person(pocket.workspace, ANA)
    tags.claim(session, ["sql"], by=ana, at=1.0)
    fading.bring(session, at=300 * DAY)
    assert notices.waiting(session, ana) == []
    later = 2.0 + fading.YEAR
    fading.bring(session, at=later)
    assert [one.kind for one in notices.waiting(session, ana)] == ["old tags"]
    assert fading.old(session, ana, at=later) == ["sql"]
    fading.asked(session, ana, at=later)
    fading.still(session, by=ana, at=later)
    assert fading.old(session, ana, at=later * 3) == []


def test_who_cant_be_written_to_keeps_nobody_from_their_turn(pocket: Pocket, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does whoever waits for it already: of many, those who are left come next."""
    monkeypatch.setattr(fading, "AT_ONCE", 1)
    session, later = pocket.session, 2.0 + fading.YEAR
    everybody = [Person(pocket.workspace, who) for who in EVERYBODY]
    for one in everybody:
        tags.claim(session, ["sql"], by=one, at=1.0)
    people.lose(session, everybody[0], at=later - DAY)
    for _ in range(2):
        fading.bring(session, at=later)
    assert [len(notices.waiting(session, one)) for one in everybody] == [0, 1, 1]
    fading.bring(session, at=later + people.LOST_FOR)
    assert len(notices.waiting(session, everybody[0])) == 1


def test_a_guest_finds_only_who_is_where_they_are(engine: Engine) -> None:
    """As far as was heard; and nobody finds a bot."""
    with Session(engine) as session:
        here = room(session)
        here.act("claim", BEN, BEN, "sql")
        tags.claim(session, ["sql"], by=here.person(PersonId("UELSE")), at=1.0)
        assert {one.person for one in here.found(ANA, "sql")} == {BEN, "UELSE"}
        assert {one.person for one in here.found(ANA, "sql", "guest")} == {BEN}
        assert here.found(ANA, "sql", "unknown") == []
        people.is_known_to_be(session, here.person(BEN), bot=True)
        assert here.found(ANA, "sql", "guest") == []


def test_the_ranking_weighs_what_it_says(engine: Engine) -> None:
    """What helped more, is newer, is claimed or endorsed comes first; who is away stands lower; a quarter is a quarter."""
    assert engine

    def one(who: str, relevance: float, *, helped: int = 0, age: float = 0.0) -> Document:
        return Document(LearningId(who + str(age)), PersonId(who), relevance, 1e9 - age, helped)

    found = rank([one("A", 1.0), one("B", 1.0, helped=3), one("C", 1.0, age=ranking.HALF_LIFE)], [], at=1e9)
    assert [ranked.person for ranked in found] == ["B", "A", "C"]
    assert found[2].score == pytest.approx(0.5)
    words = [Word(PersonId("D"), ("sql",), 1e9), Word(PersonId("E"), endorsed=(Given(PersonId("A"), 1e9),))]
    found = rank([one("A", 0.75)], words, at=1e9)
    assert [ranked.person for ranked in found] == ["D", "A", "E"]
    found = rank([one("A", 1.0)], words, at=1e9, unavailable={PersonId("A"), PersonId("D")})
    assert found[-1].score == pytest.approx(ranking.UNAVAILABLE)
    half = 1e9 - ranking.HALF_LIFE
    old = Word(PersonId("D"), ("sql",), half), Word(PersonId("E"), earned_at=half)
    assert [one.score for one in rank([], old, at=1e9)] == pytest.approx([0.5, 0.5])
