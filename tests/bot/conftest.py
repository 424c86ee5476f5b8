"""The bot, with its wire to Slack in a test's hands."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from sandbox.slack import Slack
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
