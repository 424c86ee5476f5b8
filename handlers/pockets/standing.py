"""Who may start a pocket, lead one, or stand in for its leads: full members of the workspace (docs/decisions/0020, 0049).

Slack is asked while they wait.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from slack_sdk.errors import SlackApiError

from handlers.desk import Call, Desk, Handler
from handlers.duties import error_code
from handlers.slack import viewing
from handlers.slack.looking import usable
from handlers.slack.silence import SILENCE
from storage import workspaces
from storage.ids import Person, PersonId, Place
from storage.places import leads
from storage.places.channels import ChannelFacts
from storage.refusals import GuestsLead, NotALead, NotFull, NotLookedUp, WhoAreYou

PATIENCE = 1.0
"""Seconds that a look at Slack may take while somebody waits for their answer."""


async def usable_by(call: Call, place: Place, person: Person, *, private: bool = False) -> tuple[ChannelFacts, str]:
    """What Slack says of a channel that may be a pocket, and the timezone of whoever starts it; empty where that is not known.

    Raises what `looking.usable` raises, `NotFull`, and `WhoAreYou` where Slack does not say in time who they are.
    """
    asked = asyncio.create_task(_user(call, person))
    try:
        facts, user = await usable(call, place, private=private), await asked
    finally:
        asked.cancel()
    if user is not None and not await _is_full(call, person, user):
        raise NotFull
    return facts, str((user or {}).get("tz") or "")


async def require_leads(call: Call, place: Place, wanted: Collection[PersonId]) -> None:
    """Raise `GuestsLead` where somebody who is to lead a pocket, and does not yet, is no full member; `WhoAreYou` as above."""
    before = await call.desk.db.read(leads.of, place)
    new = [Person(place.workspace, id) for id in wanted if id not in before]
    users = await asyncio.gather(*(_user(call, person) for person in new))
    told = [(person, user) for person, user in zip(new, users, strict=True) if user is not None]
    if others := [person for person, user in told if not await _is_full(call, person, user)]:
        raise GuestsLead(people=", ".join(f"<@{person.id}>" for person in others), field="leads")


async def answer(handler: Handler, call: Call) -> None:
    """Do it. Where it takes a lead, Slack is asked first whether they may read that channel; of others, who they are.

    What they pressed may stand open since long ago (docs/decisions/0196). Raises what `handler` raises, `NotChecked` where Slack
    does not say in time, and `NotAPocket` where they may not read it.
    """
    while True:
        try:
            await handler(call)
        except NotLookedUp as unknown:
            call = await _looked_up(call, unknown)
        except NotALead as refused:
            call = await in_their_place(call, refused)
        else:
            return


async def in_their_place(call: Call, refused: NotALead) -> Call:
    """The same call, of somebody who stands in for the pocket's leads. Raises what was refused where they don't; `WhoAreYou`."""
    person = await whoever_leads(call.desk, refused.place, refused.person)
    if call.stands_in or not person.stands_in:
        raise refused
    return replace(call, stands_in=True)


async def whoever_leads(desk: Desk, place: Place, person: Person) -> Person:
    """The same person; they stand in for the pocket's leads where none of those is there and active, and they are a full member.

    What Slack does not say in time is not so: but whom nobody else could help hears `WhoAreYou`.
    """
    there = await desk.db.read(leads.to_stand_in_for, place, person)
    if there is None:
        return person
    until = asyncio.get_running_loop().time() + PATIENCE
    own = await desk.viewers.standing(person, until=until)
    if own is None and not there:
        raise WhoAreYou
    if own != ("member", True):
        return person
    asked = (Person(place.workspace, lead) for lead in there)
    found = await asyncio.gather(*(desk.viewers.standing(one, until=until) for one in asked))
    return replace(person, stands_in=all(one is not None and not one[1] for one in found))


async def _looked_up(call: Call, unknown: NotLookedUp) -> Call:
    if unknown.place.channel in call.checked:
        raise unknown
    await viewing.require_place(call.desk, unknown.person, unknown.place)
    return replace(call, checked=call.checked | {unknown.place.channel})


async def _user(call: Call, person: Person) -> dict[str, Any] | None:
    """What Slack says of somebody; None where it may not say, without `users:read`. Raises `WhoAreYou`."""
    try:
        async with asyncio.timeout(PATIENCE):
            user: dict[str, Any] = (await call.slack.users_info(user=person.id))["user"]
    except SlackApiError as error:
        if error_code(error) == "missing_scope":
            return None
        raise WhoAreYou from error
    except SILENCE as error:
        raise WhoAreYou from error
    return user


async def _is_full(call: Call, person: Person, user: dict[str, Any]) -> bool:
    installation = await call.desk.db.read(workspaces.find, person.workspace)
    kind = viewing.kind_of(user, person, installation.enterprise if installation else None)
    return kind == "member" and not user.get("deleted") and not user.get("is_bot")
