"""`outloud experts`: whom a person would find, with scores and reasons, for whoever runs Outloud and for programs."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Annotated, Any

import typer

from bot import settings
from handlers.experts import whoknows
from handlers.experts.whoknows import Known
from storage import workspaces
from storage.experts.finding import Answer, Found
from storage.ids import Person, PersonId
from storage.refusals import Unavailable
from storage.workspaces import Installation

from . import schema
from .failing import Failure
from .search import desk_of, require_known, workspace_of

SHOWN = 5
"""Learnings that are told of each."""


def experts(
    words: Annotated[list[str], typer.Argument(help="A topic or a question, as after /whoknows.")],
    person: Annotated[str, typer.Option("--as", help="As whom: their id in Slack, such as U012ABCDEF.")],
    workspace: Annotated[str, typer.Option(help="In which workspace, where there are several: its id.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="For programs: all of it as one line of JSON.")] = False,
) -> None:
    """Show whom somebody would find, best first, and why. Slack is asked what they may read: no more is told than to them."""
    if not re.fullmatch(r"[UW][A-Z0-9]{1,20}", person):
        raise Failure(
            f"{person!r} is nobody's id. In Slack, a person's profile has it: the three dots, Copy member ID."
        )
    if not " ".join(words).strip():
        raise Failure("Say what they would ask, such as: outloud experts --as U012ABCDEF rotating keys.")
    asyncio.run(_experts(" ".join(words), PersonId(person), workspace, as_json=as_json))


async def _experts(typed: str, who: PersonId, workspace: str, *, as_json: bool) -> None:
    chosen = settings.load()
    schema.require_current(chosen)
    async with desk_of(chosen) as desk:
        try:
            person = Person(await workspace_of(desk.db, workspace), who)
            known = await whoknows.known_to(desk, person, typed, learnings=SHOWN)
            if known.answer.could_not_check:
                await require_known(desk, who)
            installation = await desk.db.read(workspaces.find, person.workspace)
        except Unavailable as error:
            raise Failure(f"The database {chosen.database_place} does not answer. Is it running?") from error
    told = _told(known, person, installation)
    typer.echo(json.dumps(told, ensure_ascii=False) if as_json else _lines(known))


def _told(known: Known, person: Person, installation: Installation | None) -> dict[str, Any]:
    people = [_person(one, known.answer, installation) for one in known.people]
    asked = known.answer.asked
    head = {"query": asked.words, "as": person.id, "topics": asked.topics}
    return {**head, "could_not_check": known.answer.could_not_check, "people": people}


def _person(one: Found, found: Answer, installation: Installation | None) -> dict[str, Any]:
    seen = [found.opened[id] for id in one.learnings[:SHOWN] if id in found.opened]
    reasons = {"claimed": one.claimed, "endorsed_by": one.endorsed_by, "earned": one.earned}
    links = [whoknows.link(learning, installation) or None for learning in seen]
    learnings = [
        {"id": learning.id, "text": learning.words, "link": link} for learning, link in zip(seen, links, strict=True)
    ]
    how = {"full": one.is_full, "away": one.is_away}
    return {"person": one.person, "score": round(one.score, 4), **reasons, "learnings": learnings, **how}


def _lines(known: Known) -> str:
    """For people: somebody a line."""
    lines = [f"{one.score:8.3f}  {one.person}  {_why(one)}" for one in known.people]
    unchecked = ["Slack did not say in time what they may see: somebody may be missing."]
    nobody = ["Nobody is found, as far as they may see."]
    return "\n".join([*(lines or nobody), *(unchecked if known.answer.could_not_check else [])])


def _why(one: Found) -> str:
    why = [
        f"asks to be asked about {', '.join(one.claimed)}" if one.claimed else "",
        f"endorsed by {', '.join(one.endorsed_by)}" if one.endorsed_by else "",
        "earned it" if one.earned else "",
        f"learnings: {len(one.learnings)}" if one.learnings else "",
        "away" if one.is_away else "",
        "has had their questions for this week" if one.is_full else "",
    ]
    return "; ".join(filter(None, why))
