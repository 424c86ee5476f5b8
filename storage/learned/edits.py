"""Two who edit a learning at once: nobody writes over what they have not seen (docs/decisions/0210)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from storage.refusals import LearningChanged

from .entries import NewLearning

if TYPE_CHECKING:
    from .learnings import LearningView

Saw = Mapping[str, str]
"""By its name, a sign of what a form showed in each field when it was opened: what it was can't be read off it."""

PARTS = ("words", "why", "kind", "topics", "without_name")
"""What a form to edit one may show."""


def seen(shown: LearningView | NewLearning) -> dict[str, str]:
    """What a form that shows this has shown."""
    return {name: _sign(getattr(shown, name)) for name in PARTS}


def settled(entered: NewLearning, now: LearningView, saw: Saw | None, *, by_author: bool) -> NewLearning:
    """What was entered, but for what only somebody else has changed since the form was opened: that stays as it is `now`.

    `saw`: None of a form that does not say. Raises `LearningChanged` where both changed the same; its author, in whose name it
    stands, compares all that others changed.
    """
    if saw is None:
        return entered
    mine, theirs = seen(entered), seen(now)
    news = [name for name in PARTS if saw.get(name, theirs[name]) != theirs[name] != mine[name]]
    if both := [name for name in news if by_author or mine[name] != saw[name]]:
        raise LearningChanged(tuple(both))
    return replace(entered, **{name: getattr(now, name) for name in news})


def _sign(value: object) -> str:
    return hashlib.blake2b(repr(value).encode(), digest_size=6).hexdigest()
