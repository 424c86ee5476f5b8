"""Channels, who is in them, and those that are pockets."""

from __future__ import annotations

from sqlalchemy import (
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    false,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base


class Channel(Base):
    """A channel that Outloud has been told something about."""

    __tablename__ = "channels"
    __table_args__ = (PrimaryKeyConstraint("workspace", "id"),)

    workspace: Mapped[str] = mapped_column(ForeignKey("workspaces.id"))
    id: Mapped[str]
    name: Mapped[str]
    is_private: Mapped[bool] = mapped_column(server_default=false())
    is_shared: Mapped[bool] = mapped_column(server_default=false())
    """With another organisation, or soon."""
    is_archived: Mapped[bool] = mapped_column(server_default=false())
    is_deleted: Mapped[bool] = mapped_column(server_default=false())
    is_known: Mapped[bool] = mapped_column(server_default=true())
    """False: of what kind it is now is in doubt, until Slack was asked."""
    checked_at: Mapped[float | None]
    """When a look at what kind it is was last taken, or owed."""
    described_at: Mapped[float | None]
    """When Slack was last asked of what kind it is, and answered. Null: it was not, since something became of it."""
    has_bot: Mapped[bool] = mapped_column(server_default=true())
    bot_ts: Mapped[str | None]
    """The place in Slack's order of what that was heard by: an older coming or going changes nothing."""
    out_since: Mapped[str | None]
    """The same of when it was first heard to be out; none while it is in it."""
    looked_at: Mapped[float | None]
    """When its members were last read from Slack as a whole."""


class Membership(Base):
    """Who is in which channel, as far as Outloud was told: from Slack's list, then by its events."""

    __tablename__ = "memberships"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "channel", "person"),
        ForeignKeyConstraint(["workspace", "channel"], ["channels.workspace", "channels.id"], ondelete="CASCADE"),
        Index(None, "workspace", "person"),
    )

    workspace: Mapped[str]
    channel: Mapped[str]
    person: Mapped[str]
    event_ts: Mapped[str]
    """The last event's place in Slack's order; an older event changes nothing. "0" when there was none."""
    heard_at: Mapped[float]
    """When that was heard: a list of members that was asked for earlier changes nothing."""
    standing: Mapped[bool] = mapped_column(server_default=true())
    """False: they left. The row stays, so that a late "joined" does not undo it."""


class Pocket(Base):
    """A channel that opted in. Stopped, it keeps what was learned and does nothing more."""

    __tablename__ = "pockets"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "channel"),
        ForeignKeyConstraint(["workspace", "channel"], ["channels.workspace", "channels.id"]),
    )

    workspace: Mapped[str]
    channel: Mapped[str]
    started_by: Mapped[str]
    started_at: Mapped[float]
    started_ts: Mapped[str | None]
    """The newest of Slack's times that was heard by then: what was kept before is none of this pocket's."""
    stopped_at: Mapped[float | None]
    purpose: Mapped[str] = mapped_column(server_default=text("''"))
    noun: Mapped[str] = mapped_column(server_default=text("'learning'"))
    timezone: Mapped[str] = mapped_column(server_default=text("'UTC'"))
    names_optional: Mapped[bool] = mapped_column(server_default=true())
    """Whether one may share here without one's name."""
    half_life: Mapped[int] = mapped_column(server_default=text("182"))
    """Days after which what shows here that somebody knows something weighs half."""
    keep_emoji: Mapped[str] = mapped_column(server_default=text("'bulb'"))
    """Names, apart by spaces: the first as it was chosen, behind it those that are the same. So are the next two."""
    helped_emoji: Mapped[str] = mapped_column(server_default=text("'key'"))
    endorse_emoji: Mapped[str] = mapped_column(server_default=text("'mortar_board'"))
    once_kept: Mapped[str] = mapped_column(server_default=text("''"))
    """Names of those that kept before another was chosen: what they kept is taken back by taking them off."""


class Lead(Base):
    """A person who may change a pocket."""

    __tablename__ = "leads"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "channel", "person"),
        ForeignKeyConstraint(["workspace", "channel"], ["pockets.workspace", "pockets.channel"], ondelete="CASCADE"),
        ForeignKeyConstraint(["workspace", "person"], ["people.workspace", "people.id"]),
    )

    workspace: Mapped[str]
    channel: Mapped[str]
    person: Mapped[str]
    since: Mapped[float]
