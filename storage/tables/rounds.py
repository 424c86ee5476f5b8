"""Rounds: a prompt or a question that was asked, who answered it, and what belongs to it."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, index_of_some, one_of
from .learnings import KINDS


class Round(Base):
    """One asking of one question in a pocket: posted, answered in its thread, closed.

    Either a prompt, which closes by its time; or a question that somebody asked: a learning, whose card stands for it, and which
    closes when it is said to be answered.
    """

    __tablename__ = "rounds"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "id"),
        UniqueConstraint("workspace", "key"),
        ForeignKeyConstraint(["workspace", "channel"], ["pockets.workspace", "pockets.channel"]),
        ForeignKeyConstraint(["workspace", "asked"], ["learnings.workspace", "learnings.id"]),
        CheckConstraint(one_of("kind", KINDS), "kind"),
        CheckConstraint("(question = '') = (asked IS NOT NULL)", "question"),
        CheckConstraint("(closes_at IS NULL) = (asked IS NOT NULL)", "closes_at"),
        Index(None, "workspace", "channel", "ts", unique=True),
        Index(None, "workspace", "schedule", "opened_at"),
        Index(None, "workspace", "asked"),
        index_of_some("closes_at", name="ix_rounds_open", where="closed_at IS NULL"),
        index_of_some("nudges_at", name="ix_rounds_nudging", where="nudged_at IS NULL AND closed_at IS NULL"),
    )

    workspace: Mapped[str]
    id: Mapped[str]
    key: Mapped[str]
    """What makes it one: the schedule and its local date, the press that asked now, or what is asked. Twice gives no second."""
    channel: Mapped[str]
    schedule: Mapped[str | None]
    """The schedule that asked; its rounds outlive it."""
    question: Mapped[str]
    """As it was asked: a prompt that is edited later changes no round. Empty where somebody asked: their words are a learning."""
    asked: Mapped[str | None]
    """The question that somebody asked: a learning of that kind. Null: a prompt."""
    kind: Mapped[str] = mapped_column(server_default=text("'learning'"))
    """The kind of learning that an answer is."""
    lead: Mapped[str]
    """Who scheduled it, or asked."""
    opened_at: Mapped[float]
    closes_at: Mapped[float | None]
    """Null: not by itself."""
    nudges_at: Mapped[float | None]
    """When those who asked for it are reminded; null where nobody is."""
    nudged_at: Mapped[float | None]
    closed_at: Mapped[float | None]
    closed_ts: Mapped[str | None]
    """The newest of Slack's times that was heard by then: a reply that was written later comes too late."""
    opened_ts: Mapped[str | None]
    """When it was opened again, in Slack's order: what was written between `closed_ts` and this is no answer."""
    ts: Mapped[str | None]
    """The prompt, or the question's card, in its channel, once posted."""


class Answer(Base):
    """Somebody's first answer in a round: a reply in its thread, or one by the form."""

    __tablename__ = "answers"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "round", "person"),
        ForeignKeyConstraint(["workspace", "round"], ["rounds.workspace", "rounds.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["workspace", "learning"], ["learnings.workspace", "learnings.id"]),
        Index(None, "workspace", "channel", "message_ts"),
        Index(None, "workspace", "learning"),
        Index(None, "workspace", "channel", "person"),
    )

    workspace: Mapped[str]
    round: Mapped[str]
    person: Mapped[str]
    channel: Mapped[str]
    message_ts: Mapped[str | None]
    """Their first reply in the thread; null for one by the form, and where it was deleted."""
    learning: Mapped[str | None]
    """What it became; null where it was left out before it became one."""
    after_ts: Mapped[str] = mapped_column(server_default=text("'0'"))
    """Only a reply written after this may be their first: a deletion of the one before it."""


class LeftOut(Base):
    """An author's ❌ on an answer of theirs, in Slack's order: it is not to be kept. Taken off, the row stays."""

    __tablename__ = "left_out"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "channel", "message_ts", "person"),
        ForeignKeyConstraint(["workspace", "channel"], ["pockets.workspace", "pockets.channel"]),
    )

    workspace: Mapped[str]
    channel: Mapped[str]
    message_ts: Mapped[str]
    person: Mapped[str]
    event_ts: Mapped[str]
    standing: Mapped[bool]


class Reminder(Base):
    """Somebody asked to be reminded before a pocket's rounds close."""

    __tablename__ = "reminders"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "channel", "person"),
        ForeignKeyConstraint(["workspace", "channel"], ["pockets.workspace", "pockets.channel"], ondelete="CASCADE"),
    )

    workspace: Mapped[str]
    channel: Mapped[str]
    person: Mapped[str]
    since: Mapped[float]


class FirstAnswer(Base):
    """A lead was asked, before a round opens, for its first answer; their words wait here until then."""

    __tablename__ = "first_answers"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "key"),
        ForeignKeyConstraint(["workspace", "channel"], ["pockets.workspace", "pockets.channel"]),
        Index(None, "opens_at"),
    )

    workspace: Mapped[str]
    key: Mapped[str]
    """The round's."""
    channel: Mapped[str]
    lead: Mapped[str]
    question: Mapped[str]
    kind: Mapped[str] = mapped_column(server_default=text("'learning'"))
    opens_at: Mapped[float]
    words: Mapped[str] = mapped_column(server_default=text("''"))
    """Empty until they wrote it."""
    unasked: Mapped[bool] = mapped_column(server_default=false())
    """Its round did not open: the words are on their way back."""
