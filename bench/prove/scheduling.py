"""A lead who schedules prompts, changes them and pauses them, by the bot's own forms.

On a busy machine one is told to try again, or hears nothing, and does: what was done all the same is not done twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bench import pockets
from sandbox.elements import Impossible
from sandbox.records import Channel, Person, View
from sandbox.slack import Slack

from .timetable import Entry, Plan

ADD, EDIT, PAUSE, RESUME = "Schedule a prompt", "Edit", "Pause…", "Resume"


class _NotTaken(Exception):
    """The bot did not take it, this time; the text says what."""


@dataclass(frozen=True, slots=True)
class Lead:
    """Somebody who leads a pocket, and lives in the zone in which it is asked.

    What the bot does not take, however often it is tried, raises `RuntimeError`.
    """

    slack: Slack
    person: Person
    channel: Channel

    async def schedule(self, entry: Entry) -> None:
        """By a line where a line says it all, else by the form."""
        (_, plan), *_ = entry.plans
        if plan.skips or plan.region:
            await _tried(lambda: self._add(entry, plan))
            return
        until = f" until {plan.until:%Y-%m-%d}" if plan.until else ""
        line = f"/prompts {plan.habit.words} {plan.at:%H:%M}{until} {entry.question}"
        await pockets.taken(self.slack, self.person, line, self.channel, entry.question, "Next")

    async def change(self, entry: Entry, before: Plan, plan: Plan) -> None:
        """Pause it until a date, or edit it: whichever makes the one plan of the other."""
        if plan.rests_until != before.rests_until:
            await _tried(lambda: self._pause(entry, plan))
        else:
            await _tried(lambda: self._edit(entry, plan))

    async def _add(self, entry: Entry, plan: Plan) -> None:
        board = await self._board()
        if entry.question in self.slack.text_of(board):
            return
        form = await self._form(board, ADD)
        await self._send(form, await self._entered(form, plan) | {"questions": entry.question})

    async def _edit(self, entry: Entry, plan: Plan) -> None:
        board = await self._board()
        form = await self._form(board, EDIT, _deeds(board, entry.question)["block_id"])
        await self._send(form, await self._entered(form, plan))

    async def _pause(self, entry: Entry, plan: Plan) -> None:
        board = await self._board()
        deeds = _deeds(board, entry.question)
        if RESUME not in str(deeds):
            await self._send(await self._form(board, PAUSE, deeds["block_id"]), {"until": f"{plan.rests_until}"})

    async def _board(self) -> View:
        answer = await self.slack.types(self.person, "/prompts", in_=self.channel)
        if answer.form is None:
            raise _NotTaken(f"The board was not shown: {answer}")
        return answer.form

    async def _form(self, board: View, button: str, block: str | None = None) -> View:
        answer = await self.slack.presses(self.person, button, on=board, block=block)
        if answer.form is None or answer.form.id == board.id:
            raise _NotTaken(f"{button} showed no form: {answer}")
        return answer.form

    async def _entered(self, form: View, plan: Plan) -> dict[str, Any]:
        """What is chosen from what the bot suggests has to be looked for there first."""
        await self.slack.suggests(self.person, form, "zone", plan.zone)
        if plan.region:
            await self.slack.suggests(self.person, form, "region", plan.region)
        return {
            **plan.habit.entered,
            "time": f"{plan.at:%H:%M}",
            "zone": plan.zone,
            "start": f"{plan.start}",
            "until": f"{plan.until}" if plan.until else None,
            "skips": "\n".join(f"{day}" for day in sorted(plan.skips)) or None,
            "region": plan.region or None,
            "moves": "move" if plan.moves else "drop",
        }

    async def _send(self, form: View, entered: dict[str, Any]) -> None:
        answer = await self.slack.submits(self.person, form, entered)
        if answer.errors:
            raise RuntimeError(f"The form was refused with {entered}: {answer.errors}")
        if not answer.closed:
            raise _NotTaken(f"The form was not taken: {answer}")


async def _tried(deed: Callable[[], Awaitable[None]]) -> None:
    why: Exception | None = None
    for _ in range(pockets.TRIES):
        try:
            return await deed()
        except (_NotTaken, Impossible) as error:  # a menu that could not be loaded is no choice yet
            why = error
            await asyncio.sleep(pockets.PAUSE)
    raise RuntimeError(f"The bot did not take it: {why}") from why


def _deeds(board: View, question: str) -> dict[str, Any]:
    """A board's buttons for one schedule: their block follows that which says what is asked."""
    blocks = board.content["blocks"]
    for number, block in enumerate(blocks):
        if question in str(block.get("text", {}).get("text")):
            found: dict[str, Any] = blocks[number + 1]
            return found
    raise _NotTaken(f"{question} is not on the board.")
