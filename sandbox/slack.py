"""The sandbox's Slack as tests and tours use it: a workspace, served, with its people's acts as methods."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any, Self, TypeVar

from .control import control_routes
from .fault_acts import check_name
from .faults import Fault
from .filling import Filling
from .reading import text_of
from .server import web
from .serving import Server
from .sight import Sight
from .talk import Talk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from types import TracebackType

    from .faults import Kind
    from .manifest import Manifest
    from .records import Call, Ephemeral, Message, View
    from .scene import Who

Value = TypeVar("Value")

LOOK_EVERY = 0.005


class NeverHappened(AssertionError):
    """What a test or a tour waited for did not come; the text says what stands instead."""


class Slack(Talk, Filling):
    """A workspace with one app, whose Web API is served on 127.0.0.1 in the running event loop.

    `manifest` is a file, its content, or a `Manifest`. `port` 0 takes any free one; a port that is taken raises
    `OSError`. `speed` and `now` are the clock's. The app is told where to go by `app_url`; with `socket_mode`, which the
    manifest decides where nothing is said, it comes by itself.
    """

    def __init__(
        self,
        manifest: Manifest | Mapping[str, Any] | Path | str,
        *,
        speed: float = 1.0,
        now: float | None = None,
        port: int = 0,
        socket_mode: bool | None = None,
    ) -> None:
        super().__init__(manifest, speed=speed, now=now, socket_mode=socket_mode)
        self._port = port
        self._server: Server | None = None

    @property
    def api_url(self) -> str:
        """What `SLACK_API_URL` should be."""
        return f"{self.world.base_url}/api/"

    @property
    def environment(self) -> dict[str, str]:
        """What an app needs in its environment to talk to this Slack."""
        app = self.world.app
        by_door = (
            {"SLACK_APP_TOKEN": app.app_token}
            if self.manifest.socket_mode
            else {"SLACK_SIGNING_SECRET": app.signing_secret}
        )
        return {"SLACK_API_URL": self.api_url, "SLACK_BOT_TOKEN": app.bot_token} | by_door

    @property
    def connections(self) -> int:
        """How many connections the app has in Socket Mode."""
        return len(self.courier.sockets.links) if self.courier.sockets else 0

    async def __aenter__(self) -> Self:
        self._server = Server(web(self.world, extra_routes=control_routes(self)), port=self._port)
        self.world.base_url = self._server.address
        await self._server.start()
        await self.courier.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.courier.stop()
        self.mends()
        if self._server:
            await self._server.stop()

    def sees(self, who: Who) -> Sight:
        """Everything that somebody sees now."""
        return Sight(self, self.find_person(who))

    def text_of(self, thing: Message | Ephemeral | View) -> str:
        """What a message, form or Home says to whoever reads it."""
        return text_of(thing, self.world)

    def calls(self, method: str | None = None) -> list[Call]:
        """The app's calls of the Web API, of one method or all."""
        return [call for call in self.world.calls if method in (None, call.method)]

    def fails(
        self,
        method: str,
        kind: Kind,
        *,
        rate: float = 1.0,
        times: int | None = None,
        seconds: float | None = None,
        status: int | None = None,
    ) -> None:
        """Let the app's calls of a method, or deliveries to it, go wrong from now on: see `sandbox.faults`.

        `method` is a Web API method, an event's or interaction's type, or `*`. Raises `ValueError` for what cannot be.
        """
        fault = Fault(kind, method, rate, times, seconds, status)
        check_name(fault, self.manifest)
        self.world.faults.add(fault)

    def mends(self) -> None:
        """End all faults; what they hold back goes on at once. What has struck stays counted."""
        self.world.faults.mend()

    async def until(
        self, condition: Callable[[], Value], within: float = 20.0, what: str = "what was waited for"
    ) -> Value:
        """Wait until `condition()` is true, and return what it returned; an index that is not there yet is no fault.

        `within` is in real seconds. Raises `NeverHappened` with what stands instead.
        """
        loop = asyncio.get_running_loop()
        end = loop.time() + within
        while True:
            with contextlib.suppress(LookupError):
                if value := condition():
                    return value
            if loop.time() >= end:
                raise NeverHappened(f"{what} did not happen within {within:g} s. What stands instead:\n{self}")
            await asyncio.sleep(LOOK_EVERY)

    def __str__(self) -> str:
        people = [person for person in self.world.people.values() if not person.is_bot]
        lines = [str(self.sees(person)) for person in people]
        wrong = [one for one in self.courier.deliveries if one.state != "acknowledged"]
        lines += [f"Delivery of {one.kind} {one.name}: {one.state}, {one.attempts}" for one in wrong]
        lines += [
            f"Call of {call.method}: {call.fault or call.error}"
            for call in self.world.calls
            if call.error or call.fault
        ]
        return "\n".join(lines)

    __repr__ = __str__
