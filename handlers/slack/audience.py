"""Who reads a channel, before something is posted there that came from another: it may hold only what they all may see."""

from __future__ import annotations

import asyncio
import logging
from typing import Literal

from handlers.desk import Desk
from handlers.duties import Later
from storage import visibility
from storage.ids import Person, PersonId, Place
from storage.learned.learnings import LearningView
from storage.learned.shown_here import MOST_LOOKED_AT

from . import viewing
from .silence import SILENCE

log = logging.getLogger(__name__)

PATIENCE = 1.0
"""Seconds that all of these may take."""

UNTIL = 600.0
"""Seconds for which Slack is asked who may see something, where nobody waits."""


Answer = Literal["for all", "not for all", "too many", "not said"]
"""Whether every member of a channel may see something: they are more than are looked at; Slack did not say in time."""


async def may_hold(desk: Desk, place: Place, learning: LearningView) -> Answer:
    """Whether every member of this channel may see it.

    What came from that very channel, they may; what came from a public one, where no guest and no external is among them.
    """
    if learning.place == place:
        return "for all"
    anybody = await viewing.anybody(desk, place.workspace, visibility.of_learning(place.workspace, learning.id))
    if not await desk.db.read(visibility.sees, anybody, learning.id):
        return "not for all"
    try:
        async with asyncio.timeout(PATIENCE):
            return await _are_all_members(desk, place)
    except SILENCE as error:
        log.info("Slack did not say who reads a channel: %s", type(error).__name__)
        return "not said"


async def may_hold_now_or_later(desk: Desk, place: Place, learning: LearningView, *, since: float) -> Answer:
    """The same, for what is owed `since` a moment (seconds since 1970, UTC), and need not be posted at once.

    Raises `Later` while Slack does not say, for ten minutes.
    """
    answer = await may_hold(desk, place, learning)
    if answer == "not said" and desk.now() < since + UNTIL:
        raise Later(desk.now() + viewing.AGAIN_AFTER)
    return answer


async def _are_all_members(desk: Desk, place: Place) -> Answer:
    facts = await desk.viewers.facts(place)
    if facts is None or facts.is_shared:
        return "not for all"
    people = await _people(desk, place)
    if people is None:
        return "too many"
    until = asyncio.get_running_loop().time() + PATIENCE
    found = await asyncio.gather(*(desk.viewers.standing(person, until=until) for person in people))
    told = [standing for standing in found if standing is not None]
    if any(kind != "member" for kind, is_active in told if is_active):
        return "not for all"
    return "for all" if len(told) == len(found) else "not said"


async def _people(desk: Desk, place: Place) -> list[Person] | None:
    """Who is in it; None: more than are looked at. A page may hold fewer than were asked for, and not be the last."""
    people, cursor = list[Person](), ""
    while len(people) <= MOST_LOOKED_AT:
        page = await desk.viewers.slack.conversations_members(
            channel=place.channel, limit=MOST_LOOKED_AT + 1, cursor=cursor
        )
        people += [Person(place.workspace, PersonId(id)) for id in page["members"]]
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            break
    return people if len(people) <= MOST_LOOKED_AT else None
