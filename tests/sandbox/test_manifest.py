"""App manifests, read and refused."""

from pathlib import Path
from typing import Any

import pytest

from sandbox.manifest import BadManifest, Manifest, read_manifest

WHOLE = """
display_information: {name: Outloud}
features:
  bot_user: {display_name: Outloud}
  slash_commands:
    - {command: /share, description: Share., should_escape: true}
  shortcuts:
    - {name: Keep this, type: message, callback_id: keep, description: Keep.}
oauth_config:
  scopes: {bot: [commands, "chat:write"], bot_optional: ["groups:read"]}
settings:
  event_subscriptions: {request_url: "https://x.io/slack/events", bot_events: [reaction_added]}
  interactivity: {is_enabled: true}
  socket_mode_enabled: false
"""


def test_a_manifest_says_what_the_app_hears_and_may(tmp_path: Path) -> None:
    """Commands, shortcuts, events, scopes of both kinds, where, and how."""
    path = tmp_path / "manifest.yml"
    path.write_text(WHOLE)
    manifest = read_manifest(path)
    assert manifest.display_name == "Outloud"
    assert {name: command.should_escape for name, command in manifest.commands.items()} == {"/share": True}
    assert [(one.name, one.type, one.callback_id) for one in manifest.shortcuts] == [("Keep this", "message", "keep")]
    assert manifest.bot_events == {"reaction_added"}
    assert manifest.scopes == {"commands", "chat:write"}
    assert manifest.optional_scopes == {"groups:read"}
    assert manifest.request_url == "https://x.io/slack/events"
    assert (manifest.is_interactive, manifest.suggests, manifest.socket_mode) == (True, False, False)
    assert manifest.content["display_information"] == {"name": "Outloud"}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("features: [", r"is not YAML \(line 1\)"),
        ("- a list", "should hold an app manifest"),
        ("features: {slash_commands: [{command: share}]}", r"at `features\.slash_commands\.0\.command`: string should"),
        ("features: {shortcuts: [{name: x, type: both, callback_id: y}]}", r"shortcuts\.0\.type`: input should be"),
        ("settings: {event_subscriptions: {bot_events: yes}}", r"bot_events`: input should be a valid"),
        ("features: {slash_commands: [{command: /share}]}", "its bot scopes must name `commands`"),
    ],
)
def test_a_wrong_manifest_is_refused_with_a_sentence(tmp_path: Path, content: str, sentence: str) -> None:
    """With the file's name and the place."""
    path = tmp_path / "manifest.yml"
    path.write_text(content)
    with pytest.raises(BadManifest, match=f"manifest.yml.*{sentence}"):
        read_manifest(path)


def test_all_faults_are_named_at_once() -> None:
    """So that one correction is enough."""
    features: dict[str, Any] = {"slash_commands": [{"command": "x"}], "shortcuts": [{"name": ""}]}
    with pytest.raises(BadManifest, match=r"slash_commands.*shortcuts\.0\.name.*shortcuts\.0\.type"):
        Manifest({"features": features})
