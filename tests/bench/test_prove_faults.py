"""faults, in its short form, on both engines."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.prove.faults import FAULTS
from tests.bench.trials import prove


@pytest.mark.timeout(170)
async def test_nothing_is_lost_or_doubled_by_faults(tmp_path: Path) -> None:
    """A fifth of all calls and deliveries goes wrong."""
    await prove(FAULTS, tmp_path)
