"""What people share, and which buttons they press, as steps of a history. Slack brings that to the app at once."""

from __future__ import annotations

import copy

from sandbox.forms import block_elements
from sandbox.parcels import Parcel
from sandbox.records import Ephemeral, Message, Person

from .chance import Draws
from .history import PEOPLE, History
from .model import Said, Shared


async def share(history: History, draws: Draws) -> str:
    """Somebody shares at once."""
    who, topic = history.people[draws[0] % PEOPLE], f"t{draws[1] % 3}"
    shared = Shared(history.channel.id, who.id, f"Lesson {len(history.model.shared)} of {who.name}.", (topic,))
    answer = await history.slack.types(who, f"/share {shared.words} #{topic}", in_=history.channel)
    return _shared(history, shared, refusal=answer.failed or ("" if "Shared." in answer.text else answer.text))


async def share_by_form(history: History, draws: Draws) -> str:
    """Somebody shares by the form."""
    who = history.people[draws[0] % PEOPLE]
    shared = Shared(history.channel.id, who.id, f"Lesson {len(history.model.shared)} of {who.name}, by form.")
    form = (await history.slack.types(who, "/share", in_=history.channel)).form
    if form is None:
        history.wrong.append("No form opened.")
        return ""
    answer = await history.slack.submits(who, form, {"words": shared.words})
    return _shared(history, shared, refusal=answer.failed or str(answer.errors or ""))


def _shared(history: History, shared: Shared, *, refusal: str) -> str:
    if refusal:
        history.wrong.append(f"“{shared.words}” was not taken: {refusal}")
    history.model.shared.append(shared)
    last = history.slack.courier.deliveries[-1]
    history.sent.append((shared, shared.words, last.kind, copy.deepcopy(last.payload)))
    return f"shared: “{shared.words}”"


async def send_again(history: History, draws: Draws) -> str:
    """A command or a form arrives once more, and shares nothing anew. A form's words then are the last ones again."""
    if not history.sent:
        return ""
    shared, words, kind, payload = history.sent[draws[0] % len(history.sent)]
    parcel = Parcel.of_command(payload) if kind == "command" else Parcel.of_interaction(payload)
    await history.slack.courier.ask(kind, "again", payload, parcel)
    if kind != "command":
        shared.words = words
    return f"the {kind} of “{words}” arrives again"


async def press_on_share(history: History, draws: Draws) -> str:
    """Somebody takes back what they shared, or changes it: by the buttons under what told them that it is shared."""
    offers = [one for one in _private_words(history) if "share.details" in _buttons(one)]
    if not offers:
        return ""
    words = offers[draws[0] % len(offers)]
    action, learning = _buttons(words)["share.undo" if draws[1] % 2 else "share.details"]
    shared = _shared_as(history, learning)
    answer = await history.slack.presses(words.user, action, on=words)
    if action == "share.undo":
        shared.stands = False
        return f"undone: “{shared.words}”"
    if not shared.stands or answer.form is None:
        return ""
    before, shared.words = shared.words, f"{shared.words[:60]} {len(history.log)}"
    sent = await history.slack.submits(words.user, answer.form, {"words": shared.words})
    if sent.failed or sent.errors:
        history.wrong.append(f"Details of “{before}” were not taken: {sent}")
    return f"“{before}” says now “{shared.words}”"


def _private_words(history: History) -> list[Ephemeral]:
    return [one for one in history.slack.world.ephemerals if one.channel == history.channel.id]


def _shared_as(history: History, learning: str) -> Shared:
    """What was shared as this learning: by its time, since its words may be forgotten."""
    found = history.look_up(
        "SELECT id FROM learnings WHERE channel = :channel AND source_ts IS NULL ORDER BY said_at",
        channel=history.channel.id,
    )
    ids = [row.id for row in found]
    return history.model.shared[ids.index(learning)]


async def press(history: History, draws: Draws) -> str:
    """A curator or an author presses a button of what the app has told them."""
    offers = [
        (person, message, action, learning)
        for person in history.people
        for message in _direct(history, person)
        for action, learning in _buttons(message).values()
    ]
    if not offers:
        return ""
    person, message, action, learning = offers[draws[0] % len(offers)]
    said = _said_as(history, learning)
    await history.slack.presses(person, action, on=message)
    delivered = reversed(history.slack.courier.deliveries)  # an event of what came of it may have been delivered by now
    pressed = next(one.payload for one in delivered if one.kind == "block_actions")
    _pressed(history, person, said, action, pressed["actions"][0]["action_ts"])
    return f"{person.name} presses {action} of {history.name(said)}"


def _pressed(history: History, person: Person, said: Said, action: str, ts: str) -> None:
    if action == "keep.undo":
        said.undo(person.id, ts)
    elif action == "kept.undo":
        said.withhold()
    elif action == "kept.never":
        history.model.say_never(said)
    elif action == "kept.allow":
        history.model.never.discard(person.id)
    elif action == "kept.take_all_back":
        history.model.take_all_back(person.id)
    else:
        history.wrong.append(f"There is a button {action} that the model knows nothing of.")


def _direct(history: History, person: Person) -> list[Message]:
    both = {person.id, history.slack.app.id}
    rooms = [one for one in history.slack.world.channels.values() if one.is_im and one.members.keys() == both]
    return [message for room in rooms for message in room.messages.values()]


def _said_as(history: History, learning: str) -> Said:
    ((ts,),) = history.look_up("SELECT source_ts FROM learnings WHERE id = :id", id=learning)
    return next(one for one in history.model.said if one.ts == ts)


def _buttons(on: Message | Ephemeral) -> dict[str, tuple[str, str]]:
    """The buttons on a message, by their action: the action, and the value."""
    found = [element for block in on.blocks for element in block_elements(block) if element["type"] == "button"]
    return {one["action_id"]: (one["action_id"], one["value"]) for one in found}
