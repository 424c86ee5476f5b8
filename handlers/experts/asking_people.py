"""*Ask people who know*: somebody who found too little asks those, privately, whom `/whoknows` would name, and who have room."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from uuid import uuid4

from handlers import blocks, words
from handlers.answers import replace, whisper
from handlers.desk import Call, Desk
from handlers.duties import Message, Post
from handlers.learned import entered
from handlers.payloads import AskPress, FormOrigin
from handlers.pockets import choosing
from handlers.slack import viewing
from handlers.slack.looking import where_invited
from handlers.slack.reaching import forgo
from storage.experts import private_questions, private_views
from storage.experts.private_questions import NewQuestion
from storage.experts.refusals import NobodyAsked
from storage.ids import AskedId, Person, PersonId, Place
from storage.learned.entries import MAX_WORDS
from storage.owed.outbox import Errand
from storage.refusals import NotAPocket, NotChecked

from . import whoknows
from .payloads import AskedPress, PeopleForm

PATIENCE = 0.5
"""Seconds in which Slack may say who of them reads the pocket: beside those of `whoknows`, all within a handler's time."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Who may be asked, the best first. `unchecked`: Slack did not say in time of everybody."""

    people: tuple[PersonId, ...] = ()
    unchecked: bool = False


async def pressed(call: Call) -> None:
    """The button, below what was found: the form, where there is somebody to ask; else that there is nobody, and the pocket."""
    press = AskPress.of(call)
    if not press.words.strip():
        raise NobodyAsked
    chosen = await choosing.pocket(call.desk, press.person, press.place)
    place = press.place if chosen else None
    found = await candidates(call.desk, press.person, press.words, place)
    if found.people:
        origin = FormOrigin(key=uuid4().hex, channel=place.channel if place else None)
        metadata = origin.model_dump_json(exclude_none=True)
        form = blocks.private_questions.form_to_ask(press.words, found.people, metadata=metadata, pocket=chosen)
        await call.slack.views_open(trigger_id=press.trigger_id, view=form)
    else:
        text = words.private_questions.nobody(unchecked=found.unchecked)
        channel = place.channel if place else None
        await whisper(call, text, blocks.private_questions.nobody(text, channel, press.words))
    await call.ack()


async def submitted(call: Call) -> None:
    """The form was sent: who may be asked is looked up anew, for these words and this pocket."""
    form = PeopleForm.of(call)
    said = entered.new_learning(form, key="")
    found = await candidates(call.desk, form.person, said.words, said.place)
    if found.unchecked and not found.people:
        raise NotChecked
    new = NewQuestion(AskedId(form.origin.key), said.place, said.words, said.without_name, form.to_pocket)
    ask = partial(call.write, private_questions.ask, new, found.people, by=form.person, at=call.desk.now())
    await where_invited(call, new.place, ask, by=form.person)
    await call.ack()


async def taken_back(call: Call) -> None:
    """*Take it back*, in what told who asked that it is asked."""
    press = AskedPress.of(call)
    await call.write(private_questions.take_back, press.question, by=press.person, at=call.desk.now())
    await replace(call, words.private_questions.TAKEN_BACK)
    await call.ack()


async def confirm(desk: Desk, errand: Errand) -> Message | None:
    """What who asked hears at once; nothing, where it is over by then."""
    found = await desk.db.read(private_views.find, errand.workspace, AskedId(errand.body["question"]))
    if found is None or found.state != "open":
        return None
    until, channel = words.moment(found.due_at), found.place.channel
    text = words.private_questions.asked(found.asked, channel, until, to_pocket=found.to_pocket)
    return Message(errand.body["person"], text, blocks.private_questions.confirmed(text, found))


CONFIRM = Post(confirm, instead=forgo)


async def candidates(desk: Desk, asker: Person, typed: str, place: Place | None) -> Candidates:
    """Whom `/whoknows` would name, who have room and are not away; of these, who reads that pocket, where it is chosen."""
    if not typed.strip() or (place is not None and not place.channel):
        return Candidates()
    known = await whoknows.known_to(desk, asker, typed[:MAX_WORDS], is_list=False)
    silent = known.answer.could_not_check or None in known.profiles.values()
    here = {id for id, profile in known.profiles.items() if profile is not None and not profile.is_away(desk.now())}
    free = [one.person for one in known.people if one.person in here and not one.is_full]
    if place is None:
        return Candidates(tuple(free), silent)
    reads = await asyncio.gather(*(_reads(desk, Person(asker.workspace, one), place) for one in free))
    those = tuple(one for one, may in zip(free, reads, strict=True) if may)
    return Candidates(those, silent or None in reads)


async def _reads(desk: Desk, person: Person, place: Place) -> bool | None:
    """Whether they may read it now; None: Slack did not say in time."""
    try:
        await viewing.require_place(desk, person, place, patience=PATIENCE)
    except NotChecked:
        return None
    except NotAPocket:
        return False
    return True
