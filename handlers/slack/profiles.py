"""What Slack says of a person: who they are here, what time it is where they are, and whether they say that they are away."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from storage.visibility import Kind

AWAY_EMOJI = frozenset(
    {
        "palm_tree",
        "beach_with_umbrella",
        "desert_island",
        "face_with_thermometer",
        "sick",
        "baby",
        "airplane",
        "no_entry",
    }
)
"""Of a status: what Slack offers for holidays and for being ill, and what people choose beside it."""

AWAY_WORDS = re.compile(
    r"\b(away|vacation\w*|holidays?|out of (the )?office|ooo|sick|pto|leave|off (today|until|till)"
    r"|urlaub|krank|abwesend|vacances|congés?|vacaciones|ferie)\b",
    re.IGNORECASE,
)
"""Of a status: what people write who are away."""


@dataclass(frozen=True, slots=True)
class Profile:
    """`zone`: the IANA's name, or empty; `offset`: seconds east of Greenwich, or None.

    `status_until`: until when their status holds, in seconds since 1970, UTC; 0: for good.
    """

    kind: Kind
    is_active: bool
    is_bot: bool = False
    zone: str = ""
    offset: int | None = None
    status: str = ""
    emoji: str = ""
    status_until: float = 0.0

    def is_away(self, at: float) -> bool:
        """Whether their status says so."""
        if self.status_until and self.status_until <= at:
            return False
        return self.emoji.strip(":") in AWAY_EMOJI or AWAY_WORDS.search(self.status) is not None

    @property
    def hours(self) -> tzinfo | None:
        """Where their days begin and end; None: Slack does not say."""
        with suppress(ValueError, OSError):  # no zone, or one that is not known here
            return ZoneInfo(self.zone)
        with suppress(ValueError):  # it is a day or more
            return None if self.offset is None else timezone(timedelta(seconds=self.offset))
        return None

    def clock(self, at: float) -> str:
        """What time it is where they are, such as 14:20; empty where Slack does not say."""
        hours = self.hours
        return f"{datetime.fromtimestamp(at, hours):%H:%M}" if hours else ""


def profile_of(user: dict[str, Any], kind: Kind) -> Profile:
    """By `users.info` (docs.slack.dev/reference/objects/user-object)."""
    said = user.get("profile") or {}
    offset = user.get("tz_offset")
    until = said.get("status_expiration")
    return Profile(
        kind,
        is_active=not user.get("deleted"),
        is_bot=bool(user.get("is_bot")),
        zone=str(user.get("tz") or ""),
        offset=offset if isinstance(offset, int) else None,
        status=str(said.get("status_text") or ""),
        emoji=str(said.get("status_emoji") or ""),
        status_until=float(until) if isinstance(until, int | float) else 0.0,
    )
