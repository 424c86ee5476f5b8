"""Rows to write, and a gate and a counter for the writer that writes them."""

from __future__ import annotations

import asyncio
import math
import threading

from sqlalchemy import event, text
from sqlalchemy.orm import Session

from storage import workspaces
from storage.db.database import Database
from storage.ids import ChannelId, Person, PersonId, WorkspaceId
from storage.visibility import Kind, Viewer
from storage.workspaces import Installation


class Gate:
    """Holds the writer's thread: what is written meanwhile waits, and forms one group."""

    def __init__(self) -> None:
        self._held = threading.Event()
        self._open = threading.Event()

    def hold(self, _session: Session) -> None:
        """A write that lasts until `open`."""
        self._held.set()
        assert self._open.wait(10)

    async def held(self) -> None:
        """Wait until the writer is inside `hold`."""
        assert await asyncio.to_thread(self._held.wait, 10)

    def open(self) -> None:
        """Let the writer go on."""
        self._open.set()


class Commits:
    """How many transactions a database's engine has committed."""

    def __init__(self, db: Database) -> None:
        self.count = 0
        event.listen(db.engine, "commit", self._one)

    def _one(self, _connection: object) -> None:
        self.count += 1


def installation(id: str) -> Installation:
    """A workspace, told apart by its id alone."""
    return Installation(WorkspaceId(id), None, id, f"https://{id.lower()}.slack.com/", PersonId("UBOT"), "B1")


def install(session: Session, id: str) -> str:
    """Write a workspace: the smallest row that needs no other. Once more is a violation of its key."""
    session.execute(
        text("INSERT INTO workspaces (id, name, url, bot_user, bot, installed_at) VALUES (:id, '', '', '', '', 0)"),
        {"id": id},
    )
    return id


def found(session: Session) -> set[str]:
    """The workspaces there are."""
    return set(session.scalars(text("SELECT id FROM workspaces")))


def viewer(
    person: Person, kind: Kind = "member", *, is_active: bool = True, channels: frozenset[ChannelId] | None = None
) -> Viewer:
    """Somebody who wants to see something; whatever Slack ever said of a channel still holds."""
    return Viewer(person, kind, since=0.0, until=math.inf, is_active=is_active, channels=channels)


def open_workspace(session: Session, id: str = "T1") -> WorkspaceId:
    """A workspace to work in."""
    workspaces.install(session, installation(id), at=0.0)
    return WorkspaceId(id)
