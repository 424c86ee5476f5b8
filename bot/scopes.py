"""What Slack granted, held to what manifest.yml asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from . import manifest

WITHOUT = {
    "channels:history": "edits and deletions of kept messages are not followed, and what was missed can't be read",
    "channels:read": "it can't see what kind of channel it is in, nor who is in it",
    "chat:write": "no card is posted, and nobody hears anything",
    "commands": "/share and /outloud don't answer",
    "im:history": "a private message whose sending broke off is parked instead of being looked for",
    "im:write": "nobody can be told anything privately",
    "reactions:read": "nothing can be kept: neither the reaction nor the message under it is seen",
    "reactions:write": "a keep is not answered with 📚",
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
        """What the headers of any of Slack's answers say; None where they say nothing.

        (docs.slack.dev/apis/web-api/using-the-web-api: `x-oauth-scopes` lists what the token may do.)
        """
        listed = next((value for name, value in headers.items() if name.lower() == "x-oauth-scopes"), None)
        if listed is None:
            return None
        granted = frozenset(filter(None, (scope.strip() for scope in listed.split(","))))
        needed, optional = manifest.scopes()
        return cls(
            granted,
            missing=tuple(sorted(needed - granted)),
            left_out=tuple(sorted(optional - granted)),
            superfluous=tuple(sorted(granted - needed - optional)),
        )
