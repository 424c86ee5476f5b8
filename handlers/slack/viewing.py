"""Who wants to see something: asked of Slack, for handlers and for the outbox's duties, before anything is shown.

What they may see then is decided in SQL (storage/visibility.py). What Slack does not say within a second is not known, and what
is not known is not shown.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Coroutine
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, Any, TypeVar

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from handlers.duties import Later, error_code
from storage import visibility, workspaces
from storage.db.database import Database
from storage.ids import ChannelId, LearningId, MessageRef, Person, PersonId, Place, WorkspaceId
from storage.kept import keeps
from storage.kept.keeps import Look
from storage.owed.notices import Waiting
from storage.places import gaps
from storage.places.channels import ChannelFacts
from storage.refusals import Deactivated, Gone, NotAPerson, NotAPocket, NotChecked, Unavailable
from storage.search.finding import Checked
from storage.visibility import FRESH, Kind, Viewer

from . import calling
from .calling import Called
from .granted import lacks
from .lately import Lately, pause_of
from .looking import NO_LOOK, facts_of
from .profiles import Profile, profile_of
from .silence import SILENCE

if TYPE_CHECKING:
    from handlers.desk import Desk

log = logging.getLogger(__name__)

PATIENCE = 1.0
"""Seconds that all questions about one viewer may take together: somebody waits for the answer."""

FOR_KINDS = 0.3
"""Of these, what is left, where Slack does not say where somebody is, to be told which channels are open to all."""

UNHURRIED = 5.0
"""The same where nobody waits: an errand has its lease, but others wait for its place."""

A_DAY = 86400.0

MOST_WAITED = 2 * A_DAY
"""Seconds that a private word waits for Slack to say, from when it is due: the quiet rule may hold it for the first day."""

AGAIN_AFTER = 5.0
"""Seconds after which Slack is asked anew for something that waits to be said."""

ROUNDS = 3
"""Who they are may ask for where they are, and a channel's kind for that again. More follows from nothing."""

CHANNELS_A_PAGE = 999
"""As many as Slack allows: there is one second for all pages (docs.slack.dev/reference/methods/users.conversations)."""

LISTS_PRIVATE = frozenset({"groups:read"})
"""The optional scope to list where people are of private channels."""

PAGES = 6
"""How often it is looked for anew, at the most: each time Slack has said more of what would stand on the page."""


Search = TypeVar("Search", bound=Checked)

Standing = tuple[Kind, bool]
"""Of what kind somebody is, and whether they are active."""


class Viewers:
    """What Slack said of people lately. An answer holds for `fresh` seconds; `slack` must not retry by itself."""

    def __init__(self, db: Database, slack: AsyncWebClient, *, now: Callable[[], float], fresh: float = FRESH) -> None:
        self.slack = slack
        self.fresh = fresh
        self._db = db
        self._now = now
        self._lists_private = True
        self._rests_until = 0.0
        self._profiles: Lately[Profile] = Lately(self._ask_profile, now=now, fresh=fresh)
        self._called: Lately[Called] = Lately(self._ask_called, now=now, fresh=fresh)
        self._channels: Lately[frozenset[ChannelId]] = Lately(self._ask_channels, now=now, fresh=fresh)

    async def standing(self, person: Person, *, until: float) -> Standing | None:
        """Who they are. None: Slack did not say by `until`, in the event loop's time."""
        profile = await self.profile(person, until=until)
        return None if profile is None else (profile.kind, profile.is_active)

    async def profile(self, person: Person, *, until: float) -> Profile | None:
        """What Slack says of them. None: as above."""
        return await self._profiles.about(person, until=until)

    def remembered(self, person: Person) -> Profile | None:
        """What Slack said of them within the last minute; it is not asked."""
        return self._profiles.remembered(person)

    async def channels(self, person: Person, *, until: float) -> frozenset[ChannelId] | None:
        """Where they are. None: as above."""
        return await self._channels.about(person, until=until)

    async def called(self, workspace: WorkspaceId, *, until: float) -> Called | None:
        """What people here are called. None: as above."""
        return await self._called.about(Person(workspace, PersonId("")), until=until)

    async def facts(self, place: Place) -> ChannelFacts | None:
        """Of what kind a channel is; None: Outloud may not know. Raises what the SDK raises where Slack did not say."""
        if self._now() < self._rests_until:
            raise TimeoutError
        try:
            return facts_of((await self.slack.conversations_info(channel=place.channel))["channel"], known=None)
        except SlackApiError as error:
            self._rests_until = max(self._rests_until, self._now() + pause_of(error))
            if error_code(error) in NO_LOOK:
                return None
            raise

    def forget(self, person: Person) -> None:
        """They came into a channel, or went."""
        self._channels.forget(person)

    async def stop(self) -> None:
        """Give up what is being asked."""
        await self._profiles.stop()
        await self._channels.stop()
        await self._called.stop()

    async def _ask_profile(self, person: Person) -> Profile:
        """Raises what the SDK raises."""
        user = (await self.slack.users_info(user=person.id))["user"]
        installation = await self._db.read(workspaces.find, person.workspace)
        return profile_of(user, kind_of(user, person, installation.enterprise if installation else None))

    async def _ask_called(self, anybody: Person) -> Called:
        return await calling.people(self.slack, frozenset({anybody.workspace}))

    async def _ask_channels(self, person: Person) -> frozenset[ChannelId]:
        """All pages, or none; private channels too, where that was granted. Raises what the SDK raises."""
        if self._lists_private:
            try:
                return await self._list(person, "public_channel,private_channel")
            except SlackApiError as error:
                if error_code(error) != "missing_scope":
                    raise
        return await self._list(person, "public_channel")

    async def _list(self, person: Person, types: str) -> frozenset[ChannelId]:
        found, cursor = set[ChannelId](), ""
        while True:
            page = await self.slack.users_conversations(
                user=person.id, types=types, limit=CHANNELS_A_PAGE, cursor=cursor
            )
            self._lists_private = not lacks(page.headers, LISTS_PRIVATE)
            found |= {ChannelId(channel["id"]) for channel in page["channels"]}
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return frozenset(found)


async def of(desk: Desk, person: Person, candidates: ColumnElement[bool], *, patience: float | None = None) -> Viewer:
    """Somebody who wants to see what comes from these channels (`visibility.in_channel` and its like).

    Slack is asked for no more than that takes: who they are; where they are; and of what kind a channel is that may be open to
    all. It takes `patience` seconds at most, by default one. Never call it within a transaction.
    """
    until = _patience(patience)
    return await _looked(desk, await _somebody(desk, person, until=until), candidates, until=until)


async def anybody(desk: Desk, workspace: WorkspaceId, candidates: ColumnElement[bool]) -> Viewer:
    """A full member who is in no channel at all: what they see, every full member does."""
    now, fresh = desk.now(), desk.viewers.fresh
    nobody = Person(workspace, PersonId(""))
    viewer = Viewer(nobody, "member", since=now - fresh, until=now + fresh, channels=frozenset())
    return await _looked(desk, viewer, candidates, until=_patience())


async def at_home(desk: Desk, person: Person, candidates: Callable[[Viewer], ColumnElement[bool]]) -> Viewer:
    """Somebody who wants to see where they are, and what comes from there and from elsewhere. As `inside` and `of`, in one."""
    until = _patience()
    viewer = await _somebody(desk, person, until=until)
    if viewer.is_nobody:
        return viewer
    viewer = replace(viewer, channels=await desk.viewers.channels(person, until=until))
    return await _looked(desk, viewer, candidates(viewer), until=until)


async def _looked(desk: Desk, viewer: Viewer, candidates: ColumnElement[bool], *, until: float) -> Viewer:
    """The same viewer, once Slack was asked what that takes."""
    person, asked = viewer.person, set[Place]()
    for _ in range(ROUNDS):
        needs = await desk.db.read(visibility.needs, viewer, candidates)
        if needs.memberships:
            channels = await desk.viewers.channels(person, until=until)
            if channels is None:
                return viewer
            viewer = replace(viewer, channels=channels)
        elif new := [place for place in needs.kinds if place not in asked]:
            asked |= {*new}
            await asyncio.gather(*(_ask_kind(desk, place, until=until) for place in new))
        else:
            break
    return viewer


def require_colleague(desk: Desk, person: Person) -> None:
    """Raise `Deactivated` or `NotAPerson` where Slack said so of them within the last minute. It is not asked for that."""
    profile = desk.viewers.remembered(person)
    if profile is not None and not profile.is_active:
        raise Deactivated
    if profile is not None and profile.is_bot:
        raise NotAPerson


async def ask_colleague(desk: Desk, person: Person) -> None:
    """The same, once Slack was asked, for a second at most. Of whom it says nothing, it is taken for granted."""
    await desk.viewers.profile(person, until=_patience())
    require_colleague(desk, person)


async def hours(desk: Desk, person: Person) -> tzinfo:
    """Where somebody's days begin and end; Greenwich's, where Slack does not say, within a second."""
    profile = await desk.viewers.profile(person, until=_patience())
    return (profile and profile.hours) or UTC


async def found(
    desk: Desk, person: Person, look: Callable[[Session, Viewer, bool], Search], *, patience: float | None = None
) -> Search:
    """What somebody looks for, as they may see it now: of it, and of where it is from, Slack is asked no more than that takes.

    `look` finds it for a viewer, and, where its third argument is true, also what they may see only if Slack says so. Where they
    are is asked before, whatever there is to find: else what is hidden would show by whether Slack was asked. What it did not say
    in `patience` seconds, by default one, is left out, and the answer says that some could not be checked. Never call it within
    a transaction.
    """
    until = _patience(patience)
    viewer, asked, is_silent = await _somebody(desk, person, until=until), set[Place](), False
    if await desk.db.read(visibility.hangs_on_membership, viewer):
        channels = await desk.viewers.channels(person, until=until - FOR_KINDS)
        viewer, is_silent = replace(viewer, channels=channels or frozenset()), channels is None
    for _ in range(PAGES):
        seen = await desk.db.read(look, viewer, True)  # noqa: FBT003 -- hopeful
        if not seen.doubtful:
            return replace(seen, could_not_check=True) if is_silent else seen
        where = visibility.in_channels(person.workspace, seen.doubtful)
        needs = await desk.db.read(visibility.needs, viewer, where)
        new = [place for place in needs.kinds if place not in asked]
        if not new:
            break
        asked |= {*new}
        await asyncio.gather(*(_ask_kind(desk, place, until=until) for place in new))
    return replace(await desk.db.read(look, viewer, False), could_not_check=True)  # noqa: FBT003 -- only what they do see


async def inside(desk: Desk, person: Person) -> Viewer:
    """Somebody who wants to see where they are."""
    until = _patience()
    viewer = await _somebody(desk, person, until=until)
    return viewer if viewer.is_nobody else replace(viewer, channels=await desk.viewers.channels(person, until=until))


async def near(
    desk: Desk, viewer: Person, people: Collection[PersonId], *, until: float | None = None
) -> set[PersonId]:
    """Of these, those of whom somebody may be told: to a full member, all; to anybody else, who Slack says is where they are.

    What it does not say by `until`, in the event loop's time, by default within a second, is not so.
    """
    until = _patience() if until is None else until
    kind, _ = await desk.viewers.standing(viewer, until=until) or ("unknown", True)
    if kind == "member" or not people:
        return {*people}
    asked, mine = [*people], await desk.viewers.channels(viewer, until=until) or frozenset()
    there = await asyncio.gather(*(desk.viewers.channels(Person(viewer.workspace, one), until=until) for one in asked))
    return {one for one, channels in zip(asked, there, strict=True) if channels and channels & mine}


async def require(desk: Desk, person: Person, *learnings: LearningId, patience: float | None = None) -> None:
    """Raise `Gone` where they may not see one of these now, or there is none; `NotChecked` where Slack did not say."""
    viewer = await of(desk, person, visibility.of_learning(person.workspace, *learnings), patience=patience)
    for learning in learnings:
        await desk.db.read(visibility.require, viewer, learning)


async def sees(desk: Desk, person: Person, learning: LearningId) -> bool:
    """Whether they may see this learning now, as far as Slack said in time."""
    viewer = await of(desk, person, visibility.of_learning(person.workspace, learning))
    return await desk.db.read(visibility.sees, viewer, learning)


async def reads(desk: Desk, person: Person, place: Place) -> bool:
    """Whether they may read this channel now, as far as Slack said in time."""
    viewer = await of(desk, person, visibility.in_channel(place))
    return await desk.db.read(visibility.reads, viewer, place)


async def sees_now_or_later(desk: Desk, person: Person, learning: LearningId, *, until: float) -> bool:
    """Whether they may see this learning, for what is said privately and only then: raises `Later` as `reads_now_or_later`."""
    asking = require(desk, person, learning, patience=UNHURRIED)
    return await _now_or_later(desk, asking, until=until)


async def reads_now_or_later(desk: Desk, person: Person, place: Place, *, until: float) -> bool:
    """Whether they may read this channel, for what is said privately and only then.

    Raises `Later` where Slack did not say in time, before `until` (seconds since 1970, UTC): from then on, what is not known
    is not so.
    """
    asking = require_place(desk, person, place, patience=UNHURRIED)
    return await _now_or_later(desk, asking, until=until)


async def may_be_told(desk: Desk, notice: Waiting, place: Place) -> bool:
    """The same, for news of this channel: it waits for Slack to say, and what else waits for them waits with it."""
    return await reads_now_or_later(desk, notice.person, place, until=notice.due + MOST_WAITED)


async def may_be_shown(desk: Desk, notice: Waiting, learning: LearningId) -> bool:
    """The same, for what says no more than that something became of this learning, where they may not see it."""
    return await sees_now_or_later(desk, notice.person, learning, until=notice.due + MOST_WAITED)


async def _now_or_later(desk: Desk, asking: Coroutine[Any, Any, None], *, until: float) -> bool:
    try:
        await asking
    except NotChecked:
        if desk.now() < until:
            raise Later(desk.now() + AGAIN_AFTER) from None
        return False
    except (Gone, NotAPocket):
        return False
    return True


async def require_place(desk: Desk, person: Person, place: Place, *, patience: float | None = None) -> None:
    """Raise `NotAPocket` where they may not read this channel now, `Deactivated` where they read none; or `NotChecked`."""
    viewer = await of(desk, person, visibility.in_channel(place), patience=patience)
    if not viewer.is_active:
        raise Deactivated
    await desk.db.read(visibility.require_place, viewer, place)


async def with_author(desk: Desk, look: Look, ref: MessageRef) -> Look:
    """The same; where its author would be asked first, Slack is asked whether they were deactivated."""
    if look.author is None or not await desk.db.read(keeps.is_older, ref):
        return look
    profile = await desk.viewers.profile(Person(ref.place.workspace, look.author), until=_patience())
    return replace(look, is_gone=profile is not None and not profile.is_active)


def kind_of(user: dict[str, Any], person: Person, enterprise: str | None) -> Kind:
    """Of what kind somebody is, by `users.info` (docs.slack.dev/reference/objects/user-object).

    `is_stranger` is not enough: it is false for people of other organisations with whom a channel is shared.
    """
    theirs = (user.get("enterprise_user") or {}).get("enterprise_id")
    is_ours = user.get("team_id") == person.workspace or bool(enterprise and theirs == enterprise)
    if not is_ours:
        return "external"
    return "guest" if user.get("is_restricted") or user.get("is_ultra_restricted") else "member"


async def _somebody(desk: Desk, person: Person, *, until: float) -> Viewer:
    kind, is_active = await desk.viewers.standing(person, until=until) or ("unknown", True)
    now, fresh = desk.now(), desk.viewers.fresh
    return Viewer(person, kind, since=now - fresh, until=now + fresh, is_active=is_active)


def _patience(patience: float | None = None) -> float:
    return asyncio.get_running_loop().time() + (PATIENCE if patience is None else patience)


async def _ask_kind(desk: Desk, place: Place, *, until: float) -> None:
    """Of what kind a channel is, to be remembered for everybody. What can't be asked, or written, in time stays as it was."""
    known, at = desk.heard.newest(place.workspace), desk.now()
    try:
        async with asyncio.timeout_at(until):
            facts = await desk.viewers.facts(place)
    except SILENCE as error:
        log.info("Slack did not say of what kind a channel is: %s", type(error).__name__)
        return
    with suppress(Unavailable):
        await desk.db.write(gaps.described, place, facts and replace(facts, known=known), at=at)
