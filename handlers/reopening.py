"""A form that was closed with words in it: they are offered back, in the same form, opened again.

What is typed is held in this process's memory alone, for half an hour at most (docs/decisions/0043). The form to share offers a
draft instead: handlers/learned/drafting.py.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from pydantic import AliasPath, Field

from storage.ids import ChannelId, Place
from storage.refusals import HeldNoMore

from . import blocks, words
from .answers import say_privately
from .desk import Call, Handler
from .learned.unsaved import Unfinished
from .payloads import DraftPress, Form


class WrittenForm(Form):
    """A form of ours with what stands in it, and what stood in it when it was opened."""

    callback: str = Field(validation_alias=AliasPath("view", "callback_id"))
    values: dict[str, dict[str, dict[str, Any]]] = Field({}, validation_alias=AliasPath("view", "state", "values"))
    shown: list[dict[str, Any]] = Field([], validation_alias=AliasPath("view", "blocks"))

    @property
    def place(self) -> Place:
        """Where it is about; empty where that was not chosen."""
        return Place(self.workspace, self.origin.channel or ChannelId(""))

    @property
    def unfinished(self) -> Unfinished:
        """What is held of it."""
        written = blocks.holding.written(self.shown, self.values)
        return Unfinished(self.origin.key, self.callback, self._opened_by, written, self.values, self.origin.saw)

    @property
    def _opened_by(self) -> str:
        """What the button carries that opens such a form."""
        origin = self.origin
        match self.callback:
            case "answer":
                return str(origin.round)
            case "ask":
                return f"{origin.channel or ''}:"
            case "details":
                return str(origin.learning)
            case "edit":
                return f"{blocks.cards.EDIT}:{origin.learning}"
        return origin.key


async def typed(call: Call) -> None:
    """Somebody writes in such a form: what stands in it is held, in memory alone, in case they close it."""
    form = WrittenForm.of(call)
    call.desk.unsaved.hold(form.person, form.unfinished)
    await call.ack()


async def closed(call: Call) -> None:
    """It was closed. With other words in it than it was opened with, as far as is known here, they are offered back."""
    form = WrittenForm.of(call)
    told = form.unfinished
    entered = told if form.values else call.desk.unsaved.of(form.person, told.key)
    if not isinstance(entered, Unfinished) or not entered.has_words:
        call.desk.unsaved.drop(form.person, told.key)
    else:
        call.desk.unsaved.hold(form.person, entered)
        text = words.drafts.closed_unfinished(entered.written)
        await say_privately(
            call, form.person, form.place.channel, text, blocks.drafts.closed_unfinished(text, told.key)
        )
    await call.ack()


def opened_again(openers: Mapping[str, Handler]) -> Handler:
    """*Open it again*. `openers`: by a form's name, what opens it, with the same look at who may see what it shows."""

    async def opened(call: Call) -> None:
        press = DraftPress.of(call)
        entered = call.desk.unsaved.of(press.person, press.key)
        if not isinstance(entered, Unfinished):
            raise HeldNoMore
        pressed = {
            **call.body["actions"][0],
            "value": entered.opened_by,
            "selected_option": {"value": entered.opened_by},
        }
        await openers[entered.form](
            dataclasses.replace(call, body=call.body | {"actions": [pressed]}, typed=entered.values, saw=entered.saw)
        )

    return opened
