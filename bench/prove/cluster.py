"""A PostgreSQL of a proof's own, which may be stopped and started as one likes: in a temporary folder, on a free port."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sandbox.ports import free_port

from .proof import CantProve

BINARIES = Path("/usr/lib/postgresql")
"""Where Debian and Ubuntu keep the server's programs, by version: they are not on the path."""

OWNER = "postgres"
"""Whom the server runs as where this is root, as which it refuses to run. Debian's packages make this user."""

SETTINGS = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "deadlock_timeout": "200ms"}
"""Beside the server's defaults. Deadlocks are found sooner than a wait for a lock ends (1.5 s in the bot)."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A server that can be stopped and started."""

    programs: Path
    folder: Path
    port: int

    @property
    def url(self) -> str:
        """The address of its one database."""
        return f"postgresql://{OWNER}@127.0.0.1:{self.port}/postgres"

    async def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = " ".join(f"-c {name}='{value}'" for name, value in SETTINGS.items())
        log = str(self.folder / "server.log")
        await self._run("pg_ctl", "start", "-w", "-s", "-D", self._data, "-l", log, "-o", f"-p {self.port} {settings}")

    async def stop(self, mode: Literal["fast", "immediate"]) -> None:
        """Stop it: `fast` cuts connections off and ends in order, `immediate` is as if the power had failed."""
        await self._run("pg_ctl", "stop", "-w", "-s", "-D", self._data, "-m", mode)

    async def make(self) -> None:
        """Make its files."""
        await self._run(
            "initdb", "-D", self._data, "-U", OWNER, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"
        )

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    async def _run(self, program: str, *words: str) -> None:
        as_owner = ["runuser", "-u", OWNER, "--"] if os.geteuid() == 0 else []
        process = await asyncio.create_subprocess_exec(
            *as_owner,
            str(self.programs / program),
            *words,
            cwd=self.folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        if await process.wait():
            raise RuntimeError(f"{program} {words[0]} failed: {_last_words(self.folder / 'server.log')}")


@asynccontextmanager
async def cluster() -> AsyncIterator[Cluster]:
    """A new one, running; gone afterwards. Raises `CantProve` where PostgreSQL is not installed."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="outloud-postgres-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, OWNER)
        made = Cluster(programs, folder, free_port())
        await made.make()
        await made.start()
        try:
            yield made
        finally:
            if (folder / "data" / "postmaster.pid").exists():
                await made.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    """The folder with `pg_ctl`, of the newest version there is."""
    versions = sorted(BINARIES.glob("*/bin/pg_ctl"), key=lambda path: float(path.parts[-3]))
    found = versions[-1] if versions else shutil.which("pg_ctl")
    if found is None:
        raise CantProve("No pg_ctl here: install a PostgreSQL server, to stop and start one of the proof's own.")
    return Path(found).resolve().parent


def _last_words(log: Path) -> str:
    return log.read_text(errors="replace")[-500:] if log.exists() else "it left no log"
