"""`python -m sandbox`: serve a local Slack, or play an export in it."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import json
import signal
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from .acme import settle_in
from .companion import AppFailed, Companion
from .export import BadExport, Export
from .manifest import BadManifest, Manifest, read_manifest
from .replay import Habits, ReplayFailed, Result, before_first, replay
from .slack import Slack
from .tour import STEPS, invitation, play

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PORT = 4390
APP_URL = "http://127.0.0.1:3000/slack/events"

app = typer.Typer(
    help="A strict local Slack: try an app in it, or play an export to it.", no_args_is_help=True, add_completion=False
)

ManifestPath = Annotated[Path, typer.Option("--manifest", help="The app's manifest: its commands, events, scopes.")]


@app.command("serve")
def serve_slack(
    manifest: ManifestPath = Path("manifest.yml"),
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where Slack is served on 127.0.0.1; 0 is any.")] = PORT,
    app_url: Annotated[str, typer.Option(help="Where the app listens for what happens.")] = APP_URL,
    speed: Annotated[float, typer.Option(min=0.001, help="How many times faster time passes than outside.")] = 1.0,
    socket_mode: Annotated[
        bool, typer.Option("--socket", help="Socket Mode, whatever the manifest says: the app comes by itself.")
    ] = False,
) -> None:
    """Serve a small made-up workspace until it is interrupted, and print the environment that the app needs.

    Its people are moved by POST and GET requests below /sandbox/ (see sandbox/control.py).
    """
    with _sentences():
        found = read_manifest(manifest)
        asyncio.run(_serve(found.with_socket_mode(on=True) if socket_mode else found, port, app_url, speed))


@app.command("replay")
def replay_export(  # noqa: PLR0917 -- Typer's way to name options
    export: Annotated[Path, typer.Argument(help="The zip file that Slack exported.")],
    command: Annotated[list[str] | None, typer.Argument(help="The app's command line, after `--`.")] = None,
    manifest: ManifestPath = Path("manifest.yml"),
    app_url: Annotated[str, typer.Option(help="Where an app listens that runs already.")] = "",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where Slack is served on 127.0.0.1; 0 is any.")] = 0,
    speed: Annotated[float, typer.Option(min=0.001, help="How many times faster quotas and retries pass.")] = 100.0,
    start: Annotated[str, typer.Option(help="What a member types in each channel first; may be empty.")] = Habits.start,
    keep_emoji: Annotated[str, typer.Option(help="The reaction that asks the app to keep.")] = Habits.keep_emoji,
    ack_emoji: Annotated[str, typer.Option(help="The app's own reaction.")] = Habits.ack_emoji,
) -> None:
    """Play an export as live traffic, as fast as the app acknowledges, and print what came of it as one JSON line.

    The app is either started by the command after `--`, with PORT and Slack's addresses in its environment, or runs
    already at --app-url (then give --port too, and the app that port).
    """
    if bool(command) == bool(app_url):
        _give_up("Give either the app's command after `--`, or --app-url for one that runs.")
    habits = Habits(start, keep_emoji, ack_emoji)
    with _sentences(), Export(export) as opened:
        slack = Slack(read_manifest(manifest), speed=speed, now=before_first(opened), port=port)
        result = asyncio.run(_replay(slack, opened, habits, command or [], app_url))
        typer.echo(json.dumps(result.json()))


@app.command("tour")
def play_tour(
    command: Annotated[list[str] | None, typer.Argument(help="The app's command line, after `--`.")] = None,
    manifest: ManifestPath = Path("manifest.yml"),
    once: Annotated[bool, typer.Option("--once", help="End after the tour instead of staying up.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where Slack is served on 127.0.0.1; 0 is any.")] = 0,
) -> None:
    """Show the app at work: Slack and the app as two programs, and a few people who use it.

    Ends with 1 if anybody saw something else than is told.
    """
    with _sentences():
        told = asyncio.run(
            _tour(read_manifest(manifest), command or [sys.executable, "-m", "bot", "run"], port, once=once)
        )
    raise typer.Exit(0 if told else 1)


async def _tour(manifest: Manifest, command: Sequence[str], port: int, *, once: bool) -> bool:
    """Play the tour, and then stay up, unless `once`. Returns whether all was as told."""
    console = Console()
    with tempfile.TemporaryDirectory(prefix="outloud-demo-") as folder:
        slack = Slack(manifest, port=port)
        environment = {"DATABASE_URL": f"sqlite:///{folder}/demo.db", "LOG_LEVEL": "warning", "HOST": "127.0.0.1"}
        async with slack:
            settle_in(slack)
            environment["SLACK_CLOCK"] = f"{slack.world.base_url}/sandbox/clock"
            console.print("Starting a local Slack and the app, as two programs …")
            async with Companion(slack, command, environment) as companion:
                failures = await play(slack, console)
                console.print()
                if failures:
                    console.print("[red]Not all was as told.[/red]", *map(escape, failures), sep="\n")
                else:
                    console.print(f"[green]All {len(STEPS)} steps were as told.[/green]")
                if not once:
                    console.print(invitation(slack.world.base_url), highlight=False, markup=False, soft_wrap=True)
                    await _interrupted(companion)
    return not failures


async def _interrupted(companion: Companion) -> None:
    """Wait for Ctrl-C; raise where the app ends by itself."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for interrupt in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(interrupt, stopped.set)
    while not stopped.is_set():
        companion.check()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopped.wait(), 1.0)


async def _serve(manifest: Manifest, port: int, app_url: str, speed: float) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for interrupt in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(interrupt, stopped.set)
    async with Slack(manifest, speed=speed, port=port) as slack:
        settle_in(slack)
        slack.app_url = app_url
        for name, value in slack.environment.items():
            typer.echo(f"{name}={value}")
        told = "it waits for sockets" if manifest.socket_mode else f"it tells {app_url}"
        typer.echo(f"Acme's Slack is served at {slack.world.base_url}; {told}. Ctrl+C ends it.", err=True)
        sys.stdout.flush()
        await stopped.wait()


async def _replay(slack: Slack, export: Export, habits: Habits, command: Sequence[str], app_url: str) -> Result:
    columns = (TextColumn("[progress.description]{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(slack)
        slack.app_url = app_url
        companion = await stack.enter_async_context(Companion(slack, command)) if command else None
        progress = stack.enter_context(Progress(*columns, TimeRemainingColumn(), console=console))
        task = progress.add_task("Messages", total=export.count_messages())
        check = companion.check if companion else lambda: None
        result = await replay(slack, export, habits=habits, progress=lambda: progress.advance(task), check=check)
    lost = [one for one in slack.courier.deliveries if one.state == "dropped"]
    if lost:
        console.print(f"{len(lost)} events never reached the app; the last one failed with {lost[-1].attempts[-1:]}.")
    return result


@contextlib.contextmanager
def _sentences() -> Iterator[None]:
    """Say what went wrong in a sentence, and end with code 2."""
    try:
        yield
    except (AppFailed, BadExport, BadManifest, ReplayFailed) as error:
        _give_up(str(error))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            _give_up("Another program uses that port. Choose another with --port, or end that program.")
        _give_up(f"{error.filename or 'It'} does not work: {error.strerror or error}.")


def _give_up(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(2)


if __name__ == "__main__":
    app()
