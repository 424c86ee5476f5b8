"""People who press whatever stands before them, and fill in what opens."""

from __future__ import annotations

import random
from collections.abc import Callable

from sandbox.answers import Answer
from sandbox.elements import Found, each_element, options_of
from sandbox.records import Ephemeral, Message, Person, View
from sandbox.slack import Slack

Pressable = Message | Ephemeral | View

FAR_REACHING = (
    *("pocket.", "home.start", "kept.never", "kept.take_all_back", "mine.", "tag.stop", "round.slower", "round.forget"),
    *("schedule.pause", "schedule.unadd", "schedule.undo", "schedules.", "bank.", "prompt.", "topics.", "digest."),
)
"""How the names of buttons begin that end or change something for good: pressed by chance, they would soon let nothing happen."""

DEEP = 3
"""So many things one does one after another, at most."""

CURIOUS = 0.6
"""How often somebody does something with what stands before them."""


class Pressing:
    """Chooses by `chance`, and writes `words()`."""

    def __init__(self, slack: Slack, chance: random.Random, words: Callable[[], str]) -> None:
        self._slack, self._chance, self._words = slack, chance, words

    async def go_on_with(self, person: Person, thing: Pressable | None) -> int:
        """Do something with it, and with what comes of that. Returns how often the bot failed to answer."""
        failed = 0
        for _ in range(DEEP):
            if thing is None or self._chance.random() > CURIOUS:
                break
            if isinstance(thing, View) and thing.type == "modal" and thing.content.get("submit"):
                return failed + await self._finish(person, thing)
            answer = await self._press(person, thing)
            if answer is None:
                break
            failed += bool(answer.failed)
            thing = answer.form or answer.ephemeral
        return failed

    async def _press(self, person: Person, thing: Pressable) -> Answer | None:
        blocks = thing.content["blocks"] if isinstance(thing, View) else thing.blocks
        found = [one for one in each_element(blocks) if self._is_harmless(one)]
        if not found:
            return None
        one = self._chance.choice(found)
        value = self._chance.choice(options_of(one.element))["value"] if one.element["type"] == "overflow" else None
        return await self._slack.presses(
            person, one.element["action_id"], on=thing, value=value, block=one.block["block_id"]
        )

    def _is_harmless(self, found: Found) -> bool:
        element = found.element
        return element["type"] in ("button", "overflow") and not element["action_id"].startswith(FAR_REACHING)

    async def _finish(self, person: Person, form: View) -> int:
        """Fill in what is empty, and send it; or think better of it."""
        if self._chance.random() > CURIOUS:
            await self._slack.closes(person, form)
            return 0
        empty = [one for one in each_element(form.content["blocks"]) if self._waits_for_words(form, one)]
        answer = await self._slack.submits(person, form, {one.block["block_id"]: self._words() for one in empty})
        form.open = False
        return bool(answer.failed)

    def _waits_for_words(self, form: View, found: Found) -> bool:
        block, element = found.block, found.element
        is_asked = block["type"] == "input" and not block.get("optional") and element["type"] == "plain_text_input"
        return is_asked and not form.state[block["block_id"]][element["action_id"]]["value"]
