"""Real payloads, of every kind that Slack delivers: caught while a scene is played to the bot, in the sandbox."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bench import pockets
from sandbox import payloads
from sandbox.payloads import Spot
from sandbox.records import Channel, Person
from sandbox.slack import Slack

from .rummage import Rummage

Carriage = Literal["json", "form", "payload"]
"""How it travels: as JSON, as a form's fields, or as JSON in a form's field `payload`."""

MOST_PRESSES, FEW_PRESSES = 600, 30
"""How much is pressed at most; and in the short form."""

OF_EACH = 2
"""How many samples of one action, form or kind of event are taken."""

ASKED, ASKED_WITHIN = "What did you learn about locks?", 200.0
"""What a prompt asks, and within how many real seconds."""

NO_NAMES = ("none", "unheard.of")
"""What is not counted as a name of the bot's: where there is none, and one that nobody ever heard of."""

KINDS = {
    "command": "commands",
    "shortcut": "global shortcuts",
    "message_action": "message shortcuts",
    "block_actions": "actions",
    "view_submission": "forms",
    "view_closed": "closings",
    "block_suggestion": "suggestions",
    "event_callback": "kinds of events",
}
"""What Slack calls what it delivers, and what is said of it."""

CARRIAGES: dict[str, Carriage] = {"event": "json", "command": "form"}


@dataclass(frozen=True, slots=True)
class Sample:
    """A payload as Slack delivered it."""

    carriage: Carriage
    text: str
    """The payload, as JSON."""
    is_expected: bool = False
    """Whether the bot takes it whenever it comes: what is pressed in a message can be answered five times only."""

    may_be_renamed: bool = False
    """Whether it may name another action, form or command: of the pocket in which honest ones share, one might end it."""

    @property
    def route(self) -> tuple[str, str]:
        """What kind of thing it is, and the name by which the bot knows what to do."""
        payload = json.loads(self.text)
        if self.carriage == "form":
            return "command", str(payload.get("command", NO_NAMES[0]))
        kind = str(payload["type"])
        if kind == "event_callback":
            event = payload["event"]
            return kind, ".".join(filter(None, (str(event["type"]), str(event.get("subtype") or ""))))
        action = payload["actions"][0] if kind == "block_actions" else payload
        if kind in ("view_submission", "view_closed"):
            action = payload["view"]
        return kind, str(action.get("action_id") or action.get("callback_id") or NO_NAMES[0])

    @property
    def shares(self) -> bool:
        """Whether it is a /share with what somebody learned behind it."""
        payload = json.loads(self.text)
        return payload.get("command") == "/share" and " " in payload["text"]


async def catch(slack: Slack, *, short: bool = False) -> tuple[Channel, list[Sample]]:
    """Play the scene in a new pocket, to the bot that runs. Returns the pocket, and what was delivered in it.

    In another one somebody else goes through everything that there is; if it is not to be `short`, also through a prompt's.
    """
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
    since = len(slack.courier.deliveries)
    await _rummage(slack, short=short)
    found = [
        Sample(CARRIAGES.get(one.kind, "payload"), json.dumps(one.payload), may_be_renamed=True)
        for one in slack.courier.deliveries[since:]
    ]
    samples = [*caught, *_others(slack, pocket), *_few_of_each(found)]
    return pocket, [*samples, *made_up(slack, samples)]


def _few_of_each(samples: list[Sample]) -> list[Sample]:
    """So that what comes often is not all that is sent."""
    times = Counter[tuple[str, str]]()
    few = []
    for one in samples:
        times[one.route] += 1
        if times[one.route] <= OF_EACH:
            few.append(one)
    return few


async def _rummage(slack: Slack, *, short: bool) -> None:
    """Dora and Emil go through everything; and their channels live as channels do."""
    dora, emil = slack.person("dora"), slack.person("emil")
    room = slack.channel("rummage", members=(dora, emil))
    await pockets.begin(slack, dora, room)
    message = await slack.says(emil, "A lock is held until the commit, so keep them short.", in_=room)
    rummage = Rummage(slack, dora, emil, room, FEW_PRESSES if short else MOST_PRESSES)
    await slack.reacts(dora, "bulb", message)
    await slack.says(emil, f"@{slack.app.name} what about locks?", in_=room)
    await slack.says(emil, "locks", in_=slack.app)
    if short:
        await rummage.go_through_all(message)
    else:
        await rummage.go_on_until_all_is_known(message)
        await _be_asked(slack, dora, room)
        await rummage.look_round()
        rummage.reaches_far = True
        await rummage.go_on_until_all_is_known(message)
    await _live(slack, dora, emil)


async def _live(slack: Slack, dora: Person, emil: Person) -> None:
    """Channels are renamed, archived and so on."""
    for name, private in (("open", False), ("closed", True)):
        channel = slack.channel(f"{name}-life", members=(dora, emil, slack.app.id), private=private)
        said = await slack.says(emil, "Hello", in_=channel)
        await slack.edits(emil, said, "Good morning")
        await slack.deletes(emil, said)
        await slack.renames(dora, channel, f"{name}-life-2")
        await slack.archives(dora, channel)
        await slack.unarchives(dora, channel)
        await slack.converts(dora, channel, private=not private)
        await slack.removes(dora, slack.app, channel)
    lent = slack.channel("lent", members=(dora, emil, slack.app.id))
    await slack.shares(dora, lent)
    await slack.deletes_channel(dora, lent)
    await slack.settled()


async def _be_asked(slack: Slack, lead: Person, room: Channel) -> None:
    """A prompt of the next minute but one stands, by this machine's clock: the bot goes by it."""
    at = (datetime.now(ZoneInfo(lead.tz)) + timedelta(minutes=2)).replace(second=0)
    await pockets.taken(slack, lead, f"/prompts once {at:%Y-%m-%d %H:%M} {ASKED}", room, "Scheduled.")
    await slack.until(lambda: any(ASKED in slack.text_of(one) for one in room.messages.values()), within=ASKED_WITHIN)


def made_up(slack: Slack, samples: list[Sample]) -> list[Sample]:
    """Of each kind of event that the manifest names and that was not brought about, one that says no more than that."""
    seen = {name.partition(".")[0] for kind, name in (one.route for one in samples) if kind == "event_callback"}
    wanted = sorted({name.partition(".")[0] for name in slack.manifest.bot_events} - seen)
    channel, person = slack.find_channel("rummage").id, slack.find_person("dora").id  # not where honest ones share
    events = [{"type": one, "channel": channel, "user": person, "event_ts": slack.world.new_ts()} for one in wanted]
    told = [payloads.event_callback(slack.world, event, payloads.new_event_id()) for event in events]
    return [Sample("json", json.dumps(one), may_be_renamed=True) for one in told]


def routes(samples: list[Sample]) -> str:
    """How many different commands, actions and so on they are of, in words."""
    many = Counter(kind for kind, name in {one.route for one in samples} if name not in NO_NAMES)
    return "shot at " + ", ".join(f"{many[kind]} {name}" for kind, name in KINDS.items() if many[kind])


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
    button = {"type": "button", "action_id": NO_NAMES[1], "block_id": "b", "value": "v"}
    interactions = [
        payloads.message_action(world, ana, message, callback_id=NO_NAMES[1], response_url=""),
        payloads.shortcut(world, ana, callback_id=NO_NAMES[1]),
        payloads.view_closed(world, ana, view, is_cleared=True, with_state=False),
        payloads.block_actions(world, ana, Spot(view=view), button, state={}, response_url=""),
    ]
    told = [payloads.url_verification(), payloads.app_rate_limited(world)]
    return [
        *(Sample("payload", json.dumps(one)) for one in interactions),
        *(Sample("json", json.dumps(one)) for one in told),
        Sample("form", json.dumps(payloads.ssl_check())),
    ]
