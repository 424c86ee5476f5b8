"""What tests say where a machine has no PostgreSQL."""

from __future__ import annotations

import pytest

from tests import databases


@pytest.mark.parametrize(("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_a_machine_without_postgresql_skips_in_one_line_and_fails_in_ci(
    monkeypatch: pytest.MonkeyPatch, ci: str, outcome: type[BaseException]
) -> None:
    """What is missing is said either way."""
    monkeypatch.setattr(databases, "POSTGRES", "postgresql://nobody@127.0.0.1:1/none")
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match=r"no PostgreSQL at 127\.0\.0\.1:1 \(TEST_POSTGRES_URL") as said:
        databases.require_postgres()
    assert ci or "\n" not in str(said.value)
