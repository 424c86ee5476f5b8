"""Schedules, the occurrences that came of them, and the prompts that a pocket has of its own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, index_of_some, one_of

SOURCES = ("question", "list", "theme")
SCHEDULE_STATES = ("live", "resting", "removed")
OCCURRENCE_STATES = ("announced", "opened", "missed", "skipped")
PROMPT_STATES = ("suggested", "live", "retired")


class Schedule(Base):
    """When prompts are asked in a pocket, and which."""

    __tablename__ = "schedules"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "id"),
        ForeignKeyConstraint(["workspace", "channel"], ["pockets.workspace", "pockets.channel"]),
        CheckConstraint(one_of("source", SOURCES), "source"),
        CheckConstraint(one_of("state", SCHEDULE_STATES), "state"),
        CheckConstraint("state = 'live' OR due IS NULL", "only_live_is_due"),
        CheckConstraint("(next_at IS NULL) = (next_on IS NULL)", "next_has_a_date"),
        Index(None, "workspace", "channel"),
        index_of_some("due", name="ix_schedules_due", where="due IS NOT NULL"),
    )

    workspace: Mapped[str]
    id: Mapped[str]
    channel: Mapped[str]
    lead: Mapped[str]
    """Who scheduled it: they are asked for the first answer, and hear how it went."""
    rule: Mapped[dict[str, Any]]
    """Its recurrence, as `storage.prompts.recurrence.Rule` writes it."""
    zone: Mapped[str]
    source: Mapped[str]
    questions: Mapped[list[str]] = mapped_column(JSON)
    """Of a question or a list: what it asks. Of a theme: none."""
    theme: Mapped[str] = mapped_column(server_default=text("''"))
    shuffled: Mapped[bool] = mapped_column(server_default=false())
    deck: Mapped[list[str]] = mapped_column(JSON)
    """What is still to be asked before anything is asked again: questions of the list, or ids of the theme's prompts."""
    last_card: Mapped[str] = mapped_column(server_default=text("''"))
    """What was drawn last: a new deck does not begin with it."""
    open_days: Mapped[int] = mapped_column(server_default=text("2"))
    """Working days that a round stays open."""
    nudge: Mapped[bool] = mapped_column(server_default=false())
    grace: Mapped[float] = mapped_column(server_default=text("43200"))
    """Seconds after its time until which a prompt that is late is asked all the same."""
    state: Mapped[str] = mapped_column(server_default=text("'live'"))
    """*resting*: its channel is no place to ask now (`rests`), or a lead paused it for good."""
    rests: Mapped[str] = mapped_column(server_default=text("''"))
    """Why it is resting: archived, removed, stopped, refused; empty, unreadable; or paused, by a lead."""
    paused_until: Mapped[str | None]
    """A lead paused it: the local date on which it may ask again."""
    next_at: Mapped[float | None]
    next_on: Mapped[str | None]
    """The local date of its next time. Null: it asks no more, or rests."""
    first_at: Mapped[float | None]
    """When its lead is asked for the first answer to it; null where that is done, or not wanted."""
    due: Mapped[float | None]
    """The earlier of the two: what the clock looks for."""
    asked_on: Mapped[str | None]
    """The last local date that came up, asked or not: never twice on one."""
    version: Mapped[int] = mapped_column(server_default=text("1"))
    """Grows with each change by a lead: of two who change it at once, the second hears of the first."""
    changed_by: Mapped[str]
    created_at: Mapped[float]


class Occurrence(Base):
    """A time of a schedule: one for each local date, whatever clocks and replicas do."""

    __tablename__ = "occurrences"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "schedule", "local_date"),
        ForeignKeyConstraint(["workspace", "schedule"], ["schedules.workspace", "schedules.id"], ondelete="CASCADE"),
        CheckConstraint(one_of("state", OCCURRENCE_STATES), "state"),
    )

    workspace: Mapped[str]
    schedule: Mapped[str]
    local_date: Mapped[str]
    """As the rule says it; ISO 8601."""
    at: Mapped[float]
    """When it is or was due."""
    state: Mapped[str]
    """*announced*: its lead was asked for the first answer. *missed*: Outloud was away past its grace. *skipped*: by a lead."""
    question: Mapped[str] = mapped_column(server_default=text("''"))
    """What is asked, once that is drawn."""
    prompt: Mapped[str | None]
    """The bank's, if it came from there."""
    claimed_at: Mapped[float]


class OwnPrompt(Base):
    """A prompt that a pocket has of its own: one that a lead added, or that somebody suggested."""

    __tablename__ = "prompts"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "id"),
        ForeignKeyConstraint(["workspace", "channel"], ["pockets.workspace", "pockets.channel"]),
        CheckConstraint(one_of("state", PROMPT_STATES), "state"),
        Index(None, "workspace", "channel"),
    )

    workspace: Mapped[str]
    id: Mapped[str]
    channel: Mapped[str]
    theme: Mapped[str]
    question: Mapped[str]
    example: Mapped[str] = mapped_column(server_default=text("''"))
    use: Mapped[str] = mapped_column(server_default=text("''"))
    """When to use it, in a line."""
    by: Mapped[str]
    state: Mapped[str]
    version: Mapped[int] = mapped_column(server_default=text("1"))
    changed_by: Mapped[str]
    created_at: Mapped[float]
