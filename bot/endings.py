"""How an errand ended, and what that means for its row."""

from __future__ import annotations

import logging
import random
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from sqlalchemy.orm import Session

from handlers.duties import PASSING, Duty, Later, NotYet, Post, Settle, error_code
from storage.owed import outbox
from storage.owed.outbox import Errand
from storage.refusals import Unavailable

from .posting import CantLook, LeaseTooShort, TurnOver

log = logging.getLogger(__name__)

LONGEST_WAIT = 300.0
"""Seconds between two tries, at most."""

MOST_TRIES = 40
"""Tries before an errand is parked: with waits of up to five minutes, some three hours."""

LONGEST_FOR_ANOTHER = 8.0
"""Seconds between two tries of what waits for another errand, at most."""

LOOK_AFTER = 15.0
"""Seconds after a try whose end is unknown: longer than the client waits for it, so that it has ended at Slack, too."""

UNKNOWN = {"fatal_error", "internal_error"}
"""Slack's errors after which "some aspect of the operation may have succeeded" (docs.slack.dev/reference/methods)."""

LATER = PASSING - UNKNOWN
"""Slack's errors that pass by themselves, and before which nothing was done."""


@dataclass(frozen=True, slots=True)
class Done:
    """It is done. `settle` is what else to remember."""

    settle: Settle | None
    rest: float | None = None


@dataclass(frozen=True, slots=True)
class PutOff:
    """It surely did not happen: again in `seconds`.

    `rest`: how long `method` must rest, by Slack's own word. `counted`: whether it was a try at all. `unsaid`: it was looked for,
    so that it is known now that no earlier try said it either.
    """

    seconds: float
    reason: str
    rest: float | None = None
    method: str = ""
    counted: bool = True
    unsaid: bool = False


class Elsewhere(Exception):
    """This was not said; but another errand, that would make it needless, may have been."""


class Unlooked(Later):
    """An earlier try may have said it, and a look can't tell yet: where else to look is not known, or Slack's pace forbids it."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have happened: it is looked for before it is tried again."""

    reason: str
    rest: float | None = None


@dataclass(frozen=True, slots=True)
class Parked:
    """It can't be done as things are: an operator decides, unless the errand's duty knows what to do instead.

    `unknown`: it may have happened all the same. `code`: Slack's name for the error.
    """

    reason: str
    rest: float | None = None
    unknown: bool = False
    code: str = ""


Ending = Done | PutOff | Unknown | Parked


def name(ending: Ending) -> str:
    """How it ended, in a word or two: for logs and figures."""
    match ending:
        case PutOff(rest=rest) if rest is not None:
            return "limited"
        case PutOff():
            return "put off"
        case _:
            return type(ending).__name__.lower()


def of(error: Exception, errand: Errand, *, repeatable: bool, at: float) -> Ending:
    """What an exception of a try means, at `at`. `repeatable`: doing it twice is harmless, so not knowing is, too."""
    if isinstance(error, SlackApiError):
        return _of_slack(error, errand, repeatable=repeatable)
    if isinstance(error, CantLook):
        return Parked(str(error))
    if isinstance(error, LeaseTooShort | TurnOver):  # nothing was sent by this try
        return PutOff(0.0, "its turn came late", counted=errand.unknown)  # a look that always takes too long must end
    if isinstance(error, NotYet):
        return PutOff(_for_another(errand), "waits for another errand", counted=False)
    if isinstance(error, Later):
        is_unsaid = not isinstance(error, Unlooked)
        return PutOff(max(0.0, error.until - at), "waits for its time", counted=False, unsaid=is_unsaid)
    if isinstance(error, Elsewhere):
        reason = "waits until it is known what another errand said"
        return PutOff(_for_another(errand), reason, counted=False, unsaid=True)
    if isinstance(error, Unavailable):  # our own database, before anything was said
        return _again(errand, "the database was out of reach")
    if isinstance(error, aiohttp.ClientConnectorError):  # no connection: nothing was sent
        return _again(errand, "Slack could not be reached")
    if isinstance(error, aiohttp.ClientError | TimeoutError | OSError):
        return _unknown(errand, f"the connection to Slack broke ({type(error).__name__})", repeatable=repeatable)
    return defect(error, errand)


def defect(error: Exception, errand: Errand) -> Ending:
    """Nobody thought of this error: whether anything was said before it is not known either."""
    log.error("an errand of kind %s failed", errand.kind, exc_info=error)
    reason = f"a defect of Outloud's: {type(error).__name__}. Please report it; then retry this or drop it."
    return Parked(reason, unknown=True)


def unknown_kind(errand: Errand) -> Ending:
    """A newer version owed it, and an older one is running."""
    return Parked(f"This version of Outloud does not know how to do «{errand.kind}». Update it, then retry this.")


def settle(session: Session, errand: Errand, ending: Ending, *, duty: Duty | None, at: float) -> None:
    """Remember how it ended: one transaction, with what else follows from it.

    Where its lease has ended meanwhile and somebody else has it, what becomes of it is theirs to remember.
    """
    if not outbox.holds(session, errand):
        log.warning("an errand of kind %s had been taken over by the time it ended here", errand.kind)
        return
    match ending:
        case Done(settle=then):
            if then is not None:
                then(session)
            outbox.done(session, errand)
        case PutOff(seconds=seconds, reason=reason, counted=counted, unsaid=unsaid):
            outbox.put_off(session, errand, until=at + seconds, reason=reason, counted=counted, unsaid=unsaid)
        case Unknown(reason=reason):
            outbox.leave_unknown(session, errand, until=at + LOOK_AFTER, reason=reason)
        case Parked(code=code) if _is_settled_instead(session, duty, errand, code, at=at):
            outbox.done(session, errand)
        case Parked(reason=reason, unknown=unknown):
            log.error("parked an errand of kind %s: %s", errand.kind, reason)
            outbox.park(session, errand, reason=reason, unknown=unknown)


def _of_slack(error: SlackApiError, errand: Errand, *, repeatable: bool) -> Ending:
    code = error_code(error)
    # What is no JSON at all comes as aiohttp's own response, which calls it `status`.
    status: int = getattr(error.response, "status_code", 0) or getattr(error.response, "status", 0)
    if status == HTTPStatus.TOO_MANY_REQUESTS or code in ("ratelimited", "rate_limited"):
        seconds = _retry_after(error.response.headers)
        return PutOff(seconds, "Slack asked for a pause", rest=seconds, method=_method(error), counted=False)
    if code in LATER:
        return _again(errand, code)
    if code in UNKNOWN or not code or status >= HTTPStatus.INTERNAL_SERVER_ERROR:  # no code: no answer of Slack's own
        return _unknown(errand, code or f"HTTP {status}", repeatable=repeatable)
    return Parked(f"Slack said {code}", code=code)


def _is_settled_instead(session: Session, duty: Duty | None, errand: Errand, code: str, *, at: float) -> bool:
    return bool(code and isinstance(duty, Post) and duty.instead and duty.instead(session, errand, code, at))


def _method(error: SlackApiError) -> str:
    """The method that was called: an errand may call several. Empty where the answer does not say."""
    return str(getattr(error.response, "api_url", "") or "").rpartition("/")[2]


def _retry_after(headers: Any) -> float:  # noqa: ANN401 -- whatever mapping the SDK's HTTP client uses
    """Seconds that Slack wants us to wait; 1 where it does not say."""
    told = headers.get("Retry-After") or headers.get("retry-after") or "1"
    try:
        return max(0.0, float(told if isinstance(told, str | int | float) else told[0]))
    except (TypeError, ValueError, IndexError):
        return 1.0


def _for_another(errand: Errand) -> float:
    """Seconds to wait for another errand: it may end at once, or its lease must run out."""
    return min(max(1.0, errand.waited / 2), LONGEST_FOR_ANOTHER)


def _unknown(errand: Errand, reason: str, *, repeatable: bool) -> Ending:
    if repeatable and errand.slot is None:
        return _again(errand, reason)
    if errand.tries >= MOST_TRIES:
        return Parked(f"{reason}, {errand.tries} times", unknown=True)
    return Unknown(reason)


def _again(errand: Errand, reason: str) -> Ending:
    """Later: the longer, the more often it failed; with jitter, so that not all come back at once."""
    if errand.tries >= MOST_TRIES:
        return Parked(f"{reason}, {errand.tries} times")
    wait = min(LONGEST_WAIT, 2.0 ** min(errand.tries, 10))
    return PutOff(wait * random.uniform(0.5, 1.0), reason)  # noqa: S311 -- jitter is no secret
