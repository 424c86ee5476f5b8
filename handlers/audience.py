"""Who reads a channel, before something is posted there that came from another: it may hold only what they all may see."""

from __future__ import annotations

import asyncio
import logging

from storage import visibility
from storage.ids import Person, PersonId, Place
from storage.learnings import LearningView

from . import viewing
from .answers import SILENCE
from .desk import Desk
from .duties import Later

log = logging.getLogger(__name__)

MOST = 50
"""People of a channel who are looked at: each may cost a question to Slack, and somebody waits."""

PATIENCE = 1.0
"""Seconds that all of these may take."""

UNTIL = 600.0
"""Seconds for which Slack is asked who may see something, where nobody waits."""


async def may_hold(desk: Desk, place: Place, learning: LearningView) -> bool | None:
    """Whether every member of this channel may see it. None: Slack did not say in time.

    What came from that very channel, they may; what came from a public one, where no guest and no external is among them.
    """
    if learning.place == place:
        return True
    anybody = await viewing.anybody(desk, place.workspace, visibility.of_learning(place.workspace, learning.id))
    if not await desk.db.read(visibility.sees, anybody, learning.id):
        return False
    try:
        async with asyncio.timeout(PATIENCE):
            return await _are_all_members(desk, place)
    except SILENCE as error:
        log.info("Slack did not say who reads a channel: %s", type(error).__name__)
        return None


async def may_hold_now_or_later(desk: Desk, place: Place, learning: LearningView, *, since: float) -> bool:
    """The same, for what is owed `since` a moment (seconds since 1970, UTC), and need not be posted at once.

    Raises `Later` while Slack does not say; after ten minutes, what is not known is not so.
    """
    is_so = await may_hold(desk, place, learning)
    if is_so is None and desk.now() < since + UNTIL:
        raise Later(desk.now() + viewing.AGAIN_AFTER)
    return bool(is_so)


async def _are_all_members(desk: Desk, place: Place) -> bool | None:
    facts = await desk.viewers.facts(place)
    if facts is None or facts.is_shared:
        return False
    page = await desk.viewers.slack.conversations_members(channel=place.channel, limit=MOST + 1)
    people = [Person(place.workspace, PersonId(id)) for id in page["members"]]
    if len(people) > MOST or (page.get("response_metadata") or {}).get("next_cursor"):
        return False
    until = asyncio.get_running_loop().time() + PATIENCE
    found = await asyncio.gather(*(desk.viewers.standing(person, until=until) for person in people))
    told = [standing for standing in found if standing is not None]
    if any(kind != "member" for kind, is_active in told if is_active):
        return False
    return True if len(told) == len(found) else None
