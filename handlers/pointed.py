"""Pointed at: a message in whose menu somebody chose something, and what it says."""

from __future__ import annotations

from storage import markup
from storage.ids import ChannelId, MessageRef, Place
from storage.learned import helps
from storage.learned.learnings import LearningView

from .desk import Call
from .payloads import MessageShortcutUse
from .slack import viewing
from .slack.showing import words_of


async def at(call: Call, used: MessageShortcutUse) -> tuple[str, LearningView | None]:
    """Its words, in Slack's markup; and the learning that was kept from it, or whose card it is, if there is one.

    A card's own text is what a notification shows: who shared it, and how it begins. Its words are its learning's.
    """
    message = MessageRef(Place(call.workspace, ChannelId(used.channel)), used.ts)
    found = await call.desk.db.read(helps.of_message, message)
    is_card = found is not None and found.is_live and found.source_ts is None
    if found is not None and is_card and await viewing.sees(call.desk, used.person, found.id):
        return markup.escape(found.words), found
    return words_of(used.message), found
