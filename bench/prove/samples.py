"""Real payloads, of every kind that Slack delivers: caught while a scene is played to the bot, in the sandbox."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

from bench import pockets
from sandbox import payloads
from sandbox.payloads import Spot
from sandbox.records import Channel
from sandbox.slack import Slack

Carriage = Literal["json", "form", "payload"]
"""How it travels: as JSON, as a form's fields, or as JSON in a form's field `payload`."""

CARRIAGES: dict[str, Carriage] = {"event": "json", "command": "form"}


@dataclass(frozen=True, slots=True)
class Sample:
    """A payload as Slack delivered it."""

    carriage: Carriage
    text: str
    """The payload, as JSON."""
    is_expected: bool = False
    """Whether the bot takes it whenever it comes: what is pressed in a message can be answered five times only."""

    @property
    def shares(self) -> bool:
        """Whether it is a /share with what somebody learned behind it."""
        payload = json.loads(self.text)
        return payload.get("command") == "/share" and " " in payload["text"]


async def catch(slack: Slack) -> tuple[Channel, list[Sample]]:
    """Play the scene in a new pocket, to the bot that runs. Returns the pocket, and what was delivered in it."""
    for name in ("ana", "ben", "cleo"):
        slack.person(name)
    pocket = slack.channel("learning", members=("ana", "ben"))
    await pockets.begin(slack, "ana", pocket)
    await _share(slack, pocket)
    await _keep(slack, pocket)
    await slack.joins("cleo", pocket)
    await slack.leaves("cleo", pocket)
    caught = [
        Sample(CARRIAGES.get(one.kind, "payload"), json.dumps(one.payload), is_expected=one.kind != "block_actions")
        for one in slack.courier.deliveries
    ]
    return pocket, [*caught, *_others(slack, pocket)]


async def _share(slack: Slack, pocket: Channel) -> None:
    """By the command, with details and undone; by the form, with suggestions."""
    shared = await pockets.taken(slack, "ana", "/share Read the plan before the query. #sql", pocket, "Shared")
    if shared.ephemeral is None:
        raise RuntimeError(f"The bot showed nothing to press: {shared}")
    details = await slack.presses("ana", "share.details", on=shared.ephemeral)
    if details.form:
        await slack.submits("ana", details.form)
    await slack.presses("ana", "share.undo", on=shared.ephemeral)
    opened = await slack.types("ben", "/share", in_=pocket)
    if opened.form is None:
        raise RuntimeError(f"The bot opened no form: {opened}")
    await slack.suggests("ben", opened.form, "topics", "sq")
    await slack.submits("ben", opened.form, {"words": "A lock is held until the commit."})
    await slack.types("ben", "/outloud help", in_=pocket)


async def _keep(slack: Slack, pocket: Channel) -> None:
    """By a reaction, which its author and its curator hear of; with their buttons, and taken back."""
    message = await slack.says("ana", "Readers go on while one writes.", in_=pocket)
    await slack.reacts("ben", "bulb", message)
    for who, button in (("ben", "keep.undo"), ("ana", "kept.undo")):
        home = slack.world.open_dm(slack.find_person(who).id, slack.app.id)
        told = await slack.until(lambda home=home: list(home.messages.values())[-1], within=20)  # type: ignore[misc]
        await slack.presses(who, button, on=told)
    await slack.unreacts("ben", "bulb", message)


def _others(slack: Slack, pocket: Channel) -> list[Sample]:
    """What the bot does not ask for yet, or Slack sends by itself."""
    world, ana = slack.world, slack.find_person("ana")
    message = next(one for one in pocket.messages.values() if one.user == ana.id)
    view = next(iter(world.views.values()))
    button = {"type": "button", "action_id": "unheard.of", "block_id": "b", "value": "v"}
    interactions = [
        payloads.message_action(world, ana, message, callback_id="keep", response_url=""),
        payloads.shortcut(world, ana, callback_id="share"),
        payloads.view_closed(world, ana, view, is_cleared=True, with_state=False),
        payloads.block_actions(world, ana, Spot(view=view), button, state={}, response_url=""),
    ]
    told = [payloads.url_verification(), payloads.app_rate_limited(world)]
    return [
        *(Sample("payload", json.dumps(one)) for one in interactions),
        *(Sample("json", json.dumps(one)) for one in told),
        Sample("form", json.dumps(payloads.ssl_check())),
    ]
