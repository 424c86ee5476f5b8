"""The schema, as typed models. Every table leads its keys with the workspace; times are seconds since 1970, UTC.

Migrations make the tables (migrations/); a test holds the two to each other on both engines.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

KINDS = ("learning", "question", "idea", "story", "working on")
STATES = ("pending", "live", "taken back", "withheld", "deleted")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Base(DeclarativeBase):
    """All tables; the naming convention gives every constraint a name that a migration can speak of."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {str: Text, float: Double, dict[str, Any]: JSON}


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
    """When Slack was last asked of what kind it is."""
    has_bot: Mapped[bool] = mapped_column(server_default=true())
    bot_ts: Mapped[str | None]
    """The place in Slack's order of what that was heard by: an older coming or going changes nothing."""
    out_since: Mapped[str | None]
    """The same of when it was first heard to be out, the last time that it was."""
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


class Learning(Base):
    """One thing somebody learned: shared by them, or kept from a message of theirs.

    A kept one is *pending* until its message was looked at. *Taken back* (a later keep may bring it back), *withheld*
    (its author said no) or *deleted* (its message is gone from Slack), it holds no words any more.
    """

    __tablename__ = "learnings"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "id"),
        UniqueConstraint("workspace", "key"),
        ForeignKeyConstraint(["workspace", "channel"], ["pockets.workspace", "pockets.channel"]),
        CheckConstraint(_one_of("kind", KINDS), "kind"),
        CheckConstraint(_one_of("state", STATES), "state"),
        CheckConstraint("state != 'live' OR (author IS NOT NULL AND words != '')", "live_is_whole"),
        CheckConstraint(
            "state NOT IN ('taken back', 'withheld', 'deleted') OR (words = '' AND why = '')", "gone_has_no_words"
        ),
        Index(None, "workspace", "channel", "state"),
        Index(None, "workspace", "author"),
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
    said_at: Mapped[float]
    """When it was said: the message's time, or the time of sharing."""
    changed_at: Mapped[float]


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


class Owed(Base):
    """Something that Outloud still has to say or do in Slack. Ids only, never people's words."""

    __tablename__ = "outbox"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "id"),
        CheckConstraint(_one_of("state", ("waiting", "parked")), "state"),
        Index(
            "uq_outbox_open_slot",
            "workspace",
            "slot",
            unique=True,
            sqlite_where=text("state = 'waiting' AND lease IS NULL"),
            postgresql_where=text("state = 'waiting' AND lease IS NULL"),
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


class Delivery(Base):
    """A delivery that was seen: an event's id, or a command's or form's. Forgotten after two days."""

    __tablename__ = "deliveries"
    __table_args__ = (PrimaryKeyConstraint("workspace", "id"), Index(None, "seen_at"))

    workspace: Mapped[str] = mapped_column(ForeignKey("workspaces.id"))
    id: Mapped[str]
    seen_at: Mapped[float]
