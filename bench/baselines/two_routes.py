"""Outloud itself, with two routes: `/share`, and what somebody writes. All the rest it does not even know of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_bolt.async_app import AsyncApp

import handlers
from bot import wiring
from bot.commands import serving
from handlers.desk import Desk
from handlers.routing import register

ROUTES = ("/share", "message")
TABLES = (
    handlers.ACTIONS,
    handlers.CLOSINGS,
    handlers.COMMANDS,
    handlers.EVENTS,
    handlers.FORMS,
    handlers.SHORTCUTS,
    handlers.SUGGESTIONS,
)


class TwoKinds:
    """Bolt's app, which hears of commands and events, and of no other kind of payload."""

    def __init__(self, app: AsyncApp) -> None:
        self.command, self.event, self.error = app.command, app.event, app.error

    def __getattr__(self, _kind: str) -> Callable[..., Any]:
        return lambda *_matching: lambda listener: listener


def register_two(app: AsyncApp, desk: Desk) -> None:
    """Register them as Outloud does."""
    for table in TABLES:
        for name in [name for name in table if name not in ROUTES]:
            del table[name]
    register(TwoKinds(app), desk)  # type: ignore[arg-type]  # all of it that is asked for


if __name__ == "__main__":
    wiring.register = register_two  # type: ignore[attr-defined]  # it is what the wiring calls
    serving.run()
