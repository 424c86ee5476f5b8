"""What is owed to Slack."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, index_of_some, one_of


class Owed(Base):
    """Something that Outloud still has to say or do in Slack. Ids only, never people's words."""

    __tablename__ = "outbox"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "id"),
        CheckConstraint(one_of("state", ("waiting", "parked")), "state"),
        index_of_some(
            "workspace", "slot", name="uq_outbox_open_slot", unique=True, where="state = 'waiting' AND lease IS NULL"
        ),
        Index(None, "state", "due"),
    )

    workspace: Mapped[str] = mapped_column(ForeignKey("workspaces.id"))
    id: Mapped[str]
    kind: Mapped[str]
    lane: Mapped[str]
    """The conversation it goes to: what is posted there keeps its order and its pace."""
    body: Mapped[dict[str, Any]]
    slot: Mapped[str | None]
    """Of what may be said anew at any time (a card, a mark) one at most waits: until it is leased, it takes in changes."""
    state: Mapped[str] = mapped_column(server_default=text("'waiting'"))
    due: Mapped[float]
    """When it may be tried; while it is leased, when the lease ends."""
    lease: Mapped[str | None]
    """Whoever tries it now. Still set when the lease has ended: that try ended unknown."""
    unknown: Mapped[bool] = mapped_column(server_default=false())
    """Whether a try before the present one ended unknown."""
    tries: Mapped[int] = mapped_column(server_default=text("0"))
    owed_at: Mapped[float]
    tried_at: Mapped[float | None]
    """When it was first tried."""
    after_ts: Mapped[str | None]
    """The newest of Slack's times that was heard before the first try: a message of it is younger. Null: none was heard."""
    reason: Mapped[str | None]
    """Why it is parked, or was put off."""
    cause: Mapped[str | None]
    """The delivery that it is owed because of, as the log calls it; null where nobody's deed caused it."""
