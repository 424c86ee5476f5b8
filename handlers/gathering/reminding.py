"""Reminding: one private word before a round closes, to whoever asked for it. Nobody else is ever reminded."""

from __future__ import annotations

from handlers import blocks, words
from handlers.answers import replace, whisper
from handlers.desk import Call, Desk
from handlers.duties import Message, Post
from handlers.payloads import PocketPress, RoundPress
from handlers.slack import viewing
from handlers.slack.reaching import forgo
from handlers.slack.showing import message_link
from storage import workspaces
from storage.ids import Person, PersonId, RoundId
from storage.owed.outbox import Errand
from storage.prompts import answers, reminders, rounds
from storage.refusals import Gone


async def wanted(call: Call) -> None:
    """*Remind me*, under a prompt: of this pocket's rounds from now on."""
    press = RoundPress.of(call)
    round = await call.desk.db.read(rounds.find, call.workspace, press.round)
    if round is None:
        raise Gone
    await call.write(reminders.want, round.place, press.person, at=call.desk.now())
    text = words.rounds.reminding(round.place.channel)
    await whisper(call, text, blocks.rounds.reminding(text, round.place.channel))
    await call.ack()


async def ended(call: Call) -> None:
    """*Don't remind me*."""
    press = PocketPress.of(call)
    await call.write(reminders.end, press.place, press.person)
    await replace(call, words.rounds.NO_REMINDERS)
    await call.ack()


async def render(desk: Desk, errand: Errand) -> Message | None:
    """The reminder; none where they have answered, or want it no more, or it is too late, or they may not look there."""
    round = await desk.db.read(rounds.find, errand.workspace, RoundId(errand.body["round"]))
    if round is None or round.ts is None or not round.is_open:
        return None
    person = Person(errand.workspace, PersonId(errand.body["person"]))
    is_wanted = await desk.db.read(reminders.wanted, round.place, person)
    if not is_wanted or await desk.db.read(answers.has_answered, round, person.id):
        return None
    if not await viewing.reads_now_or_later(desk, person, round.place, until=round.closes_at):
        return None
    me = await desk.db.read(workspaces.find, errand.workspace)
    link = message_link(me, round.place.channel, round.ts)
    text = words.rounds.reminder(round.question, round.place.channel, link, words.moment(round.closes_at))
    return Message(person.id, text, blocks.rounds.reminder(text, round))


REMIND = Post(render, instead=forgo)
