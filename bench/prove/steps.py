"""The steps of which a history is made, by name."""

from __future__ import annotations

from sqlalchemy import Connection

from sandbox import payloads
from sandbox.elements import Impossible
from sandbox.slack import Slack

from . import deeds, presses
from .chance import Draws
from .history import History, Piled

BEGINS_WITH = 3
"""Messages that were written before the first step."""


async def begin(slack: Slack, connection: Connection, number: int) -> History:
    """A history whose pocket has some messages in it already."""
    history = await History.begin(slack, connection, number)
    for person in range(BEGINS_WITH):
        history.log.append(await deeds.say(history, (person, 0, 0)))
    return history


async def take(history: History, kind: str, draws: Draws) -> bool:
    """One step. False where there is nothing that it could be done with."""
    try:
        done = await _STEPS[kind](history, draws)
    except Impossible:
        done = ""
    if done:
        history.log.append(done)
    return bool(done)


async def deliver(history: History, draws: Draws) -> str:
    """One event of the pile."""
    if not history.pile:
        return ""
    piled = history.pile.pop(draws[0] % len(history.pile))
    await history.bring(piled)
    return f"told: {piled.what}"


async def deliver_oldest(history: History, _draws: Draws) -> str:
    """The oldest event of the pile."""
    return await deliver(history, (0, 0, 0))


async def repeat(history: History, draws: Draws) -> str:
    """An event that was told already; by the same id, or by another."""
    if not history.delivered:
        return ""
    piled = history.delivered[draws[0] % len(history.delivered)]
    payload = piled.payload | ({"event_id": payloads.new_event_id()} if draws[1] % 2 else {})
    await history.bring(Piled(payload, piled.tell, piled.what))
    return f"told again: {piled.what}"


async def drain(history: History, _draws: Draws) -> str:
    """The app does what it owes."""
    await history.let_go()
    return "what is owed is done"


async def _nothing(_history: History, _draws: Draws) -> str:
    return ""


_STEPS = {
    "nothing": _nothing,
    "say": deeds.say,
    "reply": deeds.reply,
    "edit": deeds.edit,
    "delete": deeds.delete,
    "react": deeds.react,
    "deliver": deliver,
    "deliver oldest": deliver_oldest,
    "repeat": repeat,
    "drain": drain,
    "share": presses.share,
    "share by form": presses.share_by_form,
    "send again": presses.send_again,
    "press on share": presses.press_on_share,
    "press": presses.press,
}
