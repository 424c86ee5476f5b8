"""A form that is open while its channel gets another id, as when a private one is shared: it goes where the channel is now."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from handlers.desk import Call, Handler
from storage.ids import ChannelId
from storage.places import channel_ids
from storage.refusals import Refusal

_ID = re.compile(r"\b[CG][A-Z0-9]{5,63}\b")


async def follow(handler: Handler, call: Call) -> None:
    """Handle a form that was sent; where it is refused, and names a channel by an id of before, by the one that it has now."""
    try:
        await handler(call)
    except Refusal:
        view: dict[str, Any] = call.body["view"]
        named = {ChannelId(id) for text in _texts(view) for id in _ID.findall(text)}
        moved = await call.desk.db.read(channel_ids.moved, call.workspace, named)
        if not moved:
            raise
        for old, new in moved.items():
            view = _renamed(view, old, new)
        await handler(replace(call, body={**call.body, "view": view}))


def _texts(view: dict[str, Any]) -> tuple[str, str]:
    """Where our forms name channels: in what they carry along, and in the pocket that is chosen."""
    fields: Any = view.get("state")
    for name in ("values", "pocket"):
        fields = fields.get(name) if isinstance(fields, dict) else None
    return str(view.get("private_metadata")), json.dumps(fields)


def _renamed(view: dict[str, Any], old: ChannelId, new: ChannelId) -> dict[str, Any]:
    state = json.loads(json.dumps(view.get("state")).replace(f'"{old}"', f'"{new}"'))
    return {**view, "private_metadata": str(view.get("private_metadata")).replace(old, new), "state": state}
