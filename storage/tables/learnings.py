"""Learnings: what was shared, and what was kept."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, one_of

KINDS = ("learning", "question", "idea", "story", "working on")
STATES = ("pending", "asked", "live", "taken back", "withheld", "deleted")

_LATELY = ("workspace", "channel", "state", "without_name", "said_at", "author", "id", "source_ts")
"""All that is asked of what was shared lately: it is read off the index alone."""


class Learning(Base):
    """One thing somebody learned: shared by them, or kept from a message of theirs.

    A kept one is *pending* until its message was looked at; one from before its pocket is *asked*, without words, until its
    author has said yes. *Taken back* (a later keep may bring it back), *withheld* (its author said no) or *deleted* (its
    message is gone from Slack), it holds no words any more.
    """

    __tablename__ = "learnings"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "id"),
        UniqueConstraint("workspace", "key"),
        ForeignKeyConstraint(["workspace", "channel"], ["pockets.workspace", "pockets.channel"]),
        CheckConstraint(one_of("kind", KINDS), "kind"),
        CheckConstraint(one_of("state", STATES), "state"),
        CheckConstraint("state != 'live' OR (author IS NOT NULL AND words != '')", "live_is_whole"),
        CheckConstraint(
            "state NOT IN ('asked', 'taken back', 'withheld', 'deleted') OR (words = '' AND why = '')",
            "gone_has_no_words",
        ),
        Index("ix_learnings_lately", *_LATELY),
        Index(None, "workspace", "channel", "said_at"),
        Index(None, "workspace", "author"),
        Index(None, "workspace", "channel", "card_ts"),
    )

    workspace: Mapped[str]
    id: Mapped[str]
    key: Mapped[str]
    """What makes it one: the form, the command, or the message it came from. Asking twice gives no second learning."""
    channel: Mapped[str]
    author: Mapped[str | None]
    kind: Mapped[str] = mapped_column(server_default=text("'learning'"))
    words: Mapped[str]
    why: Mapped[str] = mapped_column(server_default=text("''"))
    without_name: Mapped[bool] = mapped_column(server_default=false())
    state: Mapped[str]
    source_ts: Mapped[str | None]
    """The message it was kept from; null when it was shared."""
    card_ts: Mapped[str | None]
    """Its card in the pocket, once posted."""
    link: Mapped[str | None]
    words_ts: Mapped[str | None]
    """The place of its message's words in Slack's order: of an edit, when it was made. Null: they never changed."""
    shortened_by: Mapped[str | None]
    """The curator who left words of its message out, if one did."""
    shortened_from: Mapped[str | None]
    """Of such a one, a digest of all the words, by which an edit is told from none."""
    cut: Mapped[str | None]
    """Of one that waits for its author's yes: what a curator would leave of its words, by places and not by words."""
    files: Mapped[str] = mapped_column(server_default=text("''"))
    """Those of its message: one a line, the link and the title."""
    said_at: Mapped[float]
    """When it was said: the message's time, or the time of sharing."""
    changed_at: Mapped[float]
    edited_by: Mapped[str | None]
    """The lead who wrote what it says now. Null: its author did."""
    allowed_at: Mapped[float | None]
    """When its author said yes to its being kept, though it is older than its pocket."""
    told_at: Mapped[float | None]
    """When its author heard that others keep it."""
    edited_at: Mapped[float | None]
    """When somebody last edited it in Outloud: what its message says is one thing, what it says another."""
    imported_at: Mapped[float | None]
    """When it was imported from an export."""
    is_elsewhere: Mapped[bool] = mapped_column(server_default=false())
    """It was imported from another workspace's export: Slack shows its message nowhere here."""


class LearningTopic(Base):
    """A learning's topics, normalised, in the order they were given."""

    __tablename__ = "learning_topics"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "learning", "topic"),
        ForeignKeyConstraint(["workspace", "learning"], ["learnings.workspace", "learnings.id"], ondelete="CASCADE"),
        Index(None, "workspace", "topic"),
    )

    workspace: Mapped[str]
    learning: Mapped[str]
    topic: Mapped[str]
    position: Mapped[int]


class Keep(Base):
    """A keep reaction on a message, in Slack's order. A curator is whoever has one standing.

    A removed one stays as a tombstone: a late or repeated "added" that is older changes nothing.
    """

    __tablename__ = "keeps"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "channel", "message_ts", "person", "emoji"),
        ForeignKeyConstraint(["workspace", "channel"], ["pockets.workspace", "pockets.channel"]),
        Index(None, "workspace", "person"),
    )

    workspace: Mapped[str]
    channel: Mapped[str]
    message_ts: Mapped[str]
    person: Mapped[str]
    emoji: Mapped[str]
    event_ts: Mapped[str]
    standing: Mapped[bool]
    mere: Mapped[bool] = mapped_column(server_default=false())
    """Undone here, or refused: it may stand in Slack as a mere reaction, but it keeps nothing."""


class Help(Base):
    """Somebody says that a learning helped them, in Slack's order: by the card's button, or by a reaction.

    What was taken back stays as a tombstone: a late or repeated "added" that is older changes nothing.
    """

    __tablename__ = "helps"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "learning", "person", "message_ts", "emoji"),
        ForeignKeyConstraint(["workspace", "learning"], ["learnings.workspace", "learnings.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["workspace", "person"], ["people.workspace", "people.id"]),
        Index(None, "workspace", "person"),
    )

    workspace: Mapped[str]
    learning: Mapped[str]
    person: Mapped[str]
    message_ts: Mapped[str]
    """The message that was reacted to: the card, or the one that it was kept from. Empty for the button."""
    emoji: Mapped[str]
    """Empty for the button."""
    event_ts: Mapped[str]
    standing: Mapped[bool]


class Outdated(Base):
    """A learning that is out of date: who says so, when, and why in a line."""

    __tablename__ = "outdated"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "learning"),
        ForeignKeyConstraint(["workspace", "learning"], ["learnings.workspace", "learnings.id"], ondelete="CASCADE"),
    )

    workspace: Mapped[str]
    learning: Mapped[str]
    by: Mapped[str]
    at: Mapped[float]
    why: Mapped[str]


class Earlier(Base):
    """What a learning said before a lead changed it: its author's, to bring back. Nobody else sees it."""

    __tablename__ = "earlier"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "learning"),
        ForeignKeyConstraint(["workspace", "learning"], ["learnings.workspace", "learnings.id"], ondelete="CASCADE"),
    )

    workspace: Mapped[str]
    learning: Mapped[str]
    at: Mapped[float]
    """When a lead last changed it."""
    words: Mapped[str]
    """Empty of a kept one: they are its message's."""
    why: Mapped[str]
    kind: Mapped[str]
    topics: Mapped[list[str]] = mapped_column(JSON)


class Removal(Base):
    """What a lead took away: its author's words, until their author has heard of it. Nobody else sees them."""

    __tablename__ = "removals"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "learning"),
        ForeignKeyConstraint(["workspace", "learning"], ["learnings.workspace", "learnings.id"], ondelete="CASCADE"),
        Index(None, "workspace", "author"),
    )

    workspace: Mapped[str]
    learning: Mapped[str]
    author: Mapped[str]
    by: Mapped[str]
    at: Mapped[float]
    words: Mapped[str]
    """Empty of a kept one: they stand in its message still."""
    why: Mapped[str]


class Link(Base):
    """Two learnings that say nearly the same, and lead to each other: so somebody said who wrote one, or leads its pocket.

    Of the two ids, `learning` is the one that comes first: a pair stands here once.
    """

    __tablename__ = "links"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "learning", "other"),
        ForeignKeyConstraint(["workspace", "learning"], ["learnings.workspace", "learnings.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["workspace", "other"], ["learnings.workspace", "learnings.id"], ondelete="CASCADE"),
        CheckConstraint("learning != other", "are_two"),
        Index(None, "workspace", "other"),
    )

    workspace: Mapped[str]
    learning: Mapped[str]
    other: Mapped[str]
    linked_by: Mapped[str]
    linked_at: Mapped[float]
