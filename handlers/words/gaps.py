"""What leads read of what Outloud could not hear."""

from __future__ import annotations

from .general import NAME, moment


def missed_hours(channel: str, since: float, until: float, *, keep: str) -> str:
    """What a lead hears where Outloud was away, and can't read what happened meanwhile (seconds since 1970, UTC)."""
    return (
        f"{NAME} could not hear what happened in <#{channel}> from {moment(since)} until {moment(until)}, and Slack does "
        f"not let it read up on it. A {keep} that was given, or taken off, in that time is missing: give it again, or take "
        f"it off again, and it counts. If {NAME} should be in that channel, `/invite @{NAME}` brings it back."
    )
