"""What goes wrong on purpose: which of the app's calls, and of the deliveries to it, are struck, how, and how often.

All randomness comes from one seed, by name: the n-th call of a method is struck alike in every run.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import random
import weakref
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar, get_args

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

CallKind = Literal[
    "429",
    "error before",
    "error after",
    "page before",
    "page after",
    "dropped before",
    "dropped after",
    "delayed before",
    "delayed after",
]
"""What a call can meet, before or after it took effect.

`429` is `ratelimited`; it has no effect and counts in no quota. `error` is Slack's own `internal_error` or
`fatal_error`, `page` is a proxy's, `dropped` is a connection closed without an answer. `delayed before` takes effect
late, even if the caller has given up by then; `delayed after` takes effect at once, and answers late.
"""

DeliveryKind = Literal["repeated", "overtaken", "late"]
"""What can happen on the way to the app.

`repeated` brings an event once more, later, with another `event_id`. `overtaken` holds an event back until the app has
been brought a later one, or its seconds are over. `late` holds an event, or what a person did, back for its seconds.
"""

SocketKind = Literal["closed", "refreshed", "silent", "closed before ack", "closed after ack"]
"""What can happen to a Socket Mode connection, when something is to be sent over it.

`closed` breaks it without a word, and nothing is sent. `refreshed` announces its end in a `disconnect` message, and ends it
after its seconds. `silent` sends nothing, takes whatever comes, and answers nothing any more, not even a ping. `closed before
ack` breaks it when the acknowledgement comes, which then counts for nothing; `closed after ack` when it has counted.
"""

Kind = Literal[CallKind, DeliveryKind, SocketKind]

CALL_KINDS: frozenset[str] = frozenset(get_args(CallKind))
EVENT_KINDS: frozenset[str] = frozenset(get_args(DeliveryKind))
ASK_KINDS = frozenset({"late"})
"""What can happen to what people do: Slack brings it once, and at once."""

SOCKET_KINDS: frozenset[str] = frozenset(get_args(SocketKind))
HELLO_KINDS = frozenset({"closed", "refreshed", "silent"})
"""What can happen to a connection as soon as it stands, by the name `hello`."""

SECONDS = {
    "429": 1.0,
    "delayed before": 1.0,
    "delayed after": 1.0,
    "repeated": 0.2,
    "overtaken": 0.3,
    "late": 0.3,
    "refreshed": 0.2,
}
"""Real seconds where a fault names none."""

STATUSES = {"error": (200, 500, 503), "page": (500, 502, 503, 504)}
"""The HTTP statuses of Slack's own errors, and of a proxy's pages: one of them is drawn where a fault names none."""

ANY = "*"

Choice = TypeVar("Choice")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong, with a part (`rate`, 0 to 1) of what has the name, `times` times at most.

    `method` is a Web API method, an event's type or an interaction's, `hello` (a new connection), or `*`. `seconds` are real
    ones: how long to hold back, or the `Retry-After` of a 429, rounded up. Raises `ValueError` for what can be no fault.
    """

    kind: Kind
    method: str = ANY
    rate: float = 1.0
    times: int | None = None
    """None means: until it is mended."""
    seconds: float | None = None
    status: int | None = None
    """The HTTP status, of `error` and `page`."""

    def __post_init__(self) -> None:
        if self.kind not in CALL_KINDS | EVENT_KINDS | SOCKET_KINDS:
            kinds = ", ".join((*get_args(CallKind), *get_args(DeliveryKind), *get_args(SocketKind)))
            raise ValueError(f"There is no fault “{self.kind}”; there are {kinds}.")
        if not 0 <= self.rate <= 1:
            raise ValueError("A fault's rate is a number from 0 to 1.")
        if self.times is not None and self.times < 1:
            raise ValueError("A fault strikes once or more often.")
        if self.seconds is not None and not (self.kind in SECONDS and 0 <= self.seconds < math.inf):
            raise ValueError(f"Seconds are 0 or more, and of {', '.join(SECONDS)} only.")
        if self.status is not None and self.status not in self.statuses:
            raise ValueError(f"The status of “{self.kind}” cannot be {self.status}.")

    @property
    def wait(self) -> float:
        """Its seconds, or those of its kind."""
        return SECONDS.get(self.kind, 0.0) if self.seconds is None else self.seconds

    @property
    def statuses(self) -> Sequence[int]:
        """The HTTP statuses that it may have; none where its kind has none."""
        possible = STATUSES.get(self.kind.partition(" ")[0], ())
        return possible if self.status is None or self.status not in possible else (self.status,)


class Faults:
    """The faults in force, and how often each kind has struck.

    At most one strikes at a time, so that rates add up: five of 4 % strike 20 %. Where they add up to more than 1, those
    in force longest go first: two of rate 1 for one `times` strike one after the other.
    """

    def __init__(self, seed: int = 0) -> None:
        self.struck: Counter[str] = Counter()
        """How often each kind struck, mended or not."""
        self._left: dict[int, tuple[Fault, int | None]] = {}
        self._count = 0
        self._gates: weakref.WeakSet[asyncio.Event] = weakref.WeakSet()
        self.begin(seed)

    def begin(self, seed: int) -> None:
        """Draw anew, from this seed."""
        self._seed = seed
        self._draws: dict[str, random.Random] = {}

    @property
    def in_force(self) -> list[Fault]:
        """What may strike now, the oldest first."""
        return [fault for fault, _ in self._left.values()]

    def add(self, fault: Fault) -> None:
        """Let this go wrong from now on."""
        self._count += 1
        self._left[self._count] = fault, fault.times

    def mend(self) -> None:
        """End all faults; what was held back goes on at once."""
        self._left.clear()
        for gate in list(self._gates):
            gate.set()

    def strike(self, name: str, kinds: Collection[str]) -> Fault | None:
        """The fault that strikes what has this name, if one does; it is counted."""
        able = {
            number: fault
            for number, (fault, _) in self._left.items()
            if fault.kind in kinds and fault.method in (name, ANY)
        }
        if not able:
            return None
        drawn = self._draw(name).random()
        for number, fault in able.items():
            drawn -= fault.rate
            if drawn < 0:
                self._spend(number)
                return fault
        return None

    def choose(self, name: str, among: Sequence[Choice]) -> Choice:
        """One of several ways in which something of this name goes wrong."""
        return self._draw(name).choice(among)

    def gate(self) -> asyncio.Event:
        """What somebody who is held back waits for: it is set when everything is mended, if not before."""
        gate = asyncio.Event()
        self._gates.add(gate)
        return gate

    async def hold(self, seconds: float, gate: asyncio.Event | None = None) -> None:
        """Wait so many real seconds, or until the gate is set."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for((gate or self.gate()).wait(), seconds)

    def _draw(self, name: str) -> random.Random:
        return self._draws.setdefault(name, random.Random(f"{self._seed} {name}"))  # noqa: S311 -- to be repeated

    def _spend(self, number: int) -> None:
        fault, left = self._left[number]
        self.struck[fault.kind] += 1
        if left == 1:
            del self._left[number]
        elif left is not None:
            self._left[number] = fault, left - 1
