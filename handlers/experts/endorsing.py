"""Endorse: from who is found, by a form, or by the pocket's endorse reaction; and taking it back."""

from __future__ import annotations

import asyncio
import re
from functools import partial
from uuid import uuid4

from slack_sdk.web.async_client import AsyncWebClient

from handlers import blocks, words
from handlers.answers import whisper
from handlers.desk import Call, Desk
from handlers.duties import Repeatable, Settle, tolerating
from handlers.payloads import AnyPress, FormOrigin, MenuPress, ReactionEvent
from handlers.slack import viewing
from handlers.slack.reaching import CLOSED, UNREACHABLE
from storage.experts import endorsing
from storage.experts.endorsing import Reaction
from storage.experts.refusals import BotEndorsed, GoneEndorsed, NamelessEndorsed, StrangerEndorsed, YourselfEndorsed
from storage.ids import ChannelId, MessageRef, Person, PersonId, Place, Ts
from storage.learned import learnings
from storage.owed.outbox import Errand
from storage.refusals import Refusal, WhoAreYou

from .payloads import EndorseForm, WhoPress

PATIENCE = 1.0
"""Seconds in which Slack may say who they are."""

SAID = {
    "new": words.experts.ENDORSED,
    "counted": words.experts.ENDORSED_COUNTED,
    "not counted": words.experts.ENDORSED_BEFORE,
}


async def pressed(call: Call) -> None:
    """*Endorse*, beside somebody who was found; where it is not clear for what, a form asks."""
    press = WhoPress.of(call)
    await _endorse(call, press, press.about, press.topics)


async def chosen_on_card(call: Call) -> None:
    """*Endorse its author*, in a card's menu: for the topics of the learning, or, where it has none, for what a form asks."""
    press = MenuPress.of(call)
    await viewing.require(call.desk, press.person, press.learning)
    learning = await call.desk.db.read(learnings.find, call.workspace, press.learning)
    if learning is None or learning.author is None or learning.without_name:
        raise NamelessEndorsed
    await _endorse(call, press, Person(call.workspace, learning.author), learning.topics)


async def submitted(call: Call) -> None:
    """The form was sent: it then says what came of it."""
    form = EndorseForm.of(call)
    typed, now = re.split(r"[,;\n]", form.typed or ""), call.desk.now()
    await require_person(call.desk, form.about, by=form.person)
    given, said = await call.write(
        endorsing.endorse_all, form.about, typed, by=form.person, event_ts=Ts(f"{now:.6f}"), at=now
    )
    view = blocks.experts.said_form(
        words.experts.ENDORSE_TITLE, blocks.experts.endorsed(SAID[said], form.about.id, given)
    )
    await call.ack(response_action="update", view=view)


async def taken_back(call: Call) -> None:
    """*Take it back*, by whoever gave it."""
    press = WhoPress.of(call)
    await call.write(endorsing.take_back, press.about, press.topics, by=press.person, event_ts=press.action_ts)
    await whisper(call, words.experts.TAKEN_BACK)
    await call.ack()


async def follow(call: Call, event: ReactionEvent, message: MessageRef) -> None:
    """An endorse reaction came or went, on a card or on any other message."""
    reaction = Reaction(message, PersonId(event.user), event.reaction, event.event_ts, event.standing)
    author = PersonId(event.item_user) if event.item_user not in (None, call.bot) else None
    await call.write(endorsing.react, reaction, author, at=call.desk.now())


async def answer(desk: Desk, slack: AsyncWebClient, errand: Errand) -> Settle | None:
    """Say to whoever reacted what came of it: they stand in that channel, or hear nothing. Who can't be asked is not endorsed.

    Of what was seen after a gap, it is not said that nothing comes of it: it is seen after the next one, too.
    """
    place = Place(errand.workspace, ChannelId(errand.body["channel"]))
    giver, about = (Person(errand.workspace, PersonId(errand.body[name])) for name in ("person", "about"))
    message, emoji = MessageRef(place, Ts(errand.body["ts"])), errand.body["emoji"]
    refused = await _refusal(desk, about)
    is_said = refused is None or not errand.body.get("seen")
    if is_said and await viewing.reads(desk, giver, place):
        given = await desk.db.read(endorsing.given_by, message, giver.id, emoji)
        text, shown = _said(about, given, refused)
        with tolerating("user_not_in_channel", *CLOSED, *UNREACHABLE):
            await slack.chat_postEphemeral(channel=place.channel, user=giver.id, text=text, blocks=shown)
    return partial(
        endorsing.checked,
        message=message,
        giver=giver.id,
        emoji=emoji,
        about=about,
        may_be=refused is None,
        at=desk.now(),
    )


ANSWER = Repeatable(answer, "chat.postEphemeral")


async def _endorse(call: Call, press: AnyPress, about: Person, topics: tuple[str, ...]) -> None:
    if not topics:
        _require_other(about, press.person)
        origin = FormOrigin(key=uuid4().hex, person=about.id)
        form = blocks.experts.endorse_form(metadata=origin.model_dump_json(exclude_none=True))
        await call.slack.views_open(trigger_id=press.trigger_id, view=form)
        await call.ack()
        return
    await require_person(call.desk, about, by=press.person)
    given, said = await call.write(
        endorsing.endorse_all, about, topics, by=press.person, event_ts=press.action_ts, at=call.desk.now()
    )
    await whisper(call, SAID[said], blocks.experts.endorsed(SAID[said], about.id, given))
    await call.ack()


async def _refusal(desk: Desk, about: Person) -> Refusal | None:
    """Why they can't be endorsed; None: they can, or Slack does not say in time, and it waits until they are asked."""
    if not about.id:
        return NamelessEndorsed()
    try:
        await require_person(desk, about)
    except WhoAreYou:
        return None
    except Refusal as refusal:
        return refusal
    return None


def _said(about: Person, topics: tuple[str, ...], refused: Refusal | None) -> tuple[str, list[blocks.Block]]:
    if refused:
        return refused.words, [blocks.section(refused.words)]
    if topics:
        text = words.experts.endorsed_for(topics)
        return text, blocks.experts.endorsed(text, about.id, topics)
    text = words.experts.REACTED_WHAT
    return text, blocks.experts.say_what(text, about.id)


async def require_person(desk: Desk, person: Person, *, by: Person | None = None) -> None:
    """Raise the refusal for who can't be endorsed; `WhoAreYou` where Slack does not say in time who they are."""
    _require_other(person, by)
    profile = await desk.viewers.profile(person, until=asyncio.get_running_loop().time() + PATIENCE)
    if profile is None:
        raise WhoAreYou
    if profile.is_bot:
        raise BotEndorsed
    if not profile.is_active:
        raise GoneEndorsed
    if profile.kind == "external":
        raise StrangerEndorsed


def _require_other(person: Person, by: Person | None) -> None:
    if person == by:
        raise YourselfEndorsed(topic="python")
