"""Comparing: the second of two who edited the same gets their form back, with what it says by then above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from handlers import words
from handlers.blocks import Block
from handlers.desk import Call
from handlers.payloads import LearningForm
from handlers.slack import viewing
from storage.learned import edits
from storage.learned.entries import NewLearning
from storage.learned.learnings import LearningView
from storage.places import pocket_settings


class Form(Protocol):
    """What makes the form anew."""

    def __call__(self, learning: LearningView, *, metadata: str, noun: str, news: str) -> Block:
        """With this in its fields, and `news` above them."""


async def given_back(
    call: Call, form: LearningForm, entered: NewLearning, *, now: LearningView, both: Sequence[str], make: Form
) -> None:
    """The form stays open, with what was entered. Raises `Gone`, `NotChecked` where they may not read what it says `now`."""
    await viewing.require(call.desk, form.person, now.id)
    saw, mine, theirs = dict(form.origin.saw or {}), edits.seen(entered), edits.seen(now)
    origin = form.origin.model_copy(update={"saw": saw | {name: theirs[name] for name in both}})
    kept = {name: getattr(entered, name) for name in edits.PARTS if name in both or mine[name] != saw.get(name)}
    noun = await call.desk.db.read(pocket_settings.noun_of, now.place)
    news = words.cards.changed_meanwhile(now, both, noun=noun)
    view = make(replace(now, **kept), metadata=origin.model_dump_json(exclude_none=True), noun=noun, news=news)
    await call.ack(response_action="update", view=view)
