"""The app as a second program: started, ready, stopped; or not."""

import os
import signal
import sys

import pytest

from sandbox import companion
from sandbox.companion import AppFailed, Companion
from sandbox.slack import Slack
from tests.sandbox.librarian import MANIFEST

LIBRARIAN = [sys.executable, "-m", "tests.sandbox.librarian"]


async def test_an_app_is_started_and_hears_and_is_stopped() -> None:
    """As a program of its own, over real HTTP both ways."""
    async with Slack(MANIFEST) as slack:
        slack.person("ana")
        slack.channel("tips", members=["ana"])
        async with Companion(slack, LIBRARIAN) as app:
            assert slack.app_url == f"http://127.0.0.1:{app.port}/slack/events"
            message = await slack.says("ana", "Keep me.", in_="tips")
            await slack.reacts("ana", "bulb", message)
            assert slack.sees("ana").reactions(message) == {"bulb": ["ana"], "books": ["librarian"]}
            await slack.until(lambda: "The librarian unlocks the door." in app.last_lines, what="its first line")
            app.check()
        assert slack.app_url == ""
        assert await app.stop() in (0, -signal.SIGTERM)


async def test_an_app_that_ends_before_it_is_ready_says_why() -> None:
    """With its last lines."""
    script = 'import os, sys; sys.exit(f\'I need {os.environ["WHAT"]} at {os.environ["SLACK_API_URL"]}.\')'
    async with Slack(MANIFEST) as slack:
        with pytest.raises(AppFailed, match=r"(?s)ended with code 1 before it was ready.*I need milk at http://127"):
            async with Companion(slack, [sys.executable, "-c", script], {"WHAT": "milk"}):
                pass


async def test_an_app_that_is_never_ready_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """And one that does not end when it is told to is ended."""
    monkeypatch.setattr(companion, "READY_WITHIN", 1.0)
    monkeypatch.setattr(companion, "STOP_WITHIN", 0.5)
    script = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('no', flush=True); time.sleep(60)"
    )
    async with Slack(MANIFEST) as slack:
        with pytest.raises(AppFailed, match=r"(?s)not ready within 1 seconds.*no"):
            async with Companion(slack, [sys.executable, "-c", script]):
                pass


async def test_an_app_that_ends_by_itself_is_noticed() -> None:
    """By whoever checks."""
    async with Slack(MANIFEST) as slack, Companion(slack, LIBRARIAN) as app:
        assert app.pid
        os.kill(app.pid, signal.SIGKILL)
        await slack.until(lambda: not app.is_running)
        with pytest.raises(AppFailed, match="ended by itself with code -9"):
            app.check()
