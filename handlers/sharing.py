"""Share: `/share`, its form, and what may be done right after."""

from __future__ import annotations

from functools import partial
from uuid import uuid4

from slack_sdk.web.async_client import AsyncWebClient

from storage import learnings, pockets, topics
from storage.ids import LearningId
from storage.learnings import NewLearning
from storage.outbox import Errand
from storage.refusals import NoNameChosen, TooLong

from . import blocks, hashtags, words
from .answers import answer, replace
from .desk import Call, Desk
from .duties import Repeatable, tolerating
from .looking import first_step, where_invited
from .payloads import Command, FormOrigin, LearningForm, Press, Suggestion
from .reaching import CLOSED

LONGEST_COMMAND = 2 * learnings.MAX_WORDS
"""Characters that are looked through for hashtags: far more than fit, with ten topics behind them."""


async def asked(call: Call) -> None:
    """`/share`: opens the form. With words it shares them at once; with `help` it explains."""
    command = Command.of(call)
    if command.words.lower() == "help":
        await answer(call, words.SHARE_HELP)
    elif command.words:
        await first_step(call, command, partial(_share_at_once, call, command))
    else:
        await first_step(call, command, partial(_open_form, call, command))


async def submitted(call: Call) -> None:
    """The form to share was sent."""
    form = LearningForm.of(call)
    new = _new_learning(form, key=f"form:{form.origin.key}")
    share = partial(call.desk.db.write, learnings.share, new, by=form.person, tell=True, at=call.desk.now())
    await where_invited(call, new.place, share)
    await call.ack()


async def details_asked(call: Call) -> None:
    """*Add details* under what was just shared: opens it in a form."""
    press = Press.of(call)
    learning = await call.desk.db.read(learnings.own, press.learning, by=press.person)
    origin = FormOrigin(key=uuid4().hex, learning=press.learning, channel=learning.place.channel)
    form = blocks.details_form(learning, metadata=origin.model_dump_json(exclude_none=True))
    await call.slack.views_open(trigger_id=press.trigger_id, view=form)
    await call.ack()


async def details_submitted(call: Call) -> None:
    """The form with the details was sent."""
    form = LearningForm.of(call)
    new = _new_learning(form, key="")
    learning = form.origin.learning or LearningId("")
    await call.desk.db.write(learnings.edit, learning, new, by=form.person, at=call.desk.now())
    await call.ack()


async def undone(call: Call) -> None:
    """*Undo* under what was just shared."""
    press = Press.of(call)
    await call.desk.db.write(learnings.withdraw, press.learning, by=press.person, at=call.desk.now())
    await replace(call, words.SHARE_UNDONE)
    await call.ack()


async def suggest_topics(call: Call) -> None:
    """Somebody types into *Topics*: the pocket's own that begin so, and what they typed as a new one."""
    asked_for = Suggestion.of(call)
    typed = topics.as_one(asked_for.value)
    is_one = typed or not asked_for.value.strip("# ")
    found = await call.desk.db.read(topics.suggest, asked_for.place, typed, to=asked_for.person) if is_one else []
    new = [blocks.option(words.new_topic(typed), typed)] if typed and typed not in found else []
    await call.ack(options=[*[blocks.option(topic, topic) for topic in found], *new])


async def suggest_pockets(call: Call) -> None:
    """Somebody types into *Pocket*: those that they are in, by name."""
    asked_for = Suggestion.of(call)
    found = await call.desk.db.read(pockets.of_person, asked_for.person, containing=asked_for.value.strip("# "))
    await call.ack(options=[blocks.option(f"#{pocket.name}", pocket.channel) for pocket in found])


async def confirm(desk: Desk, slack: AsyncWebClient, errand: Errand) -> None:
    """Tell whoever shared by a form, privately, with *add details* and *undo*, as the command does by its answer."""
    learning = await desk.db.read(learnings.find, errand.workspace, LearningId(errand.body["learning"]))
    if learning is None or not learning.is_live:
        return
    with tolerating("user_not_in_channel", *CLOSED):  # where the card can't stand either, they hear that
        await slack.chat_postEphemeral(
            channel=learning.place.channel,
            user=errand.body["person"],
            text=words.SHARED,
            blocks=blocks.shared(learning.id),
        )


CONFIRM = Repeatable(confirm, "chat.postEphemeral")


async def _share_at_once(call: Call, command: Command) -> None:
    if len(command.words) > LONGEST_COMMAND:
        raise TooLong(length=len(command.words), limit=learnings.MAX_WORDS)
    said, tags = hashtags.split(command.words)
    new = NewLearning(key=f"command:{command.trigger_id}", place=command.place, words=said, topics=tags)
    learning = await call.desk.db.write(learnings.share, new, by=command.person, here=True, at=call.desk.now())
    await answer(call, words.SHARED, blocks.shared(learning))


async def _open_form(call: Call, command: Command) -> None:
    pocket = await call.desk.db.write(
        pockets.enter, command.place, command.person, name=command.name, at=call.desk.now()
    )
    origin = FormOrigin(key=uuid4().hex, channel=command.place.channel)
    here = blocks.option(f"#{pocket.name}", pocket.channel)
    form = blocks.share_form(metadata=origin.model_dump_json(exclude_none=True), pocket=here)
    await call.slack.views_open(trigger_id=command.trigger_id, view=form)
    await call.ack()


def _new_learning(form: LearningForm, *, key: str) -> NewLearning:
    return NewLearning(
        key=key,
        place=form.place,
        words=form.words or "",
        why=form.why or "",
        kind=form.kind,
        topics=form.topics,
        without_name=_without_name(form.name),
    )


def _without_name(chosen: str) -> bool:
    """Whether no name is to stand with it. Raises `NoNameChosen` for anything but the two choices: a name is not guessed."""
    if chosen not in (blocks.WITH_NAME, blocks.NO_NAME):
        raise NoNameChosen(field="name")
    return chosen == blocks.NO_NAME
