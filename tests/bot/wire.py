"""The wire between the bot and Slack, which a test can break: calls go through it as they are, until it is told otherwise."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import aiohttp
from aiohttp import web

Change = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Page:
    """Something that is none of Slack's answers: a proxy's page, or half of one."""

    status: int
    text: str
    content_type: str


@dataclass(frozen=True)
class Fault:
    """What goes wrong: whether the call still reaches Slack, and what comes back. None: the connection breaks."""

    reaches: bool
    page: Page | None = None


class Stop:
    """Where calls of a method wait: `arrived` once one does, and on they go when it is opened."""

    def __init__(self, *, behind: bool) -> None:
        self.behind = behind
        """Whether Slack has done it by then, and only its answer waits."""
        self.arrived = asyncio.Event()
        self.way = asyncio.Event()


class Wire:
    """A proxy in front of a Slack's Web API, on 127.0.0.1."""

    def __init__(self, api_url: str) -> None:
        self._to = api_url
        self._faults: dict[str, list[Fault]] = {}
        self._stops: dict[str, Stop] = {}
        self.changes: dict[str, Change] = {}
        """What is changed in the answers of a method."""
        self.most_at_once: Counter[str] = Counter()
        self._at_once: Counter[str] = Counter()

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.router.add_route("*", "/api/{method}", self._pass_on)
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}/api/"
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(self, *_: object) -> None:
        for stop in self._stops.values():
            stop.way.set()
        await self._session.close()
        await self._runner.cleanup()

    def fails(self, method: str, *faults: Fault) -> None:
        """Let the next calls of a method fail, each in its way."""
        self._faults.setdefault(method, []).extend(faults)

    def stops(self, method: str, *, behind: bool = False) -> Stop:
        """Let calls of a method wait until the stop is opened."""
        self._stops[method] = Stop(behind=behind)
        return self._stops[method]

    async def _pass_on(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        body = await request.read()
        self._at_once[method] += 1
        self.most_at_once[method] = max(self.most_at_once[method], self._at_once[method])
        try:
            return await self._answer(request, method, body)
        finally:
            self._at_once[method] -= 1

    async def _answer(self, request: web.Request, method: str, body: bytes) -> web.Response:
        fault = self._faults[method].pop(0) if self._faults.get(method) else None
        stop = self._stops.get(method)
        if stop and not stop.behind:
            await self._wait(stop)
        answer = None if fault and not fault.reaches else await self._call(request, method, body)
        if stop and stop.behind:
            await self._wait(stop)
        if fault is None and answer is not None:
            return answer
        if fault and fault.page:
            page = fault.page
            return web.Response(status=page.status, text=page.text, content_type=page.content_type)
        if request.transport:
            request.transport.abort()
        return web.Response()

    async def _wait(self, stop: Stop) -> None:
        stop.arrived.set()
        await stop.way.wait()

    async def _call(self, request: web.Request, method: str, body: bytes) -> web.Response:
        headers = {name: request.headers[name] for name in ("Authorization", "Content-Type") if name in request.headers}
        async with self._session.request(
            request.method, self._to + method, params=request.query, data=body, headers=headers
        ) as answer:
            told = await answer.json()
            if method in self.changes:
                self.changes[method](told)
            passed = {name: answer.headers[name] for name in ("Retry-After",) if name in answer.headers}
            return web.Response(
                status=answer.status, text=json.dumps(told), headers=passed, content_type="application/json"
            )
