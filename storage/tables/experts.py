"""Who may be asked about what: people's tags, what others say for them, and what they decided about being found."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, one_of

ANSWERS = ("waiting", "yes", "no", "stopped")


class ExpertTag(Base):
    """A person and a topic, as it was written: what it is called now, topic_aliases say. Each time is when it became so."""

    __tablename__ = "expert_tags"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "person", "topic"),
        ForeignKeyConstraint(["workspace", "person"], ["people.workspace", "people.id"]),
        Index(None, "workspace", "topic"),
        Index(None, "touched_at"),
    )

    workspace: Mapped[str]
    person: Mapped[str]
    topic: Mapped[str]
    claimed_at: Mapped[float | None]
    """They say so themselves."""
    endorsed_at: Mapped[float | None]
    """They said yes to what others say."""
    earned_at: Mapped[float | None]
    """They said yes to what their learnings say."""
    off_at: Mapped[float | None]
    """They took it off: nothing of it holds until they want it again."""
    declined_at: Mapped[float | None]
    """They last said no to what others, or their learnings, say."""
    touched_at: Mapped[float]
    """When they last did anything about it, or said that it still holds."""
    asked_at: Mapped[float | None]
    """When they were asked whether it still holds: that is once."""


class ExpertWish(Base):
    """What somebody decided about being found. Nothing stands here of whoever decided nothing."""

    __tablename__ = "expert_wishes"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "person"),
        ForeignKeyConstraint(["workspace", "person"], ["people.workspace", "people.id"]),
    )

    workspace: Mapped[str]
    person: Mapped[str]
    hidden: Mapped[bool] = mapped_column(server_default=false())
    """They are found by nobody."""
    a_week: Mapped[int | None]
    """How many questions a week they want. Null: they did not say."""
    stopped: Mapped[bool] = mapped_column(server_default=false())
    """They are not to be asked whether they want to be listed."""
    asked_at: Mapped[float | None]
    """When they last were."""


class Endorsement(Base):
    """Somebody would ask somebody else about a topic, and how they said so. It counts once that one said yes.

    Whoever says so in several ways, as by reactions on two messages, has a row for each, is counted once, and takes each back as
    it was given. Taken back, it stays as a tombstone: a late or repeated "added" that is older changes nothing, nor does a
    second try what was answered.
    """

    __tablename__ = "endorsements"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "person", "topic", "giver", "channel", "message_ts", "emoji"),
        ForeignKeyConstraint(["workspace", "person"], ["people.workspace", "people.id"]),
        ForeignKeyConstraint(["workspace", "giver"], ["people.workspace", "people.id"]),
        CheckConstraint(one_of("state", ANSWERS), "state"),
        Index(None, "workspace", "channel", "message_ts"),
    )

    workspace: Mapped[str]
    person: Mapped[str]
    topic: Mapped[str]
    giver: Mapped[str]
    channel: Mapped[str] = mapped_column(server_default=text("''"))
    """Where the message is that was reacted to. It and the next two are empty for the button."""
    message_ts: Mapped[str] = mapped_column(server_default=text("''"))
    emoji: Mapped[str] = mapped_column(server_default=text("''"))
    event_ts: Mapped[str]
    standing: Mapped[bool]
    state: Mapped[str]
    """What its person said to it. *Stopped*: they want to be asked no more."""
    given_at: Mapped[float]


class Approach(Base):
    """Somebody set out to write to somebody whom they found: how many a week is what that one decides. Forgotten after a week."""

    __tablename__ = "approaches"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "person", "by"),
        ForeignKeyConstraint(["workspace", "person"], ["people.workspace", "people.id"]),
        Index(None, "at"),
    )

    workspace: Mapped[str]
    person: Mapped[str]
    by: Mapped[str]
    at: Mapped[float]


class TopicAlias(Base):
    """A topic that is another one: rows keep what was written, and this says what it is called."""

    __tablename__ = "topic_aliases"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "alias"),
        ForeignKeyConstraint(["workspace", "channel"], ["pockets.workspace", "pockets.channel"]),
        CheckConstraint("alias != topic", "is_another"),
        Index(None, "workspace", "topic"),
    )

    workspace: Mapped[str]
    alias: Mapped[str]
    into: Mapped[str]
    """What a lead said that it is: which may be an alias of something by now."""
    topic: Mapped[str]
    """What it is called in the end."""
    channel: Mapped[str]
    """The pocket whose lead said so: there it is listed."""
    named_by: Mapped[str]
    named_at: Mapped[float]
