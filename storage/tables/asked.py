"""Questions that somebody asked people who know, privately: of whom, who answered, and what is to become of it."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, index_of_some, one_of

QUESTION_STATES = ("open", "answered", "unanswered", "passed on", "taken back")
PERSON_STATES = ("next", "asked", "answered", "declined", "released")
MAY_SHARE = ("no", "with name", "without name")


class AskedQuestion(Base):
    """A question to at most three people at once. What stands in it goes once it is needed no more, and the row after that."""

    __tablename__ = "asked_questions"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "id"),
        ForeignKeyConstraint(["workspace", "asker"], ["people.workspace", "people.id"]),
        ForeignKeyConstraint(["workspace", "channel"], ["pockets.workspace", "pockets.channel"]),
        ForeignKeyConstraint(["workspace", "question"], ["learnings.workspace", "learnings.id"]),
        ForeignKeyConstraint(["workspace", "learning"], ["learnings.workspace", "learnings.id"]),
        CheckConstraint(one_of("state", QUESTION_STATES), "state"),
        CheckConstraint(one_of("may_share", MAY_SHARE), "may_share"),
        index_of_some("due_at", name="ix_asked_questions_open", where="state = 'open'"),
        Index(None, "ended_at"),
    )

    workspace: Mapped[str]
    id: Mapped[str]
    """The form's own key: sent again, it is the same question."""
    asker: Mapped[str]
    channel: Mapped[str]
    """The pocket that it belongs to: whoever is asked may read it."""
    words: Mapped[str]
    without_name: Mapped[bool] = mapped_column(server_default=false())
    to_pocket: Mapped[bool] = mapped_column(server_default=false())
    """Where nobody answers, the pocket is to be asked."""
    asked_at: Mapped[float]
    due_at: Mapped[float]
    """Until when somebody may answer."""
    state: Mapped[str] = mapped_column(server_default=text("'open'"))
    ended_at: Mapped[float | None]
    answer: Mapped[str] = mapped_column(server_default=text("''"))
    may_share: Mapped[str] = mapped_column(server_default=text("'no'"))
    """Whether whoever answered lets it become a learning of theirs, as far as who asked wants that, too."""
    question: Mapped[str | None]
    """What it became in the pocket: a learning of that kind."""
    learning: Mapped[str | None]
    """What the answer became there."""
    helped: Mapped[bool] = mapped_column(server_default=false())
    """Who asked said so."""


class AskedPerson(Base):
    """Somebody who is asked, was asked, or is the next to be asked."""

    __tablename__ = "asked_people"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "question", "person"),
        ForeignKeyConstraint(
            ["workspace", "question"], ["asked_questions.workspace", "asked_questions.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(["workspace", "person"], ["people.workspace", "people.id"]),
        CheckConstraint(one_of("state", PERSON_STATES), "state"),
        Index(None, "workspace", "person", "asked_at"),
    )

    workspace: Mapped[str]
    question: Mapped[str]
    person: Mapped[str]
    turn: Mapped[int]
    """The best is the first."""
    state: Mapped[str]
    asked_at: Mapped[float | None]
    """Since when they are to hear it: it counts among their questions of a week."""
    ts: Mapped[str | None]
    """Where it stands in the direct message with them, once they were told."""
