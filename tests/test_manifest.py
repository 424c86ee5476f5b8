"""manifest.yml and the code hold each other, both ways: what Slack may deliver is answered, and no scope is idle."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import handlers
from bot.pace import METHODS as PACED
from bot.pace import TIERS
from handlers import blocks, words
from sandbox.api.table import METHODS
from sandbox.audience import MESSAGES, OWN_SCOPES, READERS
from storage.ids import ChannelId, LearningId, PersonId, Place, WorkspaceId
from storage.learnings import LearningView

ROOT = Path(__file__).parent.parent
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text())
SCOPES: list[str] = MANIFEST["oauth_config"]["scopes"]["bot"]
EVENTS: list[str] = MANIFEST["settings"]["event_subscriptions"]["bot_events"]

CALL = re.compile(r"\b(auth|bots|chat|conversations|emoji|reactions|team|users|views)_([a-z]+[A-Z]?[A-Za-z]*)\b")
"""A call of slack_sdk's client, such as `chat_postMessage`, or its method in passing."""

SCOPE_OF = OWN_SCOPES | dict(MESSAGES.values())
"""What an event takes, but of those that tell of a channel."""

NARROW = {
    "conversations.history": {"channels:history", "im:history"},
    "conversations.info": {"channels:read"},
    "conversations.members": {"channels:read"},
    "conversations.open": {"im:write"},
    "conversations.replies": {"channels:history", "im:history"},
}
"""Of methods that take any of several scopes: which are meant. Outloud goes into public channels, and direct messages."""

LEARNING = LearningView(
    id=LearningId("L1"),
    place=Place(WorkspaceId("T1"), ChannelId("C1")),
    author=PersonId("U1"),
    kind="idea",
    words="w",
    why="y",
    topics=("t",),
    without_name=False,
    state="live",
    source_ts=None,
    card_ts=None,
    link=None,
    said_at=0.0,
)


def test_the_commands_are_those_that_are_answered() -> None:
    """Each command of the manifest has a handler, and each handler's command is in the manifest."""
    assert [one["command"] for one in MANIFEST["features"]["slash_commands"]] == list(handlers.COMMANDS)


def test_the_events_are_those_that_are_answered() -> None:
    """An event that nobody answers would be a 404, and count as a failure at Slack."""
    assert {event.partition(".")[0] for event in EVENTS} == {event.partition(".")[0] for event in handlers.EVENTS}
    assert sorted(EVENTS) == EVENTS


def test_there_are_no_shortcuts_as_long_as_nothing_answers_them() -> None:
    """The same, for shortcuts."""
    assert "shortcuts" not in MANIFEST["features"]


def test_whatever_can_be_pressed_or_sent_is_answered_and_nothing_else() -> None:
    """The buttons, forms and suggesting menus that `blocks` can make, and the routes."""
    pocket = blocks.option("#c", "C1")
    forms = [blocks.share_form(metadata="{}", pocket=pocket), blocks.details_form(LEARNING, metadata="{}")]
    surfaces = [*forms, *blocks.shared("L1"), *blocks.never_kept("t", "L1", still_kept=1), blocks.message_form("t")]
    source = (ROOT / "handlers" / "keeping.py").read_text()
    buttons = {*_found(surfaces, "button"), *re.findall(r'"(ke(?:ep|pt)\.[a-z_]+)"', source)}
    assert buttons == set(handlers.ACTIONS)
    assert {form["callback_id"] for form in forms} == set(handlers.FORMS)
    suggesting = {*_found(surfaces, "external_select"), *_found(surfaces, "multi_external_select")}
    assert suggesting == set(handlers.SUGGESTIONS)


def test_whatever_can_be_owed_has_a_duty_and_nothing_else() -> None:
    """Each kind that storage puts into the outbox (directly, or through `owe_words` or `owe_members`), and the duties."""
    sources = "".join(path.read_text() for path in (ROOT / "storage").glob("*.py"))
    owed = re.findall(
        r'\b_?owe\(\s*session,\s*[\w.]+,\s*"([a-z ]+)"|owe_words\(session, "([a-z ]+)"|owe_members\([^)"]*"([a-z ]+)"',
        sources,
    )
    assert {"".join(one) for one in owed} == set(handlers.DUTIES)


def test_each_scope_is_needed_and_each_need_has_its_scope() -> None:
    """By the methods that the code calls and the events it subscribes to; nothing more is asked of an admin."""
    called = _called_methods()
    needed = {"commands"}
    for method in called:
        needed |= NARROW.get(method) or set(METHODS[method].scopes[:1])
    needed |= {scope for event in EVENTS if (scope := SCOPE_OF.get(event, READERS["channel"]))}
    assert needed == set(SCOPES)
    assert sorted(SCOPES) == SCOPES


def test_every_method_that_is_called_has_a_pace() -> None:
    """The outbox's own methods: the worker must know how often each may be called."""
    duties = {duty.method for duty in handlers.DUTIES.values()} - {"chat.postMessage"}
    assert {method: TIERS[PACED[method]] for method in duties} == {
        method: int(METHODS[method].tier) for method in duties
    }


def test_every_address_leads_to_the_front_door() -> None:
    """One path for commands, events, forms and suggestions."""
    settings = MANIFEST["settings"]
    addresses = [
        *(one["url"] for one in MANIFEST["features"]["slash_commands"]),
        settings["event_subscriptions"]["request_url"],
        settings["interactivity"]["request_url"],
        settings["interactivity"]["message_menu_options_url"],
    ]
    assert {address.removeprefix("https://outloud.example.com") for address in addresses} == {"/slack/events"}


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        (MANIFEST["display_information"]["name"], 35),
        (MANIFEST["display_information"]["description"], 140),
        (MANIFEST["features"]["bot_user"]["display_name"], 80),
        *((one["command"], 32) for one in MANIFEST["features"]["slash_commands"]),
        *((one["description"], 2000) for one in MANIFEST["features"]["slash_commands"]),
        *((one["usage_hint"], 1000) for one in MANIFEST["features"]["slash_commands"]),
    ],
)
def test_its_texts_fit(text: str, limit: int) -> None:
    """Slack's limits (docs.slack.dev/reference/app-manifest)."""
    assert 0 < len(text) <= limit


def test_its_name_is_the_one_that_people_read() -> None:
    """The working name stands in one constant, and here."""
    assert MANIFEST["display_information"]["name"] == MANIFEST["features"]["bot_user"]["display_name"] == words.NAME


def _called_methods() -> set[str]:
    found = set()
    for folder in ("bot", "handlers"):
        for path in (ROOT / folder).rglob("*.py"):
            for family, rest in CALL.findall(path.read_text()):
                if f"{family}.{rest}" in METHODS:
                    found.add(f"{family}.{rest}")
    return found


def _found(inside: Any, kind: str) -> set[str]:
    """The action_ids of every element of a kind, however deep."""
    if isinstance(inside, list):
        return set().union(*(_found(one, kind) for one in inside))
    if not isinstance(inside, dict):
        return set()
    own = {str(inside["action_id"])} if inside.get("type") == kind and "action_id" in inside else set()
    return own.union(*(_found(one, kind) for one in inside.values()))
