"""Whether a payload has the shape that the rest of the house relies on; what is inside is for the handlers to parse.

Bolt looks for the workspace, the person and the channel in many places (`slack_bolt/request/internals.py`, 1.30) and
trusts their types: a number where it expects an object is answered 500. `Part` is every object that it looks into, with
what it reads there.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from handlers import loggable

from .rejections import Malformed, Unknown

Word = Annotated[str, Field(min_length=1)]


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)


class Party(_Lenient):
    """A person, a workspace, an organisation or a channel, where it is given as an object."""

    id: str | None = None
    team_id: str | None = None
    enterprise_id: str | None = None


class Part(_Lenient):
    """An object that Bolt searches; several of its fields are such objects themselves."""

    type: str | None = None
    team: str | Party | None = None
    team_id: str | None = None
    user: str | Party | None = None
    user_id: str | None = None
    channel: str | Party | None = None
    channel_id: str | None = None
    enterprise: str | Party | None = None
    enterprise_id: str | None = None
    is_enterprise_install: bool | str | None = None
    is_ext_shared_channel: bool | None = None
    user_team: str | None = None
    app_installed_team_id: str | None = None
    bot_id: str | None = None
    subtype: str | None = None
    thread_ts: str | None = None
    command: str | None = None
    callback_id: str | None = None
    response_url: str | None = None
    response_urls: list[Part] = []  # null is what Bolt fails on
    function_execution_id: str | None = None
    function_data: Part | None = None
    event: Part | None = None
    message: Part | None = None
    previous_message: Part | None = None
    item: Part | None = None
    view: Part | None = None
    assistant_thread: Part | None = None
    authorizations: list[Part] | None = None


class _Person(Party):
    id: Word


class _Event(Part):
    type: Word


class _EventCallback(Part):
    event_id: Word
    event: _Event


class _Command(Part):
    command: Annotated[str, Field(pattern="^/.")]
    team_id: Word
    user_id: Word


class _Interaction(Part):
    user: _Person


class _Action(Part):
    action_id: Word
    block_id: str | None = None


class _Block(_Lenient):
    block_id: str | None = None


class _Message(Part):
    text: str | None = None
    blocks: list[_Block] | None = None


class _BlockActions(_Interaction):
    actions: Annotated[list[_Action], Field(min_length=1)]
    message: _Message | None = None


class _BlockSuggestion(_Interaction):
    action_id: Word
    value: str


class _Shortcut(_Interaction):
    callback_id: Word


class _MessageShortcut(_Shortcut):
    message: _Message
    channel: Party


class _View(Part):
    type: Word
    callback_id: str
    blocks: list[dict[str, Any]]


class _ViewInteraction(_Interaction):
    view: _View


class _UrlVerification(_Lenient):
    challenge: str


class _RateLimited(_Lenient):
    team_id: str
    minute_rate_limited: Annotated[int, Field(ge=0, le=99_999_999_999)]


SHAPES: dict[str, type[BaseModel]] = {
    "event_callback": _EventCallback,
    "block_actions": _BlockActions,
    "block_suggestion": _BlockSuggestion,
    "shortcut": _Shortcut,
    "message_action": _MessageShortcut,
    "view_submission": _ViewInteraction,
    "view_closed": _ViewInteraction,
    "url_verification": _UrlVerification,
    "app_rate_limited": _RateLimited,
}
"""The shape of each `type` of payload. A slash command has no type."""


def check(payload: dict[str, Any]) -> str:
    """What the payload is, in words that a log may hold: `event reaction_added`, `command /share`, `block_actions`.

    Raises `Malformed` where a field is missing or not of the type that Slack sends, and `Unknown` for an unknown type.
    """
    kind = payload.get("type")
    if kind is None and "command" in payload:
        _validate(_Command, payload)
        return f"command {loggable.name(payload['command'])}"
    if not isinstance(kind, str):
        raise Malformed("The payload has no type.")
    if kind not in SHAPES:
        raise Unknown
    _validate(SHAPES[kind], payload)
    return f"event {loggable.name(payload['event']['type'])}" if kind == "event_callback" else kind


def _validate(shape: type[BaseModel], payload: dict[str, Any]) -> None:
    fault = None
    try:
        shape.model_validate(payload)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False, include_context=False)[0]
    if fault is not None:
        raise Malformed(f"The payload's “{fault['loc'][0]}” is missing or not what Slack sends.")
