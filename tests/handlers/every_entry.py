"""Every entry of the tables in handlers/__init__.py, and a payload for each that names all that any of ours reads.

What an entry reads is found out by letting it read: whatever is added to a table is tried without anybody adding it here.
"""

from __future__ import annotations

import contextlib
import copy
import itertools
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import AliasPath

import handlers
from handlers.payloads import Payload
from sandbox.records import Channel
from sandbox.slack import Slack
from storage.experts import private_questions
from storage.experts.private_questions import NewQuestion
from storage.ids import AskedId, ChannelId, PersonId, Place, WorkspaceId
from storage.ids import Person as StoredPerson
from tests.conftest import Bot
from tests.memory import Memory
from tests.rounds import Rounds

Path = tuple[str | int, ...]

TABLES = {
    "command": handlers.COMMANDS,
    "shortcut": handlers.SHORTCUTS,
    "block_actions": handlers.ACTIONS,
    "view_submission": handlers.FORMS,
    "view_closed": handlers.CLOSINGS,
    "block_suggestion": handlers.SUGGESTIONS,
    "event": handlers.EVENTS,
}
"""By the kind of payload that brings them."""

IN_FORM: Path = ("view", "state", "values")

GOOD: dict[str, Any] = {
    "words": "The words.", "why": "Why it matters.", "reason": "Newer words.", "purpose": "Learn together.",
    "keep_emoji": "bulb", "helped_emoji": "key", "endorse_emoji": "star", "question": "What went wrong?", "example": "",
    "use": "", "about": "python, java", "questions": "What went well?", "skips": "", "own_noun": "",
}  # fmt: skip
"""What is entered, by the input's name; an input that is not named here holds "x"."""

CHOSEN: dict[str, Any] = {
    "kind": "weekly", "name": "as me", "noun": "TIL", "timezone": "Europe/Berlin", "zone": "Europe/Berlin", "every": "1",
    "nth": "1", "day": "1", "order": "question", "theme": "ours", "open_days": "2", "moves": "drop", "region": "DE-BY",
    "grace": "3", "half_life": "365",
}  # fmt: skip
"""What is chosen, by the menu's name; "x" elsewhere."""


@dataclass
class Scene:
    """A pocket in which there is something of each kind, and payloads about it."""

    slack: Slack
    pocket: Channel
    ids: dict[str, str]

    def payload(self, kind: str, name: str) -> dict[str, Any]:
        """What Slack would bring to this entry, with more in it than any entry needs."""
        ana = self.slack.find_person("ana").id
        team, trigger = self.slack.world.team_id, self.slack.world.new_trigger(ana)
        if kind == "command":
            more = {"channel_id": self.pocket.id, "channel_name": self.pocket.name, "text": "Something that I learned"}
            return {"command": name, "team_id": team, "user_id": ana, "trigger_id": trigger, **more}
        if kind == "event":
            head = {"type": "event_callback", "team_id": team, "event_id": f"Ev{time.time_ns()}"}
            return {**head, "authorizations": [{"team_id": team}], "event": self._event(name)}
        secret = self.slack.world.new_response_url(ana, self.pocket.id)
        body: dict[str, Any] = {
            "type": kind,
            "user": {"id": ana},
            "team": {"id": team},
            "trigger_id": trigger,
            "callback_id": name,
        }
        body |= {"action_ts": self._now(), "channel": {"id": self.pocket.id}, "message": self._message()}
        body |= {"response_url": f"{self.slack.world.base_url}/response/{secret}", "response_urls": []}
        body |= {"callback_id": name, "action_id": name, "block_id": name, "value": "x", "view": self._view(name)}
        body["container"] = {"type": "message", "channel_id": self.pocket.id, "thread_ts": self.ids["message"]}
        if kind == "block_actions":
            body["actions"] = [self._action(name)]
        if kind == "shortcut" and name != "share_something":
            body["type"] = "message_action"
        return body

    def tries(self, kind: str, name: str) -> Iterator[dict[str, Any]]:
        """What Slack would bring to this entry; and of what is pressed, the same of another person, and about other learnings."""
        yield self.payload(kind, name)
        if kind == "block_actions":
            for who, about in itertools.product(("ana", "ben"), ("shared", "kept")):
                payload = put(self.payload(kind, name), ("user", "id"), self.slack.find_person(who).id)
                yield put(payload, ("actions", 0, "value"), self.ids[about])

    def _action(self, name: str) -> dict[str, Any]:
        value = self.ids[_value_of(name)]
        chosen = f"learned:{self.pocket.id}" if name == "home.pocket" else f"edit:{self.ids['learning']}"
        about = {"value": value, "selected_option": {"value": chosen}, "selected_conversation": self.pocket.id}
        about |= {"selected_user": self.slack.find_person("ben").id}
        return {"action_id": name, "block_id": "b", "type": "button", "action_ts": self._now(), **about}

    def _view(self, name: str) -> dict[str, Any]:
        names = sorted({path[len(IN_FORM)] for model in _models() for path in _paths(model) if _is_entered(path)})
        return {
            "id": "V1",
            "root_view_id": "V0",
            "previous_view_id": "V0",
            "type": "modal",
            "callback_id": name,
            "private_metadata": json.dumps(self.origin()),
            "blocks": [{"type": "input", "block_id": block} for block in names],
            "state": {"values": {block: {block: self._entered(str(block), name)} for block in names}},
        }

    def origin(self) -> dict[str, Any]:
        """What a form carries along unseen, of whatever kind it is."""
        about = {"learning": self.ids["learning"], "round": self.ids["round"], "message": self.ids["message"]}
        board = {"id": self.ids["schedule"], "version": 1, "page": 0, "shelf": "ours"}
        return {"key": f"form {time.time_ns()}", "channel": self.pocket.id, "pressed": self._now(), **about, **board}

    def _entered(self, block: str, form: str) -> dict[str, Any]:
        chosen = self.pocket.id if block in ("pocket", "led_pocket") else CHOSEN.get(block, "x")
        if block == "kind" and form != "schedule":
            chosen = "learning"
        written = "To be kept" if (block, form) == ("words", "keep") else GOOD.get(block, "x")
        return {
            "value": written,
            "selected_option": {"value": chosen},
            "selected_options": [{"value": "2" if block == "weekdays" else "yes"}],
            "selected_users": [self.slack.find_person("ana").id],
            "selected_time": "10:00",
            "selected_date": "2031-01-08",
        }

    def _event(self, name: str) -> dict[str, Any]:
        type_, _, subtype = name.partition(".")
        ana, ts = self.slack.find_person("ana").id, self.ids["message"]
        event: dict[str, Any] = {
            "type": type_,
            "channel": self.pocket.id,
            "user": ana,
            "event_ts": self._now(),
            "ts": ts,
        }
        event |= {
            "item": {"type": "message", "channel": self.pocket.id, "ts": ts},
            "reaction": "bulb",
            "item_user": ana,
        }
        event |= {"inviter": ana, "thread_ts": ts, "deleted_ts": ts, "message": self._message(), "text": "Some words"}
        event |= {"previous_message": {"text": "Other words", "ts": ts}}
        event |= {"old_channel_id": "C0OLD", "new_channel_id": "C0NEW"}
        if subtype == "im":
            return event | {"channel_type": "im"}
        return event | ({"subtype": subtype} if subtype else {})

    def _message(self) -> dict[str, Any]:
        ana = self.slack.find_person("ana").id
        return {"type": "message", "ts": self.ids["message"], "user": ana, "text": "To be kept", "blocks": []}

    def _now(self) -> str:
        return self.slack.world.new_ts()


async def play(slack: Slack, bot: Bot, pocket: Channel, memory: Memory) -> Scene:
    """Something of each kind."""
    rounds = Rounds(slack, bot, memory, pocket)
    await slack.types("ana", "/share The first of all", in_=pocket)
    await slack.types("ana", "/prompts weekly wed 10:00 What did we learn?", in_=pocket)
    message = await slack.says("ana", "To be kept", in_=pocket)
    await slack.reacts("ben", "bulb", message)
    await rounds.ask()
    workspace, people = (
        WorkspaceId(slack.world.team_id),
        {who: PersonId(slack.find_person(who).id) for who in ("ana", "ben")},
    )
    asked = NewQuestion(AskedId("asked"), Place(workspace, ChannelId(pocket.id)), "How do we rotate the keys?")
    ben = StoredPerson(workspace, people["ben"])
    await bot.db.write(private_questions.ask, asked, [people["ana"]], by=ben, at=time.time() + bot.ahead)
    await memory.settled()
    ids = {name: memory.rows(f"SELECT id FROM {name}s")[0]["id"] for name in ("learning", "round", "schedule")}  # noqa: S608
    for name, source in (("shared", "NULL"), ("kept", "NOT NULL")):
        ids[name] = memory.rows(f"SELECT id FROM learnings WHERE source_ts IS {source}")[0]["id"]  # noqa: S608
    ids |= {"message": message.ts, "pocket": pocket.id, "page": "0", "leaf": "0:first", "prompt": "til-1"}
    ids["pair"] = ":".join(row["id"] for row in memory.rows("SELECT id FROM learnings ORDER BY id LIMIT 2"))
    ids["show"] = f"{ids['learning']}:{pocket.id}:"
    ids["about"] = f"{pocket.id}:How do we rotate the keys?"
    ids |= {"topic": "python", "asked": "asked"}
    ids |= {"who": f"{slack.find_person('ben').id}:python", "both": '[["python"],[]]', "alias": f"{pocket.id}:py"}
    ids["undo"] = f"skip:{ids['schedule']}:2031-01-08"
    return Scene(slack, pocket, ids)


OF_EXPERTS = {"askme": "topic", "tag": "topic", "who": "who", "topics": "alias", "people": "about", "asked": "asked"}


def _value_of(action: str) -> str:
    """Of what kind the value of a button is."""
    feature, _, deed = action.partition(".")
    if action in ("found.earlier", "found.more", "found.post"):
        return "show" if deed == "post" else "leaf"
    if feature in OF_EXPERTS:
        return "both" if action == "askme.undo" else OF_EXPERTS[feature]
    if deed in ("earlier", "later"):
        return "page"
    if action in ("schedule.undo", "question.ask"):
        return "undo" if deed == "undo" else "about"
    kinds = {"pocket": "pocket", "digest": "pocket", "bank": "prompt", "close": "pair"}
    kinds |= {"schedule": "schedule", "schedules": "schedule"}
    return kinds.get(feature, "schedule" if deed == "slower" else "round" if feature == "round" else "learning")


@contextlib.contextmanager
def reading() -> Iterator[list[type[Payload]]]:
    """Which shapes are read meanwhile."""
    seen: list[type[Payload]] = []
    read = Payload.of.__func__  # type: ignore[attr-defined]  # a class method's function

    def of(cls: type[Payload], call: Any) -> Any:
        seen.append(cls)
        return read(cls, call)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Payload, "of", classmethod(of))
        yield seen


def paths_of(models: list[type[Payload]]) -> list[Path]:
    """All that they read, as paths into a payload."""
    return sorted({path for model in models for path in _paths(model)}, key=str)


def _models() -> Iterator[type[Payload]]:
    waiting: list[type[Payload]] = [Payload]
    while waiting:
        model = waiting.pop()
        waiting += model.__subclasses__()
        yield model


def _paths(model: type[Payload]) -> Iterator[Path]:
    for name, field in model.model_fields.items():
        alias = field.validation_alias
        if name != "workspace":
            yield tuple(alias.path) if isinstance(alias, AliasPath) else (str(alias or name),)


def _is_entered(path: Path) -> bool:
    return len(path) > len(IN_FORM) and path[: len(IN_FORM)] == IN_FORM


def put(payload: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """A copy with something else at that place."""
    changed = copy.deepcopy(payload)
    *way, last = path
    place: Any = changed
    for step in way:
        place = place[step]
    place[last] = value
    return changed


def drop(payload: dict[str, Any], path: Path) -> dict[str, Any]:
    """A copy with nothing at that place."""
    changed = copy.deepcopy(payload)
    *way, last = path
    place: Any = changed
    for step in way:
        place = place[step]
    place.pop(last, None)  # of messages, only some have a subtype
    return changed


def fill(payload: dict[str, Any], paths: list[Path], text: str) -> dict[str, Any]:
    """A copy with this text wherever of these somebody types or chooses something, or a button says what it is about."""
    for path in paths:
        if path[0] in ("text", "value") or _is_entered(path) or (path[0] == "actions" and path[-1] == "value"):
            several = path[-1] in ("selected_options", "selected_users")
            payload = put(payload, path, [{"value": text}] if several else text)
    return payload
