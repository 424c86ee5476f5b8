"""Private answers, to whoever just did something."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from slack_sdk.errors import SlackApiError

from storage.home import showing
from storage.ids import ChannelId, Person, PersonId
from storage.refusals import Unavailable

from . import blocks as kit
from .desk import Call

log = logging.getLogger(__name__)

PATIENCE = 1.0
"""Seconds for which the ack waits for an answer behind the work. The work is saved by then: what is late comes behind the ack."""


async def answer(call: Call, text: str, blocks: list[dict[str, Any]] | None = None) -> None:
    """The command's own answer: only whoever typed it sees it."""
    await call.ack(text=text, blocks=blocks, response_type="ephemeral")


async def replace(call: Call, text: str, blocks: list[dict[str, Any]] | None = None) -> None:
    """Let what was pressed say what became of it. What can't be said in time comes behind the ack: the work is done.

    Of a message of several parts, which a person may have been told at once, the part that was pressed alone is replaced.
    """
    if _stands_in(call):
        await show_form(call, text, blocks)
        return
    pressed = call.body.get("actions") or [{}]
    before = (call.body.get("message") or {}).get("blocks") or []
    after = kit.bundles.replaced(before, str(pressed[0].get("block_id", "")), blocks or [kit.section(text)])
    await _respond(call, text, after, replace_original=True)


async def whisper(call: Call, text: str, blocks: list[dict[str, Any]] | None = None) -> None:
    """Say it privately to whoever pressed something that others see, too: that stays as it is."""
    if _stands_in(call):
        await show_form(call, text, blocks, beside=True)
        return
    await _respond(call, text, blocks, replace_original=False)


async def show_form(call: Call, text: str, blocks: list[dict[str, Any]] | None = None, *, beside: bool = False) -> None:
    """Say it to somebody who pressed something in their Home, in a form that only says so.

    Where it was pressed in such a form, that one says it, or, `beside`, stays as it is, and another lies on it.

    What can't be said in time comes later, as in `replace`.
    """
    shown, view = kit.telling_form(blocks or [kit.section(text)]), call.body.get("view") or {}
    if view.get("type") == "home":  # what was pressed there may have had its time
        person = Person(call.workspace, PersonId(call.body["user"]["id"]))
        with suppress(Unavailable):
            await call.desk.db.write(showing.touch, person, at=call.desk.now())
    trigger = str(call.body.get("trigger_id"))
    if view.get("type") == "modal" and beside:
        showing_it = call.slack.views_push(trigger_id=trigger, view=shown)
    elif view.get("type") == "modal":
        showing_it = call.slack.views_update(view_id=str(view.get("id")), view=shown)
    else:
        showing_it = call.slack.views_open(trigger_id=trigger, view=shown)
    await say(call, showing_it)


async def open_writing(call: Call, trigger_id: str, form: dict[str, Any]) -> None:
    """Open a form whose words are offered back when it is closed; opened again, it begins with what stood in it."""
    await call.slack.views_open(trigger_id=trigger_id, view=kit.holding.filled(form, call.typed))


def _stands_in(call: Call) -> bool:
    """Whether what was pressed stands in a form or in Home, and not in a message: there, nothing leads back to it."""
    return not call.body.get("response_url")


async def _respond(call: Call, text: str, blocks: list[dict[str, Any]] | None, *, replace_original: bool) -> None:
    await say(
        call,
        call.respond(text=text, blocks=blocks or [], replace_original=replace_original, response_type="ephemeral"),
    )


async def say(call: Call, saying: Coroutine[Any, Any, object]) -> None:
    """Tell what came of something that is done: what Slack is slow to take of it comes behind the ack (docs/decisions/0202)."""
    # Well before the handler's own deadline: that one would say that nothing was saved.
    until = min(asyncio.get_running_loop().time() + PATIENCE, call.until - 0.1)
    await call.desk.late.say(saying, until=until)


async def say_privately(
    call: Call, person: Person, channel: ChannelId, text: str, blocks: list[dict[str, Any]]
) -> None:
    """Answer somebody where no answer of Slack's own leads to them: in this channel, or else (empty, too) in a direct message.

    What can't be said in time comes later, as in `replace`.
    """
    await say(call, _privately(call, person, channel, text, blocks))


async def _privately(call: Call, person: Person, channel: ChannelId, text: str, blocks: list[dict[str, Any]]) -> None:
    if not (channel and await _whispered(call, person, channel, text, blocks)):
        direct = (await call.slack.conversations_open(users=person.id))["channel"]["id"]
        await call.slack.chat_postMessage(channel=direct, text=text, blocks=blocks)


async def _whispered(call: Call, person: Person, channel: ChannelId, text: str, blocks: list[dict[str, Any]]) -> bool:
    """Whether Slack took it there."""
    try:
        await call.slack.chat_postEphemeral(channel=channel, user=person.id, text=text, blocks=blocks)
    except SlackApiError as error:
        log.info("can't whisper there: %s", error.response.get("error"))
        return False
    return True
