"""Requests as Slack sends them, signed, by somebody who costs little: many at once, one after another, or whenever chance wants.

Nothing of this is in a server's CPU: whoever sends is another process.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import AsyncExitStack

from bench.prove.attempts import ADDRESS, signed
from bench.prove.wire import SAID_NOTHING, Wire
from sandbox.companion import AppFailed
from sandbox.parcels import Parcel

OK = 200

TOO_BUSY = "Where a machine has much else to do, what waits too long is refused: measure when it has not."


def request(parcel: Parcel, secret: str) -> bytes:
    """It, as it goes over the wire. It is good for five minutes."""
    body = parcel.body.encode()
    head = [
        f"POST {ADDRESS} HTTP/1.1",
        "Host: outloud",
        "User-Agent: Slackbot 1.0 (+https://api.slack.com/robots)",
        "Accept-Encoding: gzip,deflate",
        "Accept: application/json,*/*",
        f"Content-Length: {len(body)}",
        f"Content-Type: {parcel.content_type}",
        *signed(body, secret),
    ]
    return "\r\n".join([*head, "", ""]).encode() + body


async def at_once(port: int, requests: Iterable[bytes], many: int) -> None:
    """`many` at any time, each over a connection that is kept open. Raises `AppFailed` where one is not acknowledged."""
    left, answers = iter(requests), Counter[int]()

    async def send() -> None:
        async with Wire(port) as wire:
            for one in left:
                answers[await _ask(wire, one)] += 1

    async with asyncio.TaskGroup() as all_of_them:
        for _ in range(many):
            all_of_them.create_task(send())
    _require_acks(answers)


async def one_by_one(port: int, requests: Iterable[bytes]) -> list[float]:
    """Seconds for each, with nothing else under way. Raises as `at_once`."""
    took, answers = list[float](), Counter[int]()
    async with Wire(port) as wire:
        for one in requests:
            began = time.perf_counter()
            answers[await _ask(wire, one)] += 1
            took.append(time.perf_counter() - began)
    _require_acks(answers)
    return took


async def by_chance(port: int, requests: Iterable[bytes], rate: float, chance: random.Random) -> list[float]:
    """`rate` a second on average, independent of each other and of the answers (Poisson). Raises as `at_once`.

    Seconds for each, from the moment it was to be sent: what leaves late, because this side is busy, has waited for it.
    """
    took, answers, free = list[float](), Counter[int](), list[Wire]()
    async with AsyncExitStack() as opened:

        async def send(one: bytes, due: float) -> None:
            wire = free.pop() if free else await opened.enter_async_context(Wire(port))
            answers[await _ask(wire, one)] += 1
            took.append(time.perf_counter() - due)
            free.append(wire)

        async with asyncio.TaskGroup() as all_of_them:
            due = time.perf_counter()
            for one in requests:
                due += chance.expovariate(rate)
                await asyncio.sleep(due - time.perf_counter())
                all_of_them.create_task(send(one, due))
    _require_acks(answers)
    return took


async def _ask(wire: Wire, raw: bytes) -> int:
    """The status of the answer; 0 where none came."""
    try:
        return await wire.ask(raw)
    except TimeoutError:
        await wire.close()
        return SAID_NOTHING


def _require_acks(answers: Counter[int]) -> None:
    refused = {status: many for status, many in answers.items() if status != OK}
    if refused:
        raise AppFailed(
            f"Not acknowledged, by their status: {refused}, of {answers.total()}. {TOO_BUSY}",
        )
