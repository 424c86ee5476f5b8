"""`outloud experts`: whom a person would find, with scores and reasons, for whoever runs Outloud and for programs."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from bot import settings
from handlers.experts import whoknows
from handlers.experts.whoknows import Known
from storage.experts.finding import Answer, Found
from storage.ids import Person, PersonId
from storage.refusals import Unavailable

from . import schema
from .failing import Failure
from .search import desk_of, workspace_of

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
    asyncio.run(_experts(" ".join(words), PersonId(person), workspace, as_json=as_json))


async def _experts(typed: str, who: PersonId, workspace: str, *, as_json: bool) -> None:
    chosen = settings.load()
    schema.require_current(chosen)
    async with desk_of(chosen) as desk:
        try:
            person = Person(await workspace_of(desk.db, workspace), who)
            known = await whoknows.known_to(desk, person, typed, learnings=SHOWN)
        except Unavailable as error:
            raise Failure(f"The database {chosen.database_place} does not answer. Is it running?") from error
    typer.echo(json.dumps(_told(known, person), ensure_ascii=False) if as_json else _lines(known.people))


def _told(known: Known, person: Person) -> dict[str, Any]:
    people = [_person(one, known.answer) for one in known.people]
    asked = known.answer.asked
    head = {"query": asked.words, "as": person.id, "topics": asked.topics}
    return {**head, "could_not_check": known.answer.could_not_check, "people": people}


def _person(one: Found, found: Answer) -> dict[str, Any]:
    seen = [found.opened[id] for id in one.learnings[:SHOWN] if id in found.opened]
    reasons = {"claimed": one.claimed, "endorsed_by": one.endorsed_by, "earned": one.earned}
    learnings = [{"id": learning.id, "text": learning.words, "link": learning.link} for learning in seen]
    return {"person": one.person, "score": round(one.score, 4), **reasons, "learnings": learnings, "full": one.is_full}


def _lines(people: Sequence[Found]) -> str:
    """For people: somebody a line."""
    if not people:
        return "Nobody is found, as far as they may see."
    return "\n".join(f"{one.score:8.3f}  {one.person}  {_why(one)}" for one in people)


def _why(one: Found) -> str:
    why = [
        f"asks to be asked about {', '.join(one.claimed)}" if one.claimed else "",
        f"endorsed by {', '.join(one.endorsed_by)}" if one.endorsed_by else "",
        "earned it" if one.earned else "",
        f"learnings: {len(one.learnings)}" if one.learnings else "",
    ]
    return "; ".join(filter(None, why))
