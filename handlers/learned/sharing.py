"""Share: `/share`, its form, and what may be done right after."""

from __future__ import annotations

from functools import partial
from uuid import uuid4

from slack_sdk.web.async_client import AsyncWebClient

from handlers import blocks, words
from handlers.answers import answer, open_writing, replace
from handlers.desk import Call, Desk
from handlers.duties import Repeatable, tolerating
from handlers.payloads import Command, FormOrigin, LearningForm, Press, ShortcutUse, Suggestion
from handlers.slack import viewing
from handlers.slack.looking import typed_step, where_invited
from handlers.slack.reaching import CLOSED
from storage import visibility
from storage.ids import ChannelId, LearningId, Person, Place
from storage.learned import drafts, edits, entries, learnings, topics
from storage.learned.entries import NewLearning
from storage.owed.outbox import Errand
from storage.places import channels, pocket_settings, pockets
from storage.prompts import questions
from storage.refusals import LearningChanged, NoPocketOfYours, TooLong

from . import entered, hashtags
from .comparing import given_back

LONGEST_COMMAND = 2 * entries.MAX_WORDS
"""Characters that are looked through for hashtags: far more than fit, with ten topics behind them."""


async def asked(call: Call) -> None:
    """`/share`: opens the form. With words it shares them at once."""
    command = Command.of(call)
    if command.words:
        await typed_step(call, command, partial(_share_at_once, call, command))
    else:
        await typed_step(call, command, partial(_open_form, call, command))


async def form_asked(call: Call) -> None:
    """*Share something*, the shortcut, from anywhere: the form, with the pocket of whoever has only one."""
    used = ShortcutUse.of(call)
    await open_form(call, used.person, used.trigger_id)


async def open_form(call: Call, person: Person, trigger_id: str, *, wanted: ChannelId | None = None) -> None:
    """The form, with the pocket that was `wanted`, or the only one that somebody is in. Raises `NoPocketOfYours`."""
    viewer = await viewing.inside(call.desk, person)
    name = await call.desk.db.read(channels.name_of, Place(call.workspace, wanted)) if wanted else ""
    found = await call.desk.db.read(pockets.of_viewer, viewer, containing=name, limit=100 if wanted else 2)
    if not found and viewer.channels is not None:  # where Slack did not say, they look for it in the form
        raise NoPocketOfYours
    only = found[0] if len(found) == 1 else None
    if wanted:
        only = next((one for one in found if one.channel == wanted), None)
    place = Place(call.workspace, only.channel) if only else None
    noun = await call.desk.db.read(pocket_settings.noun_of, place) if place else pocket_settings.NOUN
    origin = FormOrigin(key=uuid4().hex, channel=only.channel if only else None)
    chosen = blocks.option(f"#{only.name}", only.channel) if only else None
    form = blocks.sharing.share_form(metadata=origin.model_dump_json(exclude_none=True), pocket=chosen, noun=noun)
    await call.slack.views_open(trigger_id=trigger_id, view=form)
    await call.ack()


async def submitted(call: Call) -> None:
    """The form to share was sent."""
    form = LearningForm.of(call)
    new = entered.new_learning(form, key=learnings.key_of_form(form.origin.key))
    share = partial(call.write, drafts.share, new, form.origin.key, by=form.person, at=call.desk.now())
    await where_invited(call, new.place, share, by=form.person)
    call.desk.unsaved.drop(form.person, form.origin.key)
    await call.ack()


async def details_asked(call: Call) -> None:
    """*Add details* under what was just shared: opens it in a form."""
    press = Press.of(call)
    learning = await call.desk.db.read(learnings.own, press.learning, by=press.person)
    await viewing.require(call.desk, press.person, learning.id)
    saw = dict(call.saw or edits.seen(learning))
    origin = FormOrigin(key=uuid4().hex, learning=press.learning, channel=learning.place.channel, saw=saw)
    noun = await call.desk.db.read(pocket_settings.noun_of, learning.place)
    form = blocks.sharing.details_form(learning, noun=noun, metadata=origin.model_dump_json(exclude_none=True))
    await open_writing(call, press.trigger_id, form)
    await call.ack()


async def details_submitted(call: Call) -> None:
    """The form with the details was sent. Where others changed the same meanwhile, it stays open, to compare."""
    form = LearningForm.of(call)
    new = entered.new_learning(form, key="")
    learning = form.origin.learning or LearningId("")
    try:
        await call.write(learnings.edit, learning, new, by=form.person, saw=form.origin.saw, at=call.desk.now())
    except LearningChanged as changed:
        now = await call.desk.db.read(learnings.own, learning, by=form.person)
        await given_back(call, form, new, now=now, both=changed.fields, make=blocks.sharing.details_form)
        return
    call.desk.unsaved.drop(form.person, form.origin.key)
    await call.ack()


async def undone(call: Call) -> None:
    """*Undo* under what was just shared."""
    press = Press.of(call)
    await call.write(learnings.withdraw, press.learning, by=press.person, at=call.desk.now())
    await replace(call, words.sharing.SHARE_UNDONE)
    await call.ack()


async def suggest_topics(call: Call) -> None:
    """Somebody types into *Topics*: the pocket's own that begin so, and what they typed as a new one."""
    asked_for = Suggestion.of(call)
    typed = topics.as_one(asked_for.value)
    is_one = typed or not asked_for.value.strip("# ")
    viewer = await viewing.of(call.desk, asked_for.person, visibility.in_channel(asked_for.place))
    found = await call.desk.db.read(topics.suggest, asked_for.place, typed, to=viewer) if is_one else []
    new = [blocks.option(words.sharing.new_topic(typed), typed)] if typed and typed not in found else []
    await call.ack(options=[*[blocks.option(topic, topic) for topic in found], *new])


async def suggest_pockets(call: Call) -> None:
    """Somebody types into *Pocket*: those that they are in, by name."""
    asked_for = Suggestion.of(call)
    viewer = await viewing.inside(call.desk, asked_for.person)
    found = await call.desk.db.read(pockets.of_viewer, viewer, containing=asked_for.value.strip("# "))
    await call.ack(options=[blocks.option(f"#{pocket.name}", pocket.channel) for pocket in found])


async def confirm(desk: Desk, slack: AsyncWebClient, errand: Errand) -> None:
    """Tell whoever shared by a form, privately, with *add details* and *undo*, as the command does by its answer."""
    learning = await desk.db.read(learnings.find, errand.workspace, LearningId(errand.body["learning"]))
    if learning is None or not learning.is_live:
        return
    is_asked = await desk.db.read(questions.standing, learning) is not None
    text = words.questions.ASKED if is_asked else words.sharing.SHARED
    with tolerating("user_not_in_channel", *CLOSED):  # where the card can't stand either, they hear that
        await slack.chat_postEphemeral(
            channel=learning.place.channel,
            user=errand.body["person"],
            text=text,
            blocks=blocks.cards.shared(learning.id, text),
        )


CONFIRM = Repeatable(confirm, "chat.postEphemeral")


async def _share_at_once(call: Call, command: Command) -> None:
    if len(command.words) > LONGEST_COMMAND:
        raise TooLong(length=len(command.words), limit=entries.MAX_WORDS)
    said, tags = hashtags.split(command.words)
    new = NewLearning(key=f"command:{command.trigger_id}", place=command.place, words=said, topics=tags)
    learning = await call.write(learnings.share, new, by=command.person, here=True, at=call.desk.now())
    await answer(call, words.sharing.SHARED, blocks.cards.shared(learning))


async def _open_form(call: Call, command: Command) -> None:
    pocket = await call.desk.db.write(
        pockets.enter, command.place, command.person, name=command.name, at=call.desk.now()
    )
    origin = FormOrigin(key=uuid4().hex, channel=command.place.channel)
    here = blocks.option(f"#{pocket.name}", pocket.channel)
    noun = await call.desk.db.read(pocket_settings.noun_of, command.place)
    form = blocks.sharing.share_form(metadata=origin.model_dump_json(exclude_none=True), pocket=here, noun=noun)
    await call.slack.views_open(trigger_id=command.trigger_id, view=form)
    await call.ack()
