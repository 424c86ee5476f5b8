"""Who knows what: the form of one's own topics, the people who are found, the weekly question."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from handlers import words
from storage.experts.asking import Proposal
from storage.experts.names import Alias
from storage.experts.tags import MOST, Tag
from storage.experts.wishes import NUMBERS, Wishes
from storage.ids import PersonId

from .elements import Block, actions, button, context, field, form, option, plain, section

HIDDEN, STOPPED, AS_MANY = "hidden", "stopped", "as many"
"""What the form says of the choices in it."""


@dataclass(frozen=True, slots=True)
class Mine:
    """All that one's own form shows. `offered`: the topics that may be unchosen; `suggested`: None until somebody asks for it."""

    tags: Sequence[Tag]
    shared: dict[str, int]
    wishes: Wishes
    offered: Sequence[str]
    suggested: Sequence[str] | None = None


def changed(text: str, new: Collection[str], gone: Collection[str]) -> list[Block]:
    """What came of topics that somebody typed."""
    value = json.dumps([list(new), list(gone)], ensure_ascii=False, separators=(",", ":"))
    undo = [actions(button(words.UNDO, "askme.undo", value))] if new or gone else []
    return [section(text), *undo]


class Shown(NamedTuple):
    """Somebody who may be asked: why, and how it is with them just now (empty: nothing is known of that)."""

    id: PersonId
    why: str
    around: str
    may_be_endorsed: bool


def askme_form(mine: Mine, *, metadata: str) -> Block:
    """One's own topics."""
    seen = words.experts.seen_of_me(mine.tags, mine.shared, hidden=mine.wishes.hidden)
    fields = [
        section(seen),
        field("tags", words.experts.FIELD_TAGS, _tags(mine.offered), optional=True),
        *_suggested(mine.suggested),
        field("a_week", words.experts.FIELD_A_WEEK, _a_week(mine.wishes), hint=words.experts.FIELD_A_WEEK_HINT),
        field("choices", words.experts.FIELD_CHOICES, _choices(mine.wishes), optional=True),
    ]
    return form("askme", words.experts.FORM_TITLE, words.experts.FORM_SAVE, metadata, fields)


def found(text: str, people: Sequence[Shown], *, topic: str, team: str, unchecked: bool) -> list[Block]:
    """The people who may be asked. `topic`: empty where it is a question."""
    each = [block for one in people for block in _person(one, topic=topic, team=team)]
    return [section(text), *each, *([context(words.experts.UNCHECKED)] if unchecked else [])]


def endorse_form(*, metadata: str, profile: str = "") -> Block:
    """What somebody would ask them about. `profile`: what they stand for already."""
    box: Block = {"type": "plain_text_input", "action_id": "about", "max_length": 300, "focus_on_load": True}
    said = [section(profile)] if profile else []
    fields = [*said, field("about", words.experts.FIELD_FOR, box, hint=words.experts.FIELD_FOR_HINT)]
    return form("endorse", words.experts.ENDORSE_TITLE, words.experts.ENDORSE_SEND, metadata, fields)


def said_form(title: str, said: list[Block]) -> Block:
    """What a form becomes once it is sent."""
    return {"type": "modal", "title": plain(title), "close": plain(words.CLOSE), "blocks": said}


def endorsed(text: str, person: PersonId, topics: Sequence[str]) -> list[Block]:
    """What whoever endorsed hears, with the way back."""
    back = button(words.experts.TAKE_BACK, "who.unendorse", f"{person}:{','.join(topics)}")
    return [section(text), *([actions(back)] if topics else [])]


def say_what(text: str, person: PersonId) -> list[Block]:
    """The same where it is not known for what."""
    return [section(text), actions(button(words.experts.SAY_WHAT, "who.endorse", f"{person}:"))]


def proposals(answered: str, left: Sequence[Proposal]) -> list[Block]:
    """The weekly question, each topic by itself; what was answered just now first."""
    asked = [block for one in left for block in _proposal(one)]
    stop = button(words.experts.STOP_ASKING, "tag.stop", "all")
    end = [context(words.experts.ABOUT_PROPOSALS), actions(stop)] if left else []
    return [*([section(answered)] if answered else []), *asked, *end]


def old(text: str) -> list[Block]:
    """Whether tags of long ago still hold."""
    return [
        section(text),
        actions(button(words.experts.STILL, "tag.still", "all"), button(words.experts.LOOK, "askme.open", "all")),
    ]


def aliases(text: str, found: Sequence[Alias], channel: str) -> list[Block]:
    """What topics are called otherwise, each with its undo."""
    each = [
        section(words.experts.alias(one))
        | {"accessory": button(words.UNDO, "topics.undo", f"{channel}:{one.alias}"), "block_id": f"alias {at}"}
        for at, one in enumerate(found)
    ]
    return [section(text), *each]


def merged(text: str, aliases: Collection[str], channel: str) -> list[Block]:
    """What a lead hears who merged topics."""
    return [section(text), actions(button(words.UNDO, "topics.undo", f"{channel}:{','.join(aliases)}"))]


def _person(one: Shown, *, topic: str, team: str) -> list[Block]:
    write = button(words.experts.WRITE, "who.write", one.id) | {"url": f"slack://user?team={team}&id={one.id}"}
    endorse = [button(words.experts.ENDORSE, "who.endorse", f"{one.id}:{topic}")] if one.may_be_endorsed else []
    around = [context(one.around)] if one.around else []
    return [section(one.why), *around, actions(write, *endorse) | {"block_id": f"who {one.id}"}]


def _proposal(one: Proposal) -> list[Block]:
    yes, no = words.experts.LIST_ME, words.experts.NO_THANKS
    return [
        section(words.experts.proposed(one)),
        actions(button(yes, "tag.yes", one.topic), button(no, "tag.no", one.topic)),
    ]


def _tags(offered: Sequence[str]) -> Block:
    chosen = [option(topic, topic) for topic in offered]
    return {
        "type": "multi_external_select",
        "action_id": "tags",
        "min_query_length": 0,
        "max_selected_items": max(MOST, len(chosen)),  # what colleagues and learnings say may be more
        "placeholder": plain(words.experts.FIELD_TAGS_PLACEHOLDER),
        **({"initial_options": chosen} if chosen else {}),
    }


def _suggested(suggested: Sequence[str] | None) -> list[Block]:
    if suggested is None:
        return [actions(button(words.experts.SUGGEST, "askme.suggest", "all"))]
    if not suggested:
        return [context(words.experts.NOTHING_TO_SUGGEST)]
    boxes = {"type": "checkboxes", "action_id": "suggested", "options": [option(topic, topic) for topic in suggested]}
    return [field("suggested", words.experts.FIELD_SUGGESTED, boxes, optional=True)]


def _a_week(wishes: Wishes) -> Block:
    numbers = [option(str(number), str(number)) for number in NUMBERS]
    any_number = option(words.experts.AS_MANY, AS_MANY)
    chosen = next((one for one in numbers if one["value"] == str(wishes.a_week)), any_number)
    options = [any_number, *numbers]
    return {"type": "static_select", "action_id": "a_week", "options": options, "initial_option": chosen}


def _choices(wishes: Wishes) -> Block:
    hide = option(words.experts.HIDE, HIDDEN) | {"description": plain(words.experts.HIDE_WHAT)}
    stop = option(words.experts.STOP, STOPPED) | {"description": plain(words.experts.STOP_WHAT)}
    chosen = [*([hide] if wishes.hidden else []), *([stop] if wishes.stopped else [])]
    initial = {"initial_options": chosen} if chosen else {}
    return {"type": "checkboxes", "action_id": "choices", "options": [hide, stop], **initial}
