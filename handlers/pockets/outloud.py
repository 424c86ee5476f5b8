"""`/outloud`: the word behind it says what is done."""

from __future__ import annotations

from handlers import experts, words
from handlers.answers import answer
from handlers.desk import Call
from handlers.gathering import digesting
from handlers.payloads import Command

from . import leading, starting
from .reactions import keep_shown


async def asked(call: Call) -> None:
    """Nothing behind it is the menu; what is not known is said, with the help."""
    command = Command.of(call)
    match command.first:
        case "", "":
            await leading.menu(call, command)
        case first, purpose if words.asks_for_help(first) or (first == "start" and words.asks_for_help(purpose)):
            await answer(call, words.pockets.home_help(await keep_shown(call.desk, command.here)))
        case "start", purpose:
            await starting.started(call, command, purpose)
        case "settings", "":
            await leading.settings_asked(call, command)
        case "digest", "":
            await digesting.asked(call, command)
        case "topics", typed:
            await experts.topics.asked(call, command, typed)
        case "stop", "":
            await leading.stopped(call, command)
        case _:
            keep = await keep_shown(call.desk, command.here)
            await answer(call, words.pockets.unknown_word(command.words, keep=keep))
