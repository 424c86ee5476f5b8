"""The Makefile: what a newcomer types first."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
MAKEFILE = (ROOT / "Makefile").read_text()


def make(*words: str, folder: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run make. In this folder .venv is taken as ready (`-o`): a test doesn't change what it runs from."""
    inherited = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}}
    command = ["make", *(["-o", ".venv/ready"] if folder == ROOT else []), *words]
    return subprocess.run(  # noqa: S603 -- our own words
        command, cwd=folder, env=inherited | environment, capture_output=True, text=True, check=False
    )


def targets() -> set[str]:
    """The targets that are no files."""
    (names,) = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    return set(names.split())


def test_make_alone_shows_what_there_is() -> None:
    """One line for each target, and for none that does not exist."""
    shown = make()
    assert shown.returncode == 0
    lines = shown.stdout.splitlines()
    assert {line.split()[1] for line in lines} == targets()
    assert all(len(line.split()) > 3 for line in lines), "each says what it does"


def test_every_target_does_something() -> None:
    """A promise without a recipe would be green."""
    for name in targets():
        assert re.search(rf"^{name}:.*\n\t.", MAKEFILE, re.MULTILINE), name


def test_what_runs_alone_stands_where_make_test_looks_for_it() -> None:
    """It would run nowhere elsewhere."""
    (folder,) = re.findall(r"pytest -n0 -m alone (\S+)$", MAKEFILE, re.MULTILINE)
    alone = [path for path in ROOT.glob("tests/**/test_*.py") if "@pytest.mark.alone\n" in path.read_text()]
    assert alone
    assert all(path.is_relative_to(ROOT / folder) for path in alone)


def test_a_replay_without_an_export_says_what_to_say() -> None:
    """A sentence, not a traceback."""
    said = make("replay", EXPORT="")
    assert said.returncode != 0
    assert "make replay EXPORT=path/to/export.zip" in said.stderr


def test_a_replay_leaves_the_database_of_the_environment_alone() -> None:
    """It needs an empty one; the one in the environment may hold people's learnings."""
    plain = make("-n", "replay", "EXPORT=x.zip", DATABASE_URL="postgresql://db/learnings")
    assert "--database-url" not in plain.stdout
    told = make("-n", "replay", "EXPORT=x.zip", "DATABASE_URL=postgresql://db/empty", "DOOR=http")
    assert '--database-url "$DATABASE_URL" --door "$DOOR"' in told.stdout


def test_a_python_that_is_too_old_is_told_in_a_sentence(tmp_path: Path) -> None:
    """With what to do about it, and before anything is made."""
    (tmp_path / "Makefile").write_text(MAKEFILE)
    for name in ("requirements-dev.lock", "pyproject.toml"):
        (tmp_path / name).touch()
    said = make("run", "PYTHON=/bin/false", folder=tmp_path)
    assert said.returncode != 0
    assert "Outloud needs Python 3.11 or newer" in said.stderr
    assert not (tmp_path / ".venv").exists()
