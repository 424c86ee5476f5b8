"""Following: what people answer in the thread of a round; and what becomes of a kept message when it changes in Slack."""

from __future__ import annotations

from dataclasses import replace

from handlers.desk import Call
from handlers.payloads import ChangeEvent, ReactionEvent, WrittenEvent
from handlers.slack.showing import DELETED, answers_to, files_of, reply_of, words_of
from storage import workspaces
from storage.ids import MessageRef, Person, PersonId, Place, Ts
from storage.kept import sources
from storage.prompts import collecting, rounds


async def replied(call: Call, event: WrittenEvent) -> None:
    """It may be an answer in the thread of a round."""
    installation = await call.desk.db.read(workspaces.find, call.workspace)
    reply = reply_of(installation, event.place, event.message)
    await call.desk.db.write(collecting.replied, reply, at=call.desk.now())


async def changed(call: Call) -> None:
    """A message was edited or deleted; that of a message which nobody keeps changes nothing."""
    await _follow(call, ChangeEvent.of(call))
    await call.ack()


async def left_out(call: Call, event: ReactionEvent, message: MessageRef) -> None:
    """❌ came or went: it counts on one's own answer in a round, a reply of one's own or what Outloud posted for one."""
    if event.item_user in (None, event.user, call.bot):
        await call.desk.db.write(
            collecting.left_out,
            message,
            Person(call.workspace, PersonId(event.user)),
            standing=event.standing,
            event_ts=event.event_ts,
            by_bot=event.item_user == call.bot,
            at=call.desk.now(),
        )


async def _follow(call: Call, event: ChangeEvent) -> None:
    now = event.message
    if now is None or now.get("subtype") == DELETED:
        await call.desk.db.write(sources.deleted, event.ref, event_ts=event.event_ts, at=call.desk.now())
        if answers_to(call.bot, event.before):
            thread = Ts(event.before["thread_ts"])
            await call.desk.db.write(collecting.deleted, event.ref, thread, at=call.desk.now())
    elif now.get("user") != call.bot and event.is_edit:
        said, files = words_of(now), files_of(now)
        await call.desk.db.write(
            sources.edited, event.ref, said, event_ts=event.event_ts, at=call.desk.now(), with_files=files
        )
        if answers_to(call.bot, now) and await _is_round(call, event.ref.place, Ts(now["thread_ts"])):
            await _edited(call, event, now)


async def _edited(call: Call, event: ChangeEvent, now: dict[str, object]) -> None:
    """The edit of a reply that was not told of yet tells of it, too."""
    installation = await call.desk.db.read(workspaces.find, call.workspace)
    reply = reply_of(installation, event.ref.place, now, edited=event.event_ts)
    reply = replace(reply, had_words=bool((event.before.get("text") or "").strip()))
    await call.desk.db.write(collecting.replied, reply, at=call.desk.now())


async def _is_round(call: Call, place: Place, thread: Ts) -> bool:
    return await call.desk.db.read(rounds.of_thread, place, thread) is not None
