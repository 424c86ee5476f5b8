"""What an import takes: messages a second on both engines, of EXPORT or of a made-up community, and the memory of a large one."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL

import migrations
from bench import community, databases
from bench.row import Row
from bot.commands import importing
from bot.importing import shapes
from bot.importing.archive import Archive

WANTED = 2_000
"""Messages a second."""

TRIES = 3
SMALL, LARGE = 10_000, 100_000
"""Messages of the exports whose memory is compared; a fifth of them is in the channel that is imported."""

NAME = "outloud_bench_import"

FILL = (
    "INSERT INTO workspaces (id, name, url, bot_user, bot, installed_at) VALUES ('T1', 'Acme', 'https://a.test/', 'U0', 'B0', 1)",
    "INSERT INTO people (workspace, id) VALUES ('T1', 'U0')",
    "INSERT INTO channels (workspace, id, name) VALUES ('T1', :channel, 'learning')",
    "INSERT INTO pockets (workspace, channel, started_by, started_at) VALUES ('T1', :channel, 'U0', 1)",
)


def measure(admin: URL, export: Path | None) -> Iterator[Row]:
    """The rows, as they come out: of `export`, or of a made-up community."""
    with tempfile.TemporaryDirectory(prefix="outloud-import-") as name:
        folder = Path(name)
        export = export or _made_up(folder, SMALL)
        for engine in ("sqlite", "postgresql"):
            speeds = [_speed(admin, folder, engine, export) for _ in range(TRIES)]
            speed = statistics.median(speeds)
            yield Row(engine, speed, "messages a second", WANTED, speed / WANTED)
        few, many = (_memory(folder, _made_up(folder, messages)) for messages in (SMALL, LARGE))
        yield Row("memory", many, f"MB at {LARGE} messages, beside {SMALL}", few, many / few)


def _speed(admin: URL, folder: Path, engine: str, export: Path) -> float:
    """Of one import into an empty database: all of it, but for the program's start."""
    with databases.empty(admin, engine, folder, NAME) as url:
        migrations.upgrade(url)
        began = time.perf_counter()
        messages = _import(url, export)
        return messages / (time.perf_counter() - began)


def _import(url: URL, export: Path) -> int:
    """How many messages it read."""
    with Archive(export) as archive:
        channel = next(iter(shapes.channels(archive, "channels.json"))).id
    _fill(url, channel)
    os.environ["DATABASE_URL"] = url.render_as_string(hide_password=False)
    tally = asyncio.run(importing.carry(export, channel, "", dry=False))
    if not tally.outcomes["new"]:
        raise RuntimeError(f"{export} has nothing in it that somebody kept.")
    return tally.messages


def _memory(folder: Path, export: Path) -> float:
    """The most that a process of its own took for it, in MB."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_peak, (str(folder), str(export)))


def _peak(folder: str, export: str) -> float:
    with databases.in_file(Path(folder), NAME) as url:
        migrations.upgrade(url)
        _import(url, Path(export))
    status = Path("/proc/self/status")  # getrusage tells of whoever began this process, too
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) / 1024


def _made_up(folder: Path, messages: int) -> Path:
    path = folder / f"{messages}.zip"
    if not path.exists():
        community.write(path, seed=1, messages=messages)
    return path


def _fill(url: URL, channel: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in FILL:
            connection.execute(text(statement), {"channel": channel} if ":channel" in statement else {})
    engine.dispose()
