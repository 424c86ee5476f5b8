"""Forms whose words are not lost when they are closed: they tell what is written, and can be opened again with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .elements import Block, telling

WRITTEN = ("words", "why")
"""The fields that people write in."""

Values = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""What stands in a form, by block and by field, as Slack tells it (`view.state.values`)."""


def holding(form: Block) -> Block:
    """The same form, which tells what is written in it while somebody types, and that it is closed."""
    fields = [telling(one) if one.get("block_id") in WRITTEN else one for one in form["blocks"]]
    return form | {"blocks": fields, "notify_on_close": True}


def written(shown: list[Block], values: Values) -> str:
    """What was written in a form besides what stood in it when it was opened."""
    before = {str(_at(one, "block_id")): _at(one, "element", "initial_value") for one in shown}
    now = {name: _at(values, name, name, "value") for name in WRITTEN}
    return next((said for name, said in now.items() if isinstance(said, str) and said and said != before.get(name)), "")


def _at(value: Any, *path: str) -> Any:  # noqa: ANN401 -- whatever a payload holds
    """What stands there; None where the way ends before."""
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def filled(form: Block, values: Values) -> Block:
    """The same form with what stood in it before."""
    return form | {"blocks": [_filled(one, values) for one in form["blocks"]]}


def _filled(block: Block, values: Values) -> Block:
    name = block.get("block_id", "")
    stood = _at(values, name, name)
    if not isinstance(stood, Mapping) or block["type"] != "input":
        return block
    begins = {
        "initial_value": stood.get("value"),
        "initial_option": stood.get("selected_option"),
        "initial_options": stood.get("selected_options"),
    }
    element = {key: value for key, value in block["element"].items() if key not in begins}
    return block | {"element": element | {key: value for key, value in begins.items() if value}}
