"""Results: looked up for one person, a page at a time, and what they may do with each."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC

from sqlalchemy.orm import Session

from handlers import blocks, words
from handlers.answers import replace, whisper
from handlers.blocks.closeness import MOST_LINKS, Also
from handlers.blocks.finding import Card
from handlers.desk import Call, Desk
from handlers.payloads import LeafPress, Press
from handlers.slack import viewing
from handlers.slack.showing import learning_link
from storage import visibility, workspaces
from storage.ids import LearningId, Person, Place, Ts
from storage.learned import helps
from storage.learned.learnings import LearningView
from storage.places import pocket_reactions, pocket_settings, pockets
from storage.search import finding
from storage.search.finding import Found, Hit, Latest
from storage.visibility import Viewer
from storage.workspaces import Installation

from . import naming


@dataclass(frozen=True, slots=True)
class Here:
    """The pocket where somebody looks, and the thread, if it is in one."""

    place: Place
    thread: Ts | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody is told of what was found."""

    text: str
    blocks: list[blocks.Block]


async def look_up(
    desk: Desk,
    person: Person,
    typed: str,
    *,
    first: int = 0,
    page: int = finding.PAGE,
    besides: LearningId | None = None,
) -> Found:
    """A page of what somebody asked for, in Slack's markup, as they may see it now; `besides`: never this one."""
    now, began = desk.now(), asyncio.get_running_loop().time()
    zone = await viewing.hours(desk, person) if "since:" in typed.lower() else UTC
    asked = finding.understand(typed, by=person, at=now, zone=zone)
    if naming.has_names(asked):
        typed = await naming.with_ids(desk, person, asked, until=began + viewing.PATIENCE / 2)
        asked = finding.understand(typed, by=person, at=now, zone=zone)
    patience = viewing.PATIENCE + began - asyncio.get_running_loop().time()

    def look(session: Session, viewer: Viewer, hopeful: bool) -> Found:  # noqa: FBT001 -- as `viewing.found` calls it
        return finding.find(session, viewer, asked, at=now, hopeful=hopeful, first=first, page=page, besides=besides)

    return await viewing.found(desk, person, look, patience=patience)


async def looked_up(
    desk: Desk,
    person: Person,
    typed: str,
    *,
    first: int = 0,
    here: Here | None = None,
    besides: LearningId | None = None,
) -> Said:
    """What they hear of it; `here`: with what may be done in that pocket; `besides` as above."""
    found = await look_up(desk, person, typed, first=first, besides=besides)
    cards = await desk.db.read(_cards, found.hits, person, here, at=desk.now())
    text = words.finding.summary(found)
    return Said(text, blocks.finding.page(found, cards, text=text, pocket=here.place.channel if here else None))


def plainly(text: str) -> Said:
    """Words alone."""
    return Said(text, [blocks.section(text)])


async def where(desk: Desk, place: Place | None, thread: Ts | None = None) -> Here | None:
    """The pocket that somebody looks in; None: it is none."""
    if place is None:
        return None
    is_pocket = await desk.db.read(pockets.is_live, place)
    return Here(place, thread) if is_pocket else None


async def latest(call: Call, person: Person, *, here: Here | None = None) -> Said:
    """The most helpful and the newest of late; `here` as above."""
    now = call.desk.now()

    def look(session: Session, viewer: Viewer, hopeful: bool) -> Latest:  # noqa: FBT001
        return finding.latest(session, viewer, at=now, hopeful=hopeful)

    found = await viewing.found(call.desk, person, look)
    cards = await call.desk.db.read(_cards, (*found.helpful, *found.newest), person, here, at=now)
    helpful, newest = cards[: len(found.helpful)], cards[len(found.helpful) :]
    text = words.finding.latest(found)
    return Said(text, blocks.finding.latest(found, helpful, newest, text=text))


async def leafed(call: Call) -> None:
    """*Earlier* and *More*, under results: they are looked up anew, for whoever pressed."""
    press = LeafPress.of(call)
    here = await where(call.desk, press.place, press.thread)
    said = await looked_up(call.desk, press.person, press.typed, first=press.first, here=here, besides=press.besides)
    viewing.require_colleague(call.desk, press.person)
    await replace(call, said.text, said.blocks)
    await call.ack()


async def helped(call: Call) -> None:
    """*It helped me*, beside a result; pressed once more, it is taken back. What they may not see any more is gone."""
    press = Press.of(call)
    await viewing.require(call.desk, press.person, press.learning)
    said = await call.write(helps.press, press.learning, by=press.person, event_ts=press.action_ts, at=call.desk.now())
    key = (await call.desk.db.read(pocket_reactions.of, said.place)).shown("helped")
    await whisper(call, words.cards.helped_answer(key, helped=said.standing, reacted=said.reacted))
    await call.ack()


async def link_of(desk: Desk, learning: LearningView) -> str | None:
    """Where it stands in Slack, if it does."""
    return learning_link(await desk.db.read(workspaces.find, learning.place.workspace), learning)


def _cards(session: Session, hits: Sequence[Hit], person: Person, here: Here | None, *, at: float) -> list[Card]:
    """What stands of each, for this person."""
    installation = workspaces.find(session, person.workspace)

    def card(hit: Hit) -> Card:
        said = hit.learning
        key = pocket_reactions.of(session, said.place).shown("helped") if hit.helped else ""
        post, link = _post(session, said, here) if here else "", learning_link(installation, said)
        also = _also(session, hit, installation)
        return Card(hit, link, key, is_own=said.author == person.id, at=at, also=also, post=post)

    return [card(hit) for hit in hits]


def _also(session: Session, hit: Hit, me: Installation | None) -> tuple[Also, ...]:
    here = hit.learning.place
    return tuple(
        Also(pocket_settings.noun_of(session, other.place), link, None if other.place == here else other.place.channel)
        for other in hit.also[:MOST_LINKS]
        if (link := learning_link(me, other))
    )


def _post(session: Session, learning: LearningView, here: Here) -> str:
    """What goes along with *post this here*; empty where it surely is not for all who are there."""
    may_be = visibility.may_be_shown(session, learning.place, here.place)
    return f"{learning.id}:{here.place.channel}:{here.thread or ''}" if may_be else ""
