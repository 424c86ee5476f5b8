"""Somebody's profile, from Home: what they stand for, as far as one may see, and the form to endorse them."""

from __future__ import annotations

import asyncio
from uuid import uuid4

from handlers import blocks, words
from handlers.desk import Call
from handlers.payloads import FormOrigin
from handlers.slack import viewing
from storage import visibility
from storage.experts import findable
from storage.ids import Person

from . import endorsing, whoknows
from .payloads import PersonChoice


async def chosen(call: Call) -> None:
    """Somebody was chosen in Home. Of whoever is not to be found, it says what it does of whoever stands for nothing."""
    choice = PersonChoice.of(call)
    await endorsing.require_person(call.desk, choice.about, by=choice.person)
    text = await _text(call, choice.person, choice.about)
    metadata = FormOrigin(key=uuid4().hex, person=choice.about.id).model_dump_json(exclude_none=True)
    form = blocks.experts.endorse_form(metadata=metadata, profile=text)
    await call.slack.views_open(trigger_id=choice.trigger_id, view=form)
    await call.ack()


async def _text(call: Call, person: Person, about: Person) -> str:
    near, viewer = await asyncio.gather(
        whoknows.shown_to(call.desk, person, [about.id]),
        viewing.at_home(call.desk, person, lambda _: visibility.by_author(about)),
    )
    found = await call.desk.db.read(findable.tags_of, viewer, about) if near else []
    named = await whoknows.named_to(call.desk, person, [tag.endorsed_by for tag in found])
    return words.experts.profile(about.id, findable.told(found, named))
