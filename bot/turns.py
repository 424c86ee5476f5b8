"""Turns for what an errand calls besides the call that it has its turn for.

A look for an earlier try is pages of history, and where a whole pocket is written to, each direct message is opened first. Slack
counts these as any other (docs/decisions/0161). Of the rest that errands call besides, none comes near its limit.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import SimpleNamespace

import aiohttp

BESIDES = frozenset({"conversations.history", "conversations.open", "conversations.replies"})
"""Methods (tier 3, 50 calls a minute) that an errand may call page by page, or many errands at once."""

Ask = Callable[[str], Awaitable[None]]
"""Returns when a method may be called; raises where that takes too long."""

_ASK: ContextVar[Ask | None] = ContextVar("ask", default=None)


@contextmanager
def asking(ask: Ask, *, has: Collection[str]) -> Iterator[None]:
    """Before each call of one of `BESIDES` in this task, `ask` for a turn; the first of each of `has` has its turn already."""
    owns = set(has)

    async def unless_owned(method: str) -> None:
        if method in owns:
            owns.remove(method)
        else:
            await ask(method)

    token = _ASK.set(unless_owned)
    try:
        yield
    finally:
        _ASK.reset(token)


def before_each_call() -> aiohttp.TraceConfig:
    """For the session that works for errands."""
    tracing = aiohttp.TraceConfig()
    tracing.on_request_start.append(_ask)
    return tracing


async def _ask(
    _session: aiohttp.ClientSession, _context: SimpleNamespace, request: aiohttp.TraceRequestStartParams
) -> None:
    ask, method = _ASK.get(), request.url.name
    if ask is not None and method in BESIDES:
        await ask(method)
