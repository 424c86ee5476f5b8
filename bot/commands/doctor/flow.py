"""Whether events arrive, and whether what is owed gets out."""

from __future__ import annotations

from bot.settings import Settings

from .database import Memory
from .finding import Finding, lasting, unknown, warning, well
from .process import last_there

QUIET = 72 * 3600.0
"""Seconds without any event, by Slack's time: longer than from a Friday's evening to a Monday's morning."""
LATE = 3600.0
"""Seconds that something may be due and unsaid: after a long absence Slack's quotas hold reading back, nothing else so long."""

OVER_HTTP = (
    "At https://api.slack.com/apps, your app, Event Subscriptions: are events on, is the Request URL yours and verified (it ends "
    "with /slack/events), and are the events of `outloud manifest` there?"
)
BY_SOCKET = (
    "At https://api.slack.com/apps, your app: is Socket Mode on, are events on (Event Subscriptions), and are the events of "
    "`outloud manifest --socket` there? Is SLACK_APP_TOKEN of the same app as SLACK_BOT_TOKEN?"
)
EITHER_WAY = (
    "Is Outloud in a channel in which somebody wrote (`/invite @Outloud`)? Its log has a line for whatever arrives."
)


def _advice(chosen: Settings | None) -> str:
    if chosen is None:
        return f"Mend the settings first, and start Outloud. {EITHER_WAY}"
    return f"{BY_SOCKET if chosen.slack_app_token else OVER_HTTP} {EITHER_WAY}"


def look_at_events(memory: Memory | None, chosen: Settings | None, *, now: float) -> Finding:
    """Measured up to when an Outloud was last there: while none is, nothing can arrive."""
    if memory is None:
        return unknown("events", "Whether events arrive can't be seen without the database.")
    there = last_there(memory)
    if there is None:
        return unknown("events", "No event could arrive yet: no Outloud has worked with this database.")
    newest = max((float(one.heard) for one in memory.signs if one.heard), default=None)
    if newest is None:
        return warning("events", "No event has ever arrived from Slack.", _advice(chosen))
    if there - newest > QUIET:
        return warning("events", f"For {lasting(there - newest)} no event arrived from Slack.", _advice(chosen))
    return well("events", f"The newest event that arrived happened {lasting(now - newest)} ago.")


def look_at_outbox(memory: Memory | None, *, running: bool, now: float) -> list[Finding]:
    """What is parked, and what is late."""
    if memory is None:
        return [unknown("outbox", "What waits to be said can't be seen without the database.")]
    tally, found = memory.tally, []
    if tally.parked:
        found.append(
            warning(
                "outbox",
                f"{tally.parked} {'entry is' if tally.parked == 1 else 'entries are'} parked: it could not be said in Slack.",
                "`outloud outbox --parked` shows why; then `outloud outbox retry ID`, or `outloud outbox drop ID`.",
            )
        )
    if running and tally.due_since is not None and now - tally.due_since > LATE:
        found.append(
            warning(
                "outbox",
                f"{tally.waiting} {'waits' if tally.waiting == 1 else 'wait'}, the oldest for {lasting(now - tally.due_since)}.",
                "`outloud outbox` shows them, and Outloud's log why: Slack out of reach, or much to read after a long absence.",
            )
        )
    waiting = "Nothing waits" if not tally.waiting else f"{tally.waiting} {'waits' if tally.waiting == 1 else 'wait'}"
    return found or [well("outbox", f"{waiting}, and nothing is parked.")]
