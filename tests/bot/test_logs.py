"""Logs: one road for every line, and no secret or words of people on it."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot import logs
from bot.logs import HIDDEN, Redactor

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Leave logging as it was found."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def stream() -> io.StringIO:
    """Where the log goes."""
    return io.StringIO()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    """The log as a program reads it."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Yes."""
        return True


def test_elsewhere_than_on_a_terminal_a_line_is_one_json_object(stream: io.StringIO) -> None:
    """With its time in UTC, its level and where it came from."""
    logs.set_up(stream=stream)
    structlog.get_logger("bot.door").info("request", status=200, what="é\nnext")
    (line,) = lines(stream)
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "request", "level": "info", "logger": "bot.door", "status": 200, "what": "é\nnext"}


def test_on_a_terminal_a_line_is_for_people() -> None:
    """The same facts, in words and colours."""
    terminal = Terminal()
    logs.set_up(stream=terminal)
    structlog.get_logger("bot.door").info("request", status=200)
    assert not terminal.getvalue().startswith("{")
    assert "request" in terminal.getvalue()


def test_what_libraries_log_takes_the_same_road(stream: io.StringIO) -> None:
    """Also uvicorn, which would bring handlers and a level of its own."""
    logging.getLogger("uvicorn").addHandler(logging.StreamHandler(io.StringIO()))
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    logs.set_up(stream=stream)
    logging.getLogger("uvicorn.error").info("Started %s", "xoxb-1-2-abc")
    assert [(line["logger"], line["event"]) for line in lines(stream)] == [("uvicorn.error", f"Started {HIDDEN}")]
    assert logging.getLogger("uvicorn").handlers == []


def test_less_grave_lines_than_the_level_are_not_written(stream: io.StringIO) -> None:
    """LOG_LEVEL holds for every road."""
    logs.set_up("warning", stream=stream)
    structlog.get_logger("bot.door").info("request")
    logging.getLogger("alembic").info("upgrade")
    assert stream.getvalue() == ""


@pytest.mark.parametrize(
    "name",
    [
        "slack_bolt.AsyncApp",
        "slack_sdk.web.async_client",
        "sqlalchemy.engine.Engine",
        "wiring.py:AsyncApp",
        "uvicorn.access",
    ],
)
def test_a_library_that_logs_peoples_words_is_quiet_whatever_the_level(
    stream: io.StringIO, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    """Bolt gives its loggers a level by itself, so the loggers' own levels are no help."""
    caplog.set_level(logging.DEBUG, logger=name)  # for this test: SQLAlchemy would go on to log every row of all others
    logs.set_up("debug", stream=stream)
    logging.getLogger(name).info("body: %s", {"text": "the secret plan"})
    assert stream.getvalue() == ""
    logging.getLogger(name).error("a failure is told")
    assert len(lines(stream)) == 1


def test_bolt_does_not_log_a_body_that_a_middleware_dropped(stream: io.StringIO) -> None:
    """It does so as a warning, so Bolt may only tell of errors."""
    logs.set_up("debug", stream=stream)
    logging.getLogger("slack_bolt.AsyncApp").warning(
        "A global middleware skipped next (%s)", {"text": "the secret plan"}
    )
    assert stream.getvalue() == ""


def test_a_library_named_alike_is_not_quiet(stream: io.StringIO) -> None:
    """Names are compared by their parts."""
    logs.set_up("debug", stream=stream)
    logging.getLogger("slack_boltzmann").debug("hello")
    assert len(lines(stream)) == 1


@pytest.mark.parametrize("pretty", [True, False])
def test_an_exception_is_told_by_kind_and_place_without_its_words(stream: io.StringIO, *, pretty: bool) -> None:
    """With what led to it; neither their words nor the values around them."""
    logs.set_up(stream=stream, pretty=pretty)
    words = "the secret plan"

    def fail() -> None:
        try:
            dict[str, int]()[words]
        except KeyError:
            raise ValueError(words) from None

    try:
        try:
            fail()
        except ValueError as error:
            raise FileNotFoundError(2, "No such file or directory", words) from error
    except OSError:
        structlog.get_logger("bot.worker").exception("it failed")
        logging.getLogger("some.library").exception("it failed")
    told = stream.getvalue()
    assert told.count("FileNotFoundError: No such file or directory") == 2
    assert told.count("ValueError") == 2
    assert " fail" in told
    assert "KeyError" not in told, "raised from None"
    assert words not in told


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("token xoxb-12-34-abC rest", f"token {HIDDEN} rest"),
        ("xoxe.xoxp-1-Mi0yLT", HIDDEN),
        ("XAPP-1-A0-9-abc", HIDDEN),
        ("must start with xoxb-, as", "must start with xoxb-, as"),
        ("postgresql://ana:hun@ter/2@db/outloud?x", f"postgresql://ana:{HIDDEN}@db/outloud?x"),
        ("postgresql://:hunter2@db", f"postgresql://:{HIDDEN}@db"),
        ("postgresql://db/o?user=a&password=hunter2&x=1", f"postgresql://db/o?user=a&password={HIDDEN}&x=1"),
        ("host=db password=hunter2 dbname=o", f"host=db password={HIDDEN} dbname=o"),
        ("https://hooks.slack.com/commands/T1/2/abc,", f"https://hooks.slack.com/{HIDDEN}"),
        ("http://127.0.0.1:3000/slack/events", "http://127.0.0.1:3000/slack/events"),
        ("Ana <ana@example.com> wrote", "Ana <ana@example.com> wrote"),
        (f"v0 {SECRET}!", f"v0 {HIDDEN}!"),
    ],
)
def test_what_looks_like_a_secret_is_hidden(text: str, shown: str) -> None:
    """Tokens, passwords in addresses and their options, addresses that let anyone answer, and the secrets we know."""
    assert Redactor([SECRET]).text(text) == shown


def test_a_secret_is_hidden_however_deep(stream: io.StringIO) -> None:
    """In lists, mappings and their keys, bytes, and whatever an object says of itself."""

    class Talkative:
        """An object whose repr says too much."""

        def __repr__(self) -> str:
            return f"<client of {SECRET}>"

    logs.set_up(stream=stream, secrets=[SECRET, "", "abc"])
    deep = {SECRET: [(SECRET, {SECRET}), Talkative(), f"{SECRET}".encode()], "abc": 1}
    structlog.get_logger("bot").warning("deep", facts=deep, client=Talkative())
    assert SECRET not in stream.getvalue()
    assert lines(stream)[0]["facts"]["abc"] == 1, "too short to be a secret"


@pytest.mark.parametrize("secret", [r"back\slash", "apos'trophe", "both'\"quotes"])
def test_a_secret_is_hidden_where_it_is_quoted(secret: str) -> None:
    """In a repr and in a JSON text some of its signs look different."""
    redactor = Redactor([secret])
    for shown in (repr([secret]), json.dumps([secret])):
        assert "".join(filter(str.isalpha, redactor.text(shown))) == "hidden"


printable = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=50)


@given(
    secret=printable, before=st.text(max_size=10), after=st.text(max_size=10), deep=st.booleans(), pretty=st.booleans()
)
def test_a_known_secret_never_leaves(secret: str, before: str, after: str, *, deep: bool, pretty: bool) -> None:
    """Whatever stands around it, however it is written: as text, in a repr, in JSON, in an exception."""
    stream = io.StringIO()
    logs.set_up("debug", stream=stream, secrets=[secret], pretty=pretty)
    text = f"{before}{secret}{after}"
    value: object = {"a": [text, {secret: (text,)}]} if deep else text
    error = ValueError(value)
    structlog.get_logger("bot").error(text, value=value, error=error, exc_info=error)
    logging.getLogger("library").error("%s %r", value, error, exc_info=error)
    told = stream.getvalue()
    assert told.count("ValueError") >= 2, "both roads were taken"
    for form in (secret, repr(secret)[1:-1], json.dumps(secret)[1:-1]):
        assert form not in told


def test_a_line_that_cannot_be_written_is_not_repeated_elsewhere(
    stream: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    """Python's own way would print the message and its arguments, unhidden."""
    logs.set_up(stream=stream)
    logging.getLogger("library").info("%d tokens", SECRET)
    said = capsys.readouterr().err
    assert said.startswith("A log line of library at ")
    assert SECRET not in said + stream.getvalue()
