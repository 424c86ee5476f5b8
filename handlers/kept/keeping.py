"""Keep: a reaction turns somebody's message into a learning of theirs."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.orm import Session

from handlers import blocks, words
from handlers.answers import replace
from handlers.desk import Call, Desk
from handlers.duties import Message, Post, Repeatable, Settle, error_code, tolerating
from handlers.payloads import Press, ReactionEvent
from handlers.pockets.reactions import keep_shown
from handlers.slack import viewing
from handlers.slack.reaching import CLOSED, UNREACHABLE, forgo
from handlers.slack.showing import look_of, message_link
from storage import people, workspaces
from storage.ids import LearningId, MessageRef, Person, PersonId, Ts
from storage.kept import curators, keepers, keeps, kept_answers, kept_errands
from storage.kept.keeps import Look, Reaction
from storage.learned import changes, learnings
from storage.learned.learnings import LearningView
from storage.owed.outbox import Errand
from storage.places import pocket_reactions, pocket_settings

ACKNOWLEDGEMENT = "books"
"""Outloud's own reaction: this message is kept."""


async def follow(call: Call, event: ReactionEvent, message: MessageRef) -> None:
    """A reaction that keeps came or went: it makes or unmakes a learning."""
    reaction = Reaction(
        message=message,
        person=PersonId(event.user),
        emoji=event.reaction,
        event_ts=event.event_ts,
        standing=event.standing,
        delivery=event.delivery,
    )
    await call.write(keeps.follow, reaction, at=call.desk.now())


async def keep_undone(call: Call) -> None:
    """A curator pressed *undo* under what told them of their first keep."""
    press = Press.of(call)
    await call.write(keeps.take_back, press.learning, by=press.person, event_ts=press.action_ts, at=call.desk.now())
    await replace(call, words.keeping.KEEP_UNDONE)
    await call.ack()


async def stayed(call: Call) -> None:
    """A curator keeps it all the same, though no reaction of theirs says so."""
    press = Press.of(call)
    await call.desk.db.read(kept_answers.stay, press.learning, by=press.person)
    await replace(call, words.keeping.STAYED)
    await call.ack()


async def let_go(call: Call) -> None:
    """A curator wants it taken back after all."""
    press = Press.of(call)
    await call.write(kept_answers.let_go, press.learning, by=press.person, at=call.desk.now())
    await replace(call, words.keeping.LET_GO)
    await call.ack()


async def look(desk: Desk, slack: AsyncWebClient, errand: Errand) -> Settle | None:
    """Read the message of a pending learning from Slack, once it is known of each who keeps it whether they are people."""
    learning = await _learning(desk, errand)
    if learning is None or learning.state != "pending":
        return None
    said = await _are_bots(slack, await desk.db.read(keepers.unknown, learning))
    if any(said.values()):  # where people keep it, too, it is looked at anew
        return partial(keepers.all_known, workspace=errand.workspace, said=said, at=desk.now())
    seen: Look | None = None
    place, ts = learning.place, str(learning.source_ts)
    heard = await desk.db.read(workspaces.heard, errand.workspace)
    with tolerating("message_not_found"):
        try:
            answer = await slack.reactions_get(channel=place.channel, timestamp=ts, full=True)
        except SlackApiError as error:
            if error_code(error) in CLOSED:  # it stays pending, and is looked at when Outloud is let in again
                return None
            raise
        installation = await desk.db.read(workspaces.find, errand.workspace)
        reactions = await desk.db.read(pocket_reactions.of, place)
        ref = MessageRef(place, Ts(ts))
        seen = await viewing.with_author(
            desk, look_of(answer["message"], ref, installation, reactions, heard=heard), ref
        )
    return partial(_looked, learning=learning, said=said, look=seen, at=desk.now())


async def mark(desk: Desk, slack: AsyncWebClient, errand: Errand) -> None:
    """Let 📚 stand on a message that is kept, and on no other; where it can't be set, once it can (storage/places/reopened)."""
    learning = await _learning(desk, errand)
    if learning is None:
        return
    change = slack.reactions_add if learning.is_live else slack.reactions_remove
    with tolerating("already_reacted", "no_reaction", "message_not_found", *CLOSED):
        await change(channel=learning.place.channel, timestamp=str(learning.source_ts), name=ACKNOWLEDGEMENT)


async def tell_curator(desk: Desk, errand: Errand) -> Message | None:
    """What somebody hears after their first keep."""
    learning = await _learning(desk, errand)
    if learning is None or not learning.is_live or learning.author is None:
        return None
    person, channel, link = errand.body["person"], learning.place.channel, learning.link or ""
    if await desk.db.read(people.heard, _told(errand), "keep"):
        return None
    if not await viewing.sees_now_or_later(desk, _told(errand), learning.id, until=errand.owed_at + viewing.A_DAY):
        return None  # their next keep tells them
    noun = await desk.db.read(pocket_settings.noun_of, learning.place)
    message = MessageRef(learning.place, Ts(str(learning.source_ts)))
    by_shortcut = curators.Given(person, curators.SHORTCUT) in await desk.db.read(curators.given, message)
    keep = "" if by_shortcut else await keep_shown(desk, learning.place)
    if person == learning.author:
        text = words.keeping.first_own_keep(link, channel, noun=noun, keep=keep)
    else:
        text = words.keeping.first_keep(learning.author, link, channel, noun=noun, keep=keep)
    may_change = await desk.db.read(changes.may_change, learning, by=_told(errand))
    return Message(person, text, blocks.keeping.first_keep(text, learning.id, may_change=may_change))


async def ask_curator(desk: Desk, errand: Errand) -> Message | None:
    """Whoever took the last keep back is asked, where the learning was edited here or helped somebody since."""
    learning = await _learning(desk, errand)
    if learning is None or not learning.is_live:
        return None
    keepers = await desk.db.read(keeps.curators_of, learning)
    if keepers:
        return None
    person = Person(errand.workspace, PersonId(errand.body["person"]))
    until = errand.owed_at + viewing.A_DAY
    sees = await viewing.sees_now_or_later(desk, person, learning.id, until=until)
    link = (learning.link if sees else None) or ""
    text = words.keeping.stays(link)
    return Message(person.id, text, blocks.keeping.stays(text, learning.id))


def curator_told(desk: Desk, errand: Errand, _ts: Ts) -> Settle:
    """They have heard it now, and not before: what was never said must be said the next time."""
    return partial(people.hears, person=_told(errand), lesson="keep", at=desk.now())


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
REFUSE = Repeatable(refuse, "chat.postEphemeral")
REFUSE_PRIVATELY = Post(refuse_privately, instead=forgo)
ASK_CURATOR = Post(ask_curator, instead=forgo)


async def _are_bots(slack: AsyncWebClient, ids: Collection[PersonId]) -> dict[PersonId, bool]:
    """Whether each of these is a bot, but for whom Slack says nothing of."""
    said = dict[PersonId, bool]()
    for id in ids:
        with tolerating(*UNREACHABLE, "missing_scope"):
            said[id] = bool((await slack.users_info(user=id))["user"].get("is_bot"))
    return said


def _looked(
    session: Session, *, learning: LearningView, said: dict[PersonId, bool], look: Look | None, at: float
) -> None:
    workspace = learning.place.workspace
    keepers.all_known(session, workspace, said, at=at)
    keeps.looked(session, workspace, learning.id, look, known=learning.words_ts, at=at)


async def _refusal(desk: Desk, errand: Errand) -> str:
    installation = await desk.db.read(workspaces.find, errand.workspace)
    link = message_link(installation, errand.body["channel"], errand.body["ts"])
    if errand.body.get("gone"):
        return words.keeping.author_gone(link)
    return words.keeping.waits_for_yes(link) if errand.body.get("waits") else words.keeping.cant_be_kept(link)


def _told(errand: Errand) -> Person:
    return Person(errand.workspace, PersonId(errand.body["person"]))


async def _learning(desk: Desk, errand: Errand) -> LearningView | None:
    return await desk.db.read(learnings.find, errand.workspace, LearningId(errand.body["learning"]))
