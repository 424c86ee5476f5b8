"""`outloud import`: what an export shows as kept becomes learnings, once."""

from __future__ import annotations

import json
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from bot.commands import importing
from bot.commands.failing import Failure
from storage.ids import ChannelId, Place, Ts, WorkspaceId
from storage.kept import sources
from storage.tables import Base
from tests.bot.consulting import on_sqlite
from tests.bot.importing.conftest import Import
from tests.bot.importing.packing import CHANNELS, OTHERS, PEOPLE, packed, said, zipped
from tests.memory import Memory

FILE = {"id": "F1", "title": "plan.pdf", "permalink": "https://a.slack.com/files/F1?t=xoxe-secret"}
MESSAGES = [
    said("1600000001.000100", "UANA", "WAL lets readers go on.", kept=["UBEN", "UGUEST", "UBOT"], helped=["UBEN", "UANA"]),
    said(
        "1600000002.000100", "UBEN", "", kept=["UBEN"], thread_ts="1600000001.000100", files=[FILE], subtype=None,
        edited={"user": "UBEN", "ts": "1600000009.000000"},
    ),
    said("1600090000.000100", "UGUEST", "A <@UANA> tip\x00 \ud83d", kept=["UANA"]),
    said("1600090001.000100", "UGONE", "I left.", kept=["UANA"]),
    said("1600090002.000100", "UNEVER", "Mine is mine.", kept=["UANA"]),
    said("1600090003.000100", "UBOT", "Build passed.", kept=["UANA"]),
    said("1600090004.000100", None, "Hooked.", kept=["UANA"], subtype="bot_message", bot_id="B7"),
    said("1600090005.000100", "UANA", " \u200b ", kept=["UBEN"]),
    said("1600090006.000100", "UANA", "Kept by a bot alone.", kept=["UBOT"]),
    said("1600090007.000100", "UANA", "Seen, not kept."),
    said("1600000001.000100", "UANA", "The same once more.", kept=["UBEN"]),
]  # fmt: skip


def everything(memory: Memory) -> dict[str, Any]:
    """Every row there is."""
    return {name: memory.rows(f'SELECT * FROM "{name}"') for name in Base.metadata.tables}  # noqa: S608 -- our own


def test_what_is_kept_becomes_learnings_once(run: Import, memory: Memory, tmp_path: Path) -> None:
    """Words, author, curators, helped marks, thread, edit, files and time; a dry run and a second one change nothing."""
    export, before = packed(tmp_path / "e.zip", MESSAGES), everything(memory)
    foretold = json.loads(run(export, "--dry-run", "--json"))
    assert everything(memory) == before
    assert json.loads(run(export, "--json")) == foretold
    left_out = {"known": 0, "bot": 2, "empty": 1, "never": 1}
    counted = {"messages": 11, "learnings": 4, "authors": 4, "helped": 1, "by_name": 1, "without_name": 1, "told": 1}
    assert foretold == counted | left_out
    first, second, third, gone = memory.learnings()
    assert (first.author, first.words, first.curators) == (
        "UANA",
        "WAL lets readers go on.",
        frozenset({"UBEN", "UGUEST"}),
    )
    assert (first.said_at, first.link) == (1600000001.0001, "https://a.slack.com/archives/C1/p1600000001000100")
    assert second.link == "https://a.slack.com/archives/C1/p1600000002000100?thread_ts=1600000001.000100&cid=C1"
    assert (second.words, second.curators) == ("plan.pdf", frozenset({"UBEN"}))
    row = memory.rows("SELECT * FROM learnings WHERE id = :id", id=second.id)[0]
    assert (row["files"], row["words_ts"]) == ("https://a.slack.com/files/F1 plan.pdf", "1600000009.000000")
    assert (third.author, third.words, third.without_name) == ("UGUEST", "A <@UANA> tip \ufffd", False)
    assert (gone.author, gone.without_name) == ("UGONE", True)
    assert [(one["person"], one["learning"]) for one in memory.rows("SELECT * FROM helps")] == [("UBEN", first.id)]
    assert [(one["person"], one["kind"]) for one in memory.rows("SELECT * FROM notices")] == [("UANA", "first kept")]
    assert memory.rows("SELECT id, name FROM people WHERE name IS NOT NULL") == [
        {"id": "UGUEST", "name": "Gus of Beta"}
    ]
    assert {one["kind"] for one in memory.outbox()} == {"tell privately"}, "nothing is said in the channel"
    after = everything(memory)
    assert json.loads(run(export, "--json")) | counted == counted | {"known": 4, "bot": 2, "empty": 1, "never": 1}
    assert everything(memory) == after


@on_sqlite
def test_what_was_taken_back_stays_so(run: Import, memory: Memory, tmp_path: Path) -> None:
    """Whatever is known of a message already is newer than any export."""
    export = packed(tmp_path / "e.zip", MESSAGES[:1])
    run(export)
    memory.run("UPDATE learnings SET state = 'withheld', words = ''")
    assert "Left out: 1 whose message is known already, kept or not." in run(export)
    assert memory.learnings() == []


@pytest.mark.parametrize("between", [0, importing.AT_ONCE])
def test_a_message_that_stands_in_two_files_is_one(run: Import, memory: Memory, tmp_path: Path, between: int) -> None:
    """It is read twice, and known the second time, however much comes in between; a dry run foretells it so."""
    files: dict[str, Any] = {"users.json": [*PEOPLE], "channels.json": [*CHANNELS]}
    others = [said(f"1600000100.{number:06}", "UBEN", "Another.", kept=["UANA"]) for number in range(between)]
    days = {f"learning/2020-09-{day}.json": [MESSAGES[0], *others] for day in (13, 14)}
    export = zipped(tmp_path / "e.zip", files | days)
    foretold = json.loads(run(export, "--json", "--dry-run"))
    assert json.loads(run(export, "--json")) == foretold
    assert (foretold["learnings"], foretold["known"]) == (1 + between, 1 + between)
    assert len(memory.learnings()) == 1 + between


@on_sqlite
def test_threads_are_known_however_an_export_tells_of_them(run: Import, memory: Memory, tmp_path: Path) -> None:
    """By the reply itself; by the message that began it alone, of another day or the same; or with the replies within that."""
    first, second, third = "1600000001.000100", "1600000002.000100", "1600000003.000100"
    later, inner = "1600090001.000100", "1600000004.000100"
    within = said(inner, "UANA", "Within.", kept=["UBEN"], thread_ts=None)
    messages = [
        said(first, "UANA", "Begins.", replies=[{"user": "UBEN", "ts": ts} for ts in (second, later)], thread_ts=first),
        said(second, "UBEN", "Of the same day.", kept=["UANA"]),
        said(
            third,
            "UANA",
            "Begins, too.",
            kept=["UBEN"],
            replies=[{"user": "UANA", "ts": third}, within, None, {"ts": 7}],
        ),
        said(later, "UBEN", "Of another day.", kept=["UANA"]),
        said("1600090002.000100", "UBEN", "In none.", kept=["UANA"], replies=3),
    ]
    counted = json.loads(run(packed(tmp_path / "e.zip", messages), "--json"))
    assert (counted["messages"], counted["learnings"]) == (6, 5)
    links = {one.words: (one.link or "").partition("?")[2] for one in memory.learnings()}
    assert links == {
        "Of the same day.": f"thread_ts={first}&cid=C1",
        "Begins, too.": "",
        "Within.": f"thread_ts={third}&cid=C1",
        "Of another day.": f"thread_ts={first}&cid=C1",
        "In none.": "",
    }


@on_sqlite
def test_it_says_what_it_would_do_in_sentences(run: Import, tmp_path: Path) -> None:
    """And that it did not."""
    lines = run(packed(tmp_path / "e.zip", MESSAGES), "--dry-run").splitlines()
    assert lines == [
        "11 messages read. 4 messages would become learnings, by 4 people.",
        "1 helped mark would come with them.",
        "Left out: 2 by bots, or by nobody.",
        "Left out: 1 without words.",
        "Left out: 1 whose authors are never kept.",
        "Kept by name, because they are not in this workspace: 1 person.",
        "Without a name, because their authors were deactivated: 1.",
        "Authors who would hear privately that theirs are kept, with the way back: 1.",
        "Nothing was changed.",
    ]


def test_of_another_workspace_everybody_is_kept_by_name(run: Import, memory: Memory, tmp_path: Path) -> None:
    """Nothing leads to a message that is not here, nobody is told, and after a gap none is looked for."""
    people = [one | {"team_id": OTHERS} for one in PEOPLE]
    channels = ({"id": "C8", "name": "chat"}, {"id": "C9", "name": "else"})
    export = packed(tmp_path / "e.zip", [*MESSAGES[:3]], people=people, channels=channels)
    with pytest.raises(Failure, match=r"no public channel #learning. Say which with --from: #chat, #else"):
        run(export)
    run(export, "--from", "#chat")
    assert '"known": 3' in run(export, "--from", "C8", "--json")
    first, _, third = memory.learnings()
    assert (first.link, first.curators, third.words) == (
        None,
        frozenset({"UBEN", "UGUEST"}),
        "A @Ana &lt;!channel&gt; tip \ufffd",
    )
    assert memory.rows("SELECT * FROM notices") == memory.outbox() == []
    place = Place(WorkspaceId("T1"), ChannelId("C1"))
    engine = create_engine(memory.url)
    with Session(engine) as session:
        assert sources.known_between(session, place, after=Ts("1"), before=Ts("2")) == []
        assert sources.next_older(session, place, before=Ts("2")) is None
    engine.dispose()
    names = {row["id"]: row["name"] for row in memory.rows("SELECT * FROM people")}
    assert names == {"UANA": None, "UNEVER": None, "UBEN": "ben", "UGUEST": "Gus of Beta"}, "who was met is met"


@on_sqlite
def test_a_terminal_shows_how_far_it_is_of_how_much(
    run: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the first moment on: of so many days while it reads, of so many messages while it imports."""
    terminal = StringIO()
    shown = Console(file=terminal, force_terminal=True, width=100)
    monkeypatch.setattr(importing, "Console", lambda **_: shown)
    run(packed(tmp_path / "e.zip", MESSAGES))
    bars = re.findall(
        r"(Reading the days|Importing messages)\D*?([\d?]+)/([\d?]+)",
        re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", terminal.getvalue()),
    )
    assert {total for _, _, total in bars} == {"2", "11"}
    assert bars[0] == ("Reading the days", "0", "2")
    assert bars[-2:] == [("Reading the days", "2", "2"), ("Importing messages", "11", "11")]


@on_sqlite
def test_of_ones_own_workspace_only_the_pockets_channel(run: Import, memory: Memory, tmp_path: Path) -> None:
    """Whoever reads the pocket may not be allowed to read another one. A private pocket's own history is its own."""
    other = packed(tmp_path / "o.zip", MESSAGES, channels=({"id": "C2", "name": "learning"},))
    with pytest.raises(Failure, match="of #learning's own workspace, and #learning is not in it"):
        run(other)
    with pytest.raises(Failure, match="only what was said in #learning itself"):
        run(packed(tmp_path / "e.zip", MESSAGES), "--from", "random")
    memory.run("UPDATE pockets SET stopped_at = 2")
    with pytest.raises(Failure, match="is no pocket any more"):
        run(packed(tmp_path / "e.zip", MESSAGES))
    assert memory.learnings() == []
