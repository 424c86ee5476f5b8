"""What several scenarios stand on."""

from __future__ import annotations

import pytest

from sandbox.records import Channel
from sandbox.slack import Slack
from tests.conftest import Bot
from tests.memory import Memory
from tests.rounds import Rounds


@pytest.fixture
def rounds(slack: Slack, bot: Bot, memory: Memory, pocket: Channel) -> Rounds:
    """Rounds in the pocket."""
    return Rounds(slack, bot, memory, pocket)
