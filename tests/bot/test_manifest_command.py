"""`outloud manifest`: what it prints is manifest.yml, but for where Slack finds Outloud."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from bot.commands import app
from bot.commands.failing import Failure
from sandbox.manifest import Manifest, read_manifest

ROOT = Path(__file__).parent.parent.parent
FILE = ROOT / "manifest.yml"


def printed(*words: str) -> str:
    """What `outloud manifest` says. Raises `Failure`, as it does."""
    done = CliRunner().invoke(app, ["manifest", *words])
    if isinstance(done.exception, Failure):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


def without_addresses(part: Any) -> Any:
    """A manifest without whatever leads to Outloud, and without whether it is by Socket Mode."""
    if isinstance(part, list):
        return [without_addresses(each) for each in part]
    if not isinstance(part, dict):
        return part
    left_out = {"url", "request_url", "message_menu_options_url", "socket_mode_enabled"}
    return {name: without_addresses(value) for name, value in part.items() if name not in left_out}


def test_with_an_address_only_the_addresses_differ(tmp_path: Path) -> None:
    """It loads as an app; and with the address of the file put back it is the file, comments and all."""
    said = printed("--url", "https://bot.example.org")
    assert said.replace("https://bot.example.org", "https://outloud.example.com") == FILE.read_text()
    assert "outloud.example.com" not in said
    (tmp_path / "pasted.yml").write_text(said)
    pasted, own = read_manifest(tmp_path / "pasted.yml"), read_manifest(FILE)
    assert pasted.request_url == "https://bot.example.org/slack/events"
    assert without_addresses(pasted.content) == without_addresses(own.content)


def test_for_socket_mode_there_is_no_address_at_all(tmp_path: Path) -> None:
    """It loads as an app in Socket Mode, with all commands, events and comments; menus still suggest."""
    said = printed("--socket")
    assert not re.search(r"url:|outloud\.example\.com", said)
    assert said.count("#") == FILE.read_text().count("#")
    (tmp_path / "pasted.yml").write_text(said)
    pasted, own = read_manifest(tmp_path / "pasted.yml"), read_manifest(FILE)
    assert (pasted.socket_mode, own.socket_mode) == (True, False)
    assert pasted.suggests
    assert without_addresses(pasted.content) == without_addresses(own.content)


@pytest.mark.parametrize("words", [("--url", "https://bot.example.org"), ("--socket",)])
def test_without_private_channels_nothing_of_them_is_asked_for(tmp_path: Path, words: tuple[str, ...]) -> None:
    """Neither their scopes nor their events; all else stays."""
    said = printed(*words, "--no-private-channels")
    (tmp_path / "pasted.yml").write_text(said)
    pasted, own = read_manifest(tmp_path / "pasted.yml"), read_manifest(FILE)
    assert own.optional_scopes - pasted.optional_scopes == {"groups:read", "groups:history"}
    assert own.bot_events - pasted.bot_events == {
        "channel_id_changed",
        *(f"group_{what}" for what in ("archive", "deleted", "left", "rename", "unarchive")),
        "message.groups",
    }
    assert not re.search("group_|groups", said)
    assert pasted.scopes == own.scopes


@pytest.mark.parametrize("words", [("--url", "https://bot.example.org"), ("--socket",)])
def test_json_says_the_same(words: tuple[str, ...]) -> None:
    """Slack takes either."""
    told = json.loads(printed(*words, "--json"))
    assert told == yaml.safe_load(printed(*words))
    assert Manifest(told).commands


@pytest.mark.parametrize(
    "given",
    ["https://bot.example.org/", "https://BOT.example.org/slack/events", " https://bot.example.org/slack/events/ "],
)
def test_an_address_may_be_given_with_its_path(given: str) -> None:
    """As it stands in a browser, or in Slack's own form."""
    assert printed("--url", given) == printed("--url", "https://bot.example.org")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("http://bot.example.org", "only to https://"),
        ("bot.example.org", "not an address"),
        ("https://", "not an address"),
        ("https://bot.example.org:0", "not an address"),
        ("https://bot.example.org/outloud", "a path"),
        ("https://bot.example.org/slack/events?x=1", "no user, password"),
        ("https://me:hunter2@bot.example.org", "no user, password"),
        ("https://localhost", "only your own"),
        ("https://127.0.0.1:3000", "only your own"),
        ("https://10.1.2.3", "only your own"),
        ("https://[::1]", "only your own"),
        ("https://outloud", "only your own"),
        ("https://nas.local", "only your own"),
        ("https://b\u00f6t.example.org", "as xn--"),
        ("https://my_bot.example.org", "as xn--"),
        ("https://bot.\nexample.org", "not an address"),
    ],
)
def test_an_address_that_slack_could_not_use_is_a_sentence(given: str, why: str) -> None:
    """It says why, what to give, and repeats nothing of it."""
    with pytest.raises(Failure, match=f"^What --url says .*{re.escape(why)}.*Give the address") as refused:
        printed("--url", given)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("words", [(), ("--socket", "--url", "https://bot.example.org"), ("--json",)])
def test_how_slack_reaches_it_must_be_said_once(words: tuple[str, ...]) -> None:
    """Neither, or both: a sentence that names the two."""
    with pytest.raises(Failure, match=r"--url https://.*--socket"):
        printed(*words)


def test_nothing_said_ends_with_2(tmp_path: Path) -> None:
    """In a folder that holds no manifest, as a program of its own; no traceback."""
    words = [sys.executable, "-m", "bot", "manifest"]
    environment = {"PYTHONPATH": str(ROOT)}
    run = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    assert (run.returncode, run.stdout) == (2, "")
    assert "Traceback" not in run.stderr
