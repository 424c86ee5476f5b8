"""What Slack answered lately holds for a while, is asked once at a time, and is not asked where it was asked too often."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from handlers.slack.lately import Lately
from storage.ids import Person, PersonId, WorkspaceId

ANA, BEN = (Person(WorkspaceId("T1"), PersonId(name)) for name in ("UANA", "UBEN"))


class Slack:
    """Answers with how often it was asked, when it is let to."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.asked: list[Person] = []
        self.error: Exception | None = None
        self.open = asyncio.Event()
        self.open.set()
        self.lately = Lately(self.question, now=lambda: self.now, fresh=60.0, most=2)

    async def question(self, person: Person) -> int:
        """What is asked: the answer is how often it was."""
        self.asked.append(person)
        count = len(self.asked)
        await self.open.wait()
        if self.error:
            raise self.error
        return count

    async def about(self, person: Person = ANA, *, patience: float = 5.0) -> int | None:
        """Ask it, with so many seconds to wait."""
        return await self.lately.about(person, until=asyncio.get_running_loop().time() + patience)


@pytest.fixture
def slack() -> Slack:
    """Slack, at your service."""
    return Slack()


def _refused(answer: Any) -> SlackApiError:
    return SlackApiError("no", answer)  # type: ignore[no-untyped-call]


def too_often(**headers: str) -> SlackApiError:
    """Slack's 429."""
    facts: dict[str, Any] = {"http_verb": "POST", "api_url": "", "req_args": {}, "data": {"error": "ratelimited"}}
    return _refused(AsyncSlackResponse(client=None, headers=headers, status_code=429, **facts))


async def test_an_answer_holds_for_a_minute_and_no_longer(slack: Slack) -> None:
    """From when it was asked; also where the clock was set back since."""
    answers = []
    for now in (1000.0, 1060.0, 1060.5, 1000.0, 1120.0):
        slack.now = now
        answers.append(await slack.about())
    assert answers == [1, 1, 2, 3, 4]


async def test_what_became_of_somebody_makes_it_fresher(slack: Slack) -> None:
    """Also where the answer was under way already: it is of before."""
    slack.open.clear()
    before = asyncio.create_task(slack.about())
    while not slack.asked:
        await asyncio.sleep(0)
    slack.lately.forget(ANA)
    slack.open.set()
    assert (await before, await slack.about(), await slack.about()) == (1, 2, 2)
    slack.lately.forget(ANA)
    assert await slack.about() == 3


async def test_many_who_ask_at_once_ask_once(slack: Slack) -> None:
    """Each sign that somebody types asks."""
    slack.open.clear()
    asking = [asyncio.create_task(slack.about()) for _ in range(5)]
    await asyncio.sleep(0)
    slack.open.set()
    assert await asyncio.gather(*asking) == [1] * 5


async def test_what_comes_too_late_is_there_the_next_time(slack: Slack) -> None:
    """Nobody waits longer than they can; the answer is not thrown away."""
    slack.open.clear()
    assert await slack.about(patience=0.01) is None
    slack.open.set()
    assert await slack.about() == 1
    assert slack.asked == [ANA]


async def test_slack_is_left_alone_for_as_long_as_it_says(slack: Slack) -> None:
    """By whoever asks; an answer that still holds is given all the same."""
    await slack.about(BEN)
    slack.error = too_often(**{"Retry-After": "30"})
    assert await slack.about() is None
    slack.error = None
    slack.now += 29.9
    assert (await slack.about(), await slack.about(BEN), slack.asked) == (None, 1, [BEN, ANA])
    slack.now += 0.2
    assert await slack.about() == 3


@pytest.mark.parametrize("error", [TimeoutError(), OSError(), too_often(), _refused({"error": "x"})])
async def test_no_answer_is_none_and_is_asked_again(slack: Slack, error: Exception) -> None:
    """It is not remembered: the next answer may come."""
    slack.error = error
    assert await slack.about() is None
    slack.error, slack.now = None, slack.now + 1.1
    assert await slack.about() == 2


async def test_the_oldest_answers_go(slack: Slack) -> None:
    """It does not grow with the company."""
    people = [Person(WorkspaceId("T1"), PersonId(f"U{number}")) for number in range(3)]
    assert [await slack.about(one) for one in [*people, *people[::-1]]] == [1, 2, 3, 3, 2, 4]


async def test_a_stop_gives_up_what_is_being_asked(slack: Slack) -> None:
    """Nothing is left running."""
    slack.open.clear()
    assert await slack.about(patience=0.01) is None
    await slack.lately.stop()
    slack.open.set()
    assert await slack.about() == 2
