"""What a siege left behind: in the database, and in the log."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, MetaData, text

from bench.program import reading

from .mutations import CANARIES, CANARY
from .proof import Tally

GREETINGS = ("Outloud listens on ", "Outloud opens connections to Slack (Socket Mode), and tells at ")
"""The one line that is no JSON object, by either door."""


@dataclass(frozen=True, slots=True)
class Excuse:
    """An error that a proof brings about, and that is no fault of the bot's: how it begins, and why it may."""

    event: str
    exceptions: tuple[str, ...] = ()
    """How the exceptions begin that may stand with it. Without any, none may: it is a sentence, and nothing broke."""

    def covers(self, event: str, exception: str) -> bool:
        """Whether it is this error, with no other exception, nor one that led to another."""
        kinds = [line for line in exception.splitlines() if not line.startswith(" ")]  # the places are indented
        return event.startswith(self.event) and all(kind.startswith(self.exceptions) for kind in kinds)


NOT_OURS = (Excuse("parked an errand"), Excuse("Although the app should be installed into this workspace"))
"""They tell of people, messages and workspaces that are not there."""

GRAVE = ("error", "critical")
"""The levels of what should not be."""

MOST_SHOWN = 80
"""Characters shown of a line that should not be there."""


def numbers(words: str) -> list[int]:
    """The numbers of the requests whose canaries stand in these words, each once."""
    return list(dict.fromkeys(int(number) for number in CANARIES.findall(words)))


def look(url: str, tally: Tally, *, unsigned: set[int], shared: set[int], refused: set[int]) -> None:
    """Nothing of an unsigned request may be in any table; what was shared is one live learning, what was refused none."""
    with reading(url) as connection:
        for table, found in _everything(connection):
            for number in sorted(unsigned.intersection(numbers(found))):
                tally.wrong.append(f"Request {number} was badly signed, and stands in {table}.")
        rows = connection.execute(text("SELECT words FROM learnings WHERE state = 'live' AND source_ts IS NULL"))
        live = Counter(number for row in rows for number in numbers(row.words))
    tally.lost.extend(f"What request {one} shared is not remembered." for one in sorted(shared) if not live[one])
    tally.wrong.extend(
        f"Request {one} heard that nothing was saved, and it was." for one in sorted(refused) if live[one]
    )
    tally.doubled.extend(f"What request {one} shared is remembered twice." for one in sorted(shared) if live[one] > 1)


def _everything(connection: Connection) -> Iterable[tuple[str, str]]:
    """The name of each table, and all that stands in it, a row at a time."""
    tables = MetaData()
    tables.reflect(connection)
    for table in tables.sorted_tables:
        for row in connection.execute(table.select()):
            yield table.name, "\n".join(map(str, row))


@dataclass
class Log:
    """What a log says that it should not."""

    faults: list[str] = field(default_factory=list)
    excused: int = 0
    """How many errors it tells of that were expected."""


def in_log(path: Path, excuses: Sequence[Excuse] = ()) -> Log:
    """Read the whole log: every line is JSON, none of them an error that has no excuse, and none holds a canary."""
    log = Log()
    for number, line in enumerate(path.read_text(errors="replace").splitlines(), start=1):
        if CANARY.lower() in line.lower():
            log.faults.append(f"Line {number} of the log holds words of a request.")
        elif (fault := _fault(line, log, excuses)) and fault not in log.faults:
            log.faults.append(fault)
    return log


def judge_log(
    path: Path, tally: Tally, excuses: Sequence[Excuse] = (), *, called: str = "errors in the log were expected"
) -> None:
    """Hold the whole log against the bot, but for what the proof itself brought about."""
    found = in_log(path, excuses)
    tally.wrong += found.faults
    if found.excused:
        tally.notes.append(f"{found.excused} {called}")


def _fault(line: str, log: Log, excuses: Sequence[Excuse]) -> str:
    try:
        entry = json.loads(line)
    except ValueError:
        is_known = line.startswith(GREETINGS) or not line.strip()
        return "" if is_known else f"A line of the log is none of the bot's: {line[:MOST_SHOWN]}"
    event, exception = str(entry["event"]), str(entry.get("exception", ""))
    if not exception and entry["level"] not in GRAVE:
        return ""
    if any(one.covers(event, exception) for one in excuses):
        log.excused += 1
        return ""
    where = exception.splitlines()
    return " ".join(["An error in the log:", event, *where[:1], *where[-1:]])
