"""`/askme`: what one may be asked about, in a line or by a form; and who is found at all."""

from __future__ import annotations

import dataclasses
import re
from uuid import uuid4

from sqlalchemy.orm import Session

from handlers import blocks, words
from handlers.answers import answer, replace, show_form
from handlers.desk import Call
from handlers.payloads import Command, FormOrigin, Suggestion
from handlers.slack import viewing
from storage import visibility
from storage.experts import asking, endorsing, tags, wishes
from storage.ids import Person
from storage.learned import topics
from storage.visibility import Viewer

from . import whoknows
from .payloads import AskmeForm, TopicChoice, TopicsPress, UndoPress

_OFF = re.compile(r"^[-\u2010-\u2015\u2212]\s*")
"""A hyphen or dash of any kind before a topic: it is to be taken off."""


async def asked(call: Call) -> None:
    """`/askme`: alone the form; with topics it adds them, and takes off those with a `-`; with `help` it explains."""
    command = Command.of(call)
    if not command.words:
        await _open(call, command.person, command.trigger_id)
        return
    if words.asks_for_help(command.words):
        await answer(call, words.experts.ASKME_HELP)
        return
    typed = [one.strip() for one in re.split(r"[,;\n]", command.words)]
    wanted = [one for one in typed if one and not _OFF.match(one)]
    unwanted = [_OFF.sub("", one) for one in typed if _OFF.match(one)]
    await answer(call, *await _changed(call, command.person, wanted, unwanted))


async def stood_up(call: Call) -> None:
    """A topic was chosen in Home that nobody stands for yet."""
    choice = TopicChoice.of(call)
    await show_form(call, *await _changed(call, choice.person, [choice.topic], []))
    await call.ack()


async def undone(call: Call) -> None:
    """*Undo*, under what came of it."""
    press = UndoPress.of(call)
    new, gone = press.both
    await call.write(tags.undo, new, gone, by=press.person, at=call.desk.now())
    await replace(call, words.experts.UNDONE)
    await call.ack()


async def opened(call: Call) -> None:
    """*Look at them*: the form, from what asked whether one's topics still hold."""
    press = TopicsPress.of(call)
    await _open(call, press.person, press.trigger_id)


async def suggested(call: Call) -> None:
    """*Suggest topics from what I shared*, in the form: what is entered stays as it is."""
    entered = AskmeForm.of(call)
    mine = await _shown(call, entered.person, suggest=True)
    mine = dataclasses.replace(mine, offered=entered.shown_topics)  # by these it is told what was unchosen
    form = blocks.experts.askme_form(mine, metadata=entered.origin.model_dump_json(exclude_none=True))
    await call.slack.views_update(view_id=entered.view, view=form)
    await call.ack()


async def submitted(call: Call) -> None:
    """The form was sent."""
    form = AskmeForm.of(call)
    await viewing.ask_colleague(call.desk, form.person)
    await call.write(_save, form, at=call.desk.now())
    await call.ack()


async def suggest_tags(call: Call) -> None:
    """Somebody types into the topics: what they shared about that begins so, and what they typed as a new one."""
    asked_for = Suggestion.of(call)
    typed = topics.as_one(asked_for.value)
    viewer = await _of_own(call, asked_for.person)
    found = await call.desk.db.read(tags.suggestions, viewer, typed)
    new = [blocks.option(words.sharing.new_topic(typed), typed)] if typed and typed not in found else []
    await call.ack(options=[*[blocks.option(topic, topic) for topic in found], *new])


async def _changed(
    call: Call, person: Person, wanted: list[str], unwanted: list[str]
) -> tuple[str, list[blocks.Block]]:
    """What came of topics that somebody wants, or does not. Of whom nobody is told, nothing is written down."""
    await viewing.ask_colleague(call.desk, person)
    new, gone = await call.write(tags.change, wanted, unwanted, by=person, at=call.desk.now())
    hidden = (await call.desk.db.read(wishes.of, person)).hidden
    text = words.experts.changed(new, gone, hidden=hidden)
    return text, blocks.experts.changed(text, new, gone)


async def _open(call: Call, person: Person, trigger_id: str) -> None:
    mine = await _shown(call, person)
    metadata = FormOrigin(key=uuid4().hex).model_dump_json(exclude_none=True)
    await call.slack.views_open(trigger_id=trigger_id, view=blocks.experts.askme_form(mine, metadata=metadata))
    await call.ack()


async def _shown(call: Call, person: Person, *, suggest: bool = False) -> blocks.experts.Mine:
    """What they may see of themselves: a guest reads of nobody who is not where they are, also not as who endorses them."""
    mine = await call.desk.db.read(_mine, await _of_own(call, person), suggest=suggest)
    near = await whoknows.named_to(call.desk, person, [tag.endorsed_by for tag in mine.tags])
    told = [
        dataclasses.replace(tag, endorsed_by=tuple(giver for giver in tag.endorsed_by if giver in near))
        for tag in mine.tags
    ]
    return dataclasses.replace(mine, tags=told)


async def _of_own(call: Call, person: Person) -> Viewer:
    """Somebody who wants to see what they shared themselves."""
    return await viewing.of(call.desk, person, visibility.by_author(person))


def _mine(session: Session, viewer: Viewer, *, suggest: bool = False) -> blocks.experts.Mine:
    found = tags.of(session, viewer.person)
    shared = tags.shared(session, viewer, [tag.topic for tag in found])
    suggested = tags.suggestions(session, viewer) if suggest else None
    offered = tuple(tag.topic for tag in found)
    return blocks.experts.Mine(found, shared, wishes.of(session, viewer.person), offered, suggested)


def _save(session: Session, form: AskmeForm, *, at: float) -> None:
    """One transaction: their topics, and their wishes. What waited while they were hidden is asked about after that."""
    decided = wishes.of(session, form.person)
    hidden = form.is_chosen(blocks.experts.HIDDEN, holds=decided.hidden)
    stopped = form.is_chosen(blocks.experts.STOPPED, holds=decided.stopped)
    tags.choose(session, form.topics, form.shown_topics, by=form.person, at=at)
    wishes.save(session, form.person, hidden=hidden, a_week=form.number, stopped=stopped)
    asking.owe_waiting(session, form.person, at=at)
    if decided.hidden and not hidden:
        endorsing.owe_endorsed(session, form.person, at=at)
