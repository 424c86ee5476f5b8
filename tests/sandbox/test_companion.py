"""The app as a second program: started, ready, stopped; or not."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import aiohttp
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


async def test_an_app_is_killed_and_started_again_where_it_was() -> None:
    """On the same port, with its environment and what is added for one start; between, events fail and come again."""
    async with Slack(MANIFEST) as slack:
        slack.person("ana")
        slack.channel("tips", members=["ana"])
        async with Companion(slack, LIBRARIAN, {"WHAT": "milk"}) as app:
            first, url = app.pid, slack.app_url
            with pytest.raises(RuntimeError, match="runs already"):
                await app.start()
            await app.kill()
            assert (app.is_running, app.pid, slack.app_url) == (False, 0, url)
            app.check()
            message = await slack.says("ana", "Keep me.", in_="tips")
            await slack.reacts("ana", "bulb", message)
            await app.start({"TITLE": "Chief"})
            assert slack.app_url == url
            assert app.pid != first
            assert environment_of(app) >= {("WHAT", "milk"), ("TITLE", "Chief"), ("PORT", str(app.port))}
            slack.clock.move(60)
            await slack.settled()
            assert slack.sees("ana").reactions(message) == {"bulb": ["ana"], "books": ["librarian"]}
            await app.kill()
            await app.start()
            assert "TITLE" not in dict(environment_of(app))


def environment_of(app: Companion) -> set[tuple[str, str]]:
    """What the app was given."""
    fields = Path(f"/proc/{app.pid}/environ").read_text().split("\0")
    return {(name, value) for name, _, value in (field.partition("=") for field in fields)}


async def test_an_app_that_ended_by_itself_is_waited_for_and_started_again() -> None:
    """With its exit code."""
    async with Slack(MANIFEST) as slack, Companion(slack, LIBRARIAN) as app:
        os.kill(app.pid, signal.SIGKILL)
        assert await app.ended() == -signal.SIGKILL
        await app.start()
        app.check()
        await app.kill()
        await app.kill()


async def test_a_crash_is_not_taken_for_a_kill() -> None:
    """An app that had ended in another way when it was to be killed ended by itself, and that is said."""
    async with Slack(MANIFEST) as slack, Companion(slack, LIBRARIAN) as app:
        os.kill(app.pid, signal.SIGTERM)
        await app.ended()
        with pytest.raises(AppFailed, match=r"ended by itself with code (0|-15)"):
            await app.kill()


async def test_a_paused_app_does_not_answer_until_it_is_resumed() -> None:
    """Its first deadline passes; then it hears what waited for it, too, and adds its mark once."""
    async with Slack(MANIFEST) as slack:
        slack.person("ana")
        slack.channel("tips", members=["ana"])
        async with Companion(slack, LIBRARIAN) as app:
            message = await slack.says("ana", "Keep me.", in_="tips")
            app.pause()
            reacting = asyncio.create_task(slack.reacts("ana", "bulb", message))
            await slack.until(lambda: len(slack.courier.deliveries) == 1)
            slack.clock.move(3.1)
            await slack.until(lambda: slack.courier.deliveries[0].attempts)
            async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.3)) as session:
                with pytest.raises(TimeoutError):
                    await session.get(f"http://127.0.0.1:{app.port}/readyz")
            assert app.is_running
            app.resume()
            await reacting
            assert [one.reason for one in slack.courier.deliveries[0].attempts] == ["http_timeout", ""]
            assert slack.sees("ana").reactions(message)["books"] == ["librarian"]
            app.pause()
        assert await app.stop() in (0, -signal.SIGTERM)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a program with its parent")
async def test_an_app_ends_with_the_program_that_started_it() -> None:
    """Though that was killed, and could not tell it."""
    script = (
        "import asyncio, sys\n"
        "from sandbox.companion import Companion\n"
        "from sandbox.slack import Slack\n"
        "from tests.sandbox.librarian import MANIFEST\n"
        "async def main():\n"
        "    async with Slack(MANIFEST) as slack, Companion(slack, sys.argv[1:]) as app:\n"
        "        print(app.pid, flush=True)\n"
        "        await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, *LIBRARIAN, stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout
    child = int(await parent.stdout.readline())
    assert runs(child)
    parent.kill()
    await parent.wait()
    async with asyncio.timeout(5):
        while runs(child):
            await asyncio.sleep(0.01)


def runs(pid: int) -> bool:
    """Whether a process with this id runs, and is not merely remembered."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def test_a_command_that_cannot_be_run_is_an_error_of_the_system(tmp_path: Path) -> None:
    """One that is not there, and one that may not be run."""
    plain = tmp_path / "plain"
    plain.write_text("no program")
    async with Slack(MANIFEST) as slack:
        for command, error in ((["/nowhere/app"], FileNotFoundError), ([str(plain)], PermissionError)):
            with pytest.raises(error):
                await Companion(slack, command).start()
