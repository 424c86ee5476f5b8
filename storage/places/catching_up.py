"""Catching up: what was missed in a gap is read from Slack, pocket by pocket, and made up for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from sqlalchemy.orm import Session

from storage import deliveries, workspaces
from storage.ids import ChannelId, MessageRef, Person, Place, Ts, WorkspaceId
from storage.kept import sources
from storage.kept.sources import Shown
from storage.learned import discussion
from storage.owed import notices, outbox
from storage.prompts import collecting
from storage.prompts.collecting import Reply

from . import channels, leads, pockets
from .pockets import Pocketed

AT_ONCE = 50
"""Pockets whose catching up is owed in one go."""

NOW, NEVER = Ts("9999999999.999999"), Ts("")
"""Later than any of Slack's times, and none."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What was missed in a pocket, as its errands carry it.

    `since` and `until` are the hours, by our clock. By Slack's: `known` is the newest that was heard before the messages are
    read, from `oldest` on they are read, and what is younger than `begins` was not heard when it was said.
    """

    place: Place
    since: float
    until: float
    known: Ts
    oldest: Ts
    begins: Ts = NOW

    @classmethod
    def of(cls, workspace: WorkspaceId, body: Mapping[str, Any]) -> Self:
        """The gap of an errand."""
        place = Place(workspace, ChannelId(body["channel"]))
        return cls(
            place, body["since"], body["until"], Ts(body["known"]), Ts(body["oldest"]), Ts(body.get("begins", NOW))
        )

    @property
    def body(self) -> dict[str, Any]:
        """What the errand carries."""
        return {
            "channel": self.place.channel,
            "since": self.since,
            "until": self.until,
            "known": self.known,
            "oldest": self.oldest,
            "begins": self.begins,
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


def is_reading(session: Session, place: Place) -> bool:
    """Whether something that was missed of this pocket is still to be read."""
    lanes = {"begin catching up": "", "catch up": place.channel, "catch up thread": place.channel}
    return any(outbox.waits(session, place.workspace, kind, lane=lane) for kind, lane in lanes.items())


def as_known_now(session: Session, gap: Gap) -> Gap:
    """The gap, with what was heard by now, some seconds ago: what Slack shows may lag behind the events that it tells.

    Whatever Slack shows from here on comes after that. Where the pocket was stopped and started since the gap was found,
    nothing is read from the time in between.
    """
    pocket, known = pockets.find(session, gap.place), max(gap.known, workspaces.heard(session, gap.place.workspace))
    return replace(gap, known=known, oldest=max(gap.oldest, (pocket and pocket.started_ts) or NEVER))


def begin(session: Session, workspace: WorkspaceId, body: Mapping[str, Any], *, at: float) -> None:
    """Owe the catching up with the next pockets, some at a time: the writer is everybody's."""
    found = pockets.all_with_bot(session, workspace, after=body.get("after", ""), limit=AT_ONCE)
    for pocket in found:
        if pocket.is_live:
            channels.owe_members(session, pocket.place, kind="list members again", at=at)
        owe(session, pocket, body, at=at)
    if len(found) == AT_ONCE:
        rest = {**body, "after": found[-1].place.channel}
        outbox.owe(session, workspace, "begin catching up", lane="", body=rest, at=at)


def owe(session: Session, pocket: Pocketed, body: Mapping[str, Any], *, at: float) -> None:
    """Owe the catching up with a pocket: of a live one all is read; of one that was stopped only what is known is looked at."""
    place = pocket.place
    known = Ts(max(body["known"], sources.newest(session, place)))
    # One that waits is replaced by this one, and one that is under way gives way to it where it fails: so it is for all.
    unread = [body, *outbox.bodies_of(session, place.workspace, slot=_reading(place))]
    oldest = Ts(max(min(one["oldest"] for one in unread), pocket.started_ts or ""))
    oldest = oldest if pocket.is_live else NOW
    since, until = min(one["since"] for one in unread), max(one["until"] for one in unread)
    begins = Ts(min(one.get("begins", NOW) for one in unread))
    gap = Gap(place, since, until, known, oldest, begins)
    for slot in (_older(place), _reading(place)):
        outbox.withdraw(session, place.workspace, slot=slot)
    if pocket.is_live:
        _owe(session, gap, "catch up", at=at, slot=_reading(place))
    _owe(session, gap, "check older", at=at, slot=_older(place), before=oldest)


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
        if one.reply.message.ts > gap.begins:
            _tell_of(session, one.reply, at=at)
    known = sources.known_among(session, gap.place, [one.message.ts for one in page.shown])
    _make_up(session, gap, [one for one in page.shown if one.given or one.message.ts in known], at=at)
    for ts in page.cut:
        _owe_source(session, gap, ts, at=at)
    if page.until:
        _owe_thread(session, gap, thread, at=at, after=page.until)


def owe_thread(session: Session, place: Place, thread: Ts, *, at: float) -> None:
    """Owe the reading of a thread: of what was written in it, something was told of too early."""
    known = workspaces.heard(session, place.workspace)
    _owe_thread(session, Gap(place, at, at, known, oldest=thread, begins=thread), thread, at=at)


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


def _tell_of(session: Session, reply: Reply, *, at: float) -> None:
    """Whose card it stands below is to hear of it, as when it is told."""
    place = reply.message.place
    by = Person(place.workspace, reply.author)
    discussion.answered(session, MessageRef(place, reply.thread), reply.message.ts, by=by, at=at)


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
