"""Weekly digests: where they are posted, and when."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped

from .base import Base


class Digest(Base):
    """A lead turned a pocket's weekly digest on. No row: it is off."""

    __tablename__ = "digests"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "channel"),
        ForeignKeyConstraint(["workspace", "channel"], ["pockets.workspace", "pockets.channel"], ondelete="CASCADE"),
        CheckConstraint("weekday BETWEEN 0 AND 6", "weekday"),
        Index(None, "next_at"),
    )

    workspace: Mapped[str]
    channel: Mapped[str]
    weekday: Mapped[int]
    """Monday is 0."""
    clock: Mapped[str]
    """The pocket's local time, as 09:30."""
    zone: Mapped[str]
    """The pocket's timezone when `next_at` was found: where that changed since, it is found anew once it is due."""
    since: Mapped[float]
    """Until when the last one told; before the first, a week before it was turned on."""
    next_at: Mapped[float]
