"""What people are owed that they did not ask for, and when something unasked was said to whom."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, PrimaryKeyConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base


class NoticeRow(Base):
    """A private word that somebody is owed and did not ask for. Ids only, never people's words.

    Of one `kind` and `about` one thing there is one: until it is said, whatever would owe it again changes nothing.
    """

    __tablename__ = "notices"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "person", "kind", "about"),
        # An operator who drops the errand says that what it holds stands in Slack: that is owed no more.
        ForeignKeyConstraint(["workspace", "errand"], ["outbox.workspace", "outbox.id"], ondelete="CASCADE"),
        Index(None, "due"),
        Index(None, "workspace", "errand"),
    )

    workspace: Mapped[str] = mapped_column(ForeignKey("workspaces.id"))
    person: Mapped[str]
    kind: Mapped[str]
    about: Mapped[str] = mapped_column(server_default=text("''"))
    body: Mapped[dict[str, Any]]
    owed_at: Mapped[float]
    due: Mapped[float]
    """From when on it may be said."""
    errand: Mapped[str | None]
    """The errand whose message holds it: what stands in that message, should it be found later, is exactly this."""
    again: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """Owed anew while a message held it: its body then."""


class Unasked(Base):
    """When something that nobody asked for was said to a person or in a channel: what the quiet rule counts.

    It is written before the message is sent, so that one whose end is unknown counts, too.
    """

    __tablename__ = "unasked"
    __table_args__ = (PrimaryKeyConstraint("workspace", "lane", "errand"),)

    workspace: Mapped[str] = mapped_column(ForeignKey("workspaces.id"))
    lane: Mapped[str]
    """The person, or the channel."""
    errand: Mapped[str]
    """What it was said by."""
    said_at: Mapped[float]
