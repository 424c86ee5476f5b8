"""Drafts: what somebody began to share, and nobody else sees."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, PrimaryKeyConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base


class DraftRow(Base):
    """A form to share, put aside. Gone as soon as it is shared or thrown away, or 30 days after it was saved last."""

    __tablename__ = "drafts"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "person", "key"),
        Index(None, "saved_at"),
    )

    workspace: Mapped[str] = mapped_column(ForeignKey("workspaces.id"))
    person: Mapped[str]
    key: Mapped[str]
    """The form's: what is shared of it has the same, so that it is one learning however often it is sent."""
    channel: Mapped[str]
    """Where it was to be shared; empty where nothing was chosen. It may be no pocket any more."""
    words: Mapped[str]
    why: Mapped[str] = mapped_column(server_default=text("''"))
    kind: Mapped[str]
    topics: Mapped[str] = mapped_column(server_default=text("''"))
    """One a line, as they were chosen."""
    without_name: Mapped[bool]
    saved_at: Mapped[float]
