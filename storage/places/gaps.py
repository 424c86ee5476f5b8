"""Gaps: hours in which Outloud could not hear what Slack told. What it missed is read from Slack afterwards.

Slack delivers an event at once, after one minute and after five, and then no more (docs.slack.dev/apis/events-api). So
Outloud notes, every few seconds, that it is there (`pulse`): whoever finds that the last note is old knows since when nothing
was heard. A short absence loses nothing by itself; several in a row may have swallowed all three tries.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from storage import deliveries
from storage.ids import ChannelId, MessageRef, Person, PersonId, Place, Ts, WorkspaceId
from storage.kept import sources
from storage.kept.sources import Shown
from storage.owed import notices, outbox
from storage.prompts import collecting, resting
from storage.prompts.collecting import Reply
from storage.tables import Workspace

from . import channels, leads, pockets, reopened
from .channels import ChannelFacts
from .pockets import Pocketed

LOOK_BACK = 7 * 86400.0
"""Seconds before a gap from which on messages are read: people react to what was written lately."""

WAITS = 4 * 3.0
"""Seconds that Slack waits for the answers to its tries, at whatever pace: so much later than planned the last one may come."""

LIMITED_FOR = 600.0
"""Seconds: Slack says once a minute that it holds events back, and one reading makes up for ten of them."""


AT_ONCE = 50
"""Pockets whose catching up is owed in one go."""

NOW, NEVER = Ts("9999999999.999999"), Ts("")
"""Later than any of Slack's times, and none."""

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


@dataclass(frozen=True, slots=True)
class Gap:
    """What was missed in a pocket, as its errands carry it.

    `since` and `until` are the hours, by our clock. By Slack's: `known` is the newest that was heard before the messages are
    read, and from `oldest` on they are read.
    """

    place: Place
    since: float
    until: float
    known: Ts
    oldest: Ts

    @classmethod
    def of(cls, workspace: WorkspaceId, body: Mapping[str, Any]) -> Self:
        """The gap of an errand."""
        place = Place(workspace, ChannelId(body["channel"]))
        return cls(place, body["since"], body["until"], Ts(body["known"]), Ts(body["oldest"]))

    @property
    def body(self) -> dict[str, Any]:
        """What the errand carries."""
        return {
            "channel": self.place.channel,
            "since": self.since,
            "until": self.until,
            "known": self.known,
            "oldest": self.oldest,
        }


@dataclass(frozen=True, slots=True)
class Answered:
    """A reply to a message of Outloud's; `left_out`: its author's ❌ stands on it."""

    reply: Reply
    left_out: bool


@dataclass(frozen=True, slots=True)
class Page:
    """All messages of a pocket between two of Slack's times, `since` and `until`, but replies; `threads` begin on it.

    Of a thread: its replies, those to Outloud in `answers`, too, and `until` is empty on the last page. `cut`: of these, not
    everybody was named who reacted.
    """

    shown: tuple[Shown, ...]
    cut: tuple[Ts, ...] = ()
    threads: tuple[Ts, ...] = ()
    since: Ts = NEVER
    until: Ts = NEVER
    answers: tuple[Answered, ...] = ()


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
    `stood_still`: for so many seconds this process took nothing in, whoever else was there: what Slack sent to it is missed.
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


def invited(session: Session, place: Place, inviter: PersonId, *, delivery: str, event_ts: Ts, at: float) -> None:
    """The same, and by whom: they are asked, once, whether the channel shall be a pocket."""
    joined(session, place, event_ts=event_ts, at=at)
    if deliveries.first(session, place.workspace, delivery, at=at):
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


def heard(session: Session, workspace: WorkspaceId) -> Ts:
    """The newest of Slack's times that was heard some seconds ago; "0" where none was."""
    return Ts(session.scalar(select(Workspace.heard).where(Workspace.id == workspace)) or "0")


def as_known_now(session: Session, gap: Gap) -> Gap:
    """The gap, with what was heard by now, some seconds ago: what Slack shows may lag behind the events that it tells.

    Whatever Slack shows from here on comes after that. Where the pocket was stopped and started since the gap was found,
    nothing is read from the time in between.
    """
    pocket, known = pockets.find(session, gap.place), max(gap.known, heard(session, gap.place.workspace))
    return replace(gap, known=known, oldest=max(gap.oldest, (pocket and pocket.started_ts) or NEVER))


def is_reading(session: Session, place: Place) -> bool:
    """Whether something that was missed of this pocket is still to be read."""
    lanes = {"begin catching up": "", "catch up": place.channel, "catch up thread": place.channel}
    return any(outbox.waits(session, place.workspace, kind, lane=lane) for kind, lane in lanes.items())


def begin(session: Session, workspace: WorkspaceId, body: Mapping[str, Any], *, at: float) -> None:
    """Owe the catching up with the next pockets, some at a time: the writer is everybody's."""
    found = pockets.all_with_bot(session, workspace, after=body.get("after", ""), limit=AT_ONCE)
    for pocket in found:
        if pocket.is_live:
            channels.owe_members(session, pocket.place, kind="list members again", at=at)
        _owe_catching_up(session, pocket, body, at=at)
    if len(found) == AT_ONCE:
        rest = {**body, "after": found[-1].place.channel}
        outbox.owe(session, workspace, "begin catching up", lane="", body=rest, at=at)


def read(session: Session, gap: Gap, page: Page, *, at: float) -> None:
    """A page of a pocket's history was read: what it shows is made up for, and what it leaves open is owed.

    That is a look at each message that is known and was not on it (a reply, or one that is gone) or of which not everybody was
    named who reacted; each thread on it; and the page before it.
    """
    place = gap.place
    known = sources.known_between(session, place, after=page.since, before=page.until)
    _make_up(session, gap, [one for one in page.shown if one.given or one.message.ts in known], at=at)
    for ts in sorted({*known, *page.cut} - {one.message.ts for one in page.shown}):
        _owe_source(session, gap, ts, at=at)
    for ts in page.threads:
        _owe_thread(session, gap, ts, at=at)
    if page.since > gap.oldest:
        _owe(session, gap, "catch up", at=at, latest=page.since)


def read_thread(session: Session, gap: Gap, thread: Ts, page: Page, *, at: float) -> None:
    """A page of a thread was read, oldest first: what it shows is made up for; owed is the page after it, if there is one."""
    for one in page.answers:
        collecting.shown(session, one.reply, left_out=one.left_out, known=gap.known, at=at)
    known = sources.known_among(session, gap.place, [one.message.ts for one in page.shown])
    _make_up(session, gap, [one for one in page.shown if one.given or one.message.ts in known], at=at)
    for ts in page.cut:
        _owe_source(session, gap, ts, at=at)
    if page.until:
        _owe_thread(session, gap, thread, at=at, after=page.until)


def owe_thread(session: Session, place: Place, thread: Ts, *, at: float) -> None:
    """Owe the reading of a thread: of what was written in it, something was told of too early."""
    known = heard(session, place.workspace)
    _owe_thread(session, Gap(place, at, at, known, oldest=thread), thread, at=at)


def checked(session: Session, gap: Gap, message: MessageRef, now: Shown | None, *, at: float) -> None:
    """A message was looked at; None: it is gone."""
    if now is None:
        sources.deleted(session, message, event_ts=gap.known, at=at)
    else:
        _make_up(session, gap, [now], at=at)


def go_on(session: Session, gap: Gap, message: MessageRef, *, at: float) -> None:
    """A kept message from before what was read is checked: the next older one is owed, unless a newer gap begins anew."""
    _owe(session, gap, "check older", at=at, slot=_older(gap.place), before=message.ts)


def missed(session: Session, gap: Gap, *, at: float) -> None:
    """What happened in a pocket can't be read: its leads are told, once, which hours are missing.

    Its channel is looked at, too: it may be gone.
    """
    place = gap.place
    channels.changed(session, place, in_doubt=False, at=at)
    if pockets.is_live(session, place) and deliveries.first(
        session, place.workspace, f"missed:{place.channel}:{gap.since:.0f}", at=at
    ):
        for lead in leads.of(session, place):
            about = f"{place.channel}:{gap.since:.0f}"
            notices.tell(session, Person(place.workspace, lead), "missed hours", gap.body, about=about, at=at)


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
        _owe_catching_up(session, pocket, _body(since=at, until=at, heard=heard, before=removed), at=at)
        reopened.look(session, place, at=at)


def _body(*, since: float, until: float, heard: Ts | None, before: Ts | None = None) -> dict[str, Any]:
    """`before`: the newest of Slack's times that was heard before the gap: what was heard right after it says nothing of it."""
    known = Ts(heard or f"{since:.6f}")
    begins = before or min(known, f"{since:.6f}")
    oldest = f"{max(0.0, float(begins) - LOOK_BACK):.6f}"
    return {"since": since, "until": until, "known": known, "oldest": oldest}


def _owe_catching_up(session: Session, pocket: Pocketed, body: Mapping[str, Any], *, at: float) -> None:
    """Of a live pocket all is read; of one that was stopped only what is known is looked at."""
    place = pocket.place
    known = Ts(max(body["known"], sources.newest(session, place)))
    # One that waits is replaced by this one, and one that is under way gives way to it where it fails: so it is for all.
    unread = [body, *outbox.bodies_of(session, place.workspace, slot=_reading(place))]
    oldest = Ts(max(min(one["oldest"] for one in unread), pocket.started_ts or ""))
    oldest = oldest if pocket.is_live else NOW
    since, until = min(one["since"] for one in unread), max(one["until"] for one in unread)
    gap = Gap(place, since, until, known, oldest)
    for slot in (_older(place), _reading(place)):
        outbox.withdraw(session, place.workspace, slot=slot)
    if pocket.is_live:
        _owe(session, gap, "catch up", at=at, slot=_reading(place))
    _owe(session, gap, "check older", at=at, slot=_older(place), before=oldest)


def _make_up(session: Session, gap: Gap, found: Collection[Shown], *, at: float) -> None:
    is_live = pockets.is_live(session, gap.place)
    sources.shown(session, found, known=gap.known, may_keep=is_live, at=at)


def _owe(session: Session, gap: Gap, kind: str, *, at: float, slot: str | None = None, **more: str) -> None:
    place = gap.place
    outbox.owe(session, place.workspace, kind, lane=place.channel, body=gap.body | more, slot=slot, at=at)


def _owe_source(session: Session, gap: Gap, ts: Ts, *, at: float) -> None:
    _owe(session, gap, "check source", at=at, slot=f"source:{gap.place.channel}:{ts}", ts=ts)


def _owe_thread(session: Session, gap: Gap, ts: Ts, *, at: float, after: Ts = NEVER) -> None:
    more = {"after": after} if after else {}
    _owe(session, gap, "catch up thread", at=at, slot=f"thread:{gap.place.channel}:{ts}:{after}", ts=ts, **more)


def _reading(place: Place) -> str:
    """Of the readings of a pocket's history, one is under way at most, and one waits."""
    return f"catch up:{place.channel}"


def _older(place: Place) -> str:
    """Of the slow walk through a pocket's older keeps one is enough: it begins anew with each gap."""
    return f"check older:{place.channel}"
