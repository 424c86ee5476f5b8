"""Closeness: what was there before that says nearly the same, for whoever may see it; on both engines alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from storage.ids import Person
from storage.learned import changes
from storage.search import closeness
from storage.visibility import Viewer

from .stage import ANA, AT, BEN, T1, Library

FIRST = "Rotate the signing keys each quarter, with both valid for a day"


@pytest.fixture
def library(engine: Engine) -> Iterator[Library]:
    """An empty one."""
    with Session(engine) as session:
        yield Library(session)


def near(library: Library, name: str, viewer: Viewer | None = None) -> str:
    """What is nearest to this one, by its short name."""
    names = {id: name for name, id in library.ids.items()}
    found = closeness.nearest(library.session, viewer or library.viewer(), library.ids[name], at=AT).hit
    return names[found.learning.id] if found else ""


SAID = {
    "the same": FIRST,
    "other signs": "rotate the signing KEYS, each quarter -- with both valid for a day!",
    "a word more": f"{FIRST}, I think",
    "other words": "Rotate signing keys every quarter, with both valid for one day",
}
OTHERS = {
    "the same subject": "The signing keys: ask Ben before you rotate them",
    "much more": f"{FIRST}. The other thing is that the mail server drops what is larger than ten megabytes, silently",
    "the same frame": "Rotate the night shifts each quarter, with both teams there for a day",
}


@pytest.mark.parametrize("counted", [True, False], ids=["counted", "not counted yet"])
def test_nearly_the_same_words_are_close_and_others_are_not(library: Library, *, counted: bool) -> None:
    """However much else there is; before the words are counted, too."""
    for number in range(30):
        words = f"Lesson {number}: the with for a each both {'quarter ' * (number % 3)} day {'x' * number}"
        library.shares(f"noise {number}", words, days_ago=400)
    library.shares("first", FIRST, days_ago=300)
    for name, words in (SAID | OTHERS).items():
        library.shares(name, words)
        if counted:
            library.count()
        assert near(library, name) == ("first" if name in SAID else ""), name
        changes.delete(library.session, library.ids[name], by=Person(T1, ANA), at=AT)


def test_it_is_what_was_said_before_stands_and_is_not_linked_yet(library: Library) -> None:
    """Of two, the one that resembles it more; not itself, nor what came after it, is out of date, or is linked with it."""
    session, ana = library.session, Person(T1, ANA)
    library.shares("older", f"{FIRST}, I think", days_ago=9)
    library.shares("old", FIRST, days_ago=8, by=BEN)
    library.shares("new", FIRST)
    library.shares("newer", FIRST, days_ago=-1)
    assert [near(library, name) for name in ("older", "old", "new")] == ["", "older", "old"]
    assert near(library, "newer") in ("old", "new")
    changes.link(session, library.ids["new"], library.ids["old"], by=ana, at=AT)
    assert near(library, "new") == "older"
    changes.outdate(session, library.ids["older"], "", by=ana, at=AT)
    assert near(library, "new") == ""
    assert near(library, "old") == ""
    changes.unlink(session, library.ids["old"], library.ids["new"], by=ana, at=AT)
    assert near(library, "new") == "old"
    changes.delete(session, library.ids["new"], by=ana, at=AT)
    assert near(library, "new") == ""


def test_it_is_what_its_viewer_may_see(library: Library) -> None:
    """Of what is nearer and in a private channel that they are not in, nothing shows; what Slack is to be asked is said."""
    library.opens("C2", private=True)
    library.shares("open", f"{FIRST}, I think", days_ago=3, without_name=True)
    library.shares("closed", FIRST, days_ago=2, channel="C2")
    library.shares("new", FIRST, by=BEN)
    assert near(library, "new") == "open"
    assert near(library, "new", library.viewer(channels=frozenset({"C2"}))) == "closed"
    assert near(library, "new", library.viewer(kind="guest")) == ""
    hit = closeness.nearest(library.session, library.viewer(), library.ids["new"], at=AT).hit
    assert hit is not None
    assert hit.learning.author is None
    unknown = library.viewer(channels=None)
    found = closeness.nearest(library.session, unknown, library.ids["new"], at=AT, hopeful=True)
    assert found.doubtful == {"C2"}
    nobody = library.viewer(kind="unknown")
    assert closeness.nearest(library.session, nobody, library.ids["new"], at=AT) == closeness.Nearest(
        could_not_check=True
    )
    gone = replace(library.viewer(), is_active=False)
    assert closeness.nearest(library.session, gone, library.ids["new"], at=AT) == closeness.Nearest()


@pytest.mark.parametrize("words", ["?!", "-- ...", "\u200b."])
def test_what_has_no_word_is_close_to_nothing(library: Library, words: str) -> None:
    """Also to the same once more."""
    library.shares("one", words, days_ago=1)
    library.shares("two", words)
    assert near(library, "two") == ""
