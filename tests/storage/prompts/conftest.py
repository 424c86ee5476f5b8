"""The stage of all tests here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from storage import channels, pockets
from storage.channels import ChannelFacts
from storage.ids import ChannelId, Person, Place
from tests.storage.prompts.stage import ANA, Stage
from tests.storage.rows import open_workspace


@pytest.fixture
def stage(engine: Engine) -> Iterator[Stage]:
    """A pocket that ana leads."""
    with Session(engine) as session:
        place = Place(open_workspace(session), ChannelId("C1"))
        pockets.start(
            session, place, ChannelFacts("learning", is_private=False), by=Person(place.workspace, ANA), at=1.0
        )
        channels.seen(session, place, Person(place.workspace, ANA), at=1.0)
        yield Stage(session, place)
