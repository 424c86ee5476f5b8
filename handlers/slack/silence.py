"""How Slack's silence shows."""

from __future__ import annotations

import aiohttp
from slack_sdk.errors import SlackClientError

SILENCE = (TimeoutError, OSError, aiohttp.ClientError, SlackClientError)
"""What the SDK raises where Slack refuses, breaks off or is not reached: aiohttp's errors come through as they are."""
