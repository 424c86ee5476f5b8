"""Gaps: hours in which Outloud could not hear what Slack told. What it missed is read from Slack afterwards (`catching_up`).

Slack delivers an event at once, after one minute and after five, and then no more (docs.slack.dev/apis/events-api). So
Outloud notes, every few seconds, that it is there (`pulse`): whoever finds that the last note is old knows since when nothing
was heard. A short absence loses nothing by itself; several in a row may have swallowed all three tries.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from storage import deliveries
from storage.ids import PersonId, Place, Ts, WorkspaceId
from storage.owed import outbox
from storage.prompts import resting
from storage.tables import Workspace

from . import catching_up, channels, pockets, reopened
from .channels import ChannelFacts

LOOK_BACK = 7 * 86400.0
"""Seconds before a gap from which on messages are read: people react to what was written lately."""

WAITS = 4 * 3.0
"""Seconds that Slack waits for the answers to its tries, at whatever pace: so much later than planned the last one may come."""

LIMITED_FOR = 600.0
"""Seconds: Slack says once a minute that it holds events back, and one reading makes up for ten of them."""

_OF = (
    select(Workspace.alive_at, Workspace.heard, Workspace.away_since, Workspace.away_until, Workspace.away_heard)
    .where(Workspace.id == bindparam("of_workspace"))
    # Of two processes that beat at once, one finds the gap; what only refers to the workspace, all that is owed, goes on.
    .with_for_update(key_share=True)
)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How long things take, in seconds."""

    pulse: float = 5.0
    """Between two notes that Outloud is there."""
    tries: float = 360.0 + WAITS
    """How long Slack goes on delivering an event."""
    long: float = 300.0
    """Whoever is away so long may have missed something."""
    limited: float = LIMITED_FOR
    """Where Slack holds events back: how long to wait before reading up on them."""

    def faster(self, times: float) -> Rhythm:
        """For a sandbox whose clock runs so many times as fast."""
        tries = (self.tries - WAITS) / times + WAITS
        return Rhythm(max(0.25, self.pulse / times), tries, self.long / times, self.limited / times)

    @property
    def late(self) -> float:
        """How old the last pulse is when Outloud surely was away."""
        return self.pulse * 2


def pulse(
    session: Session,
    workspace: WorkspaceId,
    *,
    at: float,
    heard: Ts | None,
    rhythm: Rhythm,
    just_started: bool,
    refused: bool = False,
    turned_away: bool = False,
    stood_still: float = 0.0,
    moved: bool = False,
) -> Ts | None:
    """Outloud is there at `at`, and has `heard` of Slack's time so far. Returns the newest that was ever heard.

    Finds out whether it was away before, and owes the catching up. `just_started`: it certainly was, however short.
    `refused`: it was there, but refused an event at Slack's last try; that is read up on when some minutes have passed.
    `turned_away`: it was there, but something that Slack brings again did not get in, as in a short absence.
    `stood_still`: for so many seconds this process, or a connection of its, took nothing in, whoever else was there: what Slack
    sent to it is missed.
    `moved`: its clock, a sandbox's, was moved since the last note: that is no absence.
    A clock that was set back hides how long it was away; by little, it is only another process's that is ahead.
    """
    row = session.execute(_OF, {"of_workspace": workspace}).one()
    newest = Ts(max(row.heard or "", heard or "")) or None
    away = (row.away_since, row.away_until, row.away_heard)
    is_behind = row.alive_at is not None and not just_started and -rhythm.late <= at - row.alive_at < 0
    alive_at = at if moved and row.alive_at is not None and not just_started else row.alive_at
    if alive_at is not None and stood_still > rhythm.late:
        alive_at = min(alive_at, at - stood_still)
    is_back = alive_at is not None and (just_started or abs(at - alive_at) > rhythm.late)
    if alive_at is not None and (is_back or turned_away):
        away = (alive_at, at, row.heard)
        if row.away_until is not None and alive_at - row.away_until < rhythm.tries:
            away = (min(row.away_since, alive_at), at, row.away_heard)
    if refused and deliveries.first(session, workspace, f"refused:{at // rhythm.limited:.0f}", at=at):
        until = at + rhythm.limited  # where one is refused, others are: one reading makes up for all of them
        _begin(session, workspace, since=at - rhythm.tries, until=until, heard=newest, due=until)
    # Slack's last try, where it is turned away, is `refused`: only where it met nobody does nobody know of it.
    if is_back and not 0 <= at - away[0] <= rhythm.long:
        _begin(session, workspace, since=min(away[0], at), until=at, heard=newest, before=away[2], due=at)
        away = (None, None, None)
    session.execute(
        update(Workspace)
        .where(Workspace.id == workspace)
        .values(
            alive_at=row.alive_at if is_behind else at,
            heard=newest,
            away_since=away[0],
            away_until=away[1],
            away_heard=away[2],
        )
    )
    return newest


def limited(
    session: Session, workspace: WorkspaceId, *, minute: float, at: float, heard: Ts | None, rhythm: Rhythm
) -> None:
    """Slack dropped events in the minute that began at `minute` (seconds since 1970, UTC), and may drop more."""
    if deliveries.first(session, workspace, f"limited:{minute // LIMITED_FOR:.0f}", at=at):
        until = at + rhythm.limited
        _begin(session, workspace, since=minute, until=until, heard=heard, due=until)


def joined(session: Session, place: Place, *, event_ts: Ts, at: float) -> None:
    """Outloud was invited: what happened while it was out, it did not hear."""
    removed = channels.out_since(session, place)
    if pockets.joined(session, place, event_ts=event_ts, at=at):
        _owe_one(session, place, heard=event_ts, removed=removed, at=at)


def invited(session: Session, place: Place, inviter: PersonId, *, event_ts: Ts, at: float) -> None:
    """The same, and by whom: they are asked, once for each invitation, whether the channel shall be a pocket."""
    joined(session, place, event_ts=event_ts, at=at)
    if deliveries.first(
        session, place.workspace, f"invited:{place.channel}:{event_ts}", at=at
    ):  # whatever its event's id
        pockets.offer(session, place, inviter, at=at)


def returned(session: Session, place: Place, *, known: Ts | None, at: float) -> None:
    """Slack says that Outloud is in a channel again, after all that was heard until `known`: that news was lost."""
    _returned(session, place, known=known, removed=channels.out_since(session, place), at=at)


def described(session: Session, place: Place, facts: ChannelFacts | None, *, at: float) -> None:
    """Slack was asked of what kind a channel is now.

    Where Outloud is in it again and had not heard so, it is read up on. Where it is open again, what stands there is looked at.
    """
    was_archived = channels.is_archived(session, place)
    was_in_it, removed = channels.has_bot(session, place), channels.out_since(session, place)
    channels.described(session, place, facts, at=at)
    resting.look(session, place, at=at)
    if was_archived and facts is not None and not facts.is_archived:
        reopened.look(session, place, at=at)
    if facts is not None and not was_in_it and channels.has_bot(session, place):
        _returned(session, place, known=facts.known, removed=removed, at=at)


def _begin(
    session: Session,
    workspace: WorkspaceId,
    *,
    since: float,
    until: float,
    heard: Ts | None,
    due: float,
    before: Ts | None = None,
) -> None:
    body = _body(since=since, until=until, heard=heard, before=before)
    outbox.owe(session, workspace, "begin catching up", lane="", body=body, at=due)


def _returned(session: Session, place: Place, *, known: Ts | None, removed: Ts | None, at: float) -> None:
    pockets.returned(session, place, known=known, at=at)
    _owe_one(session, place, heard=known, removed=removed, at=at)


def _owe_one(session: Session, place: Place, *, heard: Ts | None, removed: Ts | None, at: float) -> None:
    """Of this pocket: `removed` says since when Outloud was out, where that was heard."""
    pocket = pockets.find(session, place)
    if pocket is not None:
        catching_up.owe(session, pocket, _body(since=at, until=at, heard=heard, before=removed), at=at)
        reopened.look(session, place, at=at)


def _body(*, since: float, until: float, heard: Ts | None, before: Ts | None = None) -> dict[str, Any]:
    """`before`: the newest of Slack's times that was heard before the gap: what was heard right after it says nothing of it."""
    known = Ts(heard or f"{since:.6f}")
    begins = before or min(known, f"{since:.6f}")
    oldest = f"{max(0.0, float(begins) - LOOK_BACK):.6f}"
    return {"since": since, "until": until, "known": known, "oldest": oldest, "begins": begins}
