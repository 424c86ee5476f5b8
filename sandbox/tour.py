"""A short tour, played with real requests: each step is what somebody did, and what they and others saw of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.text import Text

from .slack import NeverHappened

if TYPE_CHECKING:
    from .records import Message
    from .slack import Slack

WITHIN = 10.0
"""Real seconds that a step may take until everybody sees what it tells."""


class NotAsTold(Exception):
    """Somebody saw something else than the tour tells."""


@dataclass
class Teller:
    """Shows the steps on the terminal, and checks that what people see is what was told."""

    slack: Slack
    console: Console
    steps: int = 0
    failures: list[str] = field(default_factory=list)

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

    def saw(self, who: str, text: str, *, expected: str) -> None:
        """Tell what somebody saw, which must contain `expected`."""
        if expected.lower() not in text.lower():
            raise NotAsTold(f"{who} should have seen “{expected}”, and saw: {text or 'nothing'}")
        self.shows(who, text)

    def shows(self, who: str, text: str) -> None:
        """Tell what somebody sees, once it is sure that they do."""
        self.console.print(f"   [green]{who}[/green] sees")
        self.console.print(Padding(Text(text, style="dim"), (0, 2, 0, 6), expand=False))

    async def sees(self, who: str, where: str, expected: str) -> Message:
        """Wait until somebody sees a message of the app's that contains `expected`, and tell it."""

        def found() -> Message | None:
            sight = self.slack.sees(who)
            messages = sight.dms if where == "privately" else sight.channel(where)
            texts = [one for one in messages if expected.lower() in self.slack.text_of(one).lower()]
            return texts[-1] if texts else None

        message = await self.slack.until(found, WITHIN, f"{who} seeing “{expected}”")
        if message is None:
            raise NotAsTold(f"{who} did not see “{expected}”.")
        place = ", privately," if where == "privately" else f", in #{where},"
        self.saw(f"{who.capitalize()}{place}", self.slack.text_of(message), expected=expected)
        return message


async def start(tell: Teller) -> None:
    """A channel becomes a pocket."""
    tell.does("Ana", "types /outloud start in #learning")
    answer = await tell.slack.types("ana", "/outloud start", in_="learning")
    tell.saw("Ana, and only she,", answer.text, expected="you are its lead")
    await tell.sees("cleo", "learning", "made this channel a learning pocket")


async def share(tell: Teller) -> None:
    """Somebody shares at once, and adds why."""
    line = "/share VACUUM rewrites the whole file, so SQLite needs twice the room for it. #sqlite"
    tell.does("Ben", f"types {line}")
    answer = await tell.slack.types("ben", line, in_="learning")
    tell.saw("Ben, and only he,", answer.text, expected="Shared")
    await tell.sees("cleo", "learning", "VACUUM rewrites")
    if answer.ephemeral is None:
        raise NotAsTold("Ben has nothing to press.")
    tell.does("Ben", "presses “Add details”, and says why it matters")
    form = (await tell.slack.presses("ben", "Add details", on=answer.ephemeral)).form
    if form is None:
        raise NotAsTold("No form opened.")
    await tell.slack.submits("ben", form, {"why": "Our nightly job died on a full disk."})
    await tell.sees("cleo", "learning", "full disk")


async def share_without_a_name(tell: Teller) -> None:
    """The form, without a name, with a topic of the pocket's own."""
    tell.does("Cleo", "types /share, and fills the form in, without her name")
    form = (await tell.slack.types("cleo", "/share", in_="learning")).form
    if form is None:
        raise NotAsTold("No form opened.")
    tell.saw("Cleo, in a form,", tell.slack.text_of(form), expected="Share a learning")
    await tell.slack.suggests("cleo", form, "topics", "sql")
    entered = {
        "words": "I ran it on the wrong database. Now I read the prompt aloud first.",
        "topics": ["sqlite"],
        "name": "Without my name",
    }
    sent = await tell.slack.submits("cleo", form, entered)
    if not sent.closed:
        raise NotAsTold(f"The form stayed open: {sent.errors}")
    card = await tell.sees("ana", "learning", "read the prompt aloud")
    if "cleo" in tell.slack.text_of(card).lower():
        raise NotAsTold("Cleo's name stands on the card.")


async def keep(tell: Teller) -> None:
    """A reaction keeps what somebody said; both hear of it, the first time."""
    tell.does("Ben", "says in #learning: Use WAL mode, then readers go on while one writes.")
    message = await tell.slack.says("ben", "Use WAL mode, then readers go on while one writes.", in_="learning")
    tell.does("Ana", "reacts with 💡")
    await tell.slack.reacts("ana", "bulb", message)
    await tell.slack.until(
        lambda: "books" in tell.slack.sees("cleo").reactions(message), WITHIN, "📚 on the message that was kept"
    )
    tell.shows("Cleo", "📚 on Ben's message: it is kept")
    await tell.sees("ana", "privately", "You kept")
    note = await tell.sees("ben", "privately", "worth keeping")
    tell.does("Ben", "would rather not, and presses “Undo”")
    await tell.slack.presses("ben", "Undo", on=note)
    await tell.slack.until(
        lambda: "books" not in tell.slack.sees("cleo").reactions(message), WITHIN, "the 📚 taken away again"
    )
    tell.shows("Cleo", "no 📚 any more: Ben's no counts")


async def refuse(tell: Teller) -> None:
    """Who has no right to is told so, kindly."""
    tell.does("Ben", "types /outloud stop, and is no lead")
    answer = await tell.slack.types("ben", "/outloud stop", in_="learning")
    tell.saw("Ben, and only he,", answer.text, expected="Only a lead")
    tell.does("Dan", "types /share in #general, where Outloud is not")
    elsewhere = await tell.slack.types("dan", "/share Nobody asked me", in_="general")
    tell.saw("Dan, and only he,", elsewhere.text, expected="/invite @Outloud")
    tell.does("Dan", "invites Outloud, and tries again; but nobody made #general a pocket")
    await tell.slack.invites("dan", tell.slack.app, "general")
    elsewhere = await tell.slack.types("dan", "/share Nobody asked me", in_="general")
    tell.saw("Dan, and only he,", elsewhere.text, expected="not a learning pocket")


STEPS: tuple[tuple[str, Callable[[Teller], Awaitable[None]]], ...] = (
    ("Ana makes #learning a pocket", start),
    ("Ben shares something he learned", share),
    ("Cleo shares without her name", share_without_a_name),
    ("Ana keeps what Ben said, and Ben decides about his words", keep),
    ("Whoever has no right to is refused", refuse),
)


def invitation(base_url: str) -> str:
    """What one can try by hand, while it stays up."""
    json = "-H 'content-type: application/json'"
    return (
        "It stays up; try it yourself from another terminal, and end it here with Ctrl-C:\n"
        f"  curl {base_url}/sandbox/sees/ana\n"
        f"  curl {base_url}/sandbox/types {json} "
        """-d '{"who": "ben", "line": "/share Something I learned #python", "channel": "learning"}'"""
    )


async def play(slack: Slack, console: Console) -> list[str]:
    """Play the whole tour. Returns what was not as told, a sentence each."""
    tell = Teller(slack, console)
    for title, step in STEPS:
        await tell.step(title, step)
    return tell.failures
