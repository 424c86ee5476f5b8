"""`/whoknows`: who may be asked about something, and why; asked of Slack: whether they are here, and what time it is for them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy.orm import Session

from handlers import blocks, pointed, words
from handlers.answers import answer, show_form, whisper
from handlers.desk import Call, Desk
from handlers.payloads import Command, MessageShortcutUse
from handlers.slack import viewing
from handlers.slack.profiles import Profile
from handlers.slack.showing import message_link
from storage import markup, workspaces
from storage.experts import finding, tags, wishes
from storage.experts.finding import Answer, Evidence, Found
from storage.experts.refusals import NobodyAsked
from storage.ids import LearningId, Person, PersonId
from storage.refusals import NothingToLookFor
from storage.visibility import Viewer
from storage.workspaces import Installation

from .payloads import AboutPress, WhoPress

PATIENCE = 0.8
"""Seconds in which Slack may say how the people are who are found: what it does not say is left out."""

TOGETHER = 10
"""People of whom Slack is asked at once: twice as many as are shown, as some may be gone."""


@dataclass(frozen=True, slots=True)
class Known:
    """Who may be asked, best first, with what Slack says of each (None: nothing in time), and what they were found by."""

    people: Sequence[Found]
    profiles: Mapping[PersonId, Profile | None]
    answer: Answer


async def asked(call: Call) -> None:
    """`/whoknows`: with a topic or a question, up to five people; with `help` it explains."""
    command = Command.of(call)
    if words.asks_for_help(command.words):
        await answer(call, words.experts.WHOKNOWS_HELP)
        return
    if not command.words:
        raise NobodyAsked
    await answer(call, *await _found(call, command.person, command.words))


async def pressed(call: Call) -> None:
    """*Who knows this?*, below what somebody found: of what they looked for, privately."""
    press = AboutPress.of(call)
    await whisper(call, *await _found(call, press.person, press.words))
    await call.ack()


async def asked_of_message(call: Call) -> None:
    """*Who knows this?*, in a message's menu, also in threads, where commands don't work: of what it says, in a form."""
    used = MessageShortcutUse.of(call)
    said, _ = await pointed.at(call, used)
    typed = " ".join(markup.plain(said).split())
    if not typed:
        raise NothingToLookFor
    await show_form(call, *await _found(call, used.person, typed))
    await call.ack()


async def written(call: Call) -> None:
    """*Write to them*: the button's link opens a direct message; here it is counted as one question of theirs this week."""
    press = WhoPress.of(call)
    await call.write(wishes.approach, press.about, by=press.person, at=call.desk.now())
    await call.ack()


async def look(desk: Desk, person: Person, typed: str) -> tuple[str, list[blocks.Block]]:
    """Who may be asked, as somebody may know it now."""
    known = await known_to(desk, person, typed)
    question, shown = known.answer.asked, known.people[: words.experts.SHOWN_PEOPLE]
    if not shown:
        own = {tag.topic for tag in await desk.db.read(tags.of, person)}
        text = words.experts.nobody(question.words, question.topics, but_you=not own.isdisjoint(question.topics))
        unsure = [blocks.context(words.experts.UNCHECKED)] if known.answer.could_not_check else []
        return text, [blocks.section(text), *unsure]
    installation = await desk.db.read(workspaces.find, person.workspace)
    opened, now = known.answer.opened, desk.now()
    lines = [_line(one, known.profiles[one.person], opened, installation, at=now) for one in shown]
    text = words.experts.found(question.words, question.topics)
    topic, unchecked = question.topics[0] if len(question.topics) == 1 else "", known.answer.could_not_check
    return text, blocks.experts.found(text, lines, topic=topic, team=person.workspace, unchecked=unchecked)


async def known_to(
    desk: Desk, person: Person, typed: str, *, learnings: int = words.experts.SHOWN_LEARNINGS, is_list: bool = True
) -> Known:
    """Whom somebody may be told of, for what they ask, in order, with so many learnings each, and by whom each is endorsed.

    Of the best, Slack is asked first how they are; of those behind them, where it `is_list`, as long as one of them might stand
    among the first, and else of all: whoever chooses among them may want the last.
    """
    found = await viewing.found(desk, person, partial(_look, typed=typed, at=desk.now(), shown=learnings))
    profiles, here = dict[PersonId, Profile | None](), list[Found]()
    until = asyncio.get_running_loop().time() + PATIENCE
    for start in range(0, len(found.people), TOGETHER):
        some = found.people[start : start + TOGETHER]
        if start and is_list and not _is_open(here, some[0]):
            break
        seen, near = await asyncio.gather(
            shown_to(desk, person, [one.person for one in some], until=until),
            named_to(desk, person, [one.endorsed_by for one in some], until=until),
        )
        told = [replace(one, endorsed_by=tuple(by for by in one.endorsed_by if by in near)) for one in some]
        away = [id for id, profile in seen.items() if profile is not None and profile.is_away(desk.now())]
        here = finding.in_order([*here, *(one for one in told if one.person in seen and one.reasons)], away)
        profiles |= seen
    return Known(here, profiles, found)


def _is_open(here: Sequence[Found], next_: Found) -> bool:
    """Whether some of the places that are shown may be those of whoever comes next, if they are not away."""
    many = words.experts.SHOWN_PEOPLE
    return len(here) < many or here[many - 1].score < next_.score


async def shown_to(
    desk: Desk, viewer: Person, found: Sequence[PersonId], *, until: float | None = None
) -> dict[PersonId, Profile | None]:
    """Who of these is shown, with what Slack says of them: nobody who is gone, or an app; to guests, who is where they are.

    Of whom it says nothing in time, a full member is shown without what it would say; a guest is not shown them.
    """
    until = until or asyncio.get_running_loop().time() + PATIENCE
    people = [Person(viewer.workspace, one) for one in found]
    asked = await asyncio.gather(*(desk.viewers.profile(person, until=until) for person in people))
    said = {person.id: profile for person, profile in zip(people, asked, strict=True)}
    here = [id for id, one in said.items() if one is None or (one.is_active and not one.is_bot)]
    near = await viewing.near(desk, viewer, here, until=until)
    return {id: said[id] for id in here if id in near}


async def named_to(
    desk: Desk, viewer: Person, endorsed: Sequence[Sequence[PersonId]], *, until: float | None = None
) -> set[PersonId]:
    """Of who endorses each of some people, those of whom whoever asks may be told: to guests, who is where they are now.

    For a guest, Slack is asked of as many of each as it takes to name some, and to say that there are others.
    """
    until = until or asyncio.get_running_loop().time() + PATIENCE
    kind, _ = await desk.viewers.standing(viewer, until=until) or ("unknown", True)
    most = None if kind == "member" else words.experts.SHOWN_GIVERS + 1
    return await viewing.near(desk, viewer, {giver for some in endorsed for giver in some[:most]}, until=until)


async def _found(call: Call, person: Person, typed: str) -> tuple[str, list[blocks.Block]]:
    said = await look(call.desk, person, typed)
    viewing.require_colleague(call.desk, person)
    return said


def _look(session: Session, viewer: Viewer, hopeful: bool, *, typed: str, at: float, shown: int) -> Answer:  # noqa: FBT001 -- as asked
    return finding.look(session, viewer, typed, at=at, hopeful=hopeful, shown=shown)


def _line(
    one: Found,
    profile: Profile | None,
    opened: Mapping[LearningId, Evidence],
    installation: Installation | None,
    *,
    at: float,
) -> blocks.experts.Shown:
    """Who, why, and how it is with them just now. Whom Slack is silent about may be endorsed: it is asked again then."""
    learnings = [opened[id] for id in one.learnings[: words.experts.SHOWN_LEARNINGS] if id in opened]
    why = words.experts.person(
        one.person,
        claimed=one.claimed,
        earned=one.earned,
        endorsed_by=one.endorsed_by,
        learnings=[(learning.words, link(learning, installation)) for learning in learnings],
    )
    away = profile.status if profile is not None and one.is_away else None
    around = words.experts.around(profile.clock(at) if profile else "", away=away, full=one.is_full)
    return blocks.experts.Shown(one.person, why, around, may_be_endorsed=profile is None or profile.kind != "external")


def link(learning: Evidence, installation: Installation | None) -> str:
    """Where it may be opened; empty where it has no place."""
    if learning.link or learning.card_ts is None:
        return learning.link or ""
    return message_link(installation, learning.place.channel, learning.card_ts)
