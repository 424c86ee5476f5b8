"""Asking the doctor: `outloud doctor` within the tests' own process, and what it says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import pytest
from typer.testing import CliRunner

from bot import clock
from bot.commands import app
from bot.settings import Settings
from sandbox.slack import Slack
from tests.memory import Memory

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass
class Report:
    """What the doctor said."""

    status: int
    text: str
    checks: list[dict[str, str]] = field(default_factory=list)

    def of(self, check: str) -> dict[str, str]:
        """The one finding of a check."""
        (found,) = (one for one in self.checks if one["check"] == check)
        return found

    def state(self, check: str) -> str:
        """Whether it is well."""
        return self.of(check)["state"]


Ask = Callable[..., Coroutine[Any, Any, Report]]


def installed(memory: Memory, slack: Slack, *, alive: float = 5, heard: float | None = 60) -> None:
    """Outloud was there so many seconds ago, and by then had heard of something so many seconds ago."""
    now = clock.now()
    memory.run(
        "INSERT INTO workspaces (id, name, url, bot_user, bot, installed_at, alive_at, heard)"
        " VALUES (:id, 'Acme', '', 'U0', 'B0', 1, :alive, :heard)",
        id=slack.world.team_id,
        alive=now - alive,
        heard=None if heard is None else f"{now - heard:.6f}",
    )


def owe(memory: Memory, slack: Slack, id: str, *, state: str, due: float) -> None:
    """Put something into the outbox that is due since so many seconds."""
    memory.run(
        "INSERT INTO outbox (workspace, id, kind, lane, body, state, due, owed_at)"
        " VALUES (:workspace, :id, 'post card', 'C1', '{}', :state, :due, 1)",
        workspace=slack.world.team_id,
        id=id,
        state=state,
        due=clock.now() - due,
    )


async def consult(right: dict[str, str], patch: pytest.MonkeyPatch, *, as_json: bool = True, **other: str) -> Report:
    """What the doctor says with these settings, of which some are other than right. No token is in it."""
    for name in Settings.model_fields:
        patch.delenv(name.upper(), raising=False)
    for name, value in (right | other).items():
        patch.setenv(name, value)
    done = await asyncio.to_thread(CliRunner().invoke, app, ["doctor", *(["--json"] if as_json else [])])
    assert done.exception is None or isinstance(done.exception, SystemExit), repr(done.exception)
    text = done.stdout + done.stderr
    for secret in (right["SLACK_BOT_TOKEN"], right["SLACK_SIGNING_SECRET"], *other.values()):
        assert not secret.startswith(("xox", "xapp-")) or secret not in text
    if not as_json:
        return Report(done.exit_code, text)
    told = json.loads(done.stdout)
    assert told["status"] == done.exit_code
    return Report(done.exit_code, text, told["checks"])
