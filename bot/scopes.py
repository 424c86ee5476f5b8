"""What Slack granted, held to what manifest.yml asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from handlers.slack.granted import scopes as granted_by

from . import manifest

WITHOUT = {
    "app_mentions:read": "it does not answer where it is named in a channel",
    "channels:history": "edits and deletions of kept messages are not followed, and what was missed can't be read",
    "channels:read": "it can't see what kind of channel it is in, nor who is in it",
    "chat:write": "no card is posted, and nobody hears anything",
    "commands": "/share and /outloud don't answer",
    "emoji:read": "a pocket's own emoji is taken as it is typed, and its aliases in the workspace don't count",
    "files:write": "a pocket's export does not come to its leads; `outloud export` makes it",
    "groups:history": "private channels can't be pockets: edits and deletions there can't be followed",
    "groups:read": "private channels can't be pockets",
    "im:history": "nothing that it is asked directly is answered, and a private message whose sending broke off is parked",
    "im:write": "nobody can be told anything privately",
    "reactions:read": "nothing can be kept: neither the reaction nor the message under it is seen",
    "reactions:write": "a keep is not answered with 📚",
    "users:read": "nobody is shown what was learned but on cards, and whoever starts a pocket has to look for their timezone",
}
"""What does not work without each scope of the manifest."""


@dataclass(frozen=True, slots=True)
class Grant:
    """The scopes of a token, beside those of the manifest."""

    granted: frozenset[str]
    missing: tuple[str, ...]
    """Needed, and not granted."""
    left_out: tuple[str, ...]
    """Optional, and not granted."""
    superfluous: tuple[str, ...]
    """Granted, and not asked for."""

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> Self | None:
        """What the headers of any of Slack's answers say; None where they say nothing."""
        granted = granted_by(headers)
        if granted is None:
            return None
        needed, optional = manifest.scopes()
        return cls(
            granted,
            missing=tuple(sorted(needed - granted)),
            left_out=tuple(sorted(optional - granted)),
            superfluous=tuple(sorted(granted - needed - optional)),
        )
