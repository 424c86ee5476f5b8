"""The shapes of what an export holds, as far as they are read. What is not shaped so is no export."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from handlers.payloads import scrub

from .archive import Archive, BadExport

LONGEST_TEXT = 200_000
"""Characters: Slack's messages have at most 40,000, of which each may be written as an entity of five."""

LONGEST_NAME = 80
"""Characters of a person's name, as Slack has them."""

MOST_LISTED = 500_000
"""People, or channels, of one export: all are held in memory at once."""


def _text(value: Any) -> Any:  # noqa: ANN401 -- pydantic checks the type afterwards
    return "" if value is None else scrub(value)


Text = Annotated[str, BeforeValidator(_text), Field(max_length=LONGEST_TEXT)]
"""Some exports write null where there is no text."""

Name = Annotated[str, BeforeValidator(_text), Field(max_length=5 * LONGEST_NAME)]
"""Each character may be written as an entity, as above."""

Id = Annotated[str, BeforeValidator(_text), Field(pattern=r"^[A-Z0-9]{0,64}$")]
MOMENT = r"^[0-9]{10}\.[0-9]{6}$"
Moment = Annotated[str, Field(pattern=MOMENT)]
"""As Slack writes its times: they are compared as texts."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


Part = TypeVar("Part", bound=_Part)


class Profile(_Part):
    """What somebody is called: in users.json, or beside a message of theirs."""

    display_name: Name = ""
    real_name: Name = ""
    name: Name = ""
    team: Id = ""

    @property
    def called(self) -> str:
        """On one line; empty where it does not say."""
        names = (" ".join(one.split()) for one in (self.display_name, self.real_name, self.name))
        return next(filter(None, names), "")[:LONGEST_NAME]


class PersonShape(_Part):
    """Somebody in users.json."""

    id: Id = Field(min_length=1)
    team_id: Id = ""
    name: Name = ""
    real_name: Name = ""
    deleted: bool = False
    is_bot: bool = False
    profile: Profile = Profile()

    @property
    def called(self) -> str:
        """What they are called."""
        return self.profile.called or Profile(real_name=self.real_name, name=self.name).called


class ChannelShape(_Part):
    """A channel in channels.json, or a private one in groups.json."""

    id: Id = Field(min_length=1)
    name: Annotated[str, BeforeValidator(_text), Field(min_length=1, max_length=100)]


class ReactionShape(_Part):
    """An emoji on a message, and who gave it."""

    name: Annotated[str, BeforeValidator(_text), Field(max_length=200)]
    users: tuple[Id, ...] = ()


class Edited(_Part):
    """When a message was edited last."""

    ts: Moment


def _times(value: Any) -> tuple[str, ...]:  # noqa: ANN401 -- whatever stands there
    found = [one.get("ts") for one in value if isinstance(one, dict)] if isinstance(value, list) else []
    return tuple(ts for ts in found if isinstance(ts, str) and re.fullmatch(MOMENT, ts))


class MessageShape(_Part):
    """A message in a day's file. `replies`: when those in its thread were written, as many exports have it beside the first."""

    ts: Moment
    text: Text = ""
    user: Id = ""
    subtype: Text = ""
    bot_id: Id = ""
    thread_ts: Moment | None = None
    team: Id = ""
    user_team: Id = ""
    user_profile: Profile | None = None
    edited: Edited | None = None
    files: tuple[dict[str, Any], ...] | None = None
    reactions: tuple[ReactionShape, ...] = ()
    replies: Annotated[tuple[str, ...], BeforeValidator(_times)] = ()


def people(archive: Archive) -> Iterator[PersonShape]:
    """Everybody in users.json."""
    return _all(archive, "users.json", PersonShape)


def channels(archive: Archive, name: str) -> Iterator[ChannelShape]:
    """The channels of this file, if it is there."""
    return _all(archive, name, ChannelShape) if name in archive else iter(())


def messages(archive: Archive, name: str, *, checked: bool) -> Iterator[MessageShape | None]:
    """The messages of a day's file. `checked`: all were read before, and None stands for one without reactions.

    Some tools that make exports put a thread's replies, whole, into the message that began it.
    """
    for number, found in enumerate(archive.objects(name)):
        for one in (found, *_within(found)):
            is_needed = not checked or "reactions" in one
            yield _shaped(archive, name, number, one, MessageShape) if is_needed else None


def _within(found: dict[str, Any]) -> list[dict[str, Any]]:
    """The replies that stand in a message with their words: of most exports, none."""
    replies = found.get("replies")
    there = [one for one in replies if isinstance(one, dict) and "text" in one] if isinstance(replies, list) else []
    begun = found.get("ts")
    return [one | {"thread_ts": one.get("thread_ts") or begun} for one in there if one.get("ts") != begun]


def _all(archive: Archive, name: str, shape: type[Part]) -> Iterator[Part]:
    for number, found in enumerate(archive.objects(name)):
        if number == MOST_LISTED:
            raise BadExport(f"{archive.path}: {name} lists more than {MOST_LISTED:,}, which no export does.")
        yield _shaped(archive, name, number, found, shape)


def _shaped(archive: Archive, name: str, number: int, found: dict[str, Any], shape: type[Part]) -> Part:
    """Raises `BadExport` for what is shaped otherwise; no word of what people wrote stands in its text."""
    try:
        return shape.model_validate(found)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"]) or "it"
        raise BadExport(
            f"{archive.path}: {name} is not as a Slack export has it: {where} of element {number}: {first['msg']}."
        ) from None
