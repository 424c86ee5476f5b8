"""`/outloud topics`: what leads say that topics are called."""

from __future__ import annotations

import re

from handlers import blocks, words
from handlers.answers import answer, replace
from handlers.desk import Call
from handlers.payloads import Command
from storage.experts import asking, names
from storage.experts.refusals import MergeTurned, NotAMerge
from storage.learned import topics

from .payloads import AliasPress


async def asked(call: Call, command: Command, typed: str) -> None:
    """Alone, it lists what has another name; `py, python3 = python` merges; `-py` undoes, also what the list has no room for."""
    if not typed:
        found = await call.desk.db.read(names.listed, command.place, by=command.person)
        text = words.experts.aliases(len(found))
        await answer(call, text, blocks.experts.aliases(text, found, command.place.channel))
        return
    if typed.startswith("-") and "=" not in typed:
        alias = topics.normalise(typed.removeprefix("-"))
        await call.write(names.separate, command.place, alias, by=command.person)
        await answer(call, words.experts.separated([alias]))
        return
    before, equals, into = typed.partition("=")
    if not equals or not into.strip() or not before.strip():
        raise NotAMerge
    if re.search("[=,;]", into):
        raise MergeTurned(right=_turned(typed))
    aliases = [one for one in re.split(r"[,;]", before) if one.strip()]
    merged, topic = await call.write(asking.merge, command.place, aliases, into, by=command.person, at=call.desk.now())
    text = words.experts.merged(merged, topic)
    await answer(call, text, blocks.experts.merged(text, merged, command.place.channel))


def _turned(typed: str) -> str:
    """What may be meant by several names behind `=`: they are called what stands before it; by several `=`, what stands last."""
    *before, into = [
        topics.normalise_all([one for one in re.split("[,;]", part) if one.strip()]) for part in typed.split("=")
    ]
    if len(before) == 1 and len(before[0]) == 1:
        before, into = [into], before[0]
    aliases = dict.fromkeys(one for some in before for one in some)
    if not aliases or len(into) != 1:
        raise NotAMerge
    return f"{', '.join(aliases)} = {into[0]}"


async def undone(call: Call) -> None:
    """*Undo*, beside one in the list, or under what was merged."""
    press = AliasPress.of(call)
    await call.write(names.separate_all, press.place, press.aliases, by=press.person)
    await replace(call, words.experts.separated(press.aliases))
    await call.ack()
