"""What people answer in the thread of a round: said, edited, deleted, or left out with ❌."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from handlers.desk import Call
from handlers.payloads import ChangeEvent, ReactionEvent, WrittenEvent
from handlers.slack.showing import answers_to, reply_of
from storage import workspaces
from storage.ids import MessageRef, Person, PersonId, Ts
from storage.learned import entries
from storage.prompts import collecting, rounds


async def replied(call: Call, event: WrittenEvent) -> None:
    """It may be an answer in the thread of a round."""
    installation = await call.desk.db.read(workspaces.find, call.workspace)
    reply = reply_of(installation, event.place, event.message)
    await call.write(collecting.replied, reply, at=call.desk.now())


async def edited(call: Call, event: ChangeEvent, now: dict[str, Any]) -> None:
    """The edit of a reply that was not told of yet tells of it, too; what stands in no round's thread changes nothing."""
    if answers_to(call.bot, now) and await _is_round(call, event, now):
        installation = await call.desk.db.read(workspaces.find, call.workspace)
        reply = reply_of(installation, event.ref.place, now, edited=event.event_ts)
        reply = replace(reply, had_words=entries.has_more_than_signs(event.before.get("text") or ""))
        await call.write(collecting.replied, reply, at=call.desk.now())


async def deleted(call: Call, event: ChangeEvent) -> None:
    """An answer that is gone counts no more; what answered nothing changes nothing."""
    if answers_to(call.bot, event.before):
        thread = Ts(event.before["thread_ts"])
        await call.write(collecting.deleted, event.ref, thread, at=call.desk.now())


async def left_out(call: Call, event: ReactionEvent, message: MessageRef) -> None:
    """❌ came or went: it counts on one's own answer in a round, a reply of one's own or what Outloud posted for one."""
    if event.item_user in (None, event.user, call.bot):
        await call.write(
            collecting.left_out,
            message,
            Person(call.workspace, PersonId(event.user)),
            standing=event.standing,
            event_ts=event.event_ts,
            by_bot=event.item_user == call.bot,
            at=call.desk.now(),
        )


async def _is_round(call: Call, event: ChangeEvent, now: dict[str, Any]) -> bool:
    return await call.desk.db.read(rounds.of_thread, event.ref.place, Ts(now["thread_ts"])) is not None
