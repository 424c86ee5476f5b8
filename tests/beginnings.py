"""How a pocket begins, which most scenarios need and few are about: it is played twice in a test process, and then set up alike.

To play it takes two answers of the bot's, four of Slack's and two dozen transactions: more than most scenarios themselves. What
is set up is what the bot left behind when it played; where it left one thing the first time and another the second, it is played
again.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bench import pockets
from sandbox.api.table import call
from sandbox.records import Call, Channel, Ephemeral, Json
from sandbox.slack import Slack
from storage.tables import Base
from tests.memory import Memory, Rows

LEAD, NAME, MEMBERS = "ana", "learning", ("ana", "ben", "cleo")

ELSE = {"workspaces", "paces", "outbox"}
"""The workspace was there before; how often Slack was called is forgotten anyway; nothing that a pocket owes waits any more."""

TABLES = tuple(table.name for table in Base.metadata.sorted_tables if table.name not in ELSE)
"""Where something of a pocket may stand."""

DATES = 1e9
"""A number above this is a time, in seconds since 1970, UTC."""


class Since(float):
    """A time as seconds since a pocket began to stand: how many is the machine's business, so each is as good as any other."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Since)

    __hash__ = float.__hash__


@dataclass(frozen=True)
class Beginning:
    """What there is of a pocket that began, by names where each workspace has ids of its own."""

    rows: Rows
    calls: list[Json]
    """What the bot asked of Slack: `method` and `args`."""
    answer: str
    """What ana heard, privately."""


_played: dict[str, Beginning] = {}
_agreed: set[str] = set()
"""By the database's engine, which has booleans of its own: the last that was played, and where two were alike."""


async def begin(slack: Slack, memory: Memory, *, anew: bool = False) -> Channel:
    """A pocket that ana leads, and that ben and cleo are in: played, as it is `anew` in any case, or as if it had been."""
    kind = memory.url.get_backend_name()
    if kind in _agreed and not anew:
        return await set_up(slack, memory, _played[kind])
    channel, beginning = await play(slack, memory)
    if beginning and _played.get(kind) == beginning:
        _agreed.add(kind)
    if beginning:
        _played[kind] = beginning
    return channel


async def play(slack: Slack, memory: Memory) -> tuple[Channel, Beginning | None]:
    """Let ana begin it. What there is of it then; None where more came about, as on a machine that has much else to do."""
    before, calls, shown = memory.all_rows(TABLES), len(slack.world.calls), len(slack.world.ephemerals)
    channel = slack.channel(NAME, members=MEMBERS)
    await pockets.begin(slack, LEAD, channel)
    await memory.settled()
    asked, heard = slack.world.calls[calls:], slack.world.ephemerals[shown:]
    is_clear = len(channel.messages) == len(heard) == 1 and not any(one.error for one in asked)
    return channel, look(slack, memory, channel, before=before, asked=asked, heard=heard[0]) if is_clear else None


def look(
    slack: Slack, memory: Memory, channel: Channel, *, before: Rows, asked: Sequence[Call], heard: Ephemeral
) -> Beginning:
    """A pocket that just began: the rows that were not there before, the calls that it took, and the private word."""
    (message,) = channel.messages.values()
    errand = (message.metadata or {}).get("event_payload", {}).get("errand", "")
    names = {id: name for name, id in _ids(slack, channel, errand, message.ts).items() if id}
    rows = {
        table: [row for row in rows if row not in before.get(table, [])]
        for table, rows in memory.all_rows(TABLES).items()
    }
    return Beginning(
        rows=_mapped({table: some for table, some in rows.items() if some}, names, -time.time()),
        calls=_mapped([{"method": one.method, "args": one.args} for one in asked], names),
        answer=_mapped(heard.text, names),
    )


async def set_up(slack: Slack, memory: Memory, beginning: Beginning) -> Channel:
    """Let all of that stand here. The bot hears of its message, as of any."""
    channel = slack.channel(NAME, members=MEMBERS)
    ids = _ids(slack, channel, secrets.token_hex(16))
    world, lead = slack.world, slack.find_person(LEAD)

    def stand() -> None:
        world.whisper(channel.id, lead.id, _mapped(beginning.answer, ids))
        for one in _mapped(beginning.calls, ids):
            call(world, one["method"], one["args"], world.app.bot_token)
        (ts,) = channel.messages
        memory.add(_mapped(beginning.rows, ids | {"«ts»": ts}, time.time()))

    await slack.act(stand)
    return channel


def _ids(slack: Slack, channel: Channel, errand: str, ts: str = "") -> dict[str, str]:
    """What has an id of its own in each workspace, by the name that it has here."""
    people = {f"«{person.name}»": person.id for person in slack.world.people.values()}
    return people | {"«channel»": channel.id, "«errand»": errand} | ({"«ts»": ts} if ts else {})


def _mapped(value: Any, ids: dict[str, str], seconds: float = 0.0) -> Any:
    """The same, with other ids, and with its times moved by so many seconds."""
    match value:
        case str():
            for one, other in ids.items():
                value = value.replace(one, other)
            return value
        case dict():
            return {key: _mapped(one, ids, seconds) for key, one in value.items()}
        case list():
            return [_mapped(one, ids, seconds) for one in value]
        case Since():
            return float(value) + seconds
        case float() if value > DATES:
            return Since(value + seconds)
        case _:
            return value
