"""Who tells the tour: shows what somebody did, and checks that what they and others see of it is as told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.text import Text

from .slack import NeverHappened

if TYPE_CHECKING:
    from .answers import Answer
    from .records import Ephemeral, Message, View
    from .slack import Slack

WITHIN = 10.0
"""Real seconds that a step may take until everybody sees what it tells."""

Value = TypeVar("Value")


class NotAsTold(Exception):
    """Somebody saw something else than the tour tells."""


@dataclass
class Teller:
    """Shows the steps on the terminal, and checks that what people see is what was told."""

    slack: Slack
    console: Console
    steps: int = 0
    failures: list[str] = field(default_factory=list)
    proven: set[str] = field(default_factory=set)
    """What of all that the tour is to show somebody saw."""

    async def step(self, title: str, play: Callable[[Teller], Awaitable[None]]) -> None:
        """Play one step; what is not as told is shown, and the tour goes on."""
        self.steps += 1
        self.console.print(f"\n[bold]{self.steps}. {escape(title)}[/bold]")
        try:
            await play(self)
        except (NotAsTold, NeverHappened, LookupError, ValueError) as wrong:
            self.failures.append(f"Step {self.steps}: {wrong}")
            self.console.print(f"   [red]not as told:[/red] {escape(str(wrong))}")

    def does(self, who: str, what: str) -> None:
        """Tell what somebody does."""
        self.console.print(Padding(f"[cyan]{who}[/cyan] {escape(what)}", (0, 2, 0, 3), expand=False))

    def form(self, answer: Answer) -> View:
        """The form that came of it."""
        form = answer.form
        if form is None:
            raise NotAsTold("No form opened.")
        return form

    def saw(self, who: str, text: str, *, expected: str, proves: str = "") -> None:
        """Tell what somebody saw, which must contain `expected`, and `proves` something that the tour is to show."""
        if expected.lower() not in text.lower():
            raise NotAsTold(f"{who} should have seen “{expected}”, and saw: {text or 'nothing'}")
        self.shows(who, text)
        self.proven.add(proves)

    def shows(self, who: str, text: str) -> None:
        """Tell what somebody sees, once it is sure that they do."""
        self.console.print(f"   [green]{who}[/green] sees")
        self.console.print(Padding(Text(text, style="dim"), (0, 2, 0, 6), expand=False))

    async def until(self, found: Callable[[], Value], what: str) -> Value:
        """Wait until there is something to be seen. Raises `NeverHappened`."""
        return await self.slack.until(found, WITHIN, what)

    async def sees(self, who: str, where: str, expected: str, *, proves: str = "") -> Message:
        """Wait until somebody sees a message of the app's that contains `expected`, and tell it; `proves` as in `saw`."""

        def found() -> Message | None:
            sight = self.slack.sees(who)
            messages = sight.dms if where == "privately" else sight.channel(where)
            texts = [one for one in messages if expected.lower() in self.slack.text_of(one).lower()]
            return texts[-1] if texts else None

        message = await self.until(found, f"{who} seeing “{expected}”")
        if message is None:
            raise NotAsTold(f"{who} did not see “{expected}”.")
        place = ", privately," if where == "privately" else f", in #{where},"
        self.saw(f"{who.capitalize()}{place}", self.slack.text_of(message), expected=expected, proves=proves)
        return message

    async def whispered(self, who: str, expected: str, *, proves: str = "") -> Ephemeral:
        """Wait until somebody alone sees words of the app's in a channel that contain `expected`, and tell them; as above."""

        def found() -> Ephemeral | None:
            texts = [one for one in self.slack.sees(who).ephemerals if expected in self.slack.text_of(one)]
            return texts[-1] if texts else None

        whispered = await self.until(found, f"{who} seeing “{expected}”")
        if whispered is None:
            raise NotAsTold(f"{who} did not see “{expected}”.")
        text = self.slack.text_of(whispered)
        self.saw(f"{who.capitalize()}, and only she,", text, expected=expected, proves=proves)
        return whispered

    async def answers(self, who: str, prompt: Message, expected: str) -> None:
        """Wait until somebody sees an answer in the thread of a prompt that contains `expected`, and tell it."""

        def found() -> str:
            texts = [self.slack.text_of(one) for one in self.slack.sees(who).thread(prompt)]
            return next((text for text in texts if expected in text), "")

        self.shows(f"{who.capitalize()}, in the thread,", await self.until(found, f"“{expected}”"))
