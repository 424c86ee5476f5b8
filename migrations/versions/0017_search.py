"""What is searched: documents with their full-text index, and the words of each workspace.

Existing learnings get their documents by and by, once Outloud runs: a workspace's corpus of version 0 is indexed anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

SQLITE = (
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
POSTGRESQL = (
    """
    ALTER TABLE documents ADD COLUMN vector tsvector
        GENERATED ALWAYS AS (array_to_tsvector(string_to_array(btrim(terms), ' '))) STORED
    """,
    "CREATE INDEX ix_documents_vector ON documents USING gin (vector)",
)


def upgrade() -> None:
    op.create_table(
        "documents",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("workspace", "learning")),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "learning"],
            ["learnings.workspace", "learnings.id"],
            name=op.f("fk_documents_workspace_learning"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace", "learning", name=op.f("pk_documents")),
        sa.UniqueConstraint("number", name=op.f("uq_documents_number")),
    )
    op.create_index("ix_documents_workspace_channel", "documents", ["workspace", "channel"])
    op.create_index("ix_documents_workspace_number", "documents", ["workspace", "number"])
    op.create_index(
        "ix_documents_workspace_counted",
        "documents",
        ["workspace", "counted"],
        sqlite_where=sa.text("NOT counted"),
        postgresql_where=sa.text("NOT counted"),
    )
    op.create_table(
        "vocabulary",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("workspace", "term", "begins")),
        sa.Column("words", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("many", sa.Integer(), nullable=False),
        sa.CheckConstraint("many > 0", name=op.f("ck_vocabulary_is_somewhere")),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name=op.f("fk_vocabulary_workspace")),
        sa.PrimaryKeyConstraint("workspace", "term", name=op.f("pk_vocabulary")),
    )
    op.create_index("ix_vocabulary_workspace_begins", "vocabulary", ["workspace", "begins"])
    op.create_table(
        "corpora",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("many", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("length", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("walked", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("untidy", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name=op.f("fk_corpora_workspace")),
        sa.PrimaryKeyConstraint("workspace", name=op.f("pk_corpora")),
    )
    op.execute("INSERT INTO corpora (workspace) SELECT id FROM workspaces")
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE documents_fts")
    for table in ("corpora", "vocabulary", "documents"):
        op.drop_table(table)
