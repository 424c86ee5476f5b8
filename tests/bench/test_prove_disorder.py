"""disorder: that a difference would be seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.prove import disorder
from bench.prove.model import Said
from tests.bench.trials import short


async def test_a_difference_is_found_and_told_with_its_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The model is made to believe that no reaction keeps anything."""
    monkeypatch.setattr(Said, "react", lambda *_args, **_more: None)
    monkeypatch.setattr(disorder, "SHORTEN_FOR", 0.0)
    tally = await disorder.prove(short("sqlite", tmp_path))
    assert "should not be remembered" in " ".join(tally.wrong)
    assert "The shortest history that shows it: " in tally.wrong[-1]
