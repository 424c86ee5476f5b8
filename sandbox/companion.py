"""The app as a second program beside the sandbox: started, waited for, stopped; or killed, paused, and started again."""

from __future__ import annotations

import asyncio
import collections
import contextlib
import errno
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Self

import aiohttp

from .ports import free_port

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

    from .slack import Slack

READY_WITHIN = 60.0
"""Seconds that an app has to become ready."""

STOP_WITHIN = 15.0
"""Seconds that an app has to end once it was told to."""

LAST_LINES = 30

LEASH = [sys.executable, "-I", "-S", str(Path(__file__).with_name("leash.py"))]


class AppFailed(Exception):
    """The app did not start, or ended by itself; the text says how, with its last lines."""


class Companion:
    """An app, run by `command` while `async with` lasts, with `slack.app_url` set to it once it is ready.

    It gets `environment` on top of this program's own, with `PORT` and all that `slack.environment` names. It is ready
    when `/readyz` answers 200. Raises `AppFailed`, and `OSError` where the command cannot be run. On Linux it ends with
    this program, however that ends (or with the thread that started it, if that ends before).
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
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._slack.app_url = ""
        await self.stop()

    async def start(self, environment: Mapping[str, str] | None = None) -> None:
        """Run the app, and wait until it is ready: at the first time, or again when it has ended, on the same port.

        `environment` is for this run, on top of the rest. Raises as the class says, `RuntimeError` if it runs.
        """
        if self.is_running:
            raise RuntimeError("The app runs already.")
        self.port = self.port or free_port()
        # An app in Python would keep its lines to itself until a buffer is full, its last ones for ever if it is killed.
        own = {"PYTHONUNBUFFERED": "1", "PORT": str(self.port)}
        everything = os.environ | self._environment | self._slack.environment | own | dict(environment or {})
        self._process = await asyncio.create_subprocess_exec(
            *_on_leash(self._command, everything.get("PATH")),
            env=everything,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self._listening = asyncio.create_task(self._listen(self._process))
        try:
            await self._wait_ready(self._process)
        except BaseException:
            await self.stop()
            raise
        self._slack.app_url = f"http://127.0.0.1:{self.port}/slack/events"

    async def kill(self) -> None:
        """End the app at once (SIGKILL), and wait until it has ended. `slack.app_url` stays: events fail to arrive.

        Raises `AppFailed` where it had ended before, by anything but a SIGKILL: a crash is not taken for a kill.
        """
        if self._process is None:
            return
        self._signal(signal.SIGKILL)
        if await self.ended() != -signal.SIGKILL:
            self.check()
        self._process = None

    async def ended(self) -> int:
        """Wait until the app has ended, by itself or not, and has said its last. Returns its exit code."""
        if self._process is None or self._listening is None:
            return 0
        await self._listening
        return await self._process.wait()

    def pause(self) -> None:
        """Let the app stand still (SIGSTOP), until it is resumed, stopped or killed."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a paused app go on (SIGCONT)."""
        self._signal(signal.SIGCONT)

    def check(self) -> None:
        """Raise `AppFailed` if the app has ended by itself."""
        if self._process and self._process.returncode is not None:
            raise AppFailed(f"The app ended by itself with code {self._process.returncode}.{self._told()}")

    async def stop(self) -> int:
        """Tell the app to end (SIGTERM), and end it by force if it does not. Returns its exit code."""
        if self._process is None:
            return 0
        self._signal(signal.SIGCONT)  # a paused process would not hear the other
        self._signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self._process.wait(), STOP_WITHIN)
        except TimeoutError:
            self._signal(signal.SIGKILL)
        return await self.ended()

    def _signal(self, number: signal.Signals) -> None:
        """Signal it, if it runs; not by way of `subprocess`, which would take the exit code from whoever waits for it."""
        if self.is_running:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

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


def _on_leash(command: Sequence[str], path: str | None) -> list[str]:
    """The command, such that it ends with this program where the system can see to that. Raises `OSError`."""
    if sys.platform != "linux":
        return list(command)
    if shutil.which(command[0], path=path) is None:
        number = errno.EACCES if Path(command[0]).exists() else errno.ENOENT
        raise OSError(number, os.strerror(number), command[0])
    return [*LEASH, str(os.getpid()), *command]
