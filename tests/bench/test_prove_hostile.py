"""hostile: that what it looks for would be seen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from bench.prove import traces
from bench.prove.mutations import canary
from bench.prove.proof import Tally
from tests.memory import Memory


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (json.dumps({"event": f"got {canary(7)}", "level": "info"}), "Line 2 of the log holds words of a request."),
        (f'{{"event": "{canary(7).upper()}"', "Line 2 of the log holds words of a request."),
        ("Traceback (most recent call last):", "A line of the log is none of the bot's: Traceback (most recent"),
        (
            json.dumps({"event": "oh", "level": "error", "exception": "E\n  f.py:1 g"}),
            "An error in the log: oh E   f.py:1 g",
        ),
        (json.dumps({"event": "oh", "level": "info", "exception": "E"}), "An error in the log: oh E E"),
        (
            json.dumps({"event": "parked an errand of kind look", "level": "error", "exception": "KeyError"}),
            "An error in the log: parked an errand of kind look KeyError KeyError",
        ),
        (
            json.dumps({"event": "Although the app should be installed", "level": "info", "exception": "E"}),
            "An error in the log: Although the app should be installed E E",
        ),
    ],
)
def test_what_should_not_stand_in_a_log_is_found_there(tmp_path: Path, line: str, fault: str) -> None:
    """A body's words, a traceback, an error."""
    log = tmp_path / "outloud.log"
    by_http, by_socket = (f"{greeting}http://127.0.0.1:1" for greeting in traces.GREETINGS)
    log.write_text("\n".join([by_http, line, by_socket, json.dumps({"event": "a", "level": "info"})]))
    (found,) = traces.in_log(log, traces.NOT_OURS).faults
    assert found.startswith(fault)


def test_what_tells_of_nobody_is_excused_where_nothing_broke(tmp_path: Path) -> None:
    """It is counted; and with an excuse of its own, so is what a proof breaks: that, and nothing else."""
    log = tmp_path / "outloud.log"
    lines = [
        {"event": "parked an errand of kind look: no_such_message", "level": "error"},
        {"event": "nothing can be read", "level": "error", "exception": "psycopg.OperationalError: gone"},
        {"event": "nothing can be read", "level": "error", "exception": "KeyError"},
    ]
    log.write_text("\n".join(json.dumps(line) for line in lines))
    found = traces.in_log(log, [*traces.NOT_OURS, traces.Excuse("nothing can be read", ("psycopg.",))])
    assert (found.excused, found.faults) == (2, ["An error in the log: nothing can be read KeyError KeyError"])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # it is the looking that is tried, not SQL
def test_what_a_badly_signed_request_left_and_what_an_honest_one_lost_is_found(
    database_url: URL, memory: Memory
) -> None:
    """In whatever table; and what was shared must be there once."""
    memory.run("INSERT INTO workspaces (id, name, url, bot_user, bot, installed_at) VALUES ('T', '', '', '', '', 0)")
    memory.run("INSERT INTO deliveries VALUES ('T', :id, 0)", id=canary(7))
    tally = Tally("requests")
    traces.look(database_url.render_as_string(), tally, unsigned={7, 8}, shared={9})
    assert tally.wrong == ["Request 7 was badly signed, and stands in deliveries."]
    assert tally.lost == ["What request 9 shared is not remembered."]
