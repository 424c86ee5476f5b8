"""Marks: terms of a document beside its words, so that the full-text index itself leads to where it is from and what it is about.

No word begins with an `@`. Those by which a viewer's own channels are looked through name the workspace too: then the index need
not walk through all of it as well, which took ten times as long at a million documents.
"""

from __future__ import annotations

from storage.ids import PersonId, Place, WorkspaceId


def of_workspace(workspace: WorkspaceId) -> str:
    """It is from this workspace."""
    return f"@w:{workspace}"


def of_channel(place: Place) -> str:
    """It is from this channel."""
    return f"@c:{place.workspace}/{place.channel}"


def written_by(workspace: WorkspaceId, author: str) -> str:
    """They wrote it, whoever knows."""
    return f"@o:{workspace}/{author}"


def signed_by(author: PersonId | str) -> str:
    """They wrote it, and their name stands with it."""
    return f"@a:{author}"


def on(topic: str) -> str:
    """It is on this topic."""
    return f"@t:{topic}"


def of_kind(kind: str) -> str:
    """It is of this kind."""
    return f"@k:{kind.replace(' ', '-')}"


NOWHERE = "@c:"
"""What nothing bears."""
