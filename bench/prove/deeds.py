"""What people say and do with messages, as steps of a history. None of it is told to the app yet."""

from __future__ import annotations

from functools import partial

from sandbox.records import Person

from .chance import Draws
from .history import PEOPLE, History
from .model import Said

EMOJI = ("bulb", "bulb::skin-tone-3", "light_bulb")
"""The keep reaction, with a skin tone, and by its other name: three reactions in Slack, one keep each."""


async def say(history: History, draws: Draws) -> str:
    """Somebody writes something; or a bot does."""
    who = history.robot if draws[0] % 12 == 11 else history.people[draws[0] % PEOPLE]  # noqa: PLR2004 -- now and then
    return _post(history, who, "")


async def reply(history: History, draws: Draws) -> str:
    """Somebody replies to something."""
    roots = [one for one in history.standing() if not history.message(one).is_reply]
    return _post(history, history.people[draws[0] % PEOPLE], roots[draws[1] % len(roots)].ts) if roots else ""


def _post(history: History, who: Person, thread: str) -> str:
    words = f"{who.name}'s number {len(history.model.said)}"
    with history.unheard(f"{words} is written"):
        message = history.slack.world.post(history.channel.id, who.id, words, thread_ts=thread, bot_id=who.bot_id)
    history.model.said.append(Said(history.channel.id, message.ts, who.id, not who.is_bot, words))
    return f"{who.name} writes “{words}”"


async def edit(history: History, draws: Draws) -> str:
    """Somebody changes what they wrote; at times nothing is left of it."""
    said = history.choose(draws[0])
    if said is None:
        return ""
    said.edits += 1
    said.words = "" if draws[1] % 4 == 0 else f"{said.words or 'again'}+{said.edits}"[-60:]
    what = f"edit {said.edits} of {history.name(said)}, to “{said.words}”"
    with history.unheard(what, partial(said.edit, said.edits, said.words)):
        history.slack.world.edit(said.channel, said.ts, said.words, by=said.author)
    return what


async def delete(history: History, draws: Draws) -> str:
    """Somebody deletes what they wrote."""
    said = history.choose(draws[0])
    if said is None or (draws[1] % 3 and not said.live):  # not too often, unless there is something to forget
        return ""
    said.stands = False
    with history.unheard(f"{history.name(said)} is deleted", said.delete):
        history.slack.world.delete(said.channel, said.ts, by=said.author)
    return f"{history.name(said)} is deleted"


async def react(history: History, draws: Draws) -> str:
    """Somebody gives an emoji that keeps, or takes it back, if they have given it."""
    said = history.choose(draws[0])
    if said is None:
        return ""
    who, emoji = history.people[draws[1] % PEOPLE], EMOJI[(draws[2] % 6) // 4 + draws[2] % 6 // 5]
    gives = who.id not in history.message(said).reactions.get(emoji, ())
    ts, change = history.slack.world.new_ts(), history.slack.world.react if gives else history.slack.world.unreact
    what = f"{who.name} {'gives' if gives else 'takes back'} {emoji} on {history.name(said)}"
    with history.unheard(what, partial(said.react, (who.id, emoji), ts, standing=gives)):
        change(said.channel, said.ts, who.id, emoji, event_ts=ts)
    return what
