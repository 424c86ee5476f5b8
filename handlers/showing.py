"""What Slack shows of a message, read for the rules of storage/."""

from __future__ import annotations

from typing import Any

from storage import pockets
from storage.curators import Given
from storage.ids import MessageRef, PersonId, Place, Ts
from storage.sources import Shown

from .payloads import scrub
from .reactions import same_emoji

DELETED = "tombstone"
"""The subtype of what stands in place of a deleted message that has replies."""


def shown(place: Place, message: dict[str, Any]) -> Shown:
    """Its words, and the keep reactions that stand on it, as `conversations.history` and its like tell them."""
    given = frozenset(
        Given(PersonId(user), reaction["name"]) for reaction in _keeps(message) for user in reaction.get("users", ())
    )
    return Shown(MessageRef(place, Ts(message["ts"])), words_of(message), given)


def names_all(message: dict[str, Any]) -> bool:
    """Whether everybody who gave a keep reaction is named: of many, Slack may leave some out."""
    return all(len(reaction.get("users", ())) >= reaction.get("count", 0) for reaction in _keeps(message))


def words_of(message: dict[str, Any]) -> str:
    """Its text, as both databases can hold it."""
    text: str = scrub(message.get("text") or "")
    return text


def _keeps(message: dict[str, Any]) -> list[dict[str, Any]]:
    keep = same_emoji(pockets.KEEP_EMOJI)
    return [reaction for reaction in message.get("reactions", ()) if same_emoji(reaction["name"]) == keep]
