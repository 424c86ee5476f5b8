"""From Bolt to the function that answers: one catch-all listener per kind of payload looks it up.

Bolt builds a listener's arguments anew for each registered listener that it tries (8-9 µs each): sixty of them would cost an
ack four times its time.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext

from storage.ids import Person, PersonId, WorkspaceId

from . import ACTIONS, CLOSINGS, COMMANDS, EVENTS, FORMS, SHORTCUTS, SUGGESTIONS, loggable
from .desk import Call, Desk, Handler
from .explaining import Stands, TooSlow, explain, says_nothing_done
from .hearing import moved
from .pockets import standing
from .slack import viewing

log = logging.getLogger(__name__)

DEADLINE = 2.5
"""Seconds for a handler. Slack waits 3; Bolt, with `process_before_response`, sets no limit of its own."""

KEPT = ("member_joined_channel", "member_left_channel")
"""Events about Outloud itself that it wants to hear."""

BY_PEOPLE = (COMMANDS, SHORTCUTS, ACTIONS, FORMS)
"""What is answered with a sentence; events tell of what was done at some time, and a suggestion shows what its viewer may see."""

EVERYTHING = re.compile("")


def register(app: AsyncApp, desk: Desk) -> None:
    """Give Bolt the catch-all listeners, and the one road for errors."""
    for kind, table, name_of in (
        (app.command, COMMANDS, lambda body: body["command"]),
        (app.shortcut, SHORTCUTS, lambda body: body["callback_id"]),
        (app.action, ACTIONS, _action),
        (app.view, FORMS, lambda body: body["view"]["callback_id"]),
        (app.view_closed, CLOSINGS, lambda body: body["view"]["callback_id"]),
        (app.options, SUGGESTIONS, lambda body: body.get("action_id") or body.get("name")),
        (app.event, EVENTS, _event),
    ):
        kind(EVERYTHING)(_listener(table, name_of, desk))
    app.error(explain)


def _listener(table: Mapping[str, Handler], name_of: Callable[[dict[str, Any]], Any], desk: Desk) -> Callable[..., Any]:
    async def listener(body: dict[str, Any], context: AsyncBoltContext) -> None:
        if table is EVENTS and _is_own(body["event"], context):
            await context.ack()
            return
        if table is EVENTS:
            desk.heard.note(WorkspaceId(str(context.team_id)), body["event"].get("event_ts"))
        handler = table.get(str(name_of(body)))
        if handler is None:  # a link's button, or something that a newer manifest asked for
            log.info("a delivery that nobody answers: %s", loggable.name(name_of(body)))
            await context.ack()
            return
        if table in BY_PEOPLE:
            viewing.require_colleague(desk, _actor(body, context))
        if table is FORMS:
            handler = partial(moved.follow, handler)
        await _in_time(handler, _call(body, context, desk))

    return listener


async def _in_time(handler: Handler, call: Call) -> None:
    """Raises `Stands` in place of what would say that nothing was done; an event is asked for again, and finds what is done."""
    try:
        await _by_its_deadline(handler, call)
    except Exception as error:
        if not call.saved.is_set() or call.body.get("type") == "event_callback" or not says_nothing_done(error):
            raise
        raise Stands from error


async def _by_its_deadline(handler: Handler, call: Call) -> None:
    try:
        async with asyncio.timeout_at(call.until):
            await standing.answer(handler, call)
    except TimeoutError as error:
        raise TooSlow from error


def _call(body: dict[str, Any], context: AsyncBoltContext, desk: Desk) -> Call:
    if context.respond is None:  # Bolt makes one for every request
        raise RuntimeError("Bolt gave no way to respond.")
    return Call(
        body=body,
        until=asyncio.get_running_loop().time() + DEADLINE,
        workspace=WorkspaceId(str(context.team_id)),
        bot=PersonId(str(context.bot_user_id)),
        ack=context.ack,
        respond=context.respond,
        slack=context.client,
        desk=desk,
    )


def _is_own(event: dict[str, Any], context: AsyncBoltContext) -> bool:
    """Whether Outloud did it itself. Bolt would also leave out what others do to its messages: that one was deleted."""
    if event.get("subtype") == "message_deleted" or event["type"] in KEPT:
        return False
    by_bot = event.get("bot_id") is not None and event.get("bot_id") == context.bot_id
    return by_bot or (context.user_id is not None and context.user_id == context.bot_user_id)


def _actor(body: dict[str, Any], context: AsyncBoltContext) -> Person:
    """Who types or presses. Whoever is named otherwise than Slack does is nobody that it ever spoke of."""
    user = body.get("user")
    named = body.get("user_id") or (user.get("id") if isinstance(user, dict) else None)
    return Person(WorkspaceId(str(context.team_id)), PersonId(str(named or "")))


def _event(body: dict[str, Any]) -> str:
    """What happened. Of messages, the subtype says it, or else the kind of conversation, where the table names it."""
    event = body["event"]
    named = [f"{event['type']}.{event.get(detail)}" for detail in ("subtype", "channel_type")]
    return next((one for one in named if one in EVENTS), str(event["type"]))


def _action(body: dict[str, Any]) -> Any:  # noqa: ANN401 -- whatever the payload holds
    """What was pressed. Attachments of old have a name instead of an `action_id`."""
    actions = body.get("actions") or [{}]
    return actions[0].get("action_id") or actions[0].get("name")
