"""Workspaces, the people in them, and what was delivered there."""

from __future__ import annotations

from sqlalchemy import (
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base


class Workspace(Base):
    """A Slack workspace that installed Outloud. Its token is not here, but in the settings."""

    __tablename__ = "workspaces"

    id: Mapped[str] = mapped_column(primary_key=True)
    enterprise: Mapped[str | None]
    name: Mapped[str]
    url: Mapped[str]
    bot_user: Mapped[str]
    bot: Mapped[str]
    installed_at: Mapped[float]
    alive_at: Mapped[float | None]
    """When Outloud last could take in what Slack tells."""
    heard: Mapped[str | None]
    """The newest of Slack's times that was heard by then: of whatever comes after it, Slack's time is later."""
    away_since: Mapped[float | None]
    away_until: Mapped[float | None]
    """When it last was away, unless what it missed has been caught up with since."""
    away_heard: Mapped[str | None]
    """The newest of Slack's times that was heard before that."""


class PersonRow(Base):
    """Somebody Outloud has met, and what they decided about their words."""

    __tablename__ = "people"
    __table_args__ = (PrimaryKeyConstraint("workspace", "id"),)

    workspace: Mapped[str] = mapped_column(ForeignKey("workspaces.id"))
    id: Mapped[str]
    never_keep: Mapped[bool] = mapped_column(server_default=false())
    told_keep_at: Mapped[float | None]
    """When they heard what a keep does: after their first."""
    told_kept_at: Mapped[float | None]
    """When they heard that words of theirs were kept: after the first time."""
    lost_at: Mapped[float | None]
    """When Slack last said that they can't be written to."""
    is_bot: Mapped[bool | None]
    """Null: Slack was not asked yet."""
    name: Mapped[str | None]
    """What an export called somebody who is not in this workspace. Null: Slack names them."""


class Delivery(Base):
    """A delivery that was seen: an event's id, or a command's or form's. Forgotten after two days."""

    __tablename__ = "deliveries"
    __table_args__ = (PrimaryKeyConstraint("workspace", "id"), Index(None, "seen_at"))

    workspace: Mapped[str] = mapped_column(ForeignKey("workspaces.id"))
    id: Mapped[str]
    seen_at: Mapped[float]
