"""The pocket that stands in a form already, where somebody comes to it from there."""

from __future__ import annotations

from handlers import blocks
from handlers.blocks import Block
from handlers.desk import Desk
from handlers.slack import viewing
from storage.ids import Person, Place
from storage.places import pockets


async def pocket(desk: Desk, person: Person, place: Place | None) -> Block | None:
    """The option of a pocket that they are in, as Slack says; else they choose one in the form."""
    if place is None:
        return None
    viewer = await viewing.inside(desk, person)
    found = await desk.db.read(pockets.of_viewer, viewer, channel=place.channel)
    return blocks.option(f"#{found[0].name}", found[0].channel) if found else None
