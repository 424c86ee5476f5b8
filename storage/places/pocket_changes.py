"""Two leads who change a pocket at once: each changes what they changed in their form, and nothing else (docs/decisions/0195)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from storage import emoji_names
from storage.ids import PersonId

from .pocket_reactions import DEEDS, PocketReactions
from .pocket_settings import PocketSettings

Saw = Mapping[str, str]
"""By its name, a sign of what a form showed in each field when it was opened: what it was can't be read off it."""


@dataclass(frozen=True, slots=True)
class Led:
    """All that leads decide about a pocket in its form."""

    settings: PocketSettings
    leads: tuple[PersonId, ...]
    reactions: PocketReactions = field(default_factory=PocketReactions)


def seen(shown: Led) -> dict[str, str]:
    """What a form that shows this has shown."""
    return {name: _sign(name, value) for name, value in _parts(shown).items()}


def merged(entered: Led, now: Led, saw: Saw) -> Led:
    """What was entered, but for what only somebody else has changed since the form was opened: that stays as it is `now`."""
    mine, theirs = _parts(entered), _parts(now)
    taken = {name: theirs[name] if _is_theirs(name, mine, theirs, saw) else mine[name] for name in mine}
    settings = PocketSettings(**{one.name: taken[one.name] for one in fields(PocketSettings)})
    return Led(settings, taken["leads"], PocketReactions(**{deed: taken[deed] for deed in DEEDS}))


def clashing(entered: Led, now: Led, saw: Saw) -> tuple[str, ...]:
    """The fields that both have changed since, each to something else."""
    mine, theirs = seen(entered), seen(now)
    return tuple(name for name in mine if name in saw and _is_clash(saw[name], mine[name], theirs[name]))


def _is_clash(before: str, mine: str, theirs: str) -> bool:
    return before != mine != theirs != before


def _is_theirs(name: str, mine: Mapping[str, Any], theirs: Mapping[str, Any], saw: Saw) -> bool:
    return _sign(name, mine[name]) == saw.get(name) != _sign(name, theirs[name])


def _parts(led: Led) -> dict[str, Any]:
    return asdict(led.settings) | {"leads": led.leads} | {deed: getattr(led.reactions, deed) for deed in DEEDS}


def _sign(name: str, value: Any) -> str:  # noqa: ANN401 -- any setting
    if name == "leads":
        value = sorted(value)
    elif name in DEEDS:
        value = emoji_names.same(value[0])  # its aliases are the workspace's business
    return hashlib.blake2b(repr(value).encode(), digest_size=6).hexdigest()
