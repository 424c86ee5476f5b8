"""The page itself: made when somebody opens it, and anew after what they do. It is published once, with what is known by then."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from functools import partial

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers import blocks
from handlers.blocks.home import Told
from handlers.desk import Call, Desk
from handlers.duties import Later, Repeatable, error_code
from handlers.notices import Kinds, Said
from handlers.payloads import HomeEvent
from handlers.slack import viewing
from handlers.slack.showing import learning_link
from storage import workspaces
from storage.home import showing, view
from storage.home.view import Home
from storage.ids import LearningId, Person, PersonId, WorkspaceId
from storage.owed import notices
from storage.owed.notices import Waiting
from storage.owed.outbox import Errand

log = logging.getLogger(__name__)

WAITING_SHOWN = 3
"""Private words that are held back, at most: each may ask Slack something before it is shown."""

PATIENCE = 1.0
"""Seconds for what they say."""

NO_HOME = {"not_enabled", "user_not_found", "account_inactive", "user_not_visible"}
"""Slack's errors where nobody can look at it: the tab is switched off at Slack, or they are gone."""


async def opened(call: Call) -> None:
    """Somebody opened Outloud's Home (docs.slack.dev/reference/events/app_home_opened); its other tabs say nothing."""
    event = HomeEvent.of(call)
    if event.tab == "home":
        await call.desk.db.write(showing.opened, event.person, at=call.desk.now())
    await call.ack()


def refresh(kinds: Kinds) -> Repeatable:
    """The duty that publishes it. `kinds`: what says the private words that wait."""
    return Repeatable(partial(_publish, kinds), "views.publish")


async def _publish(kinds: Kinds, desk: Desk, slack: AsyncWebClient, errand: Errand) -> None:
    person = Person(errand.workspace, PersonId(errand.body["person"]))
    viewer = await viewing.at_home(desk, person, view.candidates)
    if not viewer.is_active:
        return
    now = desk.now()
    asked = await desk.db.read(view.whom_to_ask, viewer, at=now)
    found = await desk.db.read(view.of, viewer, at=now, near=await viewing.near(desk, person, asked))
    told = await _told(kinds, desk, person)
    page = blocks.home.home(found, told, await _links(desk, errand.workspace, found), at=now)
    try:
        await slack.views_publish(user_id=person.id, view=page)
    except SlackApiError as error:
        if error_code(error) not in NO_HOME:
            raise
        log.info("a Home can't be shown: %s", error_code(error))


async def _told(kinds: Kinds, desk: Desk, person: Person) -> Told:
    """What is held back to keep the quiet, as far as it can be said in time. It stays owed: a message says it, too."""
    held = [one for one in await desk.db.read(notices.waiting, person) if one.kind in kinds]
    said = [await _said(kinds, desk, one) for one in held[:WAITING_SHOWN]]
    shown = [one.blocks or [blocks.section(one.text)] for one in said if one is not None]
    gone = len(said) - len(shown)
    return Told(shown, len(held) - gone)


async def _said(kinds: Kinds, desk: Desk, waiting: Waiting) -> Said | None:
    with suppress(Later, TimeoutError):
        async with asyncio.timeout(PATIENCE):
            return await kinds[waiting.kind].render(desk, waiting)
    return None


async def _links(desk: Desk, workspace: WorkspaceId, found: Home) -> dict[LearningId, str]:
    me = await desk.db.read(workspaces.find, workspace)
    shown = [one.learning for one in (*found.new, *found.mine.newest)] + [one.learning for one in found.questions]
    return {one.id: learning_link(me, one) or "" for one in shown}
