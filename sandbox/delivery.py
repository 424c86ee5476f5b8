"""Delivery to the app: events, again if they were not acknowledged, and what people do, once; or as faults want it.

Source of the rules: https://docs.slack.dev/apis/events-api (retries, `X-Slack-No-Retry`, the limit of events)
"""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from . import payloads
from .alarms import Alarms
from .audience import heard_events
from .door import HttpDoor
from .faults import ASK_KINDS, EVENT_KINDS, Fault
from .parcels import Parcel, Reply
from .quotas import EventQuota
from .sockets import SocketDoor

if TYPE_CHECKING:
    from .manifest import Manifest
    from .parcels import Door
    from .records import Happening, Json
    from .world import World

RETRY_AFTER = (0.0, 60.0, 300.0)
"""Seconds (`Clock.passed`) from a failed try to the next; after the last the event is dropped."""

IN_FLIGHT = 16
"""How many events are under way to the app at once."""

EVENTS_PER_HOUR = 30_000
"""More than these in an hour (`Clock.passed`) are dropped, and `app_rate_limited` is sent once a minute."""

CHECKS = frozenset({"url_verification", "ssl_check"})
"""What Slack asks for itself: no fault strikes it."""

State = Literal["held", "under way", "waiting", "acknowledged", "failed", "dropped"]
"""`held` back by a fault, or `waiting` for a later retry; `failed` is a person's act that the app did not take; `dropped`
is an event."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try: the app's HTTP status (0 where it did not answer), and Slack's name of what was wrong."""

    status: int
    reason: str
    at: float
    """`Clock.passed`, in seconds."""


@dataclass(eq=False)
class Delivery:
    """Something that was sent to the app, or is to be."""

    kind: str
    """`event`, `command`, or an interaction's type, such as `block_actions`."""
    name: str
    """The event's type, the command, or the `callback_id` or `action_id`."""
    payload: Json
    attempts: list[Attempt] = field(default_factory=list)
    state: State = "under way"
    due: float = 0.0
    """When the next retry is due (`Clock.passed`)."""
    _rest: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    @property
    def status(self) -> int:
        """The HTTP status of the last try; 0 where the app did not answer, or was not asked yet."""
        return self.attempts[-1].status if self.attempts else 0

    async def rested(self) -> None:
        """Wait until nothing happens to it before time passes: acknowledged, given up, held back, waiting for a retry."""
        await self._rest.wait()

    def settle(self, state: State) -> None:
        """Note how it stands."""
        self.state = state
        if state == "under way":
            self._rest.clear()
        else:
            self._rest.set()


class Courier:
    """Brings to the app what it is to hear: at `app_url`, or in Socket Mode over the connections that it opened.

    Without an `app_url`, and a connection, no app runs, and nothing is sent.
    """

    def __init__(self, world: World, manifest: Manifest) -> None:
        self.sockets = SocketDoor(world) if manifest.socket_mode else None
        self.deliveries: list[Delivery] = []
        self.events_per_hour = EVENTS_PER_HOUR
        self._world, self._manifest = world, manifest
        self._door: Door = self.sockets or HttpDoor(world.clock, world.app.signing_secret)
        self._retries = Alarms(world.clock.passed)
        self._lanes = asyncio.Semaphore(IN_FLIGHT)
        self._carried: dict[asyncio.Task[None], Delivery] = {}
        self._quota = EventQuota(world.clock)
        self._numbers = itertools.count()
        self._overtaken: dict[int, asyncio.Event] = {}
        """What is held back until a later one has been brought, by its number."""

    @property
    def app_url(self) -> str:
        """Where the app listens; in Socket Mode, only that one is expected. Empty where none is."""
        return self._door.url

    @app_url.setter
    def app_url(self, url: str) -> None:
        self._door.url = url

    async def start(self) -> None:
        """Listen to the world from now on."""
        await self._door.start()
        self._world.listeners.append(self._hear)

    async def stop(self) -> None:
        """Listen no more; what is under way is given up."""
        self._world.listeners.remove(self._hear)
        for task in self._carried:
            task.cancel()
        await asyncio.gather(*self._carried, return_exceptions=True)
        await self._retries.stop()
        await self._door.stop()

    async def settled(self) -> None:
        """Wait until no event is under way or held back, and none is due to be sent again."""
        while moving := [delivery for delivery in self._carried.values() if self._is_moving(delivery)]:
            await asyncio.gather(*[delivery.rested() for delivery in moving])
            await asyncio.sleep(0.001)

    async def ask(self, kind: str, name: str, payload: Json, parcel: Parcel) -> Reply:
        """Bring what a person did to the app, once, and return its answer."""
        delivery = Delivery(kind, name, payload)
        self.deliveries.append(delivery)
        if not self._door.leads_somewhere:
            delivery.settle("failed")
            return Reply(reason="connection_failed")
        fault = None if kind in CHECKS else self._world.faults.strike(kind, ASK_KINDS)
        if fault:
            await self._world.faults.hold(fault.wait)
        reply = await self._try(delivery, parcel)
        delivery.settle("acknowledged" if reply.is_ack else "failed")
        return reply

    async def verify_url(self) -> bool:
        """Whether the app answers at `app_url` as Slack asks it to, when the address is entered there."""
        payload = payloads.url_verification()
        reply = await self.ask("url_verification", "url_verification", payload, Parcel.of_event(payload))
        challenge = (reply.json() or {}).get("challenge", reply.body.strip())
        return reply.is_ack and challenge == payload["challenge"]

    async def check_ssl(self) -> bool:
        """Whether the app answers the check that Slack makes of a command's address now and then."""
        fields = payloads.ssl_check()
        return (await self.ask("ssl_check", "ssl_check", fields, Parcel.of_command(fields))).is_ack

    def _hear(self, happening: Happening) -> None:
        for event in heard_events(self._world, self._manifest, happening):
            if self._door.leads_somewhere:
                self._send_event(event)

    def _send_event(self, event: Json) -> None:
        name = event["type"]
        payload = payloads.event_callback(self._world, event, payloads.new_event_id())
        if not self._quota.take(self.events_per_hour):
            dropped = Delivery("event", name, payload)
            dropped.settle("dropped")
            self.deliveries.append(dropped)
            if self._quota.must_tell():
                self._start("app_rate_limited", "app_rate_limited", payloads.app_rate_limited(self._world))
            return
        fault = self._world.faults.strike(name, EVENT_KINDS)
        is_repeated = fault is not None and fault.kind == "repeated"
        self._start("event", name, payload, None if is_repeated else fault)
        if is_repeated:
            self._start("event", name, payload | {"event_id": payloads.new_event_id()}, fault)

    def _start(self, kind: str, name: str, payload: Json, fault: Fault | None = None) -> None:
        delivery = Delivery(kind, name, payload)
        self.deliveries.append(delivery)
        number, gate = next(self._numbers), self._world.faults.gate()
        if fault:
            delivery.settle("held")
        if fault and fault.kind == "overtaken":
            self._overtaken[number] = gate
        hold = (fault.wait, gate) if fault else None
        carrying = self._carry(delivery, Parcel.of_event(payload), number, hold)
        task = asyncio.get_running_loop().create_task(carrying)
        self._carried[task] = delivery
        task.add_done_callback(self._carried.pop)

    async def _carry(
        self, delivery: Delivery, parcel: Parcel, number: int, hold: tuple[float, asyncio.Event] | None
    ) -> None:
        if hold:
            await self._world.faults.hold(*hold)
            self._overtaken.pop(number, None)
            delivery.settle("under way")
        async with self._lanes:
            reply = await self._try(delivery, parcel)
        self._let_pass(number)
        for retry, wait in enumerate(RETRY_AFTER, start=1):
            if reply.is_ack or not reply.wants_retry:
                break
            await self._wait(delivery, wait)
            async with self._lanes:
                reply = await self._try(delivery, parcel, retry=retry, reason=reply.reason)
        delivery.settle("acknowledged" if reply.is_ack else "dropped")

    def _let_pass(self, number: int) -> None:
        """Let go what this one has overtaken."""
        for earlier, gate in self._overtaken.items():
            if earlier < number:
                gate.set()

    async def _wait(self, delivery: Delivery, seconds: float) -> None:
        if not seconds:
            return
        delivery.due = self._world.clock.passed() + seconds
        delivery.settle("waiting")
        await self._retries.at(delivery.due)
        delivery.settle("under way")

    async def _try(self, delivery: Delivery, parcel: Parcel, *, retry: int = 0, reason: str = "") -> Reply:
        reply = await self._door.bring(self._struck_as(delivery), parcel, retry=retry, retry_reason=reason)
        delivery.attempts.append(Attempt(reply.status, reply.reason, self._world.clock.passed()))
        return reply

    def _struck_as(self, delivery: Delivery) -> str:
        """What faults know it by."""
        return delivery.name if delivery.kind == "event" else delivery.kind

    def _is_moving(self, delivery: Delivery) -> bool:
        is_due = delivery.state == "waiting" and delivery.due <= self._world.clock.passed()
        return delivery.state in ("under way", "held") or is_due
