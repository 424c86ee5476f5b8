"""What an operator types: `outloud run`, `migrate`, `outbox`, `manifest`, `doctor`. Errors are sentences, and exit with 2."""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from typing import Annotated

import typer

from bot.settings import BadSettings

from . import doctor, manifest, outbox, schema, serving
from .failing import Failure

app = typer.Typer(
    name="outloud",
    help="Learning out loud at work, in Slack.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("run")(serving.run)
app.command("migrate")(schema.migrate)
app.command("doctor")(doctor.examine)
app.command("manifest")(manifest.show)
app.add_typer(outbox.app, name="outbox")


def _show_version(wanted: bool) -> None:  # noqa: FBT001 -- typer's way
    if wanted:
        typer.echo(f"outloud {version('outloud')}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version, and exit.")
    ] = False,
) -> None:
    """Learning out loud at work, in Slack. Settings come from the environment, or from a file `.env` here."""


def _arm(failpoints: str) -> None:
    """Where a proof asks for it, and only there, hook its failpoints in."""
    if failpoints.strip():
        from bot.hooks import install  # noqa: PLC0415 -- absent wherever nobody asked for it

        install(failpoints)


def main() -> None:
    """Run the command line. What goes wrong is said in a sentence: no traceback."""
    try:
        _arm(os.environ.get("OUTLOUD_FAILPOINTS", ""))
        app()
    except (BadSettings, Failure) as error:
        print(error, file=sys.stderr)  # noqa: T201 -- the command line's own voice
        sys.exit(2)
