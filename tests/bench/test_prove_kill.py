"""kill, in its short form, on both engines; and that what it looks for would be seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.prove.kill import KILL
from tests.bench.trials import prove


@pytest.mark.timeout(170)
async def test_nothing_is_lost_or_doubled_by_kills(tmp_path: Path) -> None:
    """At two failpoints, in a migration, and at random moments."""
    await prove(KILL, tmp_path)
