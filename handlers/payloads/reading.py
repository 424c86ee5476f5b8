"""What every payload is read with."""

from __future__ import annotations

import re
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from handlers.desk import Call
from storage.ids import ChannelId, Ts, WorkspaceId

_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def scrub(typed: Any) -> Any:  # noqa: ANN401 -- pydantic checks the type afterwards
    """Text that both databases can hold: without NUL and its like, and with halves of characters marked as lost."""
    if not isinstance(typed, str):
        return typed
    whole = typed.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _UNWRITABLE.sub("", whole.replace("\r\n", "\n"))


Typed = Annotated[str, BeforeValidator(scrub)]
ID = r"^[A-Z0-9]{1,64}$"
Id = Annotated[str, Field(pattern=ID)]
Moment = Annotated[Ts, Field(pattern=r"^[0-9]{1,12}\.[0-9]{1,9}$")]


class Payload(BaseModel):
    """A payload of one workspace."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    workspace: WorkspaceId
    stands_in: bool = False
    checked: frozenset[ChannelId] = frozenset()

    @classmethod
    def of(cls, call: Call) -> Self:
        """Read what was delivered. Raises pydantic's `ValidationError`."""
        known = {"workspace": call.workspace, "stands_in": call.stands_in, "checked": call.checked}
        return cls.model_validate({**call.body, **known})
