"""Whether an Outloud runs already, and who listens on its port."""

from __future__ import annotations

import aiohttp

from bot.commands import alone, serving
from bot.commands.failing import Failure
from bot.settings import DatabaseSettings, Settings
from storage.db.engines import sqlite_file

from .database import Memory
from .finding import Finding, fault, lasting, unknown, warning, well

FRESH = 30.0
"""Seconds. A process that works notes every five that it is there."""
PATIENCE = 3.0
"""Seconds to wait for whoever listens on the port."""


def last_there(memory: Memory | None) -> float | None:
    """When an Outloud was last there, by its own note (seconds since 1970, UTC)."""
    return max((one.alive_at for one in memory.signs if one.alive_at is not None), default=None) if memory else None


def look(chosen: DatabaseSettings, memory: Memory | None, *, now: float) -> tuple[Finding, bool]:
    """The finding, and whether a process runs."""
    there = last_there(memory)
    fresh = there is not None and abs(now - there) < FRESH
    noted = "it never was" if there is None else f"it last was {lasting(now - there)} ago"
    if sqlite_file(chosen.database_url.get_secret_value()) is None:
        if memory is None:
            return unknown("process", "Whether an Outloud runs can't be seen without the database."), False
        says = "An Outloud is running with this database" if fresh else "No Outloud is running with this database"
        return well("process", f"{says}: {noted} there."), fresh
    try:
        held = alone.is_held(chosen)
    except Failure as failure:
        says, _, advice = str(failure).partition("\n")
        return fault("process", says, advice), fresh
    if held and (fresh or memory is None):
        return well("process", f"An Outloud is running with {chosen.database_place}."), True
    if held:
        return warning(
            "process",
            f"An Outloud is running with {chosen.database_place}, but has not noted that it is there: {noted}.",
            "If it was not started just now, its log says what it waits for: Slack, or the database.",
        ), True
    return well("process", f"No Outloud is running with {chosen.database_place}: {noted} there."), False


async def look_at_port(chosen: Settings, *, running: bool) -> Finding:
    """Whether Outloud's own address is free, or taken by an Outloud (with Socket Mode it tells there how it is)."""
    where = f"{chosen.host}:{chosen.port}"
    asked = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(chosen.host, chosen.host)  # noqa: S104 -- compared, not listened on
    url = f"http://[{asked}]:{chosen.port}/readyz" if ":" in asked else f"http://{asked}:{chosen.port}/readyz"
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE)) as session,
            session.get(url) as answer,
        ):
            told = await answer.json()
            reasons = [str(reason) for reason in told["reasons"]]
    except aiohttp.ClientConnectorError:
        return _nobody_there(chosen, where, running=running)
    except TimeoutError:
        return fault(
            "port", f"Who listens on {where} does not answer.", "If it is Outloud, its log says more: restart it."
        )
    except (aiohttp.ClientError, ValueError, KeyError, TypeError):
        return fault(
            "port", f"Another program listens on {where}.", "PORT and HOST choose another address for Outloud."
        )
    if reasons:
        return fault("port", f"Outloud answers on {where}, but can't work: {' '.join(reasons)}", "Its log says more.")
    return well("port", f"Outloud answers on {where}, and is ready.")


def _nobody_there(chosen: Settings, where: str, *, running: bool) -> Finding:
    try:
        serving.listen(chosen.host, chosen.port).close()
    except Failure as failure:
        return fault("port", str(failure))
    if running and sqlite_file(chosen.database_url.get_secret_value()) is not None:  # a replica may be anywhere
        return warning(
            "port",
            f"An Outloud is running, but nobody listens on {where}.",
            "Has it another PORT or HOST than these settings, or does it run in a container or on another machine?",
        )
    return well("port", f"{where} is free.")
