"""How fast Outloud may speak: Slack's published rates, kept before Slack has to say no.

Which limits a call has is said here; `storage.owed.limits` says what they mean, and `storage.owed.pacing` keeps them, for all
processes together. (docs.slack.dev/apis/web-api/rate-limits)
"""

from __future__ import annotations

from storage.owed.limits import Limit

TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
"""Calls a minute, for each method and workspace."""

METHODS = {
    "chat.delete": 3,
    "chat.postEphemeral": 4,
    "chat.update": 3,
    "conversations.history": 3,
    "conversations.info": 3,
    "conversations.members": 4,
    "conversations.open": 3,
    "conversations.replies": 3,
    "files.completeUploadExternal": 4,
    "reactions.add": 3,
    "reactions.get": 3,
    "users.info": 4,
    "views.publish": 4,
}
"""The tier of each method that the outbox mainly uses (docs.slack.dev/reference/methods)."""

POSTS_A_MINUTE = 300
"""chat.postMessage has a tier of its own, "several hundred" a minute and workspace: this is what we plan with."""

POST = "chat.postMessage"


def limits(method: str, lane: str) -> tuple[Limit, ...]:
    """All that a call of a method must keep to; `lane` is the conversation that it goes to."""
    if method == POST:
        return Limit(POST, POSTS_A_MINUTE), Limit(f"{POST} {lane}", None)
    return (Limit(method, TIERS[METHODS[method]]),)
