"""Typed: signs of programs, other apostrophes, typos of a first letter, merged topics, and more than is looked at."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from storage.experts import names
from storage.ids import ChannelId, Person, Place

from .stage import ANA, Library


@pytest.fixture
def library(engine: Engine) -> Iterator[Library]:
    """An empty one."""
    with Session(engine) as session:
        yield Library(session)


SAID = {
    "17": "C++17 has structured bindings",
    "rust": "The team of C++/Rust meets on Mondays",
    "net": "We write ASP.NET/C# there",
    "dont": "Don't restart the broker",
    "repo": "See repo#12 of acme/repo",
}
FINDS = {
    "c++": {"17", "rust"},
    "C++17": {"17", "rust"},
    "c#": {"net"},
    "rust": {"rust"},
    "don´t restart": {"dont"},  # noqa: RUF001 -- U+00B4
    "don‘t": {"dont"},  # noqa: RUF001
    "repo": {"repo"},
}


def test_signs_of_programs_and_apostrophes_are_found(library: Library) -> None:
    """By the words that they are part of, too."""
    for name, words in SAID.items():
        library.shares(name, words)
    library.shares("acute", "They don´t know")  # noqa: RUF001
    library.count()
    for typed, found in (FINDS | {"dont": {"dont", "acute"}}).items():
        assert {*library.find(typed)} in (found, found | {"acute"}), typed


def test_what_an_older_tokenizer_indexed_is_indexed_anew(library: Library) -> None:
    """By the clock: its terms from before find nothing, then."""
    library.shares("17", "C++17 has structured bindings")
    library.count()
    library.session.execute(text("UPDATE documents SET terms = replace(terms, ' c++ ', ' ')"))
    library.session.execute(text("UPDATE corpora SET version = 1"))
    assert library.find("c++") == []
    library.count()
    assert library.find("c++") == ["17"]


def test_a_topic_is_found_by_all_its_names(library: Library) -> None:
    """Merged by a lead; and each by itself again once that is undone."""
    place, ana = Place(library.workspace, ChannelId("C1")), Person(library.workspace, ANA)
    library.shares("k8s", "Drain the node", topics=("k8s",))
    library.shares("kubernetes", "Cordon it before", topics=("kubernetes",))
    library.count()
    assert (library.find("#k8s"), library.find("#kubernetes")) == (["k8s"], ["kubernetes"])
    names.merge(library.session, place, ["k8s"], "kubernetes", by=ana, at=1.0)
    for typed in ("#k8s", "#kubernetes", "topic:K8s", "#kubernetes node cordon"):
        assert sorted(library.find(typed)) == ["k8s", "kubernetes"], typed


def test_a_typo_of_the_first_letter_finds_what_was_meant(library: Library) -> None:
    """Another one, or none; in other scripts, too."""
    library.shares("pg", "Postgres vacuums at night")
    library.shares("canary", "The canaries sing first")
    library.shares("russian", "Сервер упал ночью")
    library.count()
    for typed, name in {
        "oostgres": "pg",
        "ostgres": "pg",
        "Kanaries": "canary",
        "kanary": "canary",
        "ервер": "russian",
    }.items():
        found = library.look(typed)
        assert [hit.learning.id for hit in found.hits] == [library.ids[name]], typed
        assert found.corrected, typed


def test_a_typo_in_a_sentence_is_mended_though_others_answer_it(library: Library) -> None:
    """Where it is a long word with one typo; short words of a sentence are left as they are."""
    for number in range(6):
        library.shares(f"other {number}", f"How we keep the window of the deploys open, number {number}")
    library.shares("k8s", "Kubernetes keeps the window of deploys open", days_ago=70)
    library.shares("nigh", "The night is long")
    library.count()
    found = library.look("how long do we keep the window open for kuberntes deploys")
    assert found.corrected == (("kuberntes", "Kubernetes"),)
    assert found.hits[0].learning.id == library.ids["k8s"]
    assert library.look("how do we keep the window of the deploys open nighd").corrected == ()


def test_where_there_are_more_than_are_looked_at_the_last_page_says_so(library: Library) -> None:
    """Of one common word, and of what only narrows; and not where all were shown."""
    for number in range(451):
        library.shares(f"n {number}", f"Kettles whistle, number {number}", days_ago=number, topics=("tea",))
    library.count()
    for typed, last in {"kettles": 95, "#tea": 395, "kind:learning": 395, "in:#c1": 395}.items():
        page = library.look(typed, first=last)
        assert (len(page.hits), page.more, page.is_cut) == (5, False, True), typed
        assert not library.look(typed).is_cut
    assert not library.look("kettles number 450").is_cut
    few = library.look("450")
    assert (len(few.hits), few.more, few.is_cut) == (1, False, False)


def test_signs_alone_are_looked_for_among_the_newest(library: Library) -> None:
    """As they stand, of what may be seen."""
    library.opens("C2", private=True)
    library.shares("arrow", "An arrow (a => b) has no this of its own")
    library.shares("not", "In shell, != is not -ne, and || is no pipe", days_ago=1)
    library.shares("closed", "Here a => b, too", channel="C2")
    library.count()
    assert library.find("=>") == ["arrow"]
    assert library.find("!=") == ["not"]
    assert library.find("|| !=") == ["not"]
    assert library.find("&lt;=&gt;") == []
    assert library.look("&lt;=&gt;").asked.signs == ("<=>",)


def test_what_names_nobody_is_words(library: Library) -> None:
    """As in a pasted error or a header; whoever is meant by an `@` and not known is said."""
    library.shares("header", "The From:header of a mail is not its envelope")
    library.shares("other", "A mail bounced")
    library.count()
    found = library.look("what's the from:header")
    assert [hit.learning.id for hit in found.hits] == [library.ids["header"]]
    assert found.asked.nobody == ("from:header",)
    assert library.look("from:@nobody mail").asked.unknown == ("from:@nobody",)
