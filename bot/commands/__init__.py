"""What an operator types: `outloud run`, `migrate`, `outbox`, `export`, `import`, `search`, `experts`, `manifest`, `doctor`."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from typing import Annotated, Any

import typer
import typer.main
from typer.core import TyperGroup

from bot.settings import BadSettings

from .failing import Failure

COMMANDS = {
    "run": ("serving", "run"),
    "migrate": ("schema", "migrate"),
    "doctor": ("doctor", "examine"),
    "export": ("export", "export"),
    "search": ("search", "search"),
    "import": ("importing", "import_"),
    "experts": ("experts", "experts"),
    "manifest": ("manifest", "show"),
    "outbox": ("outbox", "app"),
}
"""In which module here each of them stands, and by which name."""


class _Commands(TyperGroup):
    """Imports a command when it is asked for: all of them take two seconds of a slow machine, `migrate` less than one."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401
        super().__init__(**settings)
        self.commands = dict.fromkeys(COMMANDS)  # type: ignore[assignment]  # only the names: a typo is compared with them

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002 -- typer's own, which it does not name
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        found = getattr(import_module(f"{__name__}.{module}"), name)
        _look_for_garbage()
        if not isinstance(found, typer.Typer):
            alone = typer.Typer(add_completion=False)
            alone.command(cmd_name)(found)
            found = alone
        command = typer.main.get_command(found)
        command.name = cmd_name
        return command


app = typer.Typer(
    cls=_Commands,
    name="outloud",
    help="Learning out loud at work, in Slack.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _look_for_garbage() -> None:
    """Where the start put it off (`bot.__main__`): from now on, and never again among what was imported."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def _show_version(wanted: bool) -> None:  # noqa: FBT001 -- typer's way
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415 -- nothing else asks for it

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
