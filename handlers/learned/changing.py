"""Changing: the menu on a card, for its author and the pocket's leads. Edit, out of date, delete."""

from __future__ import annotations

from functools import partial
from uuid import uuid4

from handlers import blocks, words
from handlers.answers import open_writing, replace, whisper
from handlers.blocks import Block
from handlers.desk import Call, Desk
from handlers.duties import Settle
from handlers.notices import Notice, Said
from handlers.payloads import FormOrigin, LearningForm, MenuPress, Press, ReasonForm
from handlers.slack import viewing
from handlers.slack.showing import message_link
from storage import workspaces
from storage.ids import LearningId, Person
from storage.learned import changes, earlier, edits, learnings
from storage.learned.changes import Changeable
from storage.learned.learnings import LearningView
from storage.owed.notices import Waiting
from storage.places import pocket_settings
from storage.refusals import Gone, LearningChanged, NotChecked, OutOfSight, Refusal

from . import entered
from .comparing import given_back


async def chosen(call: Call) -> None:
    """Something was chosen in a card's menu. Who has no right to it hears so, privately."""
    press = MenuPress.of(call)
    try:  # to others it is not there, whoever leads the pocket
        await viewing.require(call.desk, press.person, press.learning)
    except (Gone, NotChecked) as error:
        await _out_of_sight(call, press, error)
        return
    if press.choice == blocks.cards.RENEW:
        await call.write(changes.renew, press.learning, by=press.person, at=call.desk.now())
        await whisper(call, words.cards.RENEWED)
    elif press.choice == blocks.cards.UNLINK:
        await call.write(changes.unlink_all, press.learning, by=press.person, at=call.desk.now())
        await whisper(call, words.closeness.ALL_UNLINKED)
    else:
        found = await call.desk.db.read(changes.changeable, press.learning, by=press.person)
        form = await _form(call, press.choice, found)
        await open_writing(call, press.trigger_id, form)
    await call.ack()


async def _out_of_sight(call: Call, press: MenuPress, error: Refusal) -> None:
    found = await _unseen(call, press.person, press.learning, press.choice, error)
    form = await _form(call, press.choice, Changeable(found, is_own=True), is_seen=False)
    await call.slack.views_open(trigger_id=press.trigger_id, view=form)
    await call.ack()


async def _unseen(call: Call, person: Person, id: LearningId, choice: str, error: Refusal) -> LearningView:
    """What they may not read now, they delete unseen, where they wrote it. Raises `error`, or `OutOfSight`, for all else."""
    found = await call.desk.db.read(learnings.find, call.workspace, id)
    if found is None or not found.is_live or found.author != person.id:
        raise error
    if choice != blocks.cards.DELETE:
        raise OutOfSight if isinstance(error, Gone) else error
    return found


async def _require_still(call: Call, person: Person, id: LearningId, choice: str) -> None:
    """The same of a form that was open since: who may read it no more, whoever told of that, does no more there."""
    try:
        await viewing.require(call.desk, person, id)
    except (Gone, NotChecked) as error:
        await _unseen(call, person, id, choice, error)


async def edited(call: Call) -> None:
    """The form with what a learning says was sent. Where others changed the same meanwhile, it stays open, to compare."""
    form = LearningForm.of(call)
    asked = form.asks_about_names
    new = entered.new_learning(form, key="") if asked else entered.of_others(form)
    id, at, saw = _learning(form.origin), call.desk.now(), form.origin.saw
    await _require_still(call, form.person, id, blocks.cards.EDIT)
    try:
        await call.write(changes.edit, id, new, by=form.person, name_chosen=asked, saw=saw, at=at)
    except LearningChanged as changed:
        now = await call.desk.db.read(changes.changeable, id, by=form.person)
        make = partial(blocks.sharing.edit_form, is_own=now.is_own)
        await given_back(call, form, new, now=now.learning, both=changed.fields, make=make)
        return
    call.desk.unsaved.drop(form.person, form.origin.key)
    await call.ack()


async def outdated(call: Call) -> None:
    """The form that asks why it is out of date was sent."""
    form = ReasonForm.of(call)
    id = _learning(form.origin)
    await _require_still(call, form.person, id, blocks.cards.OUTDATE)
    await call.write(changes.outdate, id, form.reason or "", by=form.person, at=call.desk.now())
    await call.ack()


async def deleted(call: Call) -> None:
    """Whoever wanted it deleted is sure."""
    form = ReasonForm.of(call)
    id = _learning(form.origin)
    await _require_still(call, form.person, id, blocks.cards.DELETE)
    await call.write(changes.delete, id, by=form.person, at=call.desk.now())
    await call.ack()


async def brought_back(call: Call) -> None:
    """An author wants it to say again what they had written, before a lead changed it."""
    press = Press.of(call)
    await call.write(earlier.bring_back, press.learning, by=press.person, at=call.desk.now())
    await replace(call, words.cards.BROUGHT_BACK)
    await call.ack()


async def taken_away(desk: Desk, notice: Waiting) -> Said | None:
    """What an author hears of whom a lead took a learning away from, with all that they wrote.

    Where they may not look there, not who did it and where.
    """
    gone = await desk.db.read(changes.removed, notice.person.workspace, _of(notice))
    if gone is None:
        return None
    noun = await desk.db.read(pocket_settings.noun_of, gone.place)
    text = words.cards.removed_out_of_sight(noun, is_kept=not gone.words)
    if await viewing.may_be_told(desk, notice, gone.place):
        text = words.cards.removed(gone.by, gone.place.channel, noun=noun, is_kept=not gone.words)
    return Said(text, blocks.cards.removed(text, gone))


def taken_away_told(_desk: Desk, notice: Waiting) -> Settle:
    """They have their words: nothing of it is held any more."""
    return partial(changes.forget_removed, workspace=notice.person.workspace, id=_of(notice))


async def edited_by_lead(desk: Desk, notice: Waiting) -> Said | None:
    """What an author hears whose learning says what a lead wrote, with what they had written, and a way back to it.

    Nothing where they wrote it anew themselves since. Where they may not look there, not who did it and where.
    """
    learning = await desk.db.read(learnings.find, notice.person.workspace, _of(notice))
    if learning is None or not learning.is_live or learning.edited_by is None:
        return None
    noun = await desk.db.read(pocket_settings.noun_of, learning.place)
    before = await desk.db.read(earlier.of, notice.person.workspace, learning.id)
    text = words.cards.changed_out_of_sight(noun, before=before)
    if await viewing.may_be_shown(desk, notice, learning.id):
        link, channel = await _link(desk, learning), learning.place.channel
        text = words.cards.changed(learning.edited_by, link, channel, noun=noun, before=before)
    return Said(text, blocks.cards.changed(text, learning, before))


TAKEN_AWAY = Notice(taken_away, taken_away_told)
EDITED = Notice(edited_by_lead)


async def _link(desk: Desk, learning: LearningView) -> str:
    """Where it stands: its card, or the message that it was kept from."""
    if not learning.card_ts:
        return learning.link or ""
    installation = await desk.db.read(workspaces.find, learning.place.workspace)
    return message_link(installation, learning.place.channel, learning.card_ts)


def _of(notice: Waiting) -> LearningId:
    return LearningId(notice.body["learning"])


async def _form(call: Call, choice: str, found: Changeable, *, is_seen: bool = True) -> Block:
    learning = found.learning
    saw = dict(call.saw or edits.seen(learning)) if choice == blocks.cards.EDIT else None
    origin = FormOrigin(key=uuid4().hex, learning=learning.id, channel=learning.place.channel, saw=saw)
    metadata = origin.model_dump_json(exclude_none=True)
    noun = await call.desk.db.read(pocket_settings.noun_of, learning.place)
    if choice == blocks.cards.EDIT:
        return blocks.sharing.edit_form(learning, metadata=metadata, noun=noun, is_own=found.is_own)
    if choice == blocks.cards.OUTDATE:
        is_hidden = found.is_own and learning.without_name
        return blocks.cards.outdate_form(metadata=metadata, noun=noun, is_hidden=is_hidden)
    return blocks.cards.delete_form(learning, metadata=metadata, noun=noun, is_own=found.is_own, is_seen=is_seen)


def _learning(origin: FormOrigin) -> LearningId:
    return origin.learning or LearningId("")
