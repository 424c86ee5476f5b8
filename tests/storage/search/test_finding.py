"""Finding: what is typed finds what holds it, in whatever script, for whoever may see it; on both engines alike."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from storage.ids import Person, Ts
from storage.learned import changes, helps
from storage.search import finding

from .stage import ANA, AT, BEN, Library


@pytest.fixture
def library(engine: Engine) -> Iterator[Library]:
    """An empty one."""
    with Session(engine) as session:
        yield Library(session)


SAID = {
    "cpp": "In C++ a moved-from string is valid, and empty only by luck.",
    "dotnet": "On .NET the retry policy is per client.",
    "hyphen": "We call it foo-bar, and so does the snake_case of readTheFile in /etc/hosts.d/main.conf.",
    "dont": "Don't restart the broker while its queue is full.",
    "error": 'psycopg.errors.UniqueViolation: duplicate key value violates unique constraint "pk_learnings" means a replay.',
    "keys": "We rotate the signing keys each quarter, with both valid for a day.",
    "chinese": "部署数据库之前先备份",
    "japanese": "データベースを移行する前にバックアップを取る",
    "korean": "배포 전에 데이터베이스를 백업하세요",
    "hebrew": "תמיד לגבות לפני שדרוג",
    "emoji": "Ship it 🚀 on Mondays",
    "accents": "Le café de l'équipe est près du pont",
    "words": "The and of it",
}
FINDS = {
    "c++": "cpp",
    ".NET": "dotnet",
    "net": "dotnet",
    "foo-bar": "hyphen",
    "foo bar": "hyphen",
    "read file": "hyphen",
    "hosts": "hyphen",
    "don't": "dont",
    "dont restart": "dont",
    "sqlalchemy.exc.IntegrityError: (psycopg.errors.UniqueViolation) duplicate key value violates unique constraint"
    ' "pk_x" DETAIL:  Key (workspace, id)=(T1, x) already exists. [SQL: INSERT INTO x]': "error",
    "how do we rotate the keys that sign things, and how long are the old ones still valid after that?": "keys",
    "rotating key": "keys",
    "数据库": "chinese",
    "备": "chinese",
    "データベース": "japanese",
    "백업": "korean",
    "לגבות": "hebrew",
    "🚀": "emoji",
    ":rocket:": "emoji",
    "cafe equipe": "accents",
    "the": "words",
    '"of it': "words",
    "'; DROP TABLE documents; --": "",
    "NEAR(queue broker) AND *": "dont",
    '"broker while its"': "dont",
    '"while broker" its': "dont",
    "how would we do that with the zebra": "",
}


def test_what_is_typed_finds_what_holds_it(library: Library) -> None:
    """Each line of what people type, and what must come first."""
    for name, words in SAID.items():
        library.shares(name, words)
    assert library.find("foo-bar") == ["hyphen"]  # before anything is counted, too
    library.count()
    for typed, name in FINDS.items():
        found = library.find(typed)
        assert found[:1] == ([name] if name else []), (typed, found)
    assert library.find("++ => !!") == []
    assert library.find("z" * 5000) == []
    assert library.find("keys " * 1000)[:1] == ["keys"]


def test_options_and_numbers_are_looked_for_and_since_ever_finds_all(library: Library) -> None:
    """A command's line and a short error are pasted as they are; only a word behind a hyphen is left out."""
    library.shares("git", "git log --oneline shows a commit a line, and docker run -it stays")
    library.shares("exit", "The worker ends with exit code -13 when the disk is full")
    assert library.find("git log --oneline")[:1] == ["git"]
    assert library.find("docker run -it")[:1] == ["git"]
    assert library.find("exit code -13")[:1] == ["exit"]
    assert "git" not in library.find("log -oneline")
    assert "exit" in library.find("since:1970")
    library.shares("staging", "Restart the staging server twice")
    assert library.find('server -"the last server"') == ["staging"]
    assert library.find('server -"the staging server"') == []


def test_what_narrows_narrows(library: Library) -> None:
    """By topic, author, pocket, kind and time; what stands exactly so, and what must not; alone, or with words."""
    library.opens("C2")
    library.shares("old", "Retries hide a broken cache", days_ago=400, topics=("caching",), kind="idea")
    library.shares(
        "new", "A cache that is never read slows retries", topics=("caching", "latency"), by=BEN, channel="C2"
    )
    library.shares("secret", "Retries cost me a weekend", without_name=True, kind="working on")
    library.count()
    for typed, names in {
        "retries #caching": ["new", "old"],
        "#latency": ["new"],
        "retries <#C9|latency>": ["new"],
        f"retries from:<@{ANA}|ana>": ["old"],
        "retries from:me": ["new"],
        "retries in:<#C2|c2>": ["new"],
        "in:#c2": ["new"],
        "in:c9 retries": [],
        "retries in:<#C9|nowhere>": [],
        "retries kind:idea": ["old"],
        "kind:working-on": ["secret"],
        "since:30d retries": ["secret", "new"],
        "since:2023-11 kind:learning": ["new"],
        "retries since:whenever": [],
        "retries kind:ideea": [],
        '"broken cache"': ["old"],
        "“a broken cache” -hide": ["new"],  # what holds no more of it than its "a" is no answer
        "retries -weekend -hide": ["new"],
        "from:@nobody retries": [],
    }.items():
        assert sorted(library.find(typed)) == sorted(names), typed
    assert library.look("“a broken cache” -hide").loosened
    asked = library.look("from:@nobody since:whenever kind:ideea retries").asked
    assert asked.unknown == ("from:@nobody", "since:whenever", "kind:ideea")


def test_a_long_question_narrows_like_a_short_one(library: Library) -> None:
    """By each of them; and where nothing has what its signs narrow to, it was pasted, and they are its own."""
    long = "how do we keep the retries of all our many clients from hiding that a cache is broken again"
    library.opens("C2")
    library.shares("old", "Retries hide a broken cache", days_ago=400, topics=("caching",), kind="idea")
    library.shares("new", "The retries of clients hide that a cache is broken on staging", by=BEN, channel="C2")
    library.count()
    assert sorted(library.find(long)) == ["new", "old"]
    for narrows, names in {
        "#caching": ["old"],
        f"from:<@{ANA}|ana>": ["old"],
        "in:#c2": ["new"],
        "kind:ideas": ["old"],
        "since:2023": ["new"],
        '"a broken cache"': ["old"],
        "-staging": ["old"],
        "in:#nowhere": [],
        "in:#nowhere #nothing": [],
        "since:whenever": [],
    }.items():
        assert library.find(f"{long} {narrows}") == names, narrows
        assert library.find(f"{narrows} {long}") == names, narrows
        assert not library.look(f"{long} {narrows}").loosened
    pasted = {'"no such phrase"': True, "#0": True, '-"retries" -cache': True, '"pk_x"': False, "\n#caching": False}
    for sign, is_loosened in pasted.items():
        found = library.look(f"{long} {sign}")
        assert (len(found.hits), found.loosened) == (2, is_loosened), sign


def test_a_viewer_finds_what_slack_would_show_them_and_no_more(library: Library) -> None:
    """In results, in what is found by a typo, and in whether there is more; what is not known yet is asked for."""
    library.opens("C2", private=True)
    library.opens("C3")
    library.shares("open", "The kettle descales itself")
    library.shares("closed", "The kettle whistles in Esperanto", channel="C2")
    library.shares("own", "My kettle is a secret", channel="C2", by=BEN)
    library.shares("quiet", "Kettles in the third room", channel="C3")
    library.count()
    everything, inside = ["open", "closed", "own", "quiet"], frozenset({"C2"})
    for viewer, names in (
        (library.viewer(), ["open", "quiet"]),
        (library.viewer(channels=inside), everything),
        (library.viewer(ANA, "guest", frozenset({"C3"})), ["quiet"]),
        (library.viewer(ANA, "external", frozenset()), []),
        (library.viewer(ANA, "unknown"), []),
        (library.viewer(channels=None), ["open", "quiet"]),
    ):
        assert sorted(library.find("kettle", viewer)) == sorted(names), viewer
        assert (library.find("esperanot", viewer) == ["closed"]) == ("closed" in names), viewer
        assert library.look("esperanot", viewer).corrected == (("esperanot", "Esperanto"),) * ("closed" in names)
    found = library.look("kettle", library.viewer(channels=None), hopeful=True)
    assert found.doubtful == {"C2"}
    assert len(found.hits) == 4
    library.session.execute(text("UPDATE channels SET has_bot = false WHERE id = 'C2'"))
    assert sorted(library.find("kettle", library.viewer(channels=inside))) == ["open", "own", "quiet"]


def test_what_one_may_not_read_changes_no_answer(library: Library) -> None:
    """Not what a typo meant, nor whether it is one, nor whether there is more: of that Slack is asked, until it is sure."""
    library.opens("C2", private=True)
    for number in range(6):
        library.shares(f"open {number}", f"Kettles whistle, says number {number}", days_ago=number)
    library.shares("farm", "The farm is far")
    library.shares("farms", "Two farms are farther", days_ago=1)
    library.shares("form", "The form is long")
    library.count()
    asked = ("kettel", "whistel", "kettles xyzzy", "furm", "kettles numbre", "whistle", "whistle kettles")

    def answers(first: int = 0) -> list[object]:
        found = [library.look(typed, first=first) for typed in asked]
        return [(one.corrected, one.more, [hit.learning.id for hit in one.hits]) for one in found]

    before = [answers(first) for first in (0, 5)]
    for letter in "abcdefghij":
        library.shares(
            f"near {letter}", f"The kettea{letter} kettel{letter} whiste{letter} numbr{letter} form", channel="C2"
        )
    library.shares("last", "Kettles whistle xyzzy", channel="C2", days_ago=300)
    library.count()
    assert [answers(first) for first in (0, 5)] == before
    unasked = library.viewer(channels=None)
    assert before[0][3] == ((("furm", "farm"),), False, [library.ids["farm"], library.ids["farms"]])
    for typed, first in (("whistle", 0), ("whistle", 5), ("kettles xyzzy", 0), ("xyzzy whistle", 5)):
        assert library.look(typed, unasked, first=first, hopeful=True).doubtful == {"C2"}, typed


def test_the_one_old_exactly_right_learning_is_found_among_many(library: Library) -> None:
    """A rare word outranks newness; among alike, what helped is first, and what is out of date is last. Pages follow."""
    library.shares("right", "Zookeeper elections fail when the clock drifts", days_ago=900)
    for number in range(30):
        library.shares(f"noise {number}", f"The clock of the elections board is number {number}", days_ago=number)
    for name, days in (("plain", 3.0), ("stale", 2.0), ("good", 4.0)):
        library.shares(name, "Percolators need fresh filters", days_ago=days)
    library.count()
    changes.outdate(library.session, library.ids["stale"], "", by=Person(library.workspace, ANA), at=AT)
    helps.press(library.session, library.ids["good"], by=Person(library.workspace, BEN), event_ts=Ts("1.1"), at=AT)
    assert library.find("why do zookeeper elections fail with the clock")[0] == "right"
    assert library.find("percolators") == ["good", "plain", "stale"]
    assert library.look("percolators").hits[2].is_out_of_date
    pages = [library.look("elections", first=first) for first in (0, 5, 30)]
    assert [page.more for page in pages] == [True, True, False]
    assert len({hit.learning.id for page in pages for hit in page.hits}) == 11


def test_a_typo_finds_what_was_meant_and_a_word_that_is_there_is_no_typo(library: Library) -> None:
    """A letter more, less, other, or two that changed places; in a word with an ending; but for what is found as it is."""
    library.shares("k8s", "Kubernetes migrations need a window")
    library.shares("form", "Use the form, not the farm")
    library.count()
    for typed, meant in {
        "kuberntes": "Kubernetes",
        "Kuebrnetes": "Kubernetes",
        "migratoin": "migrations",
        "kubernetess window": "Kubernetes",
    }.items():
        found = library.look(typed)
        assert [(library.ids["k8s"], meant)] == [(hit.learning.id, found.corrected[0][1]) for hit in found.hits], typed
    assert library.look("form").corrected == ()
    assert library.look("xyzzy").corrected == ()


def test_the_newest_and_the_most_helpful_of_late(library: Library) -> None:
    """Of the last 90 days, as the viewer sees them; none twice."""
    library.opens("C2", private=True)
    for number in range(8):
        library.shares(f"n{number}", f"Number {number}", days_ago=number)
    library.shares("hidden", "Hidden", channel="C2")
    library.shares("ancient", "Ancient", days_ago=100)
    helps.press(library.session, library.ids["n7"], by=Person(library.workspace, BEN), event_ts=Ts(f"{AT:.6f}"), at=AT)
    found = finding.latest(library.session, library.viewer(), at=AT)
    assert [hit.learning.words for hit in found.helpful] == ["Number 7"]
    assert [hit.learning.words for hit in found.newest] == [f"Number {number}" for number in range(5)]
