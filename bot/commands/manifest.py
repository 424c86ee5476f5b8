"""`outloud manifest`: what to paste into Slack."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from bot import addresses, manifest

from .failing import Failure


def show(
    url: Annotated[
        str | None, typer.Option(help="Where Slack reaches Outloud over HTTPS, such as https://bot.example.org.")
    ] = None,
    socket: Annotated[bool, typer.Option("--socket", help="For Socket Mode: Slack needs no address.")] = False,
    no_private: Annotated[
        bool,
        typer.Option(
            "--no-private-channels",
            help="Without the optional scopes and the events by which private channels can be pockets.",
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, without comments, instead of YAML.")] = False,
) -> None:
    """Print the app's manifest, to paste at https://api.slack.com/apps (Create New App, From a manifest)."""
    written = _written(url, socket=socket)
    if no_private:
        written = manifest.without_private_channels(written)
    typer.echo(json.dumps(manifest.content(written), indent=2) if as_json else written, nl=as_json)


def _written(url: str | None, *, socket: bool) -> str:
    if socket == (url is not None):
        raise Failure(
            "Say how Slack reaches Outloud: `outloud manifest --url https://bot.example.org` with your own address, "
            "or `outloud manifest --socket` for Socket Mode."
        )
    if url is None:
        return manifest.for_socket_mode()
    try:
        return manifest.for_address(addresses.public(url))
    except ValueError as error:
        raise Failure(
            f"What --url says {error}. Give the address at which Slack reaches Outloud, such as https://bot.example.org."
        ) from None
