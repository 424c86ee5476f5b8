"""The bot, with its wire to Slack in a test's hands."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from sandbox.ports import free_port
from sandbox.slack import Slack
from tests.bot.consulting import Ask, Report, consult
from tests.bot.program import address
from tests.bot.wire import Wire


@pytest.fixture
async def wire(empty_slack: Slack, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Wire]:
    """Where the bot's calls go through. Ask for it before the bot: `usefixtures("wire")`."""
    async with Wire(empty_slack.api_url) as made:
        environment = {**empty_slack.environment, "SLACK_API_URL": made.url}
        monkeypatch.setattr(Slack, "environment", environment)
        yield made


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """No waiting before an errand is looked for, and hardly any before it is tried again."""
    monkeypatch.setattr("bot.endings.LOOK_AFTER", 0.0)
    monkeypatch.setattr("bot.endings.LONGEST_WAIT", 0.02)
    monkeypatch.setattr("bot.posting.LOOK_AGAIN_AFTER", 0.0)


@pytest.fixture
def doctor(tmp_path: Path, empty_slack: Slack, database_url: URL, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Asks the doctor, with the right settings for this Slack and this database, but for those that are given."""
    monkeypatch.chdir(tmp_path)
    right = {**empty_slack.environment, "DATABASE_URL": address(database_url), "PORT": str(free_port())}

    async def ask(*, as_json: bool = True, **other: str) -> Report:
        return await consult(right, monkeypatch, as_json=as_json, **other)

    return ask
