"""What people do in forms: fill in, submit, close, and look through what a menu suggests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import payloads
from .answers import Answer
from .elements import Impossible, each_element, find_element, is_empty
from .forms import INITIAL
from .interactions import Interactions
from .payloads import Spot
from .records import SlackError, View
from .replies import close_all, follow_reply, read_options
from .wording import REQUIRED, TROUBLE, action_failed, error_code

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .elements import Found
    from .records import Ephemeral, Json, Message, Person
    from .scene import Who

LONGEST_INPUT = 3000
"""Characters a text input takes at most: https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element"""


class Filling(Interactions):
    """Everybody's dealings with forms."""

    closes_with_state = False
    """Whether the app hears what stood in a form that was closed. Slack's own answer is unknown: an app must do with either."""

    async def fills(self, form: View, values: Mapping[str, Any]) -> None:
        """Enter values into an open form, without submitting it: by block_id, action_id or label.

        An option is named by its words or value, several in a list; None empties. Inputs that act at once
        (`dispatch_action`, or outside of input blocks) tell the app. Raises `Impossible` for what cannot be entered.
        """
        person = self.world.person(form.user)
        self.check_sees(person, form)
        for name, value in values.items():
            found = find_element(form.content["blocks"], name)
            if found.element["type"] not in INITIAL:
                raise Impossible(f"“{name}” is nothing to fill in; press it.")
            action = self._choose(person, form, found, value)
            if found.block["type"] != "input" or found.block.get("dispatch_action"):
                await self._send_action(person, form, action)

    async def submits(self, who: Who, form: View, values: Mapping[str, Any] | None = None) -> Answer:
        """`who` fills in `values` (as `fills` does) and submits the form.

        What the form's own rules refuse never reaches the app: the answer's `errors` say so, as do those of the app. A
        form that failed stays open with the words in it, and `failed` says why.
        """
        person = self.find_person(who)
        self.check_sees(person, form)
        await self.fills(form, values or {})
        if not form.content.get("submit"):
            raise Impossible("This form has no button to submit it.")
        answer = Answer(self.world, person, on=form)
        answer.errors = form.errors = _refusals(form)
        if answer.errors:
            return answer
        payload = payloads.view_submission(self.world, person, form, response_urls=self._response_urls(person, form))
        reply = await self.ask_app("view_submission", form.content.get("callback_id", ""), payload)
        answer.error = error_code(reply)
        if reply.is_ack:
            try:
                follow_reply(self.world, form, reply, payload["trigger_id"])
            except SlackError as error:
                answer.error = error.code
        answer.failed = TROUBLE if answer.error else ""
        answer.errors = form.errors
        return answer

    async def closes(self, who: Who, form: View) -> None:
        """`who` closes the form without submitting it; the app hears of it where it asked to (`notify_on_close`).

        With `clear_on_close` the forms below it close too.
        """
        person = self.find_person(who)
        self.check_sees(person, form)
        is_cleared = bool(form.content.get("clear_on_close"))
        form.open = False
        for view in [form, *(close_all(self.world, form) if is_cleared else ())]:
            if view.content.get("notify_on_close"):
                payload = payloads.view_closed(
                    self.world, person, view, is_cleared=is_cleared, with_state=self.closes_with_state
                )
                await self.ask_app("view_closed", view.content.get("callback_id", ""), payload)

    async def suggests(self, who: Who, on: View | Message | Ephemeral, menu: str, typed: str = "") -> list[Json]:
        """What the app suggests in a menu that it fills, for what `who` types: options as it sent them.

        `menu` is named as in `fills`. Below the menu's `min_query_length` nobody asks the app. From then on they can be
        chosen. Raises `Impossible` where the app fails, with what the person reads.
        """
        person = self.find_person(who)
        self.check_sees(person, on)
        found = find_element(on.content["blocks"] if isinstance(on, View) else on.blocks, menu)
        element = found.element
        if "external_select" not in element["type"]:
            raise Impossible(f"“{menu}” is no menu that the app fills.")
        if len(typed) < element.get("min_query_length", 3):
            return []
        options = await self._ask_options(person, on, found, typed)
        place = getattr(on, "id", "") or getattr(on, "ts", "")
        kept = self.offered.setdefault((place, found.block["block_id"], element["action_id"]), [])
        kept += [option for option in options if option not in kept]
        return options

    async def _ask_options(
        self, person: Person, on: View | Message | Ephemeral, found: Found, typed: str
    ) -> list[Json]:
        spot = Spot(view=on) if isinstance(on, View) else Spot(self.world.channel(on.channel), on)
        action_id = found.element["action_id"]
        payload = payloads.block_suggestion(
            self.world, person, spot, block_id=found.block["block_id"], action_id=action_id, typed=typed
        )
        reply = await self.ask_app("block_suggestion", action_id, payload)
        if not reply.is_ack:
            raise Impossible(f"The choices could not be loaded: {action_failed(reply)}")
        return read_options(reply)

    def _response_urls(self, person: Person, form: View) -> list[Json]:
        """For each menu of conversations that asks for one (`response_url_enabled`), where to answer there."""
        urls = []
        for found in each_element(form.content["blocks"]):
            block_id, action_id = found.block["block_id"], found.element["action_id"]
            value = form.state.get(block_id, {}).get(action_id, {})
            chosen = value.get("selected_conversation") or value.get("selected_channel")
            if found.element.get("response_url_enabled") and chosen:
                url = self._response_url(person, self.world.channel(chosen))
                names = {"block_id": block_id, "action_id": action_id, "channel_id": chosen}
                urls.append(names | {"response_url": url})
        return urls


def _refusals(form: View) -> dict[str, str]:
    """What Slack's client says at each input before it submits: block_id, sentence."""
    refused = {}
    for block in form.content["blocks"]:
        if block["type"] == "input":
            value = form.state[block["block_id"]][block["element"]["action_id"]]
            if sentence := _refusal(block, value):
                refused[block["block_id"]] = sentence
    return refused


def _refusal(block: Json, value: Json) -> str:
    element = block["element"]
    if is_empty(value):
        return "" if block.get("optional") else REQUIRED
    if element["type"] == "plain_text_input":
        length, longest = len(value["value"]), element.get("max_length", LONGEST_INPUT)
        if length > longest:
            return f"Please use {longest} characters or fewer; this is {length}."
        if length < element.get("min_length", 0):
            return f"Please use {element['min_length']} characters or more; this is {length}."
    most = element.get("max_selected_items")
    held = value.get(INITIAL[element["type"]][0])
    if most and isinstance(held, list) and len(held) > most:
        return f"Please choose {most} at most."
    return ""
