"""The app as a second program beside the sandbox: started, waited for, stopped."""

from __future__ import annotations

import asyncio
import collections
import os
import socket
from typing import TYPE_CHECKING, Self

import aiohttp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

    from .slack import Slack

READY_WITHIN = 60.0
"""Seconds that an app has to become ready."""

STOP_WITHIN = 15.0
"""Seconds that an app has to end once it was told to."""

LAST_LINES = 30


class AppFailed(Exception):
    """The app did not start, or ended by itself; the text says how, with its last lines."""


class Companion:
    """An app, run by `command` while `async with` lasts, with `slack.app_url` set to it once it is ready.

    It gets `environment` on top of this program's own, with `PORT` and all that `slack.environment` names. It is ready
    when `/readyz` answers 200. Raises `AppFailed`, and `OSError` where the command cannot be run.
    """

    def __init__(self, slack: Slack, command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        self._slack, self._command = slack, list(command)
        self._environment = dict(environment or {})
        self._lines: collections.deque[str] = collections.deque(maxlen=LAST_LINES)
        self._process: asyncio.subprocess.Process | None = None
        self._listening: asyncio.Task[None] | None = None
        self.port = 0

    @property
    def pid(self) -> int:
        """The process's id; 0 before it runs."""
        return self._process.pid if self._process else 0

    @property
    def is_running(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.returncode is None

    @property
    def last_lines(self) -> str:
        """What the app wrote last, to either of its outputs."""
        return "\n".join(self._lines)

    async def __aenter__(self) -> Self:
        self.port = _free_port()
        environment = os.environ | self._environment | self._slack.environment | {"PORT": str(self.port)}
        self._process = await asyncio.create_subprocess_exec(
            *self._command, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        self._listening = asyncio.create_task(self._listen(self._process))
        try:
            await self._wait_ready(self._process)
        except BaseException:
            await self.stop()
            raise
        self._slack.app_url = f"http://127.0.0.1:{self.port}/slack/events"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._slack.app_url = ""
        await self.stop()

    def check(self) -> None:
        """Raise `AppFailed` if the app has ended by itself."""
        if self._process and self._process.returncode is not None:
            raise AppFailed(f"The app ended by itself with code {self._process.returncode}.{self._told()}")

    async def stop(self) -> int:
        """Tell the app to end (SIGTERM), and end it by force if it does not. Returns its exit code."""
        if self._process is None or self._listening is None:
            return 0
        if self._process.returncode is None:
            self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), STOP_WITHIN)
        except TimeoutError:
            self._process.kill()
        await self._listening
        return await self._process.wait()

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        if process.stdout is None:
            raise RuntimeError("The app's output was not caught.")
        while chunk := await process.stdout.read(65536):
            self._lines.extend(chunk.decode(errors="replace").splitlines())

    async def _wait_ready(self, process: asyncio.subprocess.Process) -> None:
        try:
            async with asyncio.timeout(READY_WITHIN), aiohttp.ClientSession() as session:
                while not await self._is_ready(session):
                    if process.returncode is not None:
                        await asyncio.gather(*([self._listening] if self._listening else ()))
                        raise AppFailed(
                            f"The app ended with code {process.returncode} before it was ready.{self._told()}"
                        )
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AppFailed(f"The app was not ready within {READY_WITHIN:g} seconds.{self._told()}") from None

    async def _is_ready(self, session: aiohttp.ClientSession) -> bool:
        try:
            async with session.get(f"http://127.0.0.1:{self.port}/readyz", allow_redirects=False) as response:
                return response.status == 200  # noqa: PLR2004 -- ready
        except aiohttp.ClientError:
            return False

    def _told(self) -> str:
        return f" Its last lines:\n{self.last_lines}" if self._lines else " It wrote nothing."


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
