"""Private answers, to whoever just did something."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import aiohttp
from slack_sdk.errors import SlackClientError

from .desk import Call

log = logging.getLogger(__name__)

SILENCE = (TimeoutError, OSError, aiohttp.ClientError, SlackClientError)
"""What the SDK raises where Slack refuses, breaks off or is not reached: aiohttp's errors come through as they are."""

PATIENCE = 1.0
"""Seconds that an answer behind the work may take. The work is saved by then: no answer is worth losing the ack."""


async def answer(call: Call, text: str, blocks: list[dict[str, Any]] | None = None) -> None:
    """The command's own answer: only whoever typed it sees it."""
    await call.ack(text=text, blocks=blocks, response_type="ephemeral")


async def replace(call: Call, text: str, blocks: list[dict[str, Any]] | None = None) -> None:
    """Let what was pressed say what became of it. What can't be said in time is left unsaid: the work is done."""
    # Well before the handler's own deadline: that one would say that nothing was saved.
    until = min(asyncio.get_running_loop().time() + PATIENCE, call.until - 0.1)
    try:
        async with asyncio.timeout_at(until):
            await call.respond(text=text, blocks=blocks or [], replace_original=True)
    except SILENCE as error:
        log.warning("could not answer: %s", type(error).__name__)
