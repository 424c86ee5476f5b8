"""`/share`: most words behind it are what somebody learned; a few say what else is to be done."""

from __future__ import annotations

from handlers import words
from handlers.answers import answer
from handlers.desk import Call
from handlers.payloads import Command
from handlers.pockets.reactions import keep_shown

from . import drafting, sharing


async def asked(call: Call) -> None:
    """`/share`: see `sharing.asked`. With `help` it explains, with `drafts` it lists one's own."""
    command = Command.of(call)
    if words.asks_for_help(command.words):
        await answer(call, words.sharing.share_help(await keep_shown(call.desk, command.here)))
    elif command.words.lower() in words.sharing.DRAFTS:
        await drafting.listed(call)
    else:
        await sharing.asked(call)
