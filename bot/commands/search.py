"""`outloud search`: what a person would find, with scores and reasons, for whoever runs Outloud and for programs."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import aiohttp
import typer
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import clock, settings
from bot.attempts import CLIENT_TIMEOUT
from bot.settings import Settings
from handlers.desk import Desk
from handlers.duties import error_code
from handlers.finding.results import link_of, look_up
from handlers.payloads import scrub
from handlers.slack.silence import SILENCE
from handlers.slack.viewing import Viewers
from storage import markup, workspaces
from storage.db.database import Database
from storage.ids import Person, PersonId, WorkspaceId
from storage.refusals import Unavailable
from storage.search.finding import Found, Hit
from storage.visibility import FRESH

from . import schema
from .failing import Failure

MOST = 100


def search(
    words: Annotated[list[str], typer.Argument(help="What to look for, as after /recall: words, #topic, kind:idea, …")],
    person: Annotated[str, typer.Option("--as", help="As whom: their id in Slack, such as U012ABCDEF.")],
    workspace: Annotated[str, typer.Option(help="In which workspace, where there are several: its id.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="How many results, at most.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="For programs: all of it as one line of JSON.")] = False,
) -> None:
    """Show what somebody would find, best first, and why. Slack is asked what they may read: no more is shown than to them."""
    if not re.fullmatch(r"[UW][A-Z0-9]{1,20}", person):
        raise Failure(
            f"{person!r} is nobody's id. In Slack, a person's profile has it: the three dots, Copy member ID."
        )
    asyncio.run(_search(" ".join(words), PersonId(person), workspace, limit, as_json=as_json))


async def _search(typed: str, who: PersonId, workspace: str, limit: int, *, as_json: bool) -> None:
    chosen = settings.load()
    schema.require_current(chosen)
    async with desk_of(chosen) as desk:
        try:
            person = Person(await workspace_of(desk.db, workspace), who)
            typer.echo(await told(desk, person, typed, limit, as_json=as_json))
        except Unavailable as error:
            raise Failure(f"The database {chosen.database_place} does not answer. Is it running?") from error


async def told(desk: Desk, person: Person, typed: str, limit: int, *, as_json: bool) -> str:
    """What is said of what this person would find. Raises `Failure` where Slack knows nobody of this id."""
    found = await look_up(desk, person, markup.escape(scrub(typed)), page=limit)
    if found.could_not_check:
        await require_known(desk, person.id)
    links = [await link_of(desk, hit.learning) for hit in found.hits]
    return json.dumps(_told(found, links, person), ensure_ascii=False) if as_json else _lines(found)


async def require_known(desk: Desk, who: PersonId) -> None:
    """Raise `Failure` where Slack did say something: that there is nobody of this id."""
    try:
        await desk.viewers.slack.users_info(user=who)
    except SILENCE as error:
        if isinstance(error, SlackApiError) and error_code(error) == "user_not_found":
            raise Failure(f"Slack knows nobody here whose id is {who}.") from None


@asynccontextmanager
async def desk_of(chosen: Settings) -> AsyncIterator[Desk]:
    """What a look takes: the memory, and Slack, to be asked what they may read."""
    db = Database(chosen.database_url.get_secret_value(), readers=1)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CLIENT_TIMEOUT)) as session:
        token, address = chosen.slack_bot_token.get_secret_value(), chosen.slack_api_url
        slack = AsyncWebClient(token=token, base_url=address, session=session, retry_handlers=[])
        viewers = Viewers(db, slack, now=clock.now, fresh=FRESH / chosen.slack_pace)
        try:
            yield Desk(db, clock.now, viewers)
        finally:
            await viewers.stop()
            await db.close()


async def workspace_of(db: Database, wanted: str) -> WorkspaceId:
    """The one that is meant. Raises `Failure` where there is none, or more than one."""
    known = {one.workspace: one.name for one in await db.read(workspaces.signs)}
    found = [id for id in known if wanted in ("", id)]
    if len(found) != 1:
        names = ", ".join(f"{id} ({name})" for id, name in known.items()) or "none yet"
        raise Failure(f"Say which workspace is meant, by --workspace. There are: {names}.")
    return found[0]


def _told(found: Found, links: list[str | None], person: Person) -> dict[str, Any]:
    return {
        "query": markup.unescape(found.asked.typed),
        "as": person.id,
        "corrected": [{"typed": typed, "meant": meant} for typed, meant in found.corrected],
        "not_understood": found.asked.unknown,
        "as_words": found.asked.nobody,
        "loosened": found.loosened,
        "more": found.more,
        "cut": found.is_cut,
        "could_not_check": found.could_not_check,
        "results": [_result(hit, link) for hit, link in zip(found.hits, links, strict=True)],
    }


def _result(hit: Hit, link: str | None) -> dict[str, Any]:
    learning, why = hit.learning, hit.why
    factors = {"helped": why.helped, "age": why.age, "out_of_date": why.out_of_date}
    return {
        "id": learning.id,
        "score": round(hit.score, 4),
        "reasons": {"match": round(why.match, 4), "terms": why.terms, **{k: round(v, 4) for k, v in factors.items()}},
        "text": learning.plain_words,
        "why": learning.why,
        "author": None if learning.without_name else learning.author,
        "channel": learning.place.channel,
        "kind": learning.kind,
        "topics": learning.topics,
        "linked": [one.id for one in hit.also],
        "helped": hit.helped,
        "out_of_date": hit.is_out_of_date,
        "said_at": learning.said_at,
        "link": link,
    }


def _lines(found: Found) -> str:
    """For people: a result a line."""
    lines = [f"{hit.score:8.2f}  {hit.learning.id}  {' '.join(hit.learning.plain_words.split())}" for hit in found.hits]
    meant = [f"Not understood: {one}. It narrows nothing, so nothing is looked for." for one in found.asked.unknown]
    meant += [f"Nobody is named by: {one}. It is looked for as it stands." for one in found.asked.nobody]
    meant += [f"Nothing has {typed!r}: this is for {meant!r}." for typed, meant in found.corrected]
    cut = ["Older ones were not looked at: narrow it to reach them."] if found.is_cut and found.hits else []
    left_out = ["Slack did not say in time what else they may read: some is left out."] if found.could_not_check else []
    return "\n".join([*meant, *(lines or ["Nothing that they may read."]), *cut, *left_out])
