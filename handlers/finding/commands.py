"""`/recall`: words are looked for; nothing behind it is the newest and the most helpful; `help` explains.

In threads, where commands don't work, *Find similar* looks for what a message says.
"""

from __future__ import annotations

from handlers import pointed, words
from handlers.answers import answer, show_form
from handlers.desk import Call
from handlers.payloads import Command, MessageShortcutUse
from handlers.slack import viewing
from storage.refusals import NothingToLookFor
from storage.search.asked import as_words

from . import results


async def asked(call: Call) -> None:
    """See above. It works wherever it is typed: who sees what depends on who asks."""
    command = Command.of(call)
    typed = command.text.strip()
    if words.asks_for_help(typed):
        await answer(call, words.finding.HELP)
        return
    here = await results.where(call.desk, command.here)
    if typed:
        said = await results.looked_up(call.desk, command.person, typed, here=here)
    else:
        said = await results.latest(call, command.person, here=here)
    viewing.require_colleague(call.desk, command.person)
    await answer(call, said.text, said.blocks)


async def similar(call: Call) -> None:
    """*Find similar*, in a message's menu: what `/recall` finds for its words, but for that itself, in a form."""
    used = MessageShortcutUse.of(call)
    words_of_it, itself = await pointed.at(call, used)
    typed = as_words(words_of_it)
    if not typed:
        raise NothingToLookFor
    said = await results.looked_up(call.desk, used.person, typed, besides=itself.id if itself else None)
    viewing.require_colleague(call.desk, used.person)
    await show_form(call, said.text, said.blocks)
    await call.ack()
