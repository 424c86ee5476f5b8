"""Where failpoints are hooked in: SQLAlchemy's events, and wrappers around what others call."""

from __future__ import annotations

import contextvars
import functools
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

import migrations
from storage.owed import outbox

from . import attempts, endings, failpoints, posting, wiring, worker
from .failpoints import Failpoints
from .wiring import Outloud
from .worker import Worker

UNLIMITED = 2**30 - 1
"""Pages that a SQLite file may have: the library's own limit, where nothing else is said (sqlite.org/limits.html)."""

CHANGES = {"CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE"}
"""What a statement of a migration begins with that changes something."""

WAITS = (
    (worker, "LEASE"),
    (attempts, "CLIENT_TIMEOUT"),
    (wiring, "CLIENT_TIMEOUT"),
    (endings, "LOOK_AFTER"),
    (posting, "LOOK_AGAIN_AFTER"),
)
"""The seconds that hang together, each where it is read."""

_by_worker = contextvars.ContextVar("by_worker", default=False)


def install(text: str) -> None:
    """Hook in what `text`, the variable's value, asks for, for the rest of this process. Raises `Failure`."""
    wanted = failpoints.parse(text)
    points = Failpoints(wanted.plans)
    _hook_commits(points)
    _hook_outbox(points)
    _hook_answers(points)
    _hook_migrations(points)
    if wanted.full is not None:
        event.listen(Engine, "begin", functools.partial(_hold_size, wanted.full))
    hurry(wanted.hurry)


def _hook_commits(points: Failpoints) -> None:
    here = threading.local()  # a session also "commits" where nothing was begun, or is left after a rollback

    def before(connection: Connection) -> None:
        if connection.get_execution_options().get("write"):
            points.reach("before-commit")
            here.commits = True

    def instead(_connection: Connection) -> None:
        here.commits = False

    def after(session: Session) -> None:
        if getattr(here, "commits", False):
            here.commits = False
            for point in ("after-commit", *session.info.pop("failpoints", ())):
                points.reach(point)

    event.listen(Engine, "commit", before)
    event.listen(Engine, "rollback", instead)
    event.listen(Session, "after_commit", after)


def _after_its_commit(session: Session, point: str) -> None:
    session.info.setdefault("failpoints", []).append(point)


def _hook_outbox(points: Failpoints) -> None:
    claim, settle, run, call = outbox.claim, endings.settle, Worker.run, AsyncWebClient.api_call

    def claiming(session: Session, *args: Any, **kwargs: Any) -> list[outbox.Errand]:  # noqa: ANN401 -- whatever it takes
        claimed = claim(session, *args, **kwargs)
        if claimed:
            _after_its_commit(session, "after-claim")
        return claimed

    def settling(session: Session, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- whatever it takes
        points.reach("before-settle")
        settle(session, *args, **kwargs)
        _after_its_commit(session, "after-settle")

    async def running(worker: Worker) -> None:
        _by_worker.set(True)  # its tasks inherit it: handlers, which use the same client, don't have it
        await run(worker)

    async def calling(slack: AsyncWebClient, *args: Any, **kwargs: Any) -> object:  # noqa: ANN401 -- whatever it takes
        if not _by_worker.get():
            return await call(slack, *args, **kwargs)
        points.reach("before-send")
        try:
            answer = await call(slack, *args, **kwargs)
        except SlackApiError:
            points.reach("after-send")
            raise
        points.reach("after-send")
        return answer

    _replace(outbox, claim, claiming)
    _replace(endings, settle, settling)
    _replace(Worker, run, running)
    _replace(AsyncWebClient, call, calling)


def _hook_answers(points: Failpoints) -> None:
    dispatch = Outloud.dispatch

    async def dispatching(outloud: Outloud, *args: Any) -> object:  # noqa: ANN401 -- whatever it takes
        answer = await dispatch(outloud, *args)
        points.reach("before-ack")
        return answer

    _replace(Outloud, dispatch, dispatching)


def _hook_migrations(points: Failpoints) -> None:
    upgrade = migrations.upgrade

    def executed(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.split(maxsplit=1)[0].upper() in CHANGES:
            points.reach("in-migration")

    def upgrading(*args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- whatever it takes
        event.listen(Engine, "after_cursor_execute", executed)
        try:
            upgrade(*args, **kwargs)
        finally:
            event.remove(Engine, "after_cursor_execute", executed)
        points.reach("after-migration")

    _replace(migrations, upgrade, upgrading)


def hurry(times: int) -> None:
    """Shorten what a post of unknown end is waited for with, in proportion: a call stays under half a lease."""
    for owner, name in WAITS:
        setattr(owner, name, getattr(owner, name) / times)


def _replace(owner: object, old: Callable[..., Any], new: Callable[..., Awaitable[object] | object]) -> None:
    setattr(owner, old.__name__, functools.wraps(old)(new))


def _hold_size(full: Path, connection: Connection) -> None:
    """Begin a writing transaction on SQLite with as many pages as there are, while `full` exists; else with any number."""
    if connection.dialect.name == "sqlite" and connection.get_execution_options().get("write"):
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one() if full.exists() else UNLIMITED
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
