"""What is searched: a document for each live learning, and the words of a workspace."""

from __future__ import annotations

from sqlalchemy import (
    DDL,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
    event,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, index_of_some


class Document(Base):
    """A live learning as it is found: its terms, apart by spaces, with marks of where it is from and what it is about.

    The full-text index of the engine follows this table by itself, by a trigger or a generated column.
    """

    __tablename__ = "documents"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "learning"),
        UniqueConstraint("number"),
        ForeignKeyConstraint(["workspace", "learning"], ["learnings.workspace", "learnings.id"], ondelete="CASCADE"),
        Index(None, "workspace", "channel"),
        Index(None, "workspace", "number"),
        index_of_some("workspace", "counted", where="NOT counted"),
    )

    workspace: Mapped[str]
    learning: Mapped[str]
    number: Mapped[int] = mapped_column(BigInteger)
    """Its place in the full-text index: later ones were said later, so that the newest are found first."""
    channel: Mapped[str]
    length: Mapped[int]
    """How many terms its words have."""
    counted: Mapped[bool] = mapped_column(server_default=false())
    """Whether its words are in the vocabulary."""
    terms: Mapped[str]


class Term(Base):
    """A term of a workspace: in how many documents it stands. Counted once a minute, and at once where one goes."""

    __tablename__ = "vocabulary"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "term"),
        CheckConstraint("many > 0", "is_somewhere"),
        Index(None, "workspace", "begins"),
    )

    workspace: Mapped[str] = mapped_column(ForeignKey("workspaces.id"))
    term: Mapped[str]
    begins: Mapped[str]
    """Its first character: what a typo is compared with."""
    words: Mapped[str] = mapped_column(server_default=text("''"))
    """Some of its forms as people write them, apart by spaces: "deploys deployment"."""
    many: Mapped[int]


class Corpus(Base):
    """All documents of a workspace together. Whoever changes what is counted of them holds its row.

    `version` and `walked`: by which tokenizer they were indexed, and up to which learning, while they are being so anew.
    """

    __tablename__ = "corpora"
    __table_args__ = (PrimaryKeyConstraint("workspace"),)

    workspace: Mapped[str] = mapped_column(ForeignKey("workspaces.id"))
    version: Mapped[int] = mapped_column(server_default=text("0"))
    walked: Mapped[str] = mapped_column(server_default=text("''"))
    untidy: Mapped[bool] = mapped_column(server_default=false())
    """Words have gone that may stand in the pages of a full-text index still (SQLite's)."""


_TO_SQLITE = (
    """
    CREATE VIRTUAL TABLE documents_fts USING fts5(
        terms, content='documents', content_rowid='number', columnsize=0, detail=none,
        tokenize="unicode61 remove_diacritics 0 categories 'L* M* N* P* S* C*'"
    )
    """,
    """
    CREATE TRIGGER documents_came AFTER INSERT ON documents BEGIN
        INSERT INTO documents_fts (rowid, terms) VALUES (new.number, new.terms);
    END
    """,
    """
    CREATE TRIGGER documents_went AFTER DELETE ON documents BEGIN
        INSERT INTO documents_fts (documents_fts, rowid, terms) VALUES ('delete', old.number, old.terms);
    END
    """,
    """
    CREATE TRIGGER documents_changed AFTER UPDATE OF terms ON documents BEGIN
        INSERT INTO documents_fts (documents_fts, rowid, terms) VALUES ('delete', old.number, old.terms);
        INSERT INTO documents_fts (rowid, terms) VALUES (new.number, new.terms);
    END
    """,
)
_TO_POSTGRESQL = (
    """
    ALTER TABLE documents ADD COLUMN vector tsvector
        GENERATED ALWAYS AS (array_to_tsvector(string_to_array(btrim(terms), ' '))) STORED
    """,
    "CREATE INDEX ix_documents_vector ON documents USING gin (vector)",
)
for _engine, _statements in (("sqlite", _TO_SQLITE), ("postgresql", _TO_POSTGRESQL)):
    for _statement in _statements:  # what only one of them has, and no model can say
        event.listen(Document.__table__, "after_create", DDL(_statement).execute_if(dialect=_engine))  # type: ignore[no-untyped-call]
