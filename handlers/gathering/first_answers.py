"""First answers: the day before, a prompt's lead is asked for theirs, which follows the prompt when it is posted."""

from __future__ import annotations

from functools import partial

from handlers import blocks, words
from handlers.answers import open_writing
from handlers.desk import Call, Desk
from handlers.duties import Message, Post, Settle
from handlers.payloads import AnswerForm, FirstPress, FormOrigin
from handlers.slack import viewing
from handlers.slack.reaching import forgo
from storage.ids import Person, PersonId, Ts
from storage.owed.outbox import Errand
from storage.prompts import first_answers


async def render(desk: Desk, errand: Errand) -> Message | None:
    """The question whether theirs is ready; none where it was asked by now, or they may not look there."""
    found = await desk.db.read(first_answers.find, errand.workspace, errand.body["key"])
    if found is None or found.unasked or found.opens_at <= desk.now():
        return None
    person = Person(errand.workspace, PersonId(errand.body["person"]))
    if not await viewing.reads_now_or_later(desk, person, found.place, until=found.opens_at):
        return None
    text = words.rounds.first_wanted(found.question, found.place.channel, words.moment(found.opens_at))
    return Message(errand.body["person"], text, blocks.rounds.first_wanted(text, found.key))


async def pressed(call: Call) -> None:
    """*Write mine*: opens the form, with what they wrote before."""
    press = FirstPress.of(call)
    found = await call.desk.db.read(first_answers.asked_of, press.key, by=press.person)
    metadata = FormOrigin(key=found.key, channel=found.place.channel).model_dump_json(exclude_none=True)
    form = blocks.rounds.first_form(found.question, found.words, metadata=metadata)
    await open_writing(call, press.trigger_id, form)
    await call.ack()


async def submitted(call: Call) -> None:
    """The form was sent: what stands in it waits for its prompt."""
    form = AnswerForm.of(call)
    await call.write(first_answers.write, form.origin.key, form.words or "", by=form.person)
    call.desk.unsaved.drop(form.person, form.origin.key)
    found = await call.desk.db.read(first_answers.asked_of, form.origin.key, by=form.person)
    text = words.rounds.first_ready(found.place.channel, words.moment(found.opens_at))
    await call.ack(response_action="update", view=blocks.rounds.first_ready(text))


async def give_back(desk: Desk, errand: Errand) -> Message | None:
    """What a lead hears whose first answer had no prompt to follow, with all that they wrote."""
    found = await desk.db.read(first_answers.find, errand.workspace, errand.body["key"])
    if found is None:
        return None
    text = words.rounds.first_given_back(found.place.channel, found.question)
    return Message(errand.body["person"], text, blocks.rounds.given_back(text, found.words))


def given_back(_desk: Desk, errand: Errand, _ts: Ts) -> Settle:
    """They have their words."""
    return partial(first_answers.given_back, workspace=errand.workspace, key=errand.body["key"])


ASK_FIRST = Post(render, instead=forgo)
GIVE_BACK = Post(give_back, given_back, instead=forgo)
