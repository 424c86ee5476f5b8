"""faults: a community at work, while a fifth of all calls to Slack goes wrong in every way, and a fifth of all deliveries.

At the end Slack and the database agree, as if nothing had been: each kept message is exactly one learning with one 📚, each
share has one card, each notice came once.
"""

from __future__ import annotations

import random

from bench import kept
from bench.kept import Remembered
from bench.program import migrate, running
from sandbox.companion import Companion
from sandbox.faults import Kind
from sandbox.replay import before_first
from sandbox.slack import Slack

from . import checker, databases, traces
from .present import Present
from .proof import Proof, Tally, Trial
from .quiet import quiet
from .traffic import ROOM, SPEED, Traffic

PART = 0.2
"""How much goes wrong: of the calls, and of the deliveries."""

SHARES, FEW_SHARES = 400, 20
"""How many shares there are, at least, by the time that the export has been played."""

TIMES_SHORT = 2
"""How often each fault strikes in the short form: what is struck again and again takes minutes to end well."""

CALLS: tuple[Kind, ...] = (
    *("429", "error before", "error after", "page before", "page after"),
    *("dropped before", "dropped after", "delayed before", "delayed after"),
)
DELIVERIES: tuple[Kind, ...] = ("repeated", "overtaken", "late")
CONNECTIONS: tuple[Kind, ...] = ("closed", "refreshed", "silent", "closed before ack", "closed after ack")
"""Those of Socket Mode."""

BREAKS, FEW_BREAKS = 10, 1
"""How often each of these strikes: a new connection takes its time."""


async def prove(trial: Trial) -> Tally:
    """Let people work while everything goes wrong; then hold Slack, the export and the database to each other."""
    tally = Tally("faults")
    with databases.fresh(trial.engine, trial.folder) as url, Present(trial.export) as export:
        environment = {"DATABASE_URL": url, "SLACK_PACE": str(SPEED), "LOG_LEVEL": "warning"}
        await migrate(environment)
        slack = trial.slack(speed=SPEED, now=before_first(export, room=ROOM))
        log = trial.folder / "outloud.log"
        command, hurry = running(log), trial.failpoints(hurry=True)
        async with slack, Companion(slack, command, environment | hurry) as outloud:
            chance = random.Random(trial.seed)  # noqa: S311 -- to be repeated
            traffic = Traffic(slack, export, chance, told=lambda part: trial.advance(part * 0.9))
            shares = FEW_SHARES if trial.short else SHARES
            traffic.allowed = lambda: (len(traffic.shares) + 1) / shares
            channels = await traffic.set_the_scene()
            slack.world.faults.begin(trial.seed)
            times = TIMES_SHORT if trial.short else None
            for kinds in (CALLS, DELIVERIES):
                for kind in kinds:
                    slack.fails("*", kind, rate=PART / len(kinds), times=times)
            if trial.door == "socket":
                for kind in CONNECTIONS:
                    slack.fails("*", kind, rate=PART / len(CONNECTIONS), times=FEW_BREAKS if trial.short else BREAKS)
            await traffic.run()
            await traffic.give_all_again()
            await quiet(slack, url)
            outloud.check()
            checker.check(slack, url, channels, traffic.shares, tally)
            wanted = kept.in_export(slack, export)
            tally.wrong += unlike_the_export(wanted, kept.in_slack(slack, channels))
    traces.judge_log(log, tally)
    tally.tried = sum(slack.world.faults.struck.values())
    tally.notes += [f"{len(wanted)} messages kept of {traffic.total:,}", f"{len(traffic.shares):,} shares"]
    tally.wrong += [f"No fault of the kind “{kind}” struck." for kind in idle(slack, trial.door) if not trial.short]
    return tally


def unlike_the_export(wanted: list[Remembered], shown: list[Remembered]) -> list[str]:
    """What the export says to be kept, and Slack shows so: exactly that many messages, and these."""
    if set(wanted) == set(shown):
        return []
    return [
        (
            f"The export has {len(wanted)} kept messages, Slack shows {len(shown)}, "
            f"{len(set(wanted) & set(shown))} of them the same: the proof itself is at fault."
        )
    ]


def idle(slack: Slack, door: str) -> list[Kind]:
    """The kinds that never struck: what was not tried proves nothing."""
    wanted = (*CALLS, *DELIVERIES, *(CONNECTIONS if door == "socket" else ()))
    return [kind for kind in wanted if not slack.world.faults.struck[kind]]


FAULTS = Proof("faults", prove)
