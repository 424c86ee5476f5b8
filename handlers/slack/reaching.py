"""Whom and where Slack lets Outloud reach: errors that are no faults, but facts."""

from __future__ import annotations

from sqlalchemy.orm import Session

from storage import people
from storage.ids import Person, PersonId
from storage.owed.outbox import Errand

UNREACHABLE = frozenset(
    {
        "cannot_dm_bot",
        "invalid_user_combination",
        "user_disabled",
        "user_not_found",
        "user_not_visible",
        "users_not_found",
    }
)
"""Slack's errors for somebody who can't be written to (docs.slack.dev/reference/methods/conversations.open)."""

RESTRICTED = frozenset(
    {
        "restricted_action",
        "restricted_action_non_threadable_channel",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
    }
)
"""Slack's errors for a channel that Outloud is in, and whose settings let it post nothing (as below)."""

CLOSED = RESTRICTED | {"channel_not_found", "is_archived", "not_in_channel"}
"""Slack's errors for a channel that takes no post of Outloud's (docs.slack.dev/reference/methods/chat.postMessage)."""

UNCHANGING = CLOSED | {"is_inactive"}
"""Slack's errors where no message can be changed (docs.slack.dev/reference/methods/chat.update): in an archived channel, say.

Once something can be changed there again, what stands there is looked at anew (storage/places/reopened.py).
"""

NO_ACCESS = frozenset({"access_denied", "channel_not_found", "missing_scope", "not_in_channel"})
"""Slack's errors for a channel of which nothing can be read (docs.slack.dev/reference/methods/reactions.get)."""


def forgo(session: Session, errand: Errand, code: str, at: float) -> bool:
    """Whoever can't be written to hears nothing, and is not tried again for a while."""
    if code not in UNREACHABLE:
        return False
    people.lose(session, Person(errand.workspace, PersonId(errand.body["person"])), at=at)
    return True
