"""How near Slack's limits all processes are together."""

from __future__ import annotations

from sqlalchemy import JSON, ForeignKey, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base


class Paced(Base):
    """One limit of Slack's in a workspace. Whoever takes a turn under it locks this row. Times are those of `limits.Books`."""

    __tablename__ = "paces"
    __table_args__ = (PrimaryKeyConstraint("workspace", "name"),)

    workspace: Mapped[str] = mapped_column(ForeignKey("workspaces.id"))
    name: Mapped[str]
    """A method, or a method and a conversation."""
    calls: Mapped[list[float]] = mapped_column(JSON)
    """When it was called within the last minute, oldest first."""
    ready: Mapped[float]
    """Nothing goes before."""
    by: Mapped[str | None]
    """The process that took the last turn."""
    holder: Mapped[str | None]
    """Where one goes at a time: the lease of the errand that is under way."""
    touched_at: Mapped[float]
    """Seconds since 1970, UTC."""
