"""Asked aloud: Outloud is named in a channel, or written to. What is found, only whoever asked hears, where they asked."""

from __future__ import annotations

import re
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers import words
from handlers.desk import Call, Desk
from handlers.duties import Message, Post, Repeatable, error_code, tolerating
from handlers.payloads import AddressedEvent
from handlers.slack.reaching import CLOSED, NO_ACCESS, forgo
from handlers.slack.showing import is_by_person, words_of
from storage import workspaces
from storage.ids import ChannelId, MessageRef, Person, PersonId, Place, Ts
from storage.owed import addressed
from storage.owed.outbox import Errand
from storage.places import pockets

from . import results
from .results import Here, Said

GONE = NO_ACCESS | CLOSED | {"message_not_found"}
"""Slack's errors where there is no message to answer any more."""


async def mentioned(call: Call) -> None:
    """`app_mention`: a person names Outloud in a channel. An edit that names it first asks, too."""
    if event := _asked(call):
        write, message = call.write, event.ref
        await write(addressed.in_channel, message, event.thread_ts, by=event.person, at=call.desk.now())
    await call.ack()


async def written(call: Call) -> None:
    """`message.im`: a person writes to Outloud itself. Files without words ask nothing."""
    if event := _asked(call):
        write, message = call.write, event.ref
        await write(addressed.directly, message, event.thread_ts, by=event.person, at=call.desk.now())
    await call.ack()


async def answer_mention(desk: Desk, slack: AsyncWebClient, errand: Errand) -> None:
    """Whisper what was found to whoever asked, in the thread where they did; a channel that is no pocket has a sentence."""
    typed, thread = await _typed(desk, errand), errand.body["thread"]
    if typed is None:
        return
    said = await _in_channel(desk, errand, typed)
    where: dict[str, Any] = {"thread_ts": thread} if thread else {}
    channel, person = errand.body["channel"], errand.body["person"]
    with tolerating("user_not_in_channel", "thread_not_found", *CLOSED):
        await slack.chat_postEphemeral(channel=channel, user=person, text=said.text, blocks=said.blocks, **where)
    desk.addressed.drop(_message(errand))


async def render(desk: Desk, errand: Errand) -> Message | None:
    """The answer to what somebody wrote to Outloud; none where they have deleted it since."""
    typed = await _typed(desk, errand)
    if typed is None:
        return None
    said = await _looked_up(desk, errand, typed, here=None)
    return Message(errand.body["person"], said.text, said.blocks, thread=await thread(desk, errand))


async def thread(_desk: Desk, errand: Errand) -> Ts | None:
    """Where it is answered, if they asked in a thread."""
    return Ts(errand.body["thread"]) or None


ANSWER_MENTION = Repeatable(answer_mention, "chat.postEphemeral")
ANSWER_DIRECTLY = Post(render, instead=forgo, thread=thread)


def _asked(call: Call) -> AddressedEvent | None:
    """What a person asks; None: a bot, or Slack itself, wrote it, or it holds no words. The words are held until the answer."""
    said = call.body["event"]
    if not is_by_person(said) or not str(said.get("text") or "").strip():
        return None
    event = AddressedEvent.of(call)
    call.desk.addressed.hold(event.ref, words_of(said))
    return event


async def _in_channel(desk: Desk, errand: Errand, typed: str) -> Said:
    place = Place(errand.workspace, ChannelId(errand.body["channel"]))
    if not await desk.db.read(pockets.is_live, place):
        return results.plainly(words.finding.NO_POCKET)
    return await _looked_up(desk, errand, typed, here=Here(place, Ts(errand.body["thread"]) or None))


async def _looked_up(desk: Desk, errand: Errand, typed: str, *, here: Here | None) -> Said:
    if not typed or words.asks_for_help(typed):
        return results.plainly(words.finding.ALOUD_HELP)
    return await results.looked_up(desk, Person(errand.workspace, PersonId(errand.body["person"])), typed, here=here)


async def _typed(desk: Desk, errand: Errand) -> str | None:
    """What they asked, without Outloud's name; None: it is not there any more."""
    message = _message(errand)
    said = desk.addressed.of(message)
    if said is None:
        try:
            shown = await desk.viewers.slack.reactions_get(
                channel=message.place.channel, timestamp=message.ts, full=True
            )
        except SlackApiError as error:
            if error_code(error) in GONE:
                return None
            raise
        said = words_of(shown["message"])
    me = await desk.db.read(workspaces.find, errand.workspace)
    name = re.escape(me.bot_user if me else "")
    return re.sub(rf"<@{name}(\|[^<>]*)?>[,:]?", " ", said).strip()


def _message(errand: Errand) -> MessageRef:
    return MessageRef(Place(errand.workspace, ChannelId(errand.body["channel"])), Ts(errand.body["ts"]))
