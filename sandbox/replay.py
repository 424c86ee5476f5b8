"""A Slack export played as live traffic: people, channels, messages, threads and reactions, in order of time."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from .player import Habits, Player, ReplayFailed, Result
from .records import SlackError

if TYPE_CHECKING:
    from collections.abc import Callable

    from .export import Export
    from .slack import Slack

__all__ = ["Habits", "ReplayFailed", "Result", "before_first", "furnish", "replay"]

WINDOW = 16
"""How many messages, each with its reactions, are on their way to the app at once."""

QUIET = 2.0
"""Real seconds without a call of the Web API after which an app that acknowledged everything is done."""

LOOK_EVERY = 0.1

PATIENCE = 45.0
"""Real seconds without a call after which an app is done anyway: longer than it waits when told to (`Retry-After`)."""

DAY = 86400.0
"""Seconds."""


def before_first(export: Export, *, room: float = DAY) -> float | None:
    """So many seconds before the first message (since 1970, UTC), for the clock to begin at; None if there is none.

    It runs on, a hundred times as fast, while people and channels are set up: the app is started before anything is said, however
    long that takes.
    """
    first = next(iter(export.messages()), None)
    return first[1].time - room if first else None


def furnish(slack: Slack, export: Export) -> None:
    """Let all of the export stand in `slack` already, the app in each channel: as what is played once more finds it."""
    Player(slack, export, Habits()).furnish()


async def replay(
    slack: Slack,
    export: Export,
    *,
    habits: Habits | None = None,
    progress: Callable[[], None] = lambda: None,
    check: Callable[[], None] = lambda: None,
) -> Result:
    """Play the whole export into `slack`, whose app runs; then wait until the app is quiet.

    `progress` is called after each message; `check` now and then, to raise where the app is gone. Each message has the
    time and the author it has in the export; those who are unknown are created.

    Raises `ReplayFailed` where the app refuses to start in a channel, `BadExport`, and what `check` raises.
    """
    player = Player(slack, export, habits or Habits())
    await player.set_the_scene()
    began = time.monotonic()
    window = asyncio.Semaphore(WINDOW)

    def played(_: asyncio.Task[None]) -> None:
        window.release()
        progress()

    try:
        async with asyncio.TaskGroup() as playing:
            for channel, message in export.messages():
                await window.acquire()
                check()
                playing.create_task(player.play(channel, message)).add_done_callback(played)
    except ExceptionGroup as failures:
        raise _first(failures) from None
    quiet_since = await _wait_for_quiet(slack, player, check)
    return player.result(quiet_since - began)


def _first(failures: BaseExceptionGroup[Exception]) -> BaseException:
    first = failures.exceptions[0]
    if isinstance(first, SlackError):
        return ReplayFailed(f"The export cannot be played: Slack refuses {first.code}.")
    return first


async def _wait_for_quiet(slack: Slack, player: Player, check: Callable[[], None]) -> float:
    """Until nothing is on its way to the app, it has answered every keep, and calls nothing more; or seems done.

    Returns since when it has been quiet (`time.monotonic`).
    """
    calls, last_call = -1, time.monotonic()
    while True:
        check()
        await slack.settled()
        if len(slack.world.calls) != calls:
            calls, last_call = len(slack.world.calls), time.monotonic()
        waiting = any(delivery.state == "waiting" for delivery in slack.courier.deliveries)
        is_answered = player.count_acknowledged() >= player.count_wanted() and not waiting
        if time.monotonic() - last_call > (QUIET if is_answered else PATIENCE):
            return last_call
        await asyncio.sleep(LOOK_EVERY)
