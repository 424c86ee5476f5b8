"""Helped: somebody says that a learning helped them, by the card's button or by a reaction."""

from __future__ import annotations

from functools import partial

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers import words
from handlers.answers import whisper
from handlers.desk import Call, Desk
from handlers.duties import NotYet, Repeatable, Settle, error_code, tolerating
from handlers.payloads import Press, ReactionEvent
from handlers.slack.reaching import CLOSED, UNREACHABLE
from handlers.slack.showing import shown
from storage import workspaces
from storage.ids import ChannelId, MessageRef, Person, PersonId, Place, Ts
from storage.kept import keepers
from storage.learned import helps
from storage.learned.helps import Helped
from storage.owed.outbox import Errand
from storage.places import pocket_reactions


async def pressed(call: Call) -> None:
    """*It helped me*, on a card; pressed once more, it is taken back."""
    press = Press.of(call)
    said = await call.write(helps.press, press.learning, by=press.person, event_ts=press.action_ts, at=call.desk.now())
    key = (await call.desk.db.read(pocket_reactions.of, said.place)).shown("helped")
    await whisper(call, words.cards.helped_answer(key, helped=said.standing, reacted=said.reacted))
    await call.ack()


async def follow(call: Call, event: ReactionEvent, message: MessageRef) -> None:
    """A helped reaction came or went, on a card or on any other message."""
    reaction = Helped(
        message=message,
        person=PersonId(event.user),
        emoji=event.reaction,
        event_ts=event.event_ts,
        standing=event.standing,
        may_be_card=event.item_user in (None, call.bot),
    )
    await call.write(helps.follow, reaction, at=call.desk.now())


async def look(desk: Desk, slack: AsyncWebClient, errand: Errand) -> Settle | None:
    """Read the reactions of a card that was reacted to before it was known where it stands."""
    place = Place(errand.workspace, ChannelId(errand.body["channel"]))
    message = MessageRef(place, Ts(errand.body["ts"]))
    if await desk.db.read(helps.of_message, message) is None:
        if await desk.db.read(helps.is_awaited, message):
            raise NotYet
        return None
    known = await desk.db.read(workspaces.heard, errand.workspace)
    try:
        answer = await slack.reactions_get(channel=place.channel, timestamp=message.ts, full=True)
    except SlackApiError as error:
        if error_code(error) in CLOSED | {"message_not_found"}:
            return None
        raise
    now = shown(place, answer["message"], await desk.db.read(pocket_reactions.of, place))
    return partial(helps.seen, message=message, given=now.helped, reactions=now.reactions, known=known, at=desk.now())


async def ask_who(desk: Desk, slack: AsyncWebClient, errand: Errand) -> Settle | None:
    """Ask Slack whether somebody who reacted is a bot: a bot's helps nobody, and keeps nothing."""
    person = Person(errand.workspace, PersonId(errand.body["person"]))
    with tolerating(*UNREACHABLE):  # of whom Slack says nothing, nobody knows whether it helped anybody
        user = (await slack.users_info(user=person.id))["user"]
        return partial(keepers.known, person=person, bot=bool(user.get("is_bot")), at=desk.now())
    return None


LOOK = Repeatable(look, "reactions.get")
ASK_WHO = Repeatable(ask_who, "users.info")
