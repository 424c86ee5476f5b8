"""Buttons, menus and inputs within blocks: finding the one that a person means, and what choosing in it sends.

Source of the shapes: https://docs.slack.dev/reference/block-kit/block-elements
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .forms import INITIAL, LISTS, block_elements

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .records import Json

PRESSED = frozenset({"button", "workflow_button", "overflow"})
"""Elements that do something and hold no value."""


class Impossible(Exception):
    """Slack would not let a person do this; the text says why."""


@dataclass(frozen=True, slots=True)
class Found:
    """An element, the block it is in, and the option in it that was named, if one was."""

    block: Json
    element: Json
    option: Json | None = None

    @property
    def names(self) -> set[str]:
        """What a person may call it by: its ids, its own words, those before it."""
        words = [self.element.get("text"), self.element.get("placeholder"), self.block.get("label")]
        labels = {word["text"] for word in words if isinstance(word, dict)}
        ids = {self.element.get("action_id", ""), self.block["block_id"] if self.block["type"] == "input" else ""}
        return (labels | ids) - {""}


def each_element(blocks: Iterable[Json]) -> Iterator[Found]:
    """All elements that a person can use, in order."""
    for block in blocks:
        for element in block_elements(block):
            if element.get("type") in INITIAL or element.get("type") in PRESSED:
                yield Found(block, element)


def find_element(blocks: Iterable[Json], name: str) -> Found:
    """The element called `name`: an action_id, an input's block_id, a button's words, a label, or an option in a menu.

    Raises `Impossible` where there is none, or more than one.
    """
    elements = list(each_element(blocks))
    found = [element for element in elements if name in element.names]
    if not found:
        found = [
            Found(element.block, element.element, option)
            for element in elements
            for option in options_of(element.element)
            if name in (option.get("value"), option["text"]["text"])
        ]
    if len(found) == 1:
        return found[0]
    if found:
        raise Impossible(f"“{name}” is there {len(found)} times; name it by its action_id.")
    there = ", ".join(f"“{label}”" for element in elements for label in sorted(_labels(element))) or "nothing to press"
    raise Impossible(f"There is no “{name}” here. There is: {there}.")


def _labels(found: Found) -> set[str]:
    return found.names | {option["text"]["text"] for option in options_of(found.element)}


def options_of(element: Json) -> list[Json]:
    """The options that an element itself offers, those in groups too."""
    groups = element.get("option_groups") or ()
    return [*(element.get("options") or ()), *(option for group in groups for option in group["options"])]


def choose(element: Json, value: Any, offered: list[Json], current: Json | None = None) -> Json:  # noqa: ANN401
    """What an input holds once a person has entered `value`, in the shape of `view.state.values`.

    `offered` are the options there are; an option is named by its value or its words. In an element that holds a list,
    a list replaces it; one thing alone is ticked, or unticked where it was. None empties the input.

    Raises `Impossible` for an option that is not offered.
    """
    key, _ = INITIAL[element["type"]]
    is_list = key in LISTS
    held = list((current or {}).get(key) or []) if is_list else None
    chosen: Any
    if key.startswith("selected_option"):
        pick = _Picker(offered, held or [])
        chosen = pick.many(value) if is_list else pick.one(value)
    elif is_list:
        chosen = list(value) if isinstance(value, (list, tuple, set)) else _toggle(held or [], value)
    elif value is None or value == "":
        chosen = None
    else:
        chosen = int(value) if key == "selected_date_time" else str(value)
    return {"type": element["type"], key: copy.deepcopy(chosen)}


class _Picker:
    """Finds options by their words or values, among what is offered and what is held already."""

    def __init__(self, offered: list[Json], held: list[Json]) -> None:
        self._offered, self._held = offered, held

    def one(self, value: Any) -> Json | None:  # noqa: ANN401 -- an option, or a name of one
        if value is None:
            return None
        wanted = value.get("value") if isinstance(value, dict) else value
        for option in [*self._offered, *self._held]:
            if wanted in (option["value"], option["text"]["text"]):
                return option
        there = ", ".join(f"“{option['text']['text']}”" for option in self._offered) or "nothing"
        raise Impossible(f"“{wanted}” is not offered; offered is: {there}.")

    def many(self, value: Any) -> list[Json | None]:  # noqa: ANN401 -- one or more of them
        if value is None:
            return []
        if isinstance(value, (list, tuple, set)):
            return [self.one(one) for one in value]
        return _toggle(self._held, self.one(value))


def _toggle(held: list[Any], value: Any) -> list[Any]:  # noqa: ANN401 -- any value of an input
    if value is None:
        return []
    return [one for one in held if one != value] if value in held else [*held, value]


def is_empty(value: Json) -> bool:
    """Whether an input's value, in the shape of `view.state.values`, is nothing."""
    key, _ = INITIAL[value["type"]]
    return value.get(key) in (None, "", [])
