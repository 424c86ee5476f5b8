"""What Slack was slow to take of an answer: it is said behind the ack, which waits no longer for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from .slack.silence import SILENCE

log = logging.getLogger(__name__)

LATEST = 5.0
"""Seconds after which it is left unsaid: what stands there by then may be of what somebody did since."""

AT_THE_END = 1.0
"""Seconds for what is on its way when Outloud stops."""


@dataclass(slots=True)
class Late:
    """What is being said, in this process. What it was about is saved: where it ends unsaid, that was all."""

    _on_their_way: set[asyncio.Task[None]] = field(default_factory=set)

    async def say(self, saying: Coroutine[Any, Any, object], *, until: float) -> None:
        """Wait for it, but no longer than `until`, in the event loop's time: then it goes on by itself.

        Slack's silence is only logged; raises what else went wrong by then.
        """
        task = asyncio.create_task(_say(saying), name="answer")
        self._on_their_way.add(task)
        task.add_done_callback(self._on_their_way.discard)
        done, _ = await asyncio.wait({task}, timeout=until - asyncio.get_running_loop().time())
        if task not in done:
            task.add_done_callback(_tell)
        elif not task.cancelled():
            task.result()

    async def stop(self) -> None:
        """Let what is on its way arrive, for a moment; give the rest up."""
        if self._on_their_way:
            _, late = await asyncio.wait(self._on_their_way, timeout=AT_THE_END)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


async def _say(saying: Coroutine[Any, Any, object]) -> None:
    try:
        async with asyncio.timeout(LATEST):
            await saying
    except SILENCE as error:
        log.warning("could not answer: %s", type(error).__name__)


def _tell(task: asyncio.Task[None]) -> None:
    """Nobody waits for it any more: a defect in it is told by the log alone."""
    if not task.cancelled() and (error := task.exception()):
        log.error("an answer failed behind its ack", exc_info=error)
