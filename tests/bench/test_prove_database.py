"""database, in its short form, on both engines."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.prove.database import DATABASE
from tests.bench.trials import prove


@pytest.mark.timeout(170)
async def test_nothing_is_lost_or_doubled_when_the_memory_goes_away(tmp_path: Path) -> None:
    """Each kind of outage, once."""
    await prove(DATABASE, tmp_path)
