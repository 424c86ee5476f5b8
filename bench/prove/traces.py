"""What a siege left behind: in the database, and in the log."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, MetaData, text

from bench.program import reading

from .mutations import CANARIES, CANARY
from .proof import Tally

GREETINGS = ("Outloud listens on ", "Outloud opens connections to Slack (Socket Mode), and tells at ")
"""The one line that is no JSON object, by either door."""

NOT_OURS = ("parked an errand", "Although the app should be installed into this workspace")
"""How errors begin that tell of people, messages and workspaces that are not there. No fault of the bot's."""

MOST_SHOWN = 80
"""Characters shown of a line that should not be there."""


def numbers(words: str) -> list[int]:
    """The numbers of the requests whose canaries stand in these words, each once."""
    return list(dict.fromkeys(int(number) for number in CANARIES.findall(words)))


def look(url: str, tally: Tally, *, unsigned: set[int], shared: set[int]) -> None:
    """Nothing of an unsigned request may be in any table; what was shared is one live learning."""
    with reading(url) as connection:
        for table, found in _everything(connection):
            for number in sorted(unsigned.intersection(numbers(found))):
                tally.wrong.append(f"Request {number} was badly signed, and stands in {table}.")
        rows = connection.execute(text("SELECT words FROM learnings WHERE state = 'live' AND source_ts IS NULL"))
        live = Counter(number for row in rows for number in numbers(row.words))
    tally.lost.extend(f"What request {one} shared is not remembered." for one in sorted(shared) if not live[one])
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
    in_vain: int = 0
    """How often it says that somebody or something is not there."""


def in_log(path: Path) -> Log:
    """Read the whole log: every line is JSON, none of them an error, and none holds a canary."""
    log = Log()
    for number, line in enumerate(path.read_text(errors="replace").splitlines(), start=1):
        if CANARY.lower() in line.lower():
            log.faults.append(f"Line {number} of the log holds words of a request.")
        elif (fault := _fault(line, log)) and fault not in log.faults:
            log.faults.append(fault)
    return log


def _fault(line: str, log: Log) -> str:
    try:
        entry = json.loads(line)
    except ValueError:
        is_known = line.startswith(GREETINGS) or not line.strip()
        return "" if is_known else f"A line of the log is none of the bot's: {line[:MOST_SHOWN]}"
    if str(entry["event"]).startswith(NOT_OURS):
        log.in_vain += 1
    elif entry["level"] in ("error", "critical") or "exception" in entry:
        where = str(entry.get("exception", "")).splitlines()
        return " ".join(["An error in the log:", str(entry["event"]), *where[:1], *where[-1:]])
    return ""
