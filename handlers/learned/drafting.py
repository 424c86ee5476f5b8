"""Drafts: what somebody puts aside in the form to share, and comes back to. Nobody else sees any of it."""

from __future__ import annotations

from handlers import blocks, reopening, words
from handlers.answers import answer, replace, say, say_privately
from handlers.desk import Call
from handlers.payloads import AnyForm, Command, DraftPress, FormOrigin, LearningForm
from handlers.slack import viewing
from storage.ids import ChannelId, Person, Place
from storage.learned import drafts
from storage.learned.drafts import Draft, NewDraft
from storage.places import pocket_settings, pockets
from storage.refusals import HeldNoMore


async def saved(call: Call) -> None:
    """*Save as a draft*, in the form to share, whatever stands in it. The form then says so, and has done its part."""
    form = LearningForm.of(call)
    await call.write(drafts.save, _draft_of(form), by=form.person, at=call.desk.now())
    call.desk.unsaved.drop(form.person, form.origin.key)
    await say(call, call.slack.views_update(view_id=form.view, view=blocks.drafts.saved_form()))
    await call.ack()


async def typed(call: Call) -> None:
    """Somebody writes in the form to share: what stands in it is held, in memory alone, in case they close it.

    In any other form of ours that tells so: `reopening`.
    """
    if AnyForm.of(call).name != "share":
        await reopening.typed(call)
        return
    form = LearningForm.of(call)
    call.desk.unsaved.hold(form.person, _draft_of(form))
    await call.ack()


async def closed(call: Call) -> None:
    """The form to share was closed. With words in it that are known here, and no draft, they are offered back."""
    form = LearningForm.of(call)
    told, key = _draft_of(form), form.origin.key
    held = told if told.has_words else call.desk.unsaved.of(form.person, key)
    entered = held if isinstance(held, NewDraft) and held.has_words else None
    if entered is None or await call.desk.db.read(drafts.is_saved, entered, by=form.person):
        call.desk.unsaved.drop(form.person, key)
    else:
        call.desk.unsaved.hold(form.person, entered)
        text = words.drafts.closed(entered.words or entered.why)
        await say_privately(call, form.person, entered.channel, text, blocks.drafts.closed(text, key))
    await call.ack()


async def closed_saved(call: Call) -> None:
    """*Save as a draft*, after the form was closed."""
    press = DraftPress.of(call)
    entered = call.desk.unsaved.of(press.person, press.key)
    if isinstance(entered, NewDraft):
        await call.write(drafts.save, entered, by=press.person, at=call.desk.now())
        call.desk.unsaved.drop(press.person, press.key)
    elif press.key not in {draft.key for draft in await call.desk.db.read(drafts.of, press.person)}:
        raise HeldNoMore
    await replace(call, words.drafts.SAVED)
    await call.ack()


async def closed_thrown_away(call: Call) -> None:
    """*Throw away*, after the form was closed."""
    press = DraftPress.of(call)
    call.desk.unsaved.drop(press.person, press.key)
    await replace(call, words.drafts.THROWN_AWAY)
    await call.ack()


async def listed(call: Call) -> None:
    """`/share drafts`: one's own, wherever it is typed."""
    found, names = await _own(call, Command.of(call).person)
    await answer(call, words.drafts.title(len(found)), blocks.drafts.listed(found, names))


async def opened(call: Call) -> None:
    """*Open*, in the list: the form again, with all that stood in it."""
    press = DraftPress.of(call)
    draft = await call.desk.db.read(drafts.own, press.key, by=press.person)
    name = (await _names(call, press.person)).get(draft.channel, "")
    place = Place(call.workspace, draft.channel)
    noun = await call.desk.db.read(pocket_settings.noun_of, place) if name else pocket_settings.NOUN
    origin = FormOrigin(key=draft.key, channel=draft.channel or None)
    form = blocks.sharing.share_form(
        metadata=origin.model_dump_json(exclude_none=True), pocket=_pocket(draft, name), noun=noun, draft=draft
    )
    await call.slack.views_open(trigger_id=press.trigger_id, view=form)
    await call.ack()


async def thrown_away(call: Call) -> None:
    """*Throw away*, in the list, after *are you sure?*: the words are forgotten for good."""
    press = DraftPress.of(call)
    await call.write(drafts.throw_away, press.key, by=press.person, at=call.desk.now())
    left, names = await _own(call, press.person)
    await replace(call, words.drafts.title(len(left)), blocks.drafts.listed(left, names))
    await call.ack()


def _draft_of(form: LearningForm) -> NewDraft:
    return NewDraft(
        key=form.origin.key,
        channel=form.place.channel,
        words=form.words or "",
        why=form.why or "",
        kind=form.kind,
        topics=form.topics,
        without_name=form.name == blocks.sharing.NO_NAME,
    )


async def _own(call: Call, person: Person) -> tuple[list[Draft], dict[ChannelId, str]]:
    found = await call.desk.db.read(drafts.of, person)
    return found, await _names(call, person) if found else {}


async def _names(call: Call, person: Person) -> dict[ChannelId, str]:
    """What the pockets are called that they are in: of another channel, its name may be none of their business any more."""
    found = await call.desk.db.read(pockets.of_viewer, await viewing.inside(call.desk, person))
    return {pocket.channel: pocket.name for pocket in found}


def _pocket(draft: Draft, name: str) -> blocks.Block | None:
    """The choice that was made."""
    if not draft.channel:
        return None
    return blocks.option(f"#{name}" if name else words.drafts.FORMER_POCKET, draft.channel)
