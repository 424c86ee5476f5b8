"""`outloud doctor`: what is wrong, and what to do."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from bot import clock, settings
from bot.settings import BadSettings, DatabaseSettings

from . import database, flow, process, slack
from .finding import Finding, State, fault, unknown, well

SIGNS: dict[State, tuple[str, str]] = {
    "well": ("✓", "green"),
    "warning": ("!", "yellow"),
    "fault": ("✗", "bold red"),
    "unknown": ("?", "dim"),
}
"""How each state is shown, and in which colour on a terminal."""


def examine(
    as_json: Annotated[bool, typer.Option("--json", help="For programs: JSON instead of lines.")] = False,
) -> None:
    """Look at whatever can be wrong, and say what to do about it. Changes nothing.

    ✓ is well, ! wants a look, ✗ stands in the way, ? could not be found out.

    Exits with 0 where all is well, 1 where there are warnings only, 2 where something stands in the way.
    """
    with _libraries_silent():
        findings = asyncio.run(_examine())
    states = {finding.state for finding in findings}
    status = 2 if "fault" in states else 1 if "warning" in states else 0
    if as_json:
        typer.echo(json.dumps({"status": status, "checks": [asdict(finding) for finding in findings]}, indent=2))
    else:
        _print(findings)
    raise typer.Exit(status)


async def _examine() -> list[Finding]:
    found, chosen, of_database = _settings()
    memory, running = None, False
    if of_database is None:
        found += [unknown(check, _WITHOUT_SETTINGS) for check in ("database", "process")]
    else:
        of_it, memory = database.look(of_database)
        of_process, running = process.look(of_database, memory, now=clock.now())
        found += [*of_it, of_process]
    if chosen is None:
        found += [unknown(check, _WITHOUT_SETTINGS) for check in ("port", "token", "scopes", "clock")]
    else:
        found += [await process.look_at_port(chosen, running=running), *await slack.look(chosen, memory)]
    now = clock.now()
    return [
        *found,
        flow.look_at_events(memory, chosen, now=now),
        *flow.look_at_outbox(memory, running=running, now=now),
    ]


_WITHOUT_SETTINGS = "Not looked at, because of the settings."


def _settings() -> tuple[list[Finding], settings.Settings | None, DatabaseSettings | None]:
    """The findings; all settings; and those of the database, which may be right where others are not."""
    try:
        chosen = settings.load()
    except BadSettings as bad:
        found = [fault("settings", problem) for problem in bad.problems]
    else:
        return [well("settings", _all_set(chosen))], chosen, chosen
    try:
        return found, None, settings.load_database()
    except BadSettings:
        return found, None, None


def _all_set(chosen: settings.Settings) -> str:
    says = "All that is needed is set."
    if chosen.slack_app_token is None:
        return says
    return f"{says} Socket Mode: SLACK_APP_TOKEN has the form of an App-Level Token; only `outloud run` asks Slack about it."


@contextmanager
def _libraries_silent() -> Iterator[None]:
    """What they would log of a failure is said by a finding, without traceback."""
    silence = logging.NullHandler()
    logging.getLogger().addHandler(silence)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(silence)


def _print(findings: list[Finding]) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for finding in findings:
        sign, colour = SIGNS[finding.state]
        console.print(Text.assemble((sign, colour), " ", (finding.check, "bold"), f": {finding.says}"))
        if finding.advice:
            console.print(Text(f"  → {finding.advice}"))
