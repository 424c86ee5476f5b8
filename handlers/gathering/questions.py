"""Questions: somebody asks a pocket; who asked, or a lead, says when it is answered, or that it is not after all."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from uuid import uuid4

from handlers import blocks
from handlers.answers import open_writing
from handlers.desk import Call
from handlers.learned import entered
from handlers.payloads import AskPress, FormOrigin, LearningForm, Press
from handlers.pockets import choosing
from handlers.slack import viewing
from handlers.slack.looking import where_invited
from storage.learned import learnings
from storage.prompts import questions


async def asked(call: Call) -> None:
    """*Ask a question*: opens the form, with what the button carries."""
    press = AskPress.of(call)
    chosen = await choosing.pocket(call.desk, press.person, press.place)
    origin = FormOrigin(key=uuid4().hex, channel=press.place.channel if press.place and chosen else None)
    form = blocks.questions.form_to_ask(press.words, metadata=origin.model_dump_json(exclude_none=True), pocket=chosen)
    await open_writing(call, press.trigger_id, form)
    await call.ack()


async def submitted(call: Call) -> None:
    """The form was sent: it is asked as a question that is shared."""
    form = LearningForm.of(call)
    new = replace(entered.new_learning(form, key=learnings.key_of_form(form.origin.key)), kind="question")
    ask = partial(call.write, learnings.share, new, by=form.person, tell=True, at=call.desk.now())
    await where_invited(call, new.place, ask, by=form.person)
    call.desk.unsaved.drop(form.person, form.origin.key)
    await call.ack()


async def answered(call: Call) -> None:
    """*Mark as answered*, on its card. Who has no right to that hears so, privately."""
    press = Press.of(call)
    await viewing.require(call.desk, press.person, press.learning)
    await call.write(questions.answered, press.learning, by=press.person, pressed=press.action_ts, at=call.desk.now())
    await call.ack()


async def reopened(call: Call) -> None:
    """*Not answered yet*, on its card."""
    press = Press.of(call)
    await viewing.require(call.desk, press.person, press.learning)
    await call.write(questions.reopened, press.learning, by=press.person, pressed=press.action_ts, at=call.desk.now())
    await call.ack()
