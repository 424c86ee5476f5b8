"""`outloud doctor` of Slack: the token, its scopes, the clock, and whatever else may answer."""

from __future__ import annotations

import time

import pytest

from bot import clock
from sandbox.ports import free_port
from sandbox.slack import Slack
from tests.bot.consulting import Ask, installed, on_sqlite
from tests.bot.wire import Fault, Page, Wire
from tests.memory import Memory


@on_sqlite
async def test_a_token_that_slack_does_not_accept_is_a_fault(doctor: Ask) -> None:
    """Slack's clock is seen all the same."""
    report = await doctor(SLACK_BOT_TOKEN="xoxb-0-0-wrong")
    assert report.status == 2
    assert "does not accept SLACK_BOT_TOKEN" in report.of("token")["says"]
    assert report.state("clock") == "well"


@on_sqlite
async def test_a_token_that_is_no_bots_is_a_fault(doctor: Ask, empty_slack: Slack) -> None:
    """Slack names no bot for it."""
    async with Wire(empty_slack.api_url) as wire:
        wire.changes["auth.test"] = lambda told: told.pop("bot_id")
        report = await doctor(SLACK_API_URL=wire.url)
    assert report.status == 2
    assert "no bot's" in report.of("token")["says"]
    assert report.state("scopes") == "unknown"  # that wire lets no header of Slack's through


@on_sqlite
async def test_a_database_of_another_workspace_is_a_warning(doctor: Ask, empty_slack: Slack, memory: Memory) -> None:
    """Two tokens, two databases, and one mistake."""
    installed(memory, empty_slack)
    memory.run("UPDATE workspaces SET id = 'T_OTHER'")
    report = await doctor()
    assert (report.status, report.state("token")) == (1, "warning")
    assert "Acme (T_OTHER)" in report.of("token")["says"]


@on_sqlite
@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (Fault(reaches=False), "broke off"),
        (Fault(reaches=False, page=Page(502, "<html>", "text/html")), "status 502"),
        (Fault(reaches=False, page=Page(200, "hello", "text/plain")), "not Slack's Web API"),
        (Fault(reaches=False, page=Page(200, "{", "application/json")), "not Slack's Web API"),
    ],
)
async def test_whatever_else_answers_in_slacks_place_is_a_sentence(
    doctor: Ask, empty_slack: Slack, fault: Fault, why: str
) -> None:
    """A connection that breaks, a proxy's page, something that is no JSON: what it is, and what to look at."""
    async with Wire(empty_slack.api_url) as wire:
        wire.fails("auth.test", fault)
        report = await doctor(SLACK_API_URL=wire.url)
    assert (report.status, report.state("token")) == (2, "fault")
    assert why in report.of("token")["says"]
    assert report.of("token")["advice"]
    assert (report.state("scopes"), "Traceback" in report.text) == ("unknown", False)


@on_sqlite
async def test_slack_out_of_reach_is_a_sentence(doctor: Ask) -> None:
    """Nobody listens there, or the name is not known."""
    report = await doctor(SLACK_API_URL=f"http://127.0.0.1:{free_port()}/api/")
    assert "connection refused" in report.of("token")["says"]
    report = await doctor(SLACK_API_URL="https://slack.invalid/api/")
    assert "its name is not known" in report.of("token")["says"]
    assert (report.state("scopes"), report.state("clock")) == ("unknown", "unknown")


@on_sqlite
async def test_slack_asking_to_wait_says_nothing_against_the_token(doctor: Ask, empty_slack: Slack) -> None:
    """A warning, to ask again."""
    empty_slack.fails("auth.test", "429", times=1)
    report = await doctor()
    assert (report.status, report.state("token")) == (1, "warning")


@on_sqlite
async def test_each_missing_scope_says_what_stops_working(doctor: Ask, empty_slack: Slack) -> None:
    """And that the manifest has to be pasted and the app installed again."""
    empty_slack.world.app.scopes -= {"reactions:write", "im:write"}
    report = await doctor()
    scopes = [one for one in report.checks if one["check"] == "scopes"]
    assert [(one["state"], one["says"].split()[0]) for one in scopes] == [
        ("fault", "im:write"),
        ("fault", "reactions:write"),
    ]
    assert "📚" in scopes[1]["says"]
    assert all("outloud manifest" in one["advice"] for one in scopes)
    assert report.status == 2


@on_sqlite
async def test_a_scope_that_nobody_needs_is_a_warning(doctor: Ask, empty_slack: Slack) -> None:
    """Least privilege."""
    empty_slack.world.app.scopes.add("users:read.email")
    report = await doctor()
    assert (report.status, report.state("scopes")) == (1, "warning")
    assert "users:read.email" in report.of("scopes")["says"]


@on_sqlite
@pytest.mark.parametrize(("ahead", "state"), [(55, "well"), (-55, "well"), (90, "warning"), (-90, "warning")])
async def test_a_clock_that_is_a_little_wrong_is_a_warning(
    doctor: Ask, monkeypatch: pytest.MonkeyPatch, ahead: int, state: str
) -> None:
    """By the date of Slack's answer, from a minute on."""
    monkeypatch.setattr(clock, "now", lambda: time.time() + ahead)
    assert (await doctor()).state("clock") == state


@on_sqlite
@pytest.mark.parametrize(("ahead", "says"), [(400, "7 minutes ahead of"), (-4000, "67 minutes behind")])
async def test_a_clock_by_which_signatures_are_refused_is_a_fault(
    doctor: Ask, monkeypatch: pytest.MonkeyPatch, ahead: int, says: str
) -> None:
    """Five minutes is what the front door allows."""
    monkeypatch.setattr(clock, "now", lambda: time.time() + ahead)
    report = await doctor()
    assert (report.status, report.state("clock")) == (2, "fault")
    assert says in report.of("clock")["says"]
    report = await doctor(SLACK_APP_TOKEN="xapp-1-A1-2-abc")  # by which nothing is signed
    assert (report.status, report.state("clock")) == (1, "warning")


@on_sqlite
async def test_what_is_optional_and_not_granted_is_told_with_what_it_brings(doctor: Ask, empty_slack: Slack) -> None:
    """That is well; half of what private channels need is not."""
    empty_slack.world.app.scopes -= {"emoji:read", "groups:read", "groups:history"}
    report = await doctor()
    optional = [one for one in report.checks if one["check"] == "optional scopes"]
    assert {one["state"] for one in (*optional, report.of("scopes"))} == {"well"}
    told = " ".join(one["says"] for one in optional)
    assert "emoji:read: a pocket's own emoji" in told
    assert "groups:read: private channels can't be pockets" in told
    empty_slack.world.app.scopes |= {"groups:read"}
    report = await doctor()
    assert report.state("scopes") == "warning"
    assert "groups:history is not" in report.of("scopes")["says"]
