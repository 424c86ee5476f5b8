"""What is looked for on each surface: a channel with two learnings in it, and which words of it are to stand there."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.records import Channel

Shown = dict[str, bool | None]
"""Words, and whether they must stand there (True), must not (False), or may (None)."""


@dataclass(frozen=True)
class Sample:
    """A channel with a learning of Ana's in it and one of the viewer's own; each has a word and a topic that is nowhere else."""

    kind: str
    channel: Channel
    name: str
    purpose: str
    topic: str
    own_topic: str
    own: str
    """The id of the viewer's own learning, which Ana keeps."""
    theirs: str = ""
    """The id of Ana's."""
    source: str = ""
    """The message that the viewer's own was kept from."""
    round: str = ""
    question: str = ""
    imported: str = ""
    """A word of what an export brought, beside which another stands that begins with `of`."""
    together: tuple[Sample, ...] = ()
    """It, and those that are looked for in one Home with it."""
