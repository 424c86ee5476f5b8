"""A program's vital signs, seen from outside: what Linux, its database and its own /metrics say of it."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import aiohttp
from sqlalchemy import Engine, create_engine, text

from .proof import CantProve

OWN_MEMORY = re.compile(r"^(?:RssAnon|VmSwap):\s+(\d+) kB$", re.MULTILINE)
"""What it asked for itself, in memory or swapped out (proc_pid_status(5)); not the pages of files that it maps."""

TASKS = re.compile(r"^outloud_tasks (\S+)$", re.MULTILINE)

SESSIONS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND backend_type = 'client backend'"
)


@dataclass(frozen=True, slots=True)
class Signs:
    """How it is at a moment. `memory` in bytes; `held`: what must not become more, by its name."""

    memory: int
    held: dict[str, int]
    open: Counter[str]
    """What its file descriptors lead to, without the numbers in it."""


class Vitals:
    """Looks at the process `pid`, whose figures are at `port`, and at its database. It is entered before the first look."""

    def __init__(self, pid: int, port: int, url: str) -> None:
        self._process, self._figures = Path(f"/proc/{pid}"), f"http://127.0.0.1:{port}/metrics"
        self._url = url.replace("postgres://", "postgresql://", 1)
        self._engine: Engine | None = None

    async def __aenter__(self) -> Self:
        if not (self._process / "fd").is_dir():
            raise CantProve("What a process holds is told by /proc, which only Linux has.")
        if not self._url.startswith("sqlite"):
            self._engine = create_engine(self._url, isolation_level="AUTOCOMMIT")
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()
        if self._engine:
            self._engine.dispose()

    async def look(self) -> Signs:
        """How it is now."""
        tasks = TASKS.search(await self.page())
        if tasks is None:
            raise RuntimeError("The bot's figures do not tell of its tasks.")
        status, found = (self._process / "status").read_text(), self._descriptors()
        connections = sum(many for name, many in found.items() if name.startswith("socket"))
        held = {
            "tasks": int(float(tasks[1])),
            "threads": sum(1 for _ in (self._process / "task").iterdir()),
            "connections": connections,
            "files": found.total() - connections,
        }
        if self._engine:
            held["sessions of the database"] = await asyncio.to_thread(self._sessions, self._engine)
        return Signs(1024 * sum(map(int, OWN_MEMORY.findall(status))), held, found)

    async def page(self) -> str:
        """Its own figures, as Prometheus reads them."""
        async with self._session.get(self._figures) as answer:
            return await answer.text()

    def _descriptors(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for one in (self._process / "fd").iterdir():
            try:
                found[re.sub(r":\[\d+\]$", "", str(one.readlink()))] += 1
            except FileNotFoundError:
                continue  # closed since
        return found

    def _sessions(self, engine: Engine) -> int:
        with engine.connect() as connection:
            return int(connection.scalar(SESSIONS) or 0)
