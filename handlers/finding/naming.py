"""Names that were typed: `from:@ben`, where Slack offered nobody to choose from, as in Home and on a terminal."""

from __future__ import annotations

import re

from handlers.desk import Desk
from storage import markup
from storage.ids import Person
from storage.search.asked import Asked

FROM = "from:"
QUOTE = '["“”„«»]?'
ENDS = ".,;:!?"
"""What may stand behind a name, and is none of it."""


def has_names(asked: Asked) -> bool:
    """Whether anybody is named in it who was not chosen."""
    return bool(_names(asked))


def _names(asked: Asked) -> list[str]:
    return [one.removeprefix(FROM) for one in (*asked.unknown, *asked.nobody) if one.startswith(FROM)]


async def with_ids(desk: Desk, person: Person, asked: Asked, *, until: float) -> str:
    """What was typed, with the id of whoever alone is called so in place of each name.

    Full members may see in Slack what everybody is called: for others, no name is anybody's. What Slack does not say by `until`,
    in the event loop's time, is not known.
    """
    if await desk.viewers.standing(person, until=until) != ("member", True):
        return asked.typed
    called = await desk.viewers.called(person.workspace, until=until)
    typed = asked.typed
    for name in _names(asked):
        if called and (id := called.alone(name) or called.alone(name.rstrip(ENDS))):
            named = rf"\b{FROM}{QUOTE}{re.escape(markup.escape(name))}{QUOTE}(?!\S)"
            typed = re.sub(named, f"{FROM}<@{id}>", typed, flags=re.IGNORECASE)
    return typed
