"""`/outloud topics`: what leads say that topics are called."""

from __future__ import annotations

import re

from handlers import blocks, words
from handlers.answers import answer, replace
from handlers.desk import Call
from handlers.payloads import Command
from storage.experts import names
from storage.experts.refusals import NotAMerge

from .payloads import AliasPress


async def asked(call: Call, command: Command, typed: str) -> None:
    """Alone, it lists what has another name; `py, python3 = python` merges."""
    if not typed:
        found = await call.desk.db.read(names.listed, command.place, by=command.person)
        text = words.experts.aliases(len(found))
        await answer(call, text, blocks.experts.aliases(text, found, command.place.channel))
        return
    before, equals, into = typed.partition("=")
    if not equals or not into.strip() or not before.strip():
        raise NotAMerge
    aliases = [one for one in re.split(r"[,;]", before) if one.strip()]
    merged, topic = await call.write(names.merge, command.place, aliases, into, by=command.person, at=call.desk.now())
    text = words.experts.merged(merged, topic)
    await answer(call, text, blocks.experts.merged(text, merged, command.place.channel))


async def undone(call: Call) -> None:
    """*Undo*, beside one in the list, or under what was merged."""
    press = AliasPress.of(call)
    await call.write(names.separate_all, press.place, press.aliases, by=press.person)
    await replace(call, words.experts.separated(press.aliases))
    await call.ack()
