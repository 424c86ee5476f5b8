"""`python -m sandbox`: what a person at a terminal types, and reads."""

import contextlib
import json
import signal
import socket
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.sandbox.librarian import MANIFEST

SMALL = Path(__file__).with_name("small_export")
SANDBOX = [sys.executable, "-W", "error", "-m", "sandbox"]


@pytest.fixture
def manifest(tmp_path: Path) -> str:
    """The librarian's manifest, in a file."""
    path = tmp_path / "manifest.yml"
    path.write_text(yaml.safe_dump(MANIFEST))
    return str(path)


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """Run it to its end."""
    return subprocess.run(  # noqa: S603 -- the test's own words
        [*SANDBOX, *words], capture_output=True, text=True, check=False, timeout=50
    )


@contextlib.contextmanager
def serving(*words: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """`serve`, once it stands, and the environment that it told."""
    process = subprocess.Popen(  # noqa: S603 -- the test's own words
        [*SANDBOX, "serve", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        lines = [process.stdout.readline().strip() for _ in range(3)]
        yield process, dict(line.split("=", 1) for line in lines)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_an_export_is_replayed_to_a_program_and_ends_in_one_line_of_json(tmp_path: Path, manifest: str) -> None:
    """The progress goes to the other output."""
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in SMALL.rglob("*.json"):
            archive.write(file, file.relative_to(SMALL).as_posix())
    command = [sys.executable, "-m", "tests.sandbox.librarian"]
    done = run("replay", str(path), "--manifest", manifest, "--", *command)
    assert (done.returncode, done.stdout.count("\n")) == (0, 1), done.stderr
    told = json.loads(done.stdout)
    assert {name: told[name] for name in ("messages", "keeps", "acknowledged", "posts")} == {
        "messages": 30,
        "keeps": 7,
        "acknowledged": 6,
        "posts": 2,
    }


def test_slack_is_served_until_it_is_interrupted(manifest: str) -> None:
    """With the environment that the app needs, and people in it."""
    with serving("--manifest", manifest, "--port", "0") as (process, environment):
        assert environment.keys() == {"SLACK_API_URL", "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"}
        base = environment["SLACK_API_URL"].removesuffix("/api/")
        with urllib.request.urlopen(f"{base}/sandbox/sees/ana") as answer:  # noqa: S310 -- it is http
            assert json.load(answer)["text"].startswith("What ana sees")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


def test_slack_is_served_with_socket_mode_where_it_is_asked_for(manifest: str) -> None:
    """Whatever the manifest says: the app needs its own token, and no signing secret."""
    with serving("--manifest", manifest, "--port", "0", "--socket") as (_, environment):
        assert environment.keys() == {"SLACK_API_URL", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"}


def test_a_port_that_is_taken_is_a_sentence(manifest: str) -> None:
    """And code 2, without a traceback."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run("serve", "--manifest", manifest, "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert done.stderr == "Another program uses that port. Choose another with --port, or end that program.\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["serve", "--manifest", "nowhere.yml"], "nowhere.yml cannot be read: No such file or directory.\n"),
        (["replay", "nowhere.zip", "--", "true"], "nowhere.zip cannot be read: No such file or directory.\n"),
        (["replay", "nowhere.zip"], "Give either the app's command after `--`, or --app-url for one that runs.\n"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(words: list[str], sentence: str) -> None:
    """And code 2, without a traceback."""
    done = run(*words)
    assert (done.returncode, done.stderr) == (2, sentence)


def test_a_command_that_does_not_exist_is_a_sentence(tmp_path: Path, manifest: str) -> None:
    """The app's, not the sandbox's."""
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("users.json", "[]")
        archive.writestr("channels.json", "[]")
    done = run("replay", str(path), "--manifest", manifest, "--", "/nowhere/app")
    assert (done.returncode, done.stderr) == (2, "/nowhere/app does not work: No such file or directory.\n")
