"""A reaction came or went: what its emoji does in that channel says whose it is. Most do nothing, and cost one query."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from handlers import experts
from handlers.desk import Call
from handlers.kept import keeping
from handlers.learned import helping
from handlers.payloads import ReactionEvent
from handlers.slack.showing import LEAVES_OUT
from storage import emoji_names
from storage.ids import MessageRef, PersonId
from storage.places import pocket_reactions
from storage.places.pocket_reactions import Deed

from . import round_answers

FOLLOWED: Mapping[Deed, Callable[[Call, ReactionEvent, MessageRef], Awaitable[None]]] = {
    "keep": keeping.follow,
    "helped": helping.follow,
    "endorse": experts.endorsing.follow,
}


async def reacted(call: Call) -> None:
    """On a message, it may keep it, or do what else a pocket's own reactions do."""
    event = ReactionEvent.of(call)
    if (message := event.message) is not None:
        if emoji_names.same(event.reaction) == LEAVES_OUT:
            await round_answers.left_out(call, event, message)
        person, name = PersonId(event.user), event.reaction
        done = await call.desk.db.read(pocket_reactions.deeds, message, person, name, standing=event.standing)
        for deed in done & FOLLOWED.keys():
            await FOLLOWED[deed](call, event, message)
    await call.ack()
