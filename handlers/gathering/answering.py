"""Answering: the form under a prompt, for those who would rather not write in the open."""

from __future__ import annotations

from functools import partial
from uuid import uuid4

from handlers import blocks
from handlers.answers import open_writing
from handlers.desk import Call
from handlers.payloads import AnswerForm, FormOrigin, RoundPress
from handlers.slack import viewing
from handlers.slack.looking import where_invited
from storage.ids import Person, RoundId
from storage.learned import edits
from storage.learned.learnings import LearningView
from storage.places import pocket_settings
from storage.prompts import answering
from storage.prompts.answering import NewAnswer
from storage.prompts.rounds import RoundView
from storage.refusals import Gone, NotAPocket


async def asked(call: Call) -> None:
    """*Answer*: opens the form; with what they answered by it before, to be changed."""
    press = RoundPress.of(call)
    round, before, names_optional = await call.desk.db.read(answering.asked, press.round, by=press.person)
    await _require_question(call, press.person, round)
    if before is not None:
        await viewing.require(call.desk, press.person, before.id)
        form = await _change_form(call, before)
    else:
        form = _form(round, names_optional=names_optional)
    await open_writing(call, press.trigger_id, form)
    await call.ack()


async def submitted(call: Call) -> None:
    """The form was sent."""
    form = AnswerForm.of(call)
    if form.origin.round is None or form.origin.channel is None:
        raise Gone
    new = NewAnswer(form.origin.round, f"form:{form.origin.key}", form.words or "", _without_name(form.name))
    answer = partial(call.write, answering.answer, new, by=form.person, at=call.desk.now())
    await where_invited(call, form.place, answer, by=form.person)
    call.desk.unsaved.drop(form.person, form.origin.key)
    await call.ack()


async def _require_question(call: Call, person: Person, round: RoundView) -> None:
    """The form shows what was asked: whoever has left since finds nothing. Raises `Gone`, `NotChecked`."""
    if round.asked is not None:
        await viewing.require(call.desk, person, round.asked)
        return
    try:
        await viewing.require_place(call.desk, person, round.place)
    except NotAPocket:
        raise Gone from None


def _form(round: RoundView, *, names_optional: bool) -> blocks.Block:
    origin = FormOrigin(key=uuid4().hex, channel=round.place.channel, round=RoundId(round.id))
    metadata = origin.model_dump_json(exclude_none=True)
    return blocks.rounds.answer_form(round, metadata=metadata, names_optional=names_optional)


async def _change_form(call: Call, before: LearningView) -> blocks.Block:
    saw = dict(call.saw or edits.seen(before))
    origin = FormOrigin(key=uuid4().hex, learning=before.id, channel=before.place.channel, saw=saw)
    noun = await call.desk.db.read(pocket_settings.noun_of, before.place)
    return blocks.sharing.details_form(before, noun=noun, metadata=origin.model_dump_json(exclude_none=True))


def _without_name(chosen: str) -> bool:
    """A form of a pocket where names stand has no such choice: there it is as them."""
    return chosen == blocks.sharing.NO_NAME
