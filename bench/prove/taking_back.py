"""The end of the leak hunt: all that was learned is taken back, by whoever wrote it, and the bot does what it owes then."""

from __future__ import annotations

import asyncio
import time

from sqlalchemy import text

from bench import pockets
from bench.program import reading
from sandbox.slack import Slack

from .looks import Looks, NotAnswered
from .proof import Tally

STILL = 180
"""Seconds without any change after which what the bot still has to do is held to hang."""


async def take_all_back(slack: Slack, by: Looks, url: str, tally: Tally) -> None:
    """Each author undoes what is theirs, wherever they are now; and the bot does what it owes then."""
    await _rest(slack, url, tally)
    found = text("SELECT id, author, source_ts FROM learnings WHERE state = 'live'")
    with reading(url) as connection:
        for row in connection.execute(found).all():
            author = slack.find_person(row.author)
            try:
                await by.undo(author, "kept.undo" if row.source_ts else "share.undo", row.id)
            except NotAnswered as error:
                tally.wrong.append(str(error))
    # Of a table in which nothing is left PostgreSQL keeps its samples (docs/decisions/0163): something stays, as it does in life.
    await pockets.taken(slack, "ana", "/share It stays #stays", by.lobby, "Shared")
    await _rest(slack, url, tally)
    await _owes_nothing(url, tally, "SELECT count(*) FROM corpora WHERE untidy", "The index was not tidied")


async def _rest(slack: Slack, url: str, tally: Tally) -> None:
    """Wait until the bot owes nothing any more."""
    await slack.settled()
    await _owes_nothing(url, tally, "SELECT count(*) FROM outbox WHERE state = 'waiting'", "The outbox still waits")


async def _owes_nothing(url: str, tally: Tally, left: str, else_: str) -> None:
    with reading(url) as connection:
        before, changed = -1, time.monotonic()
        while many := connection.scalar(text(left)):
            connection.rollback()
            if many != before:
                before, changed = many, time.monotonic()
            if time.monotonic() - changed > STILL:
                tally.wrong.append(f"{else_}: for {STILL} s, {many} did not change.")
                break
            await asyncio.sleep(0.1)
