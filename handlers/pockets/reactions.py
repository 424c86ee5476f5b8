"""A pocket's own emoji: how they are shown, and what Slack says of those that there are."""

from __future__ import annotations

import asyncio
import logging

from handlers.desk import Call, Desk
from handlers.slack.silence import SILENCE
from storage.ids import Place
from storage.places import pocket_reactions
from storage.places.pocket_reactions import WorkspaceEmoji

log = logging.getLogger(__name__)

PATIENCE = 1.0
"""Seconds that a look at Slack's list of emoji may take while somebody waits for their form."""


async def keep_shown(desk: Desk, place: Place | None) -> str:
    """The emoji that keeps a message there; with no place, or one that is no pocket, the usual one."""
    if place is None:
        return pocket_reactions.PocketReactions().shown("keep")
    return (await desk.db.read(pocket_reactions.of, place)).shown("keep")


async def known_emoji(call: Call) -> WorkspaceEmoji | None:
    """The workspace's emoji; None where Slack does not say, as without the optional scope `emoji:read`."""
    try:
        async with asyncio.timeout(PATIENCE):
            said = await call.slack.emoji_list(include_categories=True)
    except SILENCE as error:
        log.info("Slack does not say which emoji there are: %s", type(error).__name__)
        return None
    standard = {name for category in said.get("categories") or () for name in category.get("emoji_names") or ()}
    return WorkspaceEmoji(dict(said.get("emoji") or {}), frozenset(standard))
