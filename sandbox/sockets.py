"""The way to the app over Socket Mode: WebSockets that the app opened, each payload over any one of them.

Source: https://docs.slack.dev/apis/events-api/using-socket-mode. Believed, not documented: only the connection that brought a
payload takes its acknowledgement; one that breaks before it has failed at once.
"""

from __future__ import annotations

import json
import secrets
import uuid
from typing import TYPE_CHECKING

from aiohttp import web

from .alarms import Alarms
from .faults import HELLO_KINDS, SOCKET_KINDS
from .link import Link
from .parcels import JSON_TYPE, Parcel, Reply, in_time

if TYPE_CHECKING:
    from .faults import Fault
    from .records import Json
    from .world import World

HOST = "127.0.0.1"

MOST_LINKS = 10
"""Connections that one app may have at once."""

LIVES_FOR = 18060
"""Seconds that Slack says a connection will live, about; the sandbox's live until a fault or the app ends them."""

WITH_PAYLOAD = frozenset({"view_submission", "block_suggestion"})
"""Interactions whose acknowledgement may say something; so may every command's."""

REASONS = {"http_timeout": "timeout"}
"""Why an event comes again, where Socket Mode has another word for it than HTTP (bolt-js issue 2487)."""


class SocketDoor:
    """Sends over the connections that the app has opened at addresses from `apps.connections.open`, each good for one."""

    def __init__(self, world: World) -> None:
        self.url = ""
        self.links: list[Link] = []
        """The connections that have been greeted and stand."""
        self._world = world
        self._deadlines = Alarms(world.clock.lived)
        self._tickets: set[str] = set()
        self._runner: web.AppRunner | None = None
        self._port = 0

    @property
    def leads_somewhere(self) -> bool:
        """Whether an app is connected, or expected (`url`)."""
        return bool(self.url or self.links)

    async def start(self) -> None:
        """Let the app connect."""
        application = web.Application()
        application.router.add_get("/link/", self._accept)
        self._runner = web.AppRunner(application, access_log=None, handle_signals=False, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, 0).start()
        self._port = self._runner.addresses[0][1]
        self._world.socket_url = self._new_url

    async def stop(self) -> None:
        """Break all connections."""
        self._world.socket_url = None
        for link in self.links:
            link.abort()
        await self._deadlines.stop()
        if self._runner:
            await self._runner.cleanup()

    async def disable(self) -> None:
        """Socket Mode is switched off in the app's settings: all connections end, and there are no new ones."""
        self._world.socket_url = None
        for link in list(self.links):
            await link.dismiss("link_disabled")

    def enable(self) -> None:
        """Socket Mode is switched on again."""
        self._world.socket_url = self._new_url

    async def bring(self, name: str, parcel: Parcel, *, retry: int = 0, retry_reason: str = "") -> Reply:
        """Send it over any connection; one that is silent is none that Slack would know to avoid."""
        open_links = [link for link in self.links if not link.is_leaving]
        if not open_links:
            return Reply(reason="connection_failed")
        link = self._world.faults.choose("socket", open_links)
        fault = self._world.faults.strike(name, SOCKET_KINDS)
        envelope = _envelope(parcel)
        if parcel.kind == "events_api":
            envelope |= {"retry_attempt": retry, "retry_reason": REASONS.get(retry_reason, retry_reason)}
        return await in_time(self._send(link, envelope, fault), self._world.clock, self._deadlines)

    async def _send(self, link: Link, envelope: Json, fault: Fault | None) -> Reply:
        try:
            if fault:
                self._strike(link, fault)
            payload = await link.ask(envelope, fault.kind if fault else "")
        except ConnectionError:
            return Reply(reason="connection_failed")
        if payload is None or not envelope["accepts_response_payload"]:
            return Reply(200)
        return Reply(200, body=json.dumps(payload), content_type=JSON_TYPE)

    def _strike(self, link: Link, fault: Fault) -> None:
        if fault.kind == "closed":
            link.abort()
        elif fault.kind == "silent":
            link.is_silent = True
        elif fault.kind == "refreshed":
            link.refresh_in(fault.wait)

    def _new_url(self) -> str:
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        return f"ws://{HOST}:{self._port}/link/?ticket={ticket}&app_id={self._world.app.id}"

    async def _accept(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=401, text="This address was used already, or never given.")
        self._tickets.remove(ticket)
        socket = web.WebSocketResponse(autoping=False, autoclose=False, compress=False)
        await socket.prepare(request)
        link = Link(socket, request.transport)
        if len(self.links) >= MOST_LINKS:
            await link.dismiss("too_many_websockets")
            return socket
        fault = self._world.faults.strike("hello", HELLO_KINDS)
        if fault:
            self._strike(link, fault)
        self.links.append(link)
        try:
            await link.talk(self._hello())
        finally:
            self.links.remove(link)
        return socket

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.links),
            "connection_info": {"app_id": self._world.app.id},
            "debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": LIVES_FOR},
        }


def _envelope(parcel: Parcel) -> Json:
    return {
        "envelope_id": str(uuid.uuid4()),
        "payload": parcel.payload,
        "type": parcel.kind,
        "accepts_response_payload": parcel.kind == "slash_commands" or parcel.payload.get("type") in WITH_PAYLOAD,
    }
