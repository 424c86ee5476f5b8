"""`make replay`: an export that the project wrote itself, played to the real bot as a program of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from tests.memory import Memory

ROOT = Path(__file__).parent.parent.parent
EXPORT = ROOT / "tests" / "sandbox" / "small_export"


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    """The small export, zipped."""
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in EXPORT.rglob("*.json"):
            archive.write(file, file.relative_to(EXPORT).as_posix())
    return path


def played(*words: str) -> subprocess.CompletedProcess[str]:
    """Run it to its end."""
    command = [sys.executable, "-m", "bench.replay", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=150, check=False)  # noqa: S603


@pytest.mark.long
def test_an_export_becomes_learnings_and_stays_so_when_it_is_played_again(
    packed: Path, database_url: URL, memory: Memory
) -> None:
    """Each kept message once, with its author, curators, words, link and time: the program compares them itself."""
    url = database_url.render_as_string(hide_password=False)
    for _ in range(2):
        run = played(str(packed), "--database-url", url)
        assert run.returncode == 0, run.stderr
        line = json.loads(run.stdout.splitlines()[-1])
        assert list(line) == ["messages", "keeps", "learnings", "acknowledged", "posts", "seconds"]
        assert (line["messages"], line["learnings"], line["acknowledged"]) == (30, 6, 6)
        assert line["keeps"] == 7  # two people keep one of the messages
    assert len(memory.learnings(state=None)) == 6
    memory.run("UPDATE learnings SET link = 'elsewhere' WHERE said_at = (SELECT max(said_at) FROM learnings)")
    run = played(str(packed), "--database-url", url)
    assert run.returncode == 1
    assert "Not remembered as the export has it" in run.stderr, (
        "the comparison sees a link that is not that of the export"
    )


def test_an_export_can_be_played_by_socket_mode(packed: Path, tmp_path: Path) -> None:
    """The same comes of it."""
    run = played(str(packed), "--database-url", f"sqlite:///{tmp_path}/socket.db", "--door", "socket")
    assert run.returncode == 0, run.stderr
    line = json.loads(run.stdout.splitlines()[-1])
    assert (line["messages"], line["learnings"], line["acknowledged"]) == (30, 6, 6)


def test_a_weekly_prompt_collects_each_persons_first_reply(packed: Path, tmp_path: Path) -> None:
    """In front of an export's threads, once each, and no other: the program compares them itself."""
    run = played(str(packed), "--database-url", f"sqlite:///{tmp_path}/prompted.db", "--prompt")
    assert run.returncode == 0, run.stderr
    line = json.loads(run.stdout.splitlines()[-1])
    assert (line["rounds"], line["replies"], line["answers"], line["learnings"]) == (1, 3, 3, 3)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("nowhere.zip",), "nowhere.zip cannot be read"),
        (("{export}", "--door", "window"), "There is no door called window"),
    ],
)
def test_what_can_not_be_played_is_a_sentence(packed: Path, words: tuple[str, ...], says: str) -> None:
    """No traceback."""
    run = played(*(word.format(export=packed) for word in words))
    assert run.returncode != 0
    assert says in run.stderr
    assert "Traceback" not in run.stderr


def test_a_database_with_a_real_workspace_in_it_is_left_alone(packed: Path, database_url: URL, memory: Memory) -> None:
    """An export's people have no business there."""
    memory.run(
        "INSERT INTO workspaces (id, name, url, bot_user, bot, installed_at) VALUES ('T1', 'Real', '', 'U1', 'B1', 0)"
    )
    run = played(str(packed), "--database-url", database_url.render_as_string(hide_password=False))
    assert run.returncode == 1
    assert "holds a real workspace" in run.stderr
    assert memory.rows("SELECT * FROM pockets") == []
