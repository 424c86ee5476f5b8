"""`outloud run`: the bot itself."""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import typer
import uvicorn

from bot import logs, settings
from bot.installation import TokenRefused
from bot.settings import Settings
from bot.watching import Watch
from bot.wiring import Outloud

from . import schema
from .alone import alone
from .failing import Failure

LET_FINISH = 3
"""Seconds that a stop waits for what is being answered: a handler has 2.5. Then the worker, then the database."""


def run() -> None:
    """Answer Slack, until it is stopped (Ctrl-C, or SIGTERM)."""
    chosen = settings.load()
    logs.set_up(chosen.log_level, secrets=chosen.secrets)
    with alone(chosen):
        schema.prepare(chosen)
        listening = listen(chosen.host, chosen.port)
        refused = asyncio.run(_serve(chosen, listening))
    if refused is not None:
        raise Failure(str(refused))


class _Server(uvicorn.Server):
    """uvicorn, for which a stop that it was asked for is no failure: it would raise the signal anew and die of it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        before = {each: signal.signal(each, self.handle_exit) for each in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)


async def _serve(chosen: Settings, listening: socket.socket) -> TokenRefused | None:
    failed: list[TokenRefused] = []

    def give_up(refused: TokenRefused) -> None:
        failed.append(refused)
        server.should_exit = True

    async with _watched(chosen) as watch:
        outloud = Outloud(chosen, give_up=give_up, watch=watch)
        server = _Server(_config(outloud))
        _announce(chosen)
        gc.freeze()  # what stands now stands till the end: to look for garbage in it takes a tenth of a second, time and again
        await server.serve(sockets=[listening])
    if not server.started and not failed:
        raise Failure("Outloud could not start; the lines above say why.")
    return failed[0] if failed else None


@asynccontextmanager
async def _watched(chosen: Settings) -> AsyncIterator[Watch]:
    """Who counts what it does: nobody, unless there is a port to tell it on."""
    if chosen.metrics_port is None:
        yield Watch()
        return
    from bot.watching import figures, port  # noqa: PLC0415 -- absent wherever nobody asked for it

    counting = figures.Figures()
    async with port.serving(counting, listen(chosen.host, chosen.metrics_port, setting="METRICS_PORT")):
        yield counting


def _config(outloud: Outloud) -> uvicorn.Config:
    return uvicorn.Config(
        outloud.application(),
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=LET_FINISH,
        timeout_keep_alive=30,
    )


def _announce(chosen: Settings) -> None:
    place = f"http://{chosen.host}:{chosen.port}"
    if chosen.slack_app_token:
        does = f"opens connections to Slack (Socket Mode), and tells at {place}/readyz how it is"
    else:
        does = f"listens on {place}/slack/events"
    typer.echo(f"Outloud {does}. Ctrl-C stops it.", err=True)


def listen(host: str, port: int, *, setting: str = "PORT") -> socket.socket:
    """Take the port, 0 for any free one. Raises `Failure`, so that one that is taken is said in a sentence."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # named TCP, so that asyncio sends an answer's body without waiting 40 ms until its headers are acknowledged
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen()  # where two are told to take one port, the second one fails only here
    except OSError as error:
        listening.close()
        raise Failure(
            f"Outloud can't listen on {host}:{port}: {error.strerror or error}. "
            f"Is another program, or another Outloud, using it? {setting} and HOST choose a different one."
        ) from None
    return listening
