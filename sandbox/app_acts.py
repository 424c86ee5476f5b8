"""What can be done with the app over HTTP: commands, buttons, forms; and with the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from .acts import Act, On, Place, find_form
from .shapes import view_json

if TYPE_CHECKING:
    from .answers import Answer
    from .records import Json
    from .slack import Slack


class Types(Act):
    """Somebody types a command."""

    who: str
    line: str
    channel: str

    async def carry_out(self, slack: Slack) -> Json:
        """What they are answered."""
        return answer_json(slack, await slack.types(self.who, self.line, in_=self.channel))


class Presses(Act):
    """Somebody presses a button or chooses in a menu."""

    who: str
    what: str
    on: On
    value: Any = None

    async def carry_out(self, slack: Slack) -> Json:
        """What they are answered."""
        return answer_json(slack, await slack.presses(self.who, self.what, on=self.on.find(slack), value=self.value))


class Uses(Act):
    """Somebody uses a shortcut: from a message's menu, or a global one."""

    who: str
    shortcut: str
    message: Place | None = None

    async def carry_out(self, slack: Slack) -> Json:
        """What they are answered."""
        message = self.message.find(slack) if self.message else None
        return answer_json(slack, await slack.uses(self.who, self.shortcut, message))


class Submits(Act):
    """Somebody fills in a form and submits it."""

    who: str
    form: str
    values: dict[str, Any] = Field(default_factory=dict)

    async def carry_out(self, slack: Slack) -> Json:
        """What they are answered."""
        return answer_json(slack, await slack.submits(self.who, find_form(slack, self.form), self.values))


class Fills(Act):
    """Somebody fills in a form without submitting it."""

    form: str
    values: dict[str, Any]

    async def carry_out(self, slack: Slack) -> Json:
        """The form as it stands."""
        form = find_form(slack, self.form)
        await slack.fills(form, self.values)
        return {"form": view_json(form, world=slack.world)}


class Closes(Act):
    """Somebody closes a form."""

    who: str
    form: str

    async def carry_out(self, slack: Slack) -> Json:
        """Nothing."""
        await slack.closes(self.who, find_form(slack, self.form))
        return {}


class Suggests(Act):
    """Somebody types into a menu that the app fills."""

    who: str
    on: On
    menu: str
    typed: str = ""

    async def carry_out(self, slack: Slack) -> Json:
        """The options suggested."""
        return {"options": await slack.suggests(self.who, self.on.find(slack), self.menu, self.typed)}


class Clock(Act):
    """The sandbox's clock: let seconds pass (`move`), give it a date (`set`, seconds since 1970, UTC), or a `speed`."""

    move: float | None = None
    set: float | None = None
    speed: float | None = None

    async def carry_out(self, slack: Slack) -> Json:
        """What it shows."""
        if self.speed is not None:
            slack.clock.run(self.speed)
        if self.set is not None:
            slack.clock.set(self.set)
        if self.move is not None:
            slack.clock.move(self.move)
        return {"now": slack.clock.now(), "passed": slack.clock.passed(), "speed": slack.clock.speed}


class App(Act):
    """Where the app listens; an empty address means that none runs."""

    url: str

    async def carry_out(self, slack: Slack) -> Json:
        """The address."""
        slack.app_url = self.url
        return {"url": slack.app_url}


def answer_json(slack: Slack, answer: Answer) -> Json:
    """An answer: what was read, what opened, and what failed."""
    shown, form = answer.ephemeral, answer.form
    return {
        "text": answer.text,
        "blocks": answer.blocks,
        "ephemeral": shown.id if shown else None,
        "form": view_json(form, world=slack.world) if form else None,
        "errors": answer.errors,
        "closed": answer.closed,
        "failed": answer.failed,
        "error": answer.error,
    }
