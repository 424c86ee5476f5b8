"""The sandbox's Slack as tests and tours use it: a workspace, served, with its people's acts as methods."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import TYPE_CHECKING, Any, Self, TypeVar

import uvicorn

from .control import control_routes
from .filling import Filling
from .reading import text_of
from .server import web
from .sight import Sight
from .talk import Talk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path
    from types import TracebackType

    from .manifest import Manifest
    from .records import Call, Ephemeral, Message, View
    from .scene import Who

Value = TypeVar("Value")

HOST = "127.0.0.1"
LOOK_EVERY = 0.005


class NeverHappened(AssertionError):
    """What a test or a tour waited for did not come; the text says what stands instead."""


class _Server(uvicorn.Server):
    """Uvicorn that leaves signals to whoever runs the loop, says when it stands, and stops when told, not at a tick."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.stands, self.told_to_stop = asyncio.Event(), asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def main_loop(self) -> None:
        await self.on_tick(0)
        self.stands.set()
        await self.told_to_stop.wait()


class Slack(Talk, Filling):
    """A workspace with one app, whose Web API is served on 127.0.0.1 in the running event loop.

    `manifest` is a file, its content, or a `Manifest`. `port` 0 takes any free one; a port that is taken raises
    `OSError`. `speed` and `now` are the clock's. The app is told where to go by `app_url`.
    """

    def __init__(
        self,
        manifest: Manifest | Mapping[str, Any] | Path | str,
        *,
        speed: float = 1.0,
        now: float | None = None,
        port: int = 0,
    ) -> None:
        super().__init__(manifest, speed=speed, now=now)
        self._port = port
        self._serving: asyncio.Task[None] | None = None
        self._server: _Server | None = None

    @property
    def api_url(self) -> str:
        """What `SLACK_API_URL` should be."""
        return f"{self.world.base_url}/api/"

    @property
    def environment(self) -> dict[str, str]:
        """What an app needs in its environment to talk to this Slack."""
        app = self.world.app
        return {
            "SLACK_API_URL": self.api_url,
            "SLACK_BOT_TOKEN": app.bot_token,
            "SLACK_SIGNING_SECRET": app.signing_secret,
        }

    async def __aenter__(self) -> Self:
        listening = socket.create_server((HOST, self._port))
        self.world.base_url = f"http://{HOST}:{listening.getsockname()[1]}"
        config = uvicorn.Config(
            web(self.world, extra_routes=control_routes(self)),
            lifespan="off",
            ws="none",
            log_level="warning",
            access_log=False,
        )
        self._server = _Server(config)
        self._serving = asyncio.create_task(self._server.serve(sockets=[listening]))
        await self._server.stands.wait()
        await self.courier.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.courier.stop()
        if self._server and self._serving:
            self._server.told_to_stop.set()
            await self._serving

    def sees(self, who: Who) -> Sight:
        """Everything that somebody sees now."""
        return Sight(self, self.find_person(who))

    def text_of(self, thing: Message | Ephemeral | View) -> str:
        """What a message, form or Home says to whoever reads it."""
        return text_of(thing, self.world)

    def calls(self, method: str | None = None) -> list[Call]:
        """The app's calls of the Web API, of one method or all."""
        return [call for call in self.world.calls if method in (None, call.method)]

    async def until(
        self, condition: Callable[[], Value], within: float = 5.0, what: str = "what was waited for"
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
        lines += [f"Call of {call.method}: {call.error}" for call in self.world.calls if call.error]
        return "\n".join(lines)

    __repr__ = __str__
