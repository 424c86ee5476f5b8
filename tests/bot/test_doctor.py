"""`outloud doctor`: what it says on the whole, of settings, processes and what comes and goes."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest
from filelock import FileLock
from sqlalchemy.engine import URL
from typer.testing import CliRunner

from bot import clock
from bot.commands import app
from sandbox.ports import free_port
from sandbox.slack import Slack
from tests.bot.consulting import Ask, installed, on_sqlite, owe
from tests.bot.program import outloud, ready
from tests.conftest import Bot
from tests.memory import Memory

CHECKS = {"settings", "database", "disk", "process", "port", "token", "scopes", "clock", "events", "outbox"}


def found_in(folder: Path) -> set[str]:
    """The names of what stands in a folder."""
    return {each.name for each in folder.iterdir()}


async def test_where_all_is_well_it_ends_with_0(
    doctor: Ask, empty_slack: Slack, memory: Memory, database_url: URL
) -> None:
    """Before Outloud has run, and after; on both engines. Every check is there."""
    for _ in range(2):
        report = await doctor()
        assert report.status == 0, report.text
        checks = {one["check"] for one in report.checks}
        assert checks == CHECKS - (set() if database_url.get_backend_name() == "sqlite" else {"disk"})
        if not memory.rows("SELECT 1 FROM workspaces"):
            assert report.state("events") == "unknown"
            installed(memory, empty_slack)
    assert {one["state"] for one in report.checks} == {"well"}
    assert empty_slack.world.team_name in report.of("token")["says"]


@on_sqlite
async def test_for_people_it_is_lines_with_signs(doctor: Ask, empty_slack: Slack) -> None:
    """One a check, and below it what to do, unbroken; no colours where there is no terminal."""
    empty_slack.world.app.scopes.discard("reactions:write")
    empty_slack.world.app.scopes.add("chat:write.public")
    lines = (await doctor(as_json=False)).text.splitlines()
    assert lines[0] == "✓ settings: All that is needed is set."
    at = lines.index("✗ scopes: reactions:write is not granted: a keep is not answered with 📚.")
    assert lines[at + 1].startswith("  → At https://api.slack.com/apps, ")
    assert lines[at + 2] == "! scopes: Granted, and needed for nothing: chat:write.public."
    assert any(line.startswith("? events: ") for line in lines)
    assert "\x1b" not in "".join(lines)


def test_its_help_says_what_its_exit_codes_mean() -> None:
    """For whoever calls it from a script."""
    said = " ".join(CliRunner().invoke(app, ["doctor", "--help"]).stdout.split())
    assert "0 where all is well, 1 where there are warnings only, 2 where something stands in the way" in said


async def test_while_a_real_outloud_runs_its_process_and_port_are_known(empty_slack: Slack, tmp_path: Path) -> None:
    """Two programs, one folder: the doctor sees the first, and does not get into its way."""
    port = str(free_port())
    async with outloud(empty_slack, tmp_path, PORT=port):
        empty_slack.app_url = f"http://127.0.0.1:{port}/slack/events"
        await ready(empty_slack)
        async with outloud(empty_slack, tmp_path, command="doctor", PORT=port) as asked, asyncio.timeout(20):
            said, _ = await asked.communicate()
        lines = said.decode().splitlines()
        assert "✓ process: An Outloud is running with sqlite:///outloud.db." in lines
        assert f"✓ port: Outloud answers on 127.0.0.1:{port}, and is ready." in lines
        assert "! events: No event has ever arrived from Slack." in lines
        assert lines[lines.index("! events: No event has ever arrived from Slack.") + 1].startswith("  → At https://")
        assert asked.returncode == 1
        await ready(empty_slack)


@on_sqlite
async def test_without_settings_it_looks_at_nothing_and_makes_nothing(doctor: Ask, tmp_path: Path) -> None:
    """What is missing is said as `outloud run` says it; the other checks say that they could not be made."""
    before = found_in(tmp_path)
    report = await doctor(SLACK_BOT_TOKEN="", PORT="many", DATABASE_URL="mysql://x")
    assert report.status == 2
    faults = [one["says"] for one in report.checks if one["state"] == "fault"]
    assert [fault.split()[0] for fault in faults] == ["SLACK_BOT_TOKEN", "DATABASE_URL", "PORT"]
    assert {one["check"] for one in report.checks if one["state"] == "unknown"} == CHECKS - {"settings", "disk"}
    assert found_in(tmp_path) == before


@on_sqlite
async def test_the_database_is_looked_at_even_where_the_token_is_missing(doctor: Ask) -> None:
    """One fault hides no other."""
    report = await doctor(SLACK_BOT_TOKEN="")
    assert (report.state("settings"), report.state("database"), report.state("token")) == ("fault", "well", "unknown")


@on_sqlite
@pytest.mark.parametrize(
    ("token", "kind"),
    [("xoxp-1-2", "a user's token"), ("xapp-1-2", "an app-level token"), ("xoxe.xoxb-1-2", "rotation"), ("abc", "no")],
)
async def test_another_kind_of_token_is_named(doctor: Ask, token: str, kind: str) -> None:
    """By how it begins; nothing else of it is repeated."""
    report = await doctor(SLACK_BOT_TOKEN=token)
    assert kind in report.of("settings")["says"]
    assert token not in report.text


@on_sqlite
async def test_a_process_that_does_not_note_that_it_is_there_is_a_warning(
    doctor: Ask, empty_slack: Slack, memory: Memory, database_url: URL
) -> None:
    """It holds the file's lock, and waits for something. That it runs is no fault; nor that none does."""
    installed(memory, empty_slack, alive=7200)
    report = await doctor()
    assert "No Outloud is running" in report.of("process")["says"]
    assert "2 hours ago" in report.of("process")["says"]
    with FileLock(f"{database_url.database}.lock"):
        report = await doctor()
        assert (report.state("process"), "2 hours ago" in report.of("process")["says"]) == ("warning", True)
        memory.run("UPDATE workspaces SET alive_at = :now", now=clock.now())
        report = await doctor()
    assert report.state("process") == "well"
    assert report.state("port") == "warning"  # it runs, and nobody listens


async def test_a_running_outloud_is_known_by_its_pulse_and_its_port(doctor: Ask, bot: Bot) -> None:
    """Also where no lock is to be seen: on PostgreSQL, and in this very test."""
    report = await doctor(PORT=str(bot.port))
    assert (report.state("process"), report.state("port")) == ("well", "well")
    assert "is ready" in report.of("port")["says"]


@on_sqlite
async def test_an_outloud_that_is_not_ready_says_why(doctor: Ask, bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its own reasons."""
    assert bot.outloud is not None
    monkeypatch.setattr(bot.outloud._introduction, "installation", None)  # noqa: SLF001 -- as before Slack has answered
    report = await doctor(PORT=str(bot.port))
    assert (report.status, report.state("port")) == (2, "fault")
    assert "who this bot is" in report.of("port")["says"]


@on_sqlite
async def test_a_port_that_another_program_has_is_a_fault(doctor: Ask, empty_slack: Slack) -> None:
    """Whether it speaks HTTP, or nothing at all."""
    port = empty_slack.api_url.rsplit(":", 1)[1].split("/")[0]
    report = await doctor(PORT=port)
    assert (report.status, report.of("port")["says"]) == (2, f"Another program listens on 127.0.0.1:{port}.")


@on_sqlite
async def test_a_port_where_nobody_answers_is_a_fault(doctor: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """It listens, and hangs."""
    monkeypatch.setattr("bot.commands.doctor.process.PATIENCE", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        report = await doctor(PORT=str(taken.getsockname()[1]))
    assert (report.status, "does not answer" in report.of("port")["says"]) == (2, True)


@on_sqlite
async def test_silence_of_more_than_a_weekend_is_a_warning(doctor: Ask, empty_slack: Slack, memory: Memory) -> None:
    """Measured while Outloud was there: what it could not hear is no silence."""
    installed(memory, empty_slack, alive=3, heard=80 * 3600)
    report = await doctor()
    assert (report.status, report.of("events")["says"]) == (1, "For 3 days no event arrived from Slack.")
    assert "Request URL" in report.of("events")["advice"]
    memory.run("UPDATE workspaces SET alive_at = :then", then=clock.now() - 70 * 3600)
    assert (await doctor()).state("events") == "well"


BY_SOCKET = {"SLACK_APP_TOKEN": "xapp-1-A1-2-abc", "SLACK_SIGNING_SECRET": ""}


@on_sqlite
async def test_with_socket_mode_nobody_is_sent_to_a_request_url(
    doctor: Ask, empty_slack: Slack, memory: Memory
) -> None:
    """Neither by the advice on events, nor by any other; and it says how far the app-level token is looked at."""
    installed(memory, empty_slack, heard=None)
    report = await doctor(**BY_SOCKET)
    assert (report.status, report.state("settings"), report.state("events")) == (1, "well", "warning")
    assert "SLACK_APP_TOKEN has the form" in report.of("settings")["says"]
    assert "is Socket Mode on" in report.of("events")["advice"]
    assert "Request URL" not in report.text
    assert "/slack/events" not in report.text


@on_sqlite
async def test_an_app_level_token_of_another_form_is_a_fault(doctor: Ask) -> None:
    """As `outloud run` says it. What stands in its place is not repeated."""
    report = await doctor(**BY_SOCKET | {"SLACK_APP_TOKEN": "xoxb-1-2-abc"})
    assert (report.status, report.state("settings")) == (2, "fault")
    assert report.of("settings")["says"].startswith("SLACK_APP_TOKEN must start with xapp-")


@on_sqlite
async def test_where_settings_are_wrong_no_door_is_guessed(doctor: Ask, empty_slack: Slack, memory: Memory) -> None:
    """Which of the two it will be is not known."""
    installed(memory, empty_slack, heard=None)
    report = await doctor(**BY_SOCKET | {"PORT": "many"})
    assert (report.state("settings"), report.state("events")) == ("fault", "warning")
    assert report.of("events")["advice"].startswith("Mend the settings first")
    assert "Request URL" not in report.text


@on_sqlite
async def test_what_is_parked_and_what_is_late_are_warnings(
    doctor: Ask, empty_slack: Slack, memory: Memory, database_url: URL
) -> None:
    """How many, and the command that shows them. While no Outloud runs, nothing is late."""
    installed(memory, empty_slack)
    owe(memory, empty_slack, "waiting1", state="waiting", due=7200)
    report = await doctor()
    assert (report.status, report.of("outbox")["says"]) == (0, "1 waits, and nothing is parked.")
    owe(memory, empty_slack, "parked1", state="parked", due=7200)
    with FileLock(f"{database_url.database}.lock"):
        report = await doctor()
    parked, late = (one for one in report.checks if one["check"] == "outbox")
    assert (parked["state"], late["state"]) == ("warning", "warning")
    assert parked["says"].startswith("1 entry is parked")
    assert "outloud outbox --parked" in parked["advice"]
    assert "2 hours" in late["says"]
