"""Keep: a reaction turns somebody's message into a learning of theirs."""

from __future__ import annotations

from functools import partial
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from storage import consent, keeps, kept_errands, learnings, people, pockets, workspaces
from storage.ids import LearningId, Person, PersonId, Ts
from storage.keeps import Look, Reaction
from storage.learnings import LearningView
from storage.outbox import Errand
from storage.workspaces import Installation

from . import blocks, words
from .answers import replace
from .desk import Call, Desk
from .duties import Message, Post, Repeatable, Settle, error_code, tolerating
from .payloads import Press, ReactionEvent
from .reaching import CLOSED, forgo
from .reactions import same_emoji
from .showing import words_of

ACKNOWLEDGEMENT = "books"
"""Outloud's own reaction: this message is kept."""

BY_PEOPLE = {"", "file_share", "thread_broadcast", "me_message"}
"""Subtypes of messages that people write (docs.slack.dev/reference/events/message): others are Slack's, or bots'."""


async def reacted(call: Call) -> None:
    """A reaction came or went: one that keeps, on a message, makes or unmakes a learning."""
    event = ReactionEvent.of(call)
    if event.message is not None and same_emoji(event.reaction) == same_emoji(pockets.KEEP_EMOJI):
        reaction = Reaction(
            message=event.message,
            person=PersonId(event.user),
            emoji=event.reaction,
            event_ts=event.event_ts,
            standing=event.type == "reaction_added",
            delivery=event.delivery,
        )
        await call.desk.db.write(keeps.follow, reaction, at=call.desk.now())
    await call.ack()


async def keep_undone(call: Call) -> None:
    """A curator pressed *undo* under what told them of their first keep."""
    press = Press.of(call)
    await call.desk.db.write(
        keeps.take_back, press.learning, by=press.person, event_ts=press.action_ts, at=call.desk.now()
    )
    await replace(call, words.KEEP_UNDONE)
    await call.ack()


async def kept_undone(call: Call) -> None:
    """An author pressed *undo* under what told them that their words were kept."""
    press = Press.of(call)
    await call.desk.db.write(consent.withhold, press.learning, by=press.person, at=call.desk.now())
    await replace(call, words.KEPT_UNDONE, blocks.kept_undone(words.KEPT_UNDONE, press.learning))
    await call.ack()


async def never(call: Call) -> None:
    """An author pressed *never keep mine*: it holds from now on, and asks about what is kept already."""
    press = Press.of(call)
    still = await call.desk.db.write(consent.never_keep, press.learning, by=press.person, at=call.desk.now())
    text = words.never_kept(still)
    await replace(call, text, blocks.never_kept(text, press.learning, still_kept=still))
    await call.ack()


async def all_taken_back(call: Call) -> None:
    """An author wants nothing of theirs kept, the earlier ones neither."""
    press = Press.of(call)
    await call.desk.db.write(consent.withhold_all, by=press.person, at=call.desk.now())
    await replace(call, words.ALL_TAKEN_BACK, blocks.never_kept(words.ALL_TAKEN_BACK, press.learning, still_kept=0))
    await call.ack()


async def allowed_again(call: Call) -> None:
    """An author changed their mind about *never keep mine*."""
    press = Press.of(call)
    await call.desk.db.write(consent.keep_again, by=press.person)
    await replace(call, words.KEPT_AGAIN_ALLOWED, blocks.kept_undone(words.KEPT_AGAIN_ALLOWED, press.learning))
    await call.ack()


async def look(desk: Desk, slack: AsyncWebClient, errand: Errand) -> Settle | None:
    """Read the message of a pending learning from Slack."""
    learning = await _learning(desk, errand)
    if learning is None or learning.state != "pending":
        return None
    seen: Look | None = None
    place, ts = learning.place, str(learning.source_ts)
    with tolerating("message_not_found"):
        try:
            answer = await slack.reactions_get(channel=place.channel, timestamp=ts, full=True)
        except SlackApiError as error:
            if error_code(error) in CLOSED:  # it stays pending, and is looked at when Outloud is let in again
                return None
            raise
        installation = await desk.db.read(workspaces.find, errand.workspace)
        seen = _seen(answer["message"], learning, installation)
    known = learning.words_ts
    return partial(keeps.looked, workspace=errand.workspace, id=learning.id, look=seen, known=known, at=desk.now())


async def mark(desk: Desk, slack: AsyncWebClient, errand: Errand) -> None:
    """Let 📚 stand on a message that is kept, and on no other."""
    learning = await _learning(desk, errand)
    if learning is None:
        return
    change = slack.reactions_add if learning.is_live else slack.reactions_remove
    with tolerating("already_reacted", "no_reaction", "message_not_found", "is_archived"):
        await change(channel=learning.place.channel, timestamp=str(learning.source_ts), name=ACKNOWLEDGEMENT)


async def tell_curator(desk: Desk, errand: Errand) -> Message | None:
    """What somebody hears after their first keep."""
    learning = await _learning(desk, errand)
    if learning is None or not learning.is_live or learning.author is None:
        return None
    person, channel, link = errand.body["person"], learning.place.channel, learning.link or ""
    if await desk.db.read(people.heard, _told(errand), "keep"):
        return None
    own = person == learning.author
    text = words.first_own_keep(link, channel) if own else words.first_keep(learning.author, link, channel)
    undo = blocks.button(words.UNDO, "keep.undo", learning.id)
    return Message(person, text, [blocks.section(text), blocks.actions(undo)])


async def tell_author(desk: Desk, errand: Errand) -> Message | None:
    """What an author hears the first time that words of theirs were kept."""
    learning = await _learning(desk, errand)
    if learning is None or not learning.is_live:
        return None
    keepers = await desk.db.read(keeps.curators_of, learning)
    if not keepers or await desk.db.read(people.heard, _told(errand), "kept"):
        return None
    text = words.first_kept(keepers[0], learning.link or "", learning.place.channel)
    undo = blocks.button(words.UNDO, "kept.undo", learning.id)
    never_mine = blocks.button(words.NEVER_KEEP, "kept.never", learning.id)
    return Message(errand.body["person"], text, [blocks.section(text), blocks.actions(undo, never_mine)])


def curator_told(desk: Desk, errand: Errand, _ts: Ts) -> Settle:
    """They have heard it now, and not before: what was never said must be said the next time."""
    return partial(people.hears, person=_told(errand), lesson="keep", at=desk.now())


def author_told(desk: Desk, errand: Errand, _ts: Ts) -> Settle:
    """The same, for authors."""
    return partial(people.hears, person=_told(errand), lesson="kept", at=desk.now())


async def refuse(desk: Desk, slack: AsyncWebClient, errand: Errand) -> Settle | None:
    """Tell a curator, privately and where they are, that this message can't be kept: neutrally, whatever the reason."""
    body = errand.body
    text = await _refusal(desk, errand)
    with tolerating("user_not_in_channel", *CLOSED):
        await slack.chat_postEphemeral(channel=body["channel"], user=body["person"], text=text)
        return None
    return partial(kept_errands.owe_private_refusal, workspace=errand.workspace, body=body, at=desk.now())


async def refuse_privately(desk: Desk, errand: Errand) -> Message:
    """The same in a direct message: for who is not in the channel, where nothing can be whispered to them."""
    text = await _refusal(desk, errand)
    return Message(errand.body["person"], text, [blocks.section(text)])


LOOK = Repeatable(look, "reactions.get")
MARK = Repeatable(mark, "reactions.add")
TELL_CURATOR = Post(tell_curator, curator_told, once=True, instead=forgo)
TELL_AUTHOR = Post(tell_author, author_told, once=True, instead=forgo)
REFUSE = Repeatable(refuse, "chat.postEphemeral")
REFUSE_PRIVATELY = Post(refuse_privately, instead=forgo)


async def _refusal(desk: Desk, errand: Errand) -> str:
    installation = await desk.db.read(workspaces.find, errand.workspace)
    return words.cant_be_kept(message_link(installation, errand.body["channel"], errand.body["ts"]))


def _told(errand: Errand) -> Person:
    return Person(errand.workspace, PersonId(errand.body["person"]))


async def _learning(desk: Desk, errand: Errand) -> LearningView | None:
    return await desk.db.read(learnings.find, errand.workspace, LearningId(errand.body["learning"]))


def _seen(message: dict[str, Any], learning: LearningView, installation: Installation | None) -> Look:
    by_person = (
        message.get("subtype", "") in BY_PEOPLE and not message.get("bot_id") and message.get("user") != "USLACKBOT"
    )
    author = message.get("user")
    return Look(
        author=PersonId(author) if author else None,
        words=words_of(message),
        link=message.get("permalink")
        or message_link(installation, learning.place.channel, str(learning.source_ts), thread=message.get("thread_ts")),
        by_person=by_person,
        edited=(message.get("edited") or {}).get("ts"),
    )


def message_link(installation: Installation | None, channel: str, ts: str, *, thread: str | None = None) -> str:
    """Where a message stands, as Slack's own links are made: `reactions.get` leaves `permalink` out at times."""
    link = f"{installation.url if installation else ''}archives/{channel}/p{ts.replace('.', '')}"
    return f"{link}?thread_ts={thread}&cid={channel}" if thread not in (None, ts) else link
