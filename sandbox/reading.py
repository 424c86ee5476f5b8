"""What a message, form or Home says to somebody who reads it: its blocks as plain lines of text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .records import View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .records import Ephemeral, Json, Message
    from .world import World

ANGLED = re.compile(r"<([^<>]*)>")
ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def text_of(thing: Message | Ephemeral | View, world: World | None = None) -> str:
    """The lines that a reader sees, buttons and fields in brackets; with `world`, people and channels by name.

    Where there are blocks, Slack shows them instead of `text`.
    """
    if isinstance(thing, View):
        title = thing.content.get("title", {}).get("text", "")
        lines = [title, *_lines(thing.content["blocks"], world, thing.state)]
        return "\n".join(line for line in lines if line)
    lines = list(_lines(thing.blocks, world)) if thing.blocks else [read(thing.text, world)]
    for attachment in thing.attachments:
        lines += _attachment_lines(attachment, world)
    lines += [f"[file: {file.get('title') or file.get('name', '')}]" for file in getattr(thing, "files", ())]
    return "\n".join(line for line in lines if line)


def read(text: str, world: World | None = None) -> str:
    """Mrkdwn as it is read: mentions as `@name` and `#name`, links as their words, entities as their signs."""
    text = ANGLED.sub(lambda match: _angled(match[1], world), text)
    for entity, sign in ENTITIES:
        text = text.replace(entity, sign)
    return text


def _angled(inner: str, world: World | None) -> str:
    target, _, label = inner.partition("|")
    if target.startswith("@"):
        person = world.people.get(target[1:]) if world else None
        return f"@{person.name if person else label or target[1:]}"
    if target.startswith("#"):
        channel = world.channels.get(target[1:]) if world else None
        return f"#{channel.name if channel else label or target[1:]}"
    if target.startswith("!date"):
        return label
    if target.startswith("!"):
        return f"@{label.removeprefix('@') or target[1:]}"
    return label or target.removeprefix("mailto:")


def _lines(blocks: list[Json], world: World | None, state: Json | None = None) -> Iterator[str]:
    for block in blocks:
        yield from _block_lines(block, world, state or {})


def _block_lines(block: Json, world: World | None, state: Json) -> Iterator[str]:
    kind = block.get("type")
    if kind == "divider":
        yield "---"
    if kind in ("header", "section") and block.get("text"):
        yield _words(block["text"], world)
    for part in block.get("fields", ()):
        yield _words(part, world)
    if kind == "image":
        yield f"[image: {block.get('alt_text', '')}]"
    if kind == "context":
        yield " ".join(_element(part, world, {}) for part in block["elements"])
    if kind == "rich_text":
        yield "".join(_rich(part, world) for part in block["elements"])
    values = state.get(block.get("block_id", ""), {})
    if kind == "input":
        yield f"{_words(block['label'], world)}: {_element(block['element'], world, values)}"
        yield _words(block.get("hint", {}), world)
    if kind == "actions":
        yield " ".join(_element(part, world, values) for part in block["elements"])
    if block.get("accessory"):
        yield _element(block["accessory"], world, values)


def _words(text: Json, world: World | None) -> str:
    plain = str(text.get("text", ""))
    return read(plain, world) if text.get("type") == "mrkdwn" else plain


def _element(element: Json, world: World | None, values: Json) -> str:
    kind = element.get("type", "")
    if kind in ("plain_text", "mrkdwn"):
        return _words(element, world)
    if kind == "image":
        return f"[image: {element.get('alt_text', '')}]"
    if kind == "button":
        return f"[{_words(element['text'], world)}]"
    if kind == "overflow":
        return f"[{' | '.join(_labels(element))}]"
    chosen = _chosen(values.get(element.get("action_id", ""), {}), world)
    hint = _words(element.get("placeholder", {}), world) or " | ".join(_labels(element))
    return f"[{chosen}]" if chosen else f"[{hint}]"


def _labels(element: Json) -> list[str]:
    groups = element.get("option_groups", ())
    options = [*element.get("options", ()), *(option for group in groups for option in group["options"])]
    return [option["text"]["text"] for option in options]


def _chosen(value: Json, world: World | None) -> str:
    held = next((held for name, held in value.items() if name != "type"), None)
    return ", ".join(_name(one, world) for one in (held if isinstance(held, list) else [held]) if one is not None)


def _name(held: Any, world: World | None) -> str:  # noqa: ANN401 -- any value of an input
    if isinstance(held, dict):
        return _rich(held, world) if held.get("type") == "rich_text" else str(held.get("text", {}).get("text", ""))
    if world and held in world.people:
        return f"@{world.people[held].name}"
    if world and held in world.channels:
        return f"#{world.channels[held].name}"
    return str(held)


def _rich(part: Json, world: World | None) -> str:
    kind = part.get("type")
    if kind == "user":
        return _angled(f"@{part['user_id']}", world)
    if kind == "channel":
        return _angled(f"#{part['channel_id']}", world)
    if kind == "broadcast":
        return f"@{part['range']}"
    if kind == "emoji":
        return f":{part['name']}:"
    if kind == "link":
        return str(part.get("text") or part["url"])
    inner = "".join(_rich(inner, world) for inner in part.get("elements", ()))
    return str(part.get("text", "")) + inner + ("\n" if kind in ("rich_text_section", "rich_text_list") else "")


def _attachment_lines(attachment: Json, world: World | None) -> Iterator[str]:
    for name in ("pretext", "title", "text"):
        yield read(str(attachment.get(name) or ""), world)
    yield from _lines(attachment.get("blocks") or [], world)
