"""Commands of an operator, typed within the test's own process: to start a program takes seconds."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy.engine import URL
from structlog.testing import capture_logs
from typer.testing import CliRunner

from bot.commands import app
from bot.commands.failing import Failure
from sandbox.slack import Slack


class Operator:
    """Whoever runs the bot that stands beside it, with its settings."""

    def __init__(self, slack: Slack, database_url: URL, monkeypatch: pytest.MonkeyPatch) -> None:
        for name, value in slack.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("DATABASE_URL", database_url.render_as_string(hide_password=False))

    async def types(self, *words: str) -> str:
        """What a command says; raises the `Failure` in which it ends."""
        with capture_logs():  # what the bot logs meanwhile would stand among it
            done = await asyncio.to_thread(CliRunner().invoke, app, [*words])
        if isinstance(done.exception, Failure):
            raise done.exception
        assert done.exit_code == 0, done.output
        return str(done.stdout)
