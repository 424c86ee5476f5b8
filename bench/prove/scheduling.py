"""A lead who schedules prompts, changes them and pauses them, by the bot's own forms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bench import pockets
from sandbox.records import Channel, Person, View
from sandbox.slack import Slack

from .timetable import Entry, Plan

EDIT, PAUSE = "Edit", "Pause…"


@dataclass(frozen=True, slots=True)
class Lead:
    """Somebody who leads a pocket, and lives in the zone in which it is asked. What the bot does not take raises."""

    slack: Slack
    person: Person
    channel: Channel

    async def schedule(self, entry: Entry) -> None:
        """By a line where a line says it all, else by the form."""
        (_, plan), *_ = entry.plans
        if plan.skips or plan.region:
            form = (await self.slack.presses(self.person, "Schedule a prompt", on=await self._board())).form
            await self._send(form, await self._entered(form, plan) | {"questions": entry.question})
            return
        until = f" until {plan.until:%Y-%m-%d}" if plan.until else ""
        line = f"/prompts {plan.habit.words} {plan.at:%H:%M}{until} {entry.question}"
        await pockets.taken(self.slack, self.person, line, self.channel, entry.question, "Next")

    async def change(self, entry: Entry, before: Plan, plan: Plan) -> None:
        """Pause it until a date, or edit it: whichever makes the one plan of the other."""
        board = await self._board()
        is_pause = plan.rests_until != before.rests_until
        deed, block = PAUSE if is_pause else EDIT, _deeds(self.slack, board, entry.question)
        form = (await self.slack.presses(self.person, deed, on=board, block=block)).form
        entered = {"until": f"{plan.rests_until}"} if is_pause else await self._entered(form, plan)
        await self._send(form, entered)

    async def _board(self) -> View:
        board = (await self.slack.types(self.person, "/prompts", in_=self.channel)).form
        if board is None:
            raise RuntimeError("The board was not shown.")
        return board

    async def _entered(self, form: View | None, plan: Plan) -> dict[str, Any]:
        """What is chosen from what the bot suggests has to be looked for there first."""
        if form is None:
            raise RuntimeError("The form was not shown.")
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

    async def _send(self, form: View | None, entered: dict[str, Any]) -> None:
        if form is None:
            raise RuntimeError("The form was not shown.")
        answer = await self.slack.submits(self.person, form, entered)
        if not answer.closed:
            raise RuntimeError(f"The form was not taken with {entered}: {answer.errors or answer.failed}")


def _deeds(slack: Slack, board: View, question: str) -> str:
    """The block of a board's buttons for one schedule: it follows that which says what is asked."""
    blocks = board.content["blocks"]
    for number, block in enumerate(blocks):
        if question in str(block.get("text", {}).get("text")):
            return str(blocks[number + 1]["block_id"])
    raise RuntimeError(f"{question} is not on the board: {slack.text_of(board)}")
