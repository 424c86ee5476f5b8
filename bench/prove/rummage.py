"""Somebody who presses everything once: each button, each entry of a menu, each form that opens, and what comes of it.

So that what Slack delivers to the bot is known of as many of its routes as people come to: by what it showed, not by its tables.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sandbox.elements import Found, Impossible, each_element, options_of
from sandbox.records import Channel, Json, Message, Person, SlackError, View
from sandbox.slack import Slack

from .pressing import FAR_REACHING, Pressable

DEEP = 4
"""So many things lie behind one another, at most."""

MOST_ROUNDS = 6
"""So often everything is gone through, at most."""

WORDS = "What we learned about locks this week"
LINES = {
    "/share": ("", "help", "drafts", "Read the plan before the query. #sql"),
    "/recall": ("", "help", "plan", "#sql"),
    "/prompts": ("", "help", "weekly mon 10:00 What took you long?", "once 2031-01-01 10:00 What did you learn?"),
    "/whoknows": ("sql", "help"),
    "/askme": ("sql", "help", ""),
    "/outloud": ("", "help"),
}
"""What is typed behind each command."""

GIVEN: dict[str, Any] = {
    "datepicker": "2031-01-01",
    "timepicker": "09:30",
    "datetimepicker": 1_925_000_000,
    "plain_text_input": WORDS,
    "number_input": "3",
    "email_text_input": "a@b.example",
    "url_text_input": "https://a.example",
}
"""What is entered where one may enter anything."""


@dataclass
class Rummage:
    """In a pocket that `person` leads, with `other` in it. At most `most` things are pressed."""

    slack: Slack
    person: Person
    other: Person
    pocket: Channel
    most: int
    reaches_far: bool = False
    """Whether it presses also what ends something for good: afterwards there is less to press."""
    pressed: set[str] = field(default_factory=set)
    """By their names: an entry of a menu with its value's beginning."""

    async def go_through_all(self, message: Message) -> None:
        """Commands, shortcuts (on `message`, too), Home, what stands in the pocket, and what was written privately."""
        for one in self.slack.manifest.shortcuts:
            on = message if one.type == "message" else None
            answer = await self.slack.uses(self.person, one.callback_id, on)
            await self._go_on(self.person, answer.form or answer.ephemeral)
        for command in self.slack.manifest.commands:
            for line in LINES.get(command, ("", "help")):
                answer = await self.slack.types(self.person, f"{command} {line}".strip(), in_=self.pocket)
                await self._go_on(self.person, answer.form or answer.ephemeral)
        await self.look_round()

    async def go_on_until_all_is_known(self, message: Message) -> None:
        """Over and over: what a press changed in a form could not be pressed in it any more."""
        for _ in range(MOST_ROUNDS):
            before = len(self.pressed)
            await self.go_through_all(message)
            await self.slack.settled()
            if len(self.pressed) == before:
                return

    async def look_round(self) -> None:
        """Everything of the bot's that stands somewhere."""
        for person in (self.person, self.other):
            await self._go_on(person, await self.slack.opens_home(person))
            direct = self.slack.world.open_dm(person.id, self.slack.app.id)
            for channel in (self.pocket, direct):
                for message in [one for one in channel.messages.values() if one.user == self.slack.app.id]:
                    await self._go_on(person, message)

    async def _go_on(self, person: Person, thing: Pressable | None, depth: int = 0) -> None:
        """Press everything there that nobody has pressed yet; then fill in the form, or close it."""
        if thing is None or depth == DEEP:
            return
        blocks = thing.content["blocks"] if isinstance(thing, View) else thing.blocks
        for found in [one for one in each_element(blocks) if self._is_pressed(one.element.get("action_id", ""))]:
            for value in await self._values(person, thing, found):
                name = f"{found.element['action_id']} {value or ''}"
                if name in self.pressed or len(self.pressed) >= self.most:
                    continue
                if found.block["type"] != "input" or found.block.get("dispatch_action"):
                    await self._press(person, thing, found, value, depth)
        if isinstance(thing, View) and thing.type == "modal" and thing.open:
            await self._finish(person, thing, depth)

    def _is_pressed(self, name: str) -> bool:
        return bool(name) and (self.reaches_far or not name.startswith(FAR_REACHING))

    async def _press(self, person: Person, thing: Pressable, found: Found, value: Any, depth: int) -> None:  # noqa: ANN401
        name, block = found.element["action_id"], found.block["block_id"]
        try:
            answer = await self.slack.presses(person, name, on=thing, value=value, block=block)
        except (Impossible, SlackError, LookupError):  # it went away with what was pressed before: another time
            return
        self.pressed.add(f"{name} {value or ''}")
        for opened in (answer.form, answer.ephemeral):
            if opened is not thing:
                await self._go_on(person, opened, depth + 1)

    async def _finish(self, person: Person, form: View, depth: int) -> None:
        """The first of a kind is filled in and sent, the others are closed."""
        kind = f"form {form.content.get('callback_id')}"
        is_new = kind not in self.pressed
        self.pressed.add(kind)
        try:
            if form.content.get("submit") and is_new:
                answer = await self.slack.submits(person, form, await self._filled_in(person, form))
                for opened in (answer.form, answer.ephemeral):
                    if opened is not form:
                        await self._go_on(person, opened, depth + 1)
            if form.open:
                await self.slack.closes(person, form)
        except (Impossible, SlackError, LookupError):
            form.open = False

    async def _filled_in(self, person: Person, form: View) -> dict[str, Any]:
        """What must be entered there, by its block."""
        values = {}
        for found in each_element(form.content["blocks"]):
            if found.block["type"] == "input" and not found.block.get("optional"):
                held = form.state.get(found.block["block_id"], {}).get(found.element["action_id"], {})
                is_empty = not any(value for name, value in held.items() if name != "type")
                if is_empty and (offered := await self._values(person, form, found)):
                    values[found.block["block_id"]] = offered[0]
        return values

    async def _values(self, person: Person, thing: Pressable, found: Found) -> list[Any]:
        """What may be chosen there: an entry of each beginning, somebody, some channel; of a button, nothing."""
        element = found.element
        kind = str(element["type"])
        if kind == "button":
            return [None]
        if "external" in kind:
            return [one["value"] for one in (await self._suggested(person, thing, element))[:1]]
        if options := options_of(element):
            of_each = {one["value"].partition(":")[0].partition(" ")[0]: one["value"] for one in options}
            return list(of_each.values()) if kind == "overflow" else list(of_each.values())[:1]
        if "users_select" in kind:
            return [self.other.name]
        if "conversations_select" in kind or "channels_select" in kind:
            return [self.pocket.name]
        return [GIVEN[kind]] if kind in GIVEN else []

    async def _suggested(self, person: Person, thing: Pressable, element: Json) -> list[Json]:
        try:
            return await self.slack.suggests(person, thing, element["action_id"], "be")
        except (Impossible, SlackError, LookupError):
            return []
