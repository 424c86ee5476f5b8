"""The stage of all tests here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.storage.prompts.stage import Stage, new_stage


@pytest.fixture
def stage(engine: Engine) -> Iterator[Stage]:
    """A pocket that ana leads."""
    with Session(engine) as session:
        yield new_stage(session)
