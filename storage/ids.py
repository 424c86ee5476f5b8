"""The ids that must not be mixed up: all are Slack's, but a learning's, a round's and a private question's, which are ours."""

from dataclasses import dataclass, field
from typing import NewType
from uuid import uuid4

WorkspaceId = NewType("WorkspaceId", str)
PersonId = NewType("PersonId", str)
ChannelId = NewType("ChannelId", str)
LearningId = NewType("LearningId", str)
RoundId = NewType("RoundId", str)
AskedId = NewType("AskedId", str)

Ts = NewType("Ts", str)
"""Slack's time and name of a message or an event: seconds since 1970, UTC, six decimals, as text. It sorts as text."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a workspace.

    `stands_in`: Slack said just now that they may act where a pocket has no lead any more (docs/decisions/0020).
    `checked`: the channels that Slack said just now they may read, where it is to be asked (docs/decisions/0196); None: it
    need not be, they typed there.
    """

    workspace: WorkspaceId
    id: PersonId
    stands_in: bool = field(default=False, compare=False)
    checked: frozenset[ChannelId] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Place:
    """A channel of a workspace."""

    workspace: WorkspaceId
    channel: ChannelId


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A message in Slack, by where it stands and when it was written."""

    place: Place
    ts: Ts


def new_learning_id() -> LearningId:
    """An id that nobody can guess."""
    return LearningId(uuid4().hex)


def new_round_id() -> RoundId:
    """An id that nobody can guess."""
    return RoundId(uuid4().hex)
