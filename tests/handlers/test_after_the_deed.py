"""What goes wrong once something is saved: nobody is told that nothing was, so that nobody does it again."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from slack_bolt.context.respond.async_respond import AsyncRespond

import handlers
import storage.experts.refusals
import storage.prompts.refusals
from handlers import answers, explaining, routing
from handlers.desk import Call
from handlers.explaining import Stands
from handlers.late import Late
from sandbox.records import Channel
from sandbox.slack import Slack
from storage import refusals
from storage.db.database import Database
from storage.refusals import Refusal, Unavailable
from tests.handlers.learned.test_helped import shares
from tests.handlers.prompting.test_board import board, form_of, scheduled
from tests.memory import Memory

SAVED, NOTHING = Stands().words, "nothing was saved"


async def _fails() -> None:
    raise Unavailable


async def _hangs() -> None:
    await asyncio.sleep(60)


@pytest.fixture(params=[_fails, _hangs], ids=["the database is away", "it takes too long"])
def afterwards(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Once called: whoever has written something in a delivery can read nothing any more in it."""
    write, read, wrote = Call.write, Database.read, set[asyncio.Task[Any] | None]()
    trouble: Callable[[], Awaitable[None]] = request.param

    async def remembered(self: Call, *args: Any, **kwargs: Any) -> Any:
        result = await write(self, *args, **kwargs)
        wrote.add(asyncio.current_task())
        return result

    async def troubled(self: Database, *args: Any, **kwargs: Any) -> Any:
        if asyncio.current_task() in wrote:
            await trouble()
        return await read(self, *args, **kwargs)

    def begin() -> None:
        monkeypatch.setattr(routing, "DEADLINE", 0.5)
        monkeypatch.setattr(Call, "write", remembered)
        monkeypatch.setattr(Database, "read", troubled)

    return begin


async def test_a_press_that_was_saved_is_told_so(
    slack: Slack, pocket: Channel, memory: Memory, afterwards: Callable[[], None]
) -> None:
    """Pressed again, as whoever reads *nothing was saved* does, it would be taken back."""
    card = await shares(slack, pocket, memory)
    afterwards()
    answer = await slack.presses("cleo", "It helped me", on=card)
    assert memory.rows("SELECT standing FROM helps")[0]["standing"]
    assert (answer.failed, answer.text) == ("", SAVED)


async def test_a_command_that_was_saved_is_told_so(
    slack: Slack, pocket: Channel, afterwards: Callable[[], None]
) -> None:
    """And its words are not given back to be typed again."""
    afterwards()
    answer = await slack.types("ben", "/askme python, incident review", in_=pocket)
    assert SAVED in answer.text
    assert answer.ephemeral
    assert "incident" not in slack.text_of(answer.ephemeral)


async def test_a_form_that_could_not_be_opened_saved_nothing(slack: Slack, pocket: Channel) -> None:
    """That whoever types `/share` is in the channel is noted on the way."""
    slack.fails("views.open", "error before")
    answer = await slack.types("ben", "/share", in_=pocket)
    assert answer.form is None
    assert SAVED not in answer.text
    assert "nothing was done" in answer.text


async def test_a_form_that_was_saved_does_not_stay_open(
    slack: Slack, pocket: Channel, memory: Memory, afterwards: Callable[[], None]
) -> None:
    """It shows the sentence instead of its fields."""
    await scheduled(slack, pocket)
    form = await form_of(slack, await board(slack, pocket), "Pause…")
    afterwards()
    sent = await slack.submits("ana", form, {"until": "2041-01-01"})
    assert memory.rows("SELECT paused_until FROM schedules")[0]["paused_until"]
    assert not sent.errors
    assert sent.form
    assert SAVED in slack.text_of(sent.form)


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Slack takes no private answer before this is set, and the ack does not wait for it."""
    taken, respond = asyncio.Event(), AsyncRespond.__call__

    async def slow(self: AsyncRespond, *args: Any, **kwargs: Any) -> Any:
        await taken.wait()
        return await respond(self, *args, **kwargs)

    monkeypatch.setattr(AsyncRespond, "__call__", slow)
    monkeypatch.setattr(answers, "PATIENCE", 0.05)
    return taken


async def test_what_slack_was_slow_to_take_is_said_behind_the_ack(
    slack: Slack, pocket: Channel, memory: Memory, slowly: asyncio.Event
) -> None:
    """*Undo* has undone it: whoever pressed it reads so, a little later."""
    shared = await slack.types("ben", "/share Words of mine.", in_=pocket)
    assert shared.ephemeral
    undone = await slack.presses("ben", "share.undo", on=shared.ephemeral)
    assert (memory.learnings(), undone.failed, undone.text) == ([], "", shared.text)
    slowly.set()
    await slack.until(lambda: "Taken back" in undone.text, what="the late answer")


async def test_what_is_still_being_said_ends_with_outloud(caplog: pytest.LogCaptureFixture) -> None:
    """For a moment it is waited for; a defect in it is no silence of Slack's."""
    late, loop = Late(), asyncio.get_running_loop()
    late_ones, never = [], asyncio.Event()

    async def soon() -> None:
        await asyncio.sleep(0.05)
        late_ones.append("said")

    async def unsaid() -> None:
        raise TimeoutError

    async def broken() -> None:
        raise ZeroDivisionError

    for saying in (soon(), never.wait(), unsaid()):
        await late.say(saying, until=loop.time())
    with pytest.raises(ZeroDivisionError):
        await late.say(broken(), until=loop.time() + 1)
    await late.stop()
    assert late_ones == ["said"]
    assert "could not answer: TimeoutError" in caplog.text
    await late.stop()  # nothing is on its way any more


NOTED = {"answers.py", "home/acts.py", "home/page.py", "learned/sharing.py", "slack/looking.py"}
"""Where something is only noted on the way: that a Home is looked at, who is in a channel."""


def test_whatever_was_asked_for_is_written_as_such() -> None:
    """By `Call.write`: what goes past it could be called unsaved afterwards."""
    house = Path(handlers.__file__).parent
    past = {str(one.relative_to(house)) for one in house.rglob("*.py") if "call.desk.db.write" in one.read_text()}
    assert past == NOTED


def test_each_sentence_that_says_nothing_was_done_is_known_as_one() -> None:
    """So that none of them is said of what stands."""
    modules = (refusals, explaining, storage.experts.refusals, storage.prompts.refusals)
    for module in modules:
        for name, one in inspect.getmembers(module, inspect.isclass):
            if issubclass(one, Refusal) and one.__module__ == module.__name__:
                says_so = any(words in (one.__doc__ or "") for words in ("nothing was ", "nothing is shown"))
                assert one.nothing_done == says_so, name
