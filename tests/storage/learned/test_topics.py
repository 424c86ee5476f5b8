"""Topics in their one form: what people type for the same thing is the same, and no text at all breaks it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from storage.db.database import Database
from storage.ids import ChannelId, LearningId, Person, PersonId, Place
from storage.learned import entries, learnings, topics
from storage.learned.topics import MAX_LENGTH, MAX_TOPICS, normalise, normalise_all
from storage.places import pockets
from storage.places.channels import ChannelFacts
from storage.refusals import NotATopic, TooManyTopics, TopicTooLong
from tests.storage.rows import open_workspace, viewer

SAME = [
    ("python", "Python", "#python", " python ", "##PYTHON", "python\u200f", "\ufeffpython", "\uff50\uff59thon", "python,"),
    ("incident-review", "incident review", "Incident_Review", "#incident--review", "incident \t review", "(incident) review"),
    ("c++", "C++", "#c++", " C++ "),
    ("c#", "C#", "#c#", "#C#"),
    (".net", ".NET", "#.Net"),
    ("ci/cd", "CI/CD", "#ci/cd", "ci/cd/"),
    ("r&d", "R&D"),
    ("node.js", "Node.js"),
    ("日本語", "#日本語", "日本語 "),
    ("שלום-עולם", "שלום עולם", "\u200fשלום עולם\u200e"),  # noqa: RUF001 -- Hebrew it is
    ("हिन्दी", "#हिन्दी"),
    ("ภาษาไทย", "ภาษาไทย"),
    ("می‌خواهم", "#می‌خواهم"),
    ("تَعَلُّم", "تَعَلُّم"),
    ("straße".casefold(), "STRASSE", "Straße"),
    ("über", "u\u0308ber", "ÜBER"),
    ("❤", "❤️", "#❤️"),
    ("👩‍💻-tips", "👩‍💻 Tips"),
    ("👍🏽", "👍🏽"),
]  # fmt: skip


@pytest.mark.parametrize("forms", SAME, ids=lambda forms: str(forms[0]))
def test_what_people_type_for_the_same_topic_is_the_same(forms: tuple[str, ...]) -> None:
    """Case, spaces, hyphens, `#`, width and what nobody sees make no difference; signs that mean something stay."""
    assert {normalise(form) for form in forms} == {unicodedata.normalize("NFKC", forms[0])}


@pytest.mark.parametrize(
    "typed", ["", " ", "#", "###", "-", "--", "/", "&", ".", "++", "\x00", "\u200d", "️", "…", "!?"]
)
def test_what_has_nothing_of_its_own_is_no_topic(typed: str) -> None:
    """It is refused in words that say what a topic needs."""
    with pytest.raises(NotATopic, match="needs at least one letter"):
        normalise(typed)


@given(st.text(max_size=80))
@settings(max_examples=600, deadline=None)
@example("# #x")
@example("-#-x")
@example("ΐ")
@example("ͅ\u0301a")
@example("İ")
@example("a\ufe0f\u0301")
@example("ﷺ" * 5)
@example("\ud83d")
def test_no_text_breaks_it_and_normalising_twice_changes_nothing(typed: str) -> None:
    """A topic of at most sixty characters that is its own form; or a refusal."""
    try:
        topic = normalise(typed)
    except (NotATopic, TopicTooLong):
        return
    assert normalise(topic) == topic
    assert 1 <= len(topic) <= MAX_LENGTH
    assert topic.isprintable() or "\u200c" in topic or "\u200d" in topic
    assert not any(mark.isspace() for mark in topic)
    assert not topic.startswith(("#", "-"))
    topic.encode()


@given(st.from_regex(r"[a-z0-9]{1,12}([ _-][a-z0-9]{1,12}){0,3}", fullmatch=True))
def test_plain_words_keep_all_their_letters(typed: str) -> None:
    """Nothing is lost but what parts the words."""
    assert normalise(typed).replace("-", "") == "".join(mark for mark in typed if mark.isalnum())


def test_sixty_characters_fit_and_sixty_one_are_too_long() -> None:
    """Counted in the topic's one form."""
    assert normalise("x" * MAX_LENGTH) == "x" * MAX_LENGTH
    with pytest.raises(TopicTooLong, match="up to 60"):
        normalise("x" * (MAX_LENGTH + 1))


def test_topics_are_counted_once_each_in_their_first_order() -> None:
    """Fifty ways to write ten topics are ten; an eleventh is one too many."""
    ten = [f"topic {number}" for number in range(MAX_TOPICS)]
    many = [*ten, *[one.upper() for one in ten] * 4]
    assert normalise_all(many) == tuple(one.replace(" ", "-") for one in ten)
    with pytest.raises(TooManyTopics, match="11 topics"):
        normalise_all([*ten, "one more"])


async def test_the_pockets_own_topics_are_suggested_by_use_and_no_others(db: Database) -> None:
    """Live ones of that pocket, the most used first; what was taken back is forgotten; % and _ are plain letters."""
    ana = Person(await db.write(open_workspace), PersonId("UANA"))
    here, there = Place(ana.workspace, ChannelId("C1")), Place(ana.workspace, ChannelId("C2"))
    for place in (here, there):
        await db.write(pockets.start, place, ChannelFacts("x", is_private=False), by=ana, at=1.0)

    async def share(place: Place, key: str, *tags: str) -> LearningId:
        new = entries.NewLearning(key=key, place=place, words="Words", topics=tags)
        return await db.write(learnings.share, new, by=ana, here=True, at=1.0)

    await share(here, "1", "python", "pytest")
    await share(here, "2", "pytest")
    await share(there, "3", "pydantic")
    gone = await share(here, "4", "pyramid")
    await db.write(learnings.withdraw, gone, by=ana, at=2.0)
    assert await db.read(topics.suggest, here, "py", to=viewer(ana)) == ["pytest", "python"]
    assert await db.read(topics.suggest, here, "", to=viewer(ana)) == ["pytest", "python"]
    assert await db.read(topics.suggest, here, "", to=viewer(ana), limit=1) == ["pytest"]
    stranger = Person(ana.workspace, PersonId("UZOE"))
    assert (
        await db.read(topics.suggest, here, "", to=viewer(stranger, "guest", channels=frozenset({there.channel}))) == []
    )
    for sign in ("%", "_", "p%"):
        assert await db.read(topics.suggest, here, sign, to=viewer(ana)) == []
