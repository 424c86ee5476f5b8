"""Homes: who opened the app's Home, so that it is shown anew after what they do."""

from __future__ import annotations

from sqlalchemy import ForeignKey, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base


class HomeRow(Base):
    """Somebody's Home."""

    __tablename__ = "homes"
    __table_args__ = (PrimaryKeyConstraint("workspace", "person"),)

    workspace: Mapped[str] = mapped_column(ForeignKey("workspaces.id"))
    person: Mapped[str]
    opened_at: Mapped[float]
    """When they opened it last: after a day it is left alone until they do so again."""
