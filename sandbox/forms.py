"""Forms and Homes, the `trigger_id`s that open them, and the addresses where interactions are answered."""

from __future__ import annotations

import copy
import secrets

from .records import Json, ResponseUrl, SlackError, Trigger, View
from .state import State

TRIGGER_LIFE = 3.0
"""Seconds (`Clock.lived`): https://docs.slack.dev/interactivity/handling-user-interaction"""

RESPONSE_LIFE = 30 * 60.0
"""Seconds (`Clock.passed`), with 5 uses: https://docs.slack.dev/interactivity/handling-user-interaction"""

FORMS_DEEP = 3
"""How many forms may lie on one another: https://docs.slack.dev/surfaces/modals"""

INITIAL = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "file_input": ("files", ""),
}
"""The elements that hold a value: where `state.values` has it, and the field of the element it begins with."""

INTERACTIVE = INITIAL.keys() | {"button", "overflow", "feedback_buttons", "icon_button"}
"""The elements that have an `action_id`."""

LISTS = frozenset({"selected_options", "selected_users", "selected_conversations", "selected_channels", "files"})


def begin_state(blocks: list[Json]) -> dict[str, dict[str, Json]]:
    """What `view.state.values` holds before the person has touched anything (blocks and elements with their ids)."""
    state: dict[str, dict[str, Json]] = {}
    for block in blocks:
        for element in block_elements(block):
            if element.get("type") in INITIAL:
                state.setdefault(block["block_id"], {})[element["action_id"]] = begin_value(element)
    return state


def begin_value(element: Json) -> Json:
    """The value an element begins with, in the shape of `view.state.values`."""
    key, initial = INITIAL[element["type"]]
    empty: list[Json] | None = [] if key in LISTS else None
    return {"type": element["type"], key: copy.deepcopy(element.get(initial, empty))}


def block_elements(block: Json) -> list[Json]:
    """The elements of an input, an actions block, or a section's accessory: all that can hold a value."""
    found = [block.get("element"), block.get("accessory")]
    if block.get("type") == "actions":
        found += block.get("elements", [])
    return [element for element in found if isinstance(element, dict)]


def with_ids(blocks: list[Json]) -> list[Json]:
    """The same blocks, with a `block_id` and `action_id`s of Slack's own where the app gave none."""
    blocks = copy.deepcopy(blocks)
    for block in blocks:
        block.setdefault("block_id", secrets.token_urlsafe(4)[:5])
        inner = block.get("elements") or []
        for element in [block.get("element"), block.get("accessory"), *inner]:
            if isinstance(element, dict) and element.get("type") in INTERACTIVE:
                element.setdefault("action_id", secrets.token_urlsafe(4)[:5])
    return blocks


class Forms(State):
    """The part of the world that is filled in."""

    def new_trigger(self, user_id: str, *, view: str | None = None) -> str:
        """A fresh `trigger_id` of `user_id`, who is in the form `view` (its id) if in one."""
        trigger_id = f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self.triggers[trigger_id] = Trigger(user_id, self.clock.lived() + TRIGGER_LIFE, view=view)
        return trigger_id

    def new_response_url(
        self, user_id: str, channel_id: str, *, message_ts: str | None = None, thread_ts: str = ""
    ) -> str:
        """The secret part of a `response_url`; the whole is `base_url` + `/response/` + this."""
        secret = secrets.token_urlsafe(24)
        until = self.clock.passed() + RESPONSE_LIFE
        self.response_urls[secret] = ResponseUrl(user_id, channel_id, until, message_ts=message_ts, thread_ts=thread_ts)
        return secret

    def use_trigger(self, trigger_id: str) -> Trigger:
        """Spend a trigger. Raises `invalid_trigger_id`, `expired_trigger_id`, `exchanged_trigger_id`."""
        trigger = self.triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self.clock.lived() > trigger.until:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger

    def open_view(self, trigger_id: str, content: Json) -> View:
        """Open a form for whoever the trigger is of.

        Raises `invalid_trigger_id`, `expired_trigger_id`, `exchanged_trigger_id`, `duplicate_external_id`.
        """
        self._check_external_id(content)
        trigger = self.use_trigger(trigger_id)
        under = self._top(trigger.user) if trigger.view else None
        return self._lay(trigger.user, content, under)

    def push_view(self, trigger_id: str, content: Json) -> View:
        """Lay another form on the one the trigger was given in.

        Raises as `open_view` does, `not_found` where the trigger came from no open form, `push_limit_reached`.
        """
        self._check_external_id(content)
        trigger = self.use_trigger(trigger_id)
        under = self.views.get(trigger.view or "")
        if under is None or not under.open:
            raise SlackError("not_found")
        return self._lay(trigger.user, content, under)

    def _lay(self, user_id: str, content: Json, under: View | None) -> View:
        if under and len(self.stack(under)) >= FORMS_DEEP:
            raise SlackError("push_limit_reached")
        view_id = self.new_id("V")
        content = {**content, "blocks": with_ids(content["blocks"])}
        root_id, previous = (under.root_id, under.id) if under else (view_id, None)
        view = View(view_id, user_id, content["type"], content, self._hash(), root_id, previous)
        view.state = begin_state(content["blocks"])
        self.views[view_id] = view
        return view

    def stack(self, view: View) -> list[View]:
        """The open forms from the first one to `view`."""
        forms = [view]
        while forms[0].previous_view_id:
            forms.insert(0, self.views[forms[0].previous_view_id])
        return forms

    def _top(self, user_id: str) -> View | None:
        open_forms = [view for view in self.views.values() if view.user == user_id and view.open]
        return open_forms[-1] if open_forms else None

    def update_view(
        self,
        content: Json,
        *,
        view_id: str | None = None,
        external_id: str | None = None,
        hash: str | None = None,
    ) -> View:
        """Change an open form or a Home; what the person entered stays where block_id, action_id and type stayed.

        Raises `not_found`, `hash_conflict`, `duplicate_external_id`, `invalid_arguments` for another type.
        """
        view = self._known(view_id, external_id)
        if hash and hash != view.hash:
            raise SlackError("hash_conflict")
        if content["type"] != view.type:
            raise SlackError("invalid_arguments")
        self._check_external_id(content, of=view)
        self._change(view, content)
        return view

    def _known(self, view_id: str | None, external_id: str | None) -> View:
        for view in [*self.views.values(), *self.homes.values()]:
            same = view.id == view_id if view_id else view.content.get("external_id") == external_id
            if same and view.open:
                return view
        raise SlackError("not_found")

    def _change(self, view: View, content: Json) -> None:
        view.content = {**content, "blocks": with_ids(content["blocks"])}
        state = begin_state(view.content["blocks"])
        for block_id, values in state.items():
            for action_id, value in values.items():
                kept = view.state.get(block_id, {}).get(action_id)
                if kept and kept["type"] == value["type"]:
                    values[action_id] = kept
        view.state = state
        view.errors = {}
        view.hash = self._hash()

    def publish_home(
        self,
        user_id: str,
        content: Json,
        hash: str | None = None,
    ) -> View:
        """Show somebody their Home tab. Raises `user_not_found`, `hash_conflict`, `duplicate_external_id`."""
        self.person(user_id)
        home = self.homes.get(user_id)
        if hash and hash != (home.hash if home else None):
            raise SlackError("hash_conflict")
        self._check_external_id(content, of=home)
        if home is None:
            view_id = self.new_id("V")
            home = self.homes[user_id] = View(view_id, user_id, "home", content, "", view_id)
        self._change(home, content)
        return home

    def _check_external_id(self, content: Json, of: View | None = None) -> None:
        external_id = content.get("external_id")
        others = [view for view in [*self.views.values(), *self.homes.values()] if view is not of and view.open]
        if external_id and any(view.content.get("external_id") == external_id for view in others):
            raise SlackError("duplicate_external_id")

    def _hash(self) -> str:
        return f"{int(self.clock.now())}.{secrets.token_hex(4)}"
