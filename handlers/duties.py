"""What the outbox can owe: something to *post*, which must not be said twice, or a call that is *repeatable*.

The worker (bot/worker.py) does them; the features say what stands in them, read from memory at the moment of sending.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.orm import Session

from storage.ids import Ts
from storage.owed.outbox import Errand

from .desk import Desk

Settle = Callable[[Session], None]
"""What to remember once it is done, in the transaction that takes it out of the outbox."""


Instead = Callable[[Session, Errand, str, float], bool]
"""What to remember where Slack refuses an errand for good, by Slack's name for the error, at a time (seconds since 1970).

False: nothing can be made of this error; the errand is parked.
"""


@dataclass(frozen=True, slots=True)
class Message:
    """Something to say: to a channel, or privately to a person (their id); or in the thread below a message there."""

    to: str
    text: str
    blocks: list[dict[str, Any]] = field(default_factory=list)
    thread: Ts | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A message that must not stand twice. `render` gives None when there is nothing to say any more.

    `instead`: where Slack refuses it for a reason that is no fault, but a fact. `once`: whoever hears it hears it once, of
    whatever it tells; while another errand of its kind may have said it to them, it waits, and is rendered after that.
    An errand that is `unknown` is rendered so as an earlier try may have said it, before that is looked for. It is looked for in
    its lane, and there in the `thread` where it was said, if in one: that is known also when there is nothing to say any more.
    """

    render: Callable[[Desk, Errand], Awaitable[Message | None]]
    posted: Callable[[Desk, Errand, Ts], Settle] | None = None
    method: str = "chat.postMessage"
    instead: Instead | None = None
    once: bool = False
    thread: Callable[[Desk, Errand], Awaitable[Ts | None]] | None = None


@dataclass(frozen=True, slots=True)
class Repeatable:
    """A call that may be made again when its end is unknown. `method` is the one whose quota it mainly uses.

    In the `background`: it lets everything else pass that waits for the same quota. It `looks`: what it brings must not stand
    twice, so it finds out by itself whether an earlier try brought it, where the errand is `unknown`.
    """

    do: Callable[[Desk, AsyncWebClient, Errand], Awaitable[Settle | None]]
    method: str
    background: bool = False
    looks: bool = False


Duty = Post | Repeatable


UNSETTLED = {
    "account_inactive",
    "ekm_access_denied",
    "invalid_auth",
    "not_authed",
    "org_login_required",
    "token_expired",
    "token_revoked",
}
"""Slack's errors where the whole workspace, or the token, is in trouble: somebody mends that, and what is owed is owed still."""

PASSING = UNSETTLED | {
    "fatal_error",
    "internal_error",
    "rate_limited",
    "ratelimited",
    "request_timeout",
    "service_unavailable",
    "team_added_to_org",
}
"""Slack's errors that pass by themselves (docs.slack.dev/reference/methods)."""


class NotYet(Exception):
    """Something else has to be done in Slack first."""


class Later(Exception):
    """Nothing was said: it may not be before `until` (seconds since 1970, UTC)."""

    def __init__(self, until: float) -> None:
        super().__init__(until)
        self.until = until


def error_code(error: SlackApiError) -> str:
    """Slack's name for an error; empty, where what came back is none of its answers (a proxy's page, a broken JSON)."""
    data = getattr(error.response, "data", None)
    return str(data.get("error") or "") if isinstance(data, dict) else ""


def is_final(error: SlackApiError) -> bool:
    """Whether Slack said no, and would say so again."""
    code = error_code(error)
    return bool(code) and code not in PASSING


@contextmanager
def tolerating(*codes: str) -> Iterator[None]:
    """Slack's errors that say: it is so already."""
    try:
        yield
    except SlackApiError as error:
        if error_code(error) not in codes:
            raise
