"""Logging: readable lines on a terminal, one JSON object a line elsewhere; ours and the libraries' by the same road.

What leaves here holds no secret. The libraries' chatter is cut where it carries what people wrote.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterable, Iterator
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor

from storage.owed.causes import CAUSE

from . import traces

FLOORS = {
    "slack_bolt": logging.ERROR,  # bodies at INFO (a bad signature) and at WARNING (a middleware that stays silent)
    "slack_sdk": logging.WARNING,  # arguments and answers of every call at DEBUG
    "sqlalchemy": logging.WARNING,  # the values in every statement at INFO
    "alembic": logging.WARNING,  # two lines at every start
    "psycopg": logging.WARNING,
    "aiohttp": logging.WARNING,
    "apscheduler": logging.WARNING,  # a line a tick
    "uvicorn.access": logging.WARNING,  # the front door tells of every request by itself
}
"""The least grave line that each library may write, whatever LOG_LEVEL says."""

BOLT_APP = (":AsyncApp", ":App")
"""How the names of Bolt's other loggers end; they begin with the name of whatever file made the app."""

HIDDEN = "[hidden]"

SHAPES = (
    (re.compile(r"\bx(?:ox[a-z]|app|wfp)[-.][\w.%/+=-]+", re.IGNORECASE), HIDDEN),  # Slack's tokens
    (re.compile(r"(://[^\s:/?#@\"']*:)\S+@"), rf"\1{HIDDEN}@"),  # a password in an address
    (re.compile(r"((?:password|passwd|pwd)=)[^\s&\"']+", re.IGNORECASE), rf"\1{HIDDEN}"),  # and among its options
    (re.compile(r"(hooks\.slack\.com/)[^\s\"']+", re.IGNORECASE), rf"\1{HIDDEN}"),  # a response_url lets anyone answer
)
"""What looks like a secret, and what stands there instead."""

_SUSPICIOUS = re.compile(r"xox|xapp|xwfp|://|passw|pwd|hooks", re.IGNORECASE)

SHORTEST_SECRET = 4
"""Characters: hiding something shorter would only riddle the log with holes."""


def set_up(
    level: str = "info", *, secrets: Iterable[str] = (), stream: TextIO | None = None, pretty: bool | None = None
) -> None:
    """Send every log line of this process to `stream` (stderr), from `level` on, with `secrets` hidden everywhere.

    `pretty` is for people; None means: if the stream is a terminal.
    """
    stream = stream or sys.stderr
    pretty = stream.isatty() if pretty is None else pretty
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        _name_request,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _describe_exception,
        Redactor(secrets),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    _take_over(_Handler(stream), shared, level=level.upper(), pretty=pretty)


class Redactor:
    """A structlog processor: what leaves it is text, numbers, lists and mappings, with no secret in any of them."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = {form for secret in secrets if len(secret) >= SHORTEST_SECRET for form in _forms(secret)}
        self._known = sorted(known, key=len, reverse=True)

    def __call__(self, _logger: object, _method: str, event: EventDict) -> EventDict:
        """The event without secrets. structlog's own entries, which begin with `_`, go on as they are."""
        return {name: value if name.startswith("_") else self.value(value) for name, value in event.items()}

    def value(self, value: object) -> object:
        """`value` without secrets. What is no number and has no parts becomes text here, not later and elsewhere."""
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.text(str(name)): self.value(each) for name, each in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self.value(each) for each in value]
        return self.text(repr(value))

    def text(self, text: str) -> str:
        """`text` without secrets."""
        for secret in self._known:
            text = text.replace(secret, HIDDEN)
        if _SUSPICIOUS.search(text):  # one look at most texts instead of four
            for shape, instead in SHAPES:
                text = shape.sub(instead, text)
        return text


def _forms(secret: str) -> Iterator[str]:
    """As it is, and as it stands inside a repr or a JSON text."""
    yield secret
    yield repr(secret)[1:-1]
    yield json.dumps(secret)[1:-1]


def _name_request(_logger: object, _method: str, event: EventDict) -> EventDict:
    """All that one delivery leads to, here, in the writer's thread, and in the outbox later, has one id in the log."""
    if (cause := CAUSE.get()) is not None:
        event.setdefault("request", cause)
    return event


def _describe_exception(_logger: object, _method: str, event: EventDict) -> EventDict:
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["exception"] = traces.describe(error)
    return event


class _Handler(logging.StreamHandler[TextIO]):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 -- logging's own name
        """Say that a line was lost, and not what was in it, as logging itself would."""
        sys.stderr.write(f"A log line of {record.name} at {record.pathname}:{record.lineno} could not be written.\n")


def _take_over(handler: logging.Handler, shared: list[Processor], *, level: str, pretty: bool) -> None:
    renderer: Processor = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if pretty
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    handler.addFilter(_is_wanted)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):  # uvicorn brings handlers and a level of its own
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.setLevel(logging.NOTSET)
        logger.propagate = True


def _is_wanted(record: logging.LogRecord) -> bool:
    """A filter and not the loggers' levels: Bolt sets those of its loggers by itself, to the root's."""
    if record.name.endswith(BOLT_APP):
        return record.levelno >= FLOORS["slack_bolt"]
    floors = (floor for name, floor in FLOORS.items() if record.name == name or record.name.startswith(f"{name}."))
    return record.levelno >= max(floors, default=logging.NOTSET)
