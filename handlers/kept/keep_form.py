"""Keep this: the shortcut on a message, and its form, where one may leave words out and say what it is about."""

from __future__ import annotations

import asyncio
from functools import partial
from uuid import uuid4

from slack_sdk.errors import SlackApiError

from handlers import blocks
from handlers.answers import PATIENCE, say
from handlers.desk import Call
from handlers.duties import error_code
from handlers.payloads import FormOrigin, KeepForm, MessageShortcutUse, Press
from handlers.slack import viewing
from handlers.slack.looking import first_step, where_invited
from handlers.slack.reaching import CLOSED
from handlers.slack.showing import files_of, is_by_person, look_of, words_of
from handlers.slack.silence import SILENCE
from storage import workspaces
from storage.ids import ChannelId, MessageRef, PersonId
from storage.kept import keep_forms, keeps
from storage.kept.keep_forms import FormKeep
from storage.kept.keeps import Look
from storage.places import pocket_reactions
from storage.refusals import (
    CantBeKept,
    InADirectMessage,
    MessageUnread,
    NotAPocket,
    NotInAChannel,
    NotInvited,
    NotOfPeople,
)


async def asked(call: Call) -> None:
    """*Keep this*, in a message's menu: a form with its words, to trim and tag."""
    used = MessageShortcutUse.of(call)
    ref, message = used.ref, used.message
    if not is_by_person(message):
        raise NotOfPeople
    author = PersonId(str(message.get("user"))) if message.get("user") else None
    look_up = partial(call.desk.db.read, keep_forms.offered, ref, by=used.person, author=author)
    try:
        offer = await first_step(call, ref.place, look_up, private=used.is_private)
    except InADirectMessage as error:  # of a group: its id does not say so
        raise NotInAChannel from error
    if offer.known_as:  # what others say of it is shown
        await viewing.require(call.desk, used.person, offer.known_as)
    await call.slack.views_open(trigger_id=used.trigger_id, view=_form(used, offer, author))
    await call.ack()


def _form(used: MessageShortcutUse, offer: keep_forms.Offer, author: PersonId | None) -> blocks.Block:
    message = used.message
    origin = FormOrigin(key=uuid4().hex, channel=ChannelId(used.channel), message=used.ts, pressed=used.action_ts)
    metadata, said, files = origin.model_dump_json(exclude_none=True), words_of(message), files_of(message)
    return blocks.keeping.keep_form(offer, author=author, said=said, files=files, metadata=metadata)


async def submitted(call: Call) -> None:
    """The form to keep a message was sent: what stands in Slack now is kept, as far as it was left."""
    form = KeepForm.of(call)
    await _require_reader(call, form)
    look_up = partial(call.desk.db.read, keep_forms.offered, form.ref, by=form.person, author=None)
    offer = await where_invited(call, form.ref.place, look_up)
    new = FormKeep(
        message=form.ref,
        look=await _look(call, form.ref),
        words=form.words or "",
        topics=form.topics,
        pressed=form.origin.pressed or form.ref.ts,
        known=offer.known,
    )
    await call.write(keep_forms.keep, new, by=form.person, at=call.desk.now())
    await call.ack()


async def _require_reader(call: Call, form: KeepForm) -> None:
    """Raise `CantBeKept` for who has left since the form was opened: no answer may tell them what stands there now."""
    try:
        await viewing.require_place(call.desk, form.person, form.ref.place)
    except NotAPocket as error:
        raise CantBeKept(field="words") from error


async def undone(call: Call) -> None:
    """*Don't keep it any more*, in the form of who keeps it already. The form then says so."""
    press = Press.of(call)
    at = call.desk.now()
    await call.write(keeps.take_back, press.learning, by=press.person, event_ts=press.action_ts, at=at)
    await say(call, call.slack.views_update(view_id=call.body["view"]["id"], view=blocks.keeping.undone_form()))
    await call.ack()


async def _look(call: Call, ref: MessageRef) -> Look:
    """The message as it stands now. Raises `CantBeKept` where it is gone, `NotInvited`, `MessageUnread`."""
    heard = await call.desk.db.read(workspaces.heard, call.workspace)
    try:
        async with asyncio.timeout(PATIENCE):
            shown = await call.slack.reactions_get(channel=ref.place.channel, timestamp=ref.ts, full=True)
    except SlackApiError as error:
        if error_code(error) == "message_not_found":
            raise CantBeKept(field="words") from error
        raise (NotInvited if error_code(error) in CLOSED else MessageUnread)(field="words") from error
    except SILENCE as error:
        raise MessageUnread(field="words") from error
    installation = await call.desk.db.read(workspaces.find, call.workspace)
    reactions = await call.desk.db.read(pocket_reactions.of, ref.place)
    return await viewing.with_author(
        call.desk, look_of(shown["message"], ref, installation, reactions, heard=heard), ref
    )
