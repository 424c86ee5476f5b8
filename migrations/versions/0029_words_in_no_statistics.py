"""What people wrote stands in PostgreSQL's statistics no more.

ANALYZE, which autovacuum runs, copies samples of a column's values into `pg_statistic`, where they outlive the row: until so much
of the table has changed that it runs again. No plan needs them of texts that nobody compares. What is sampled by now would stay
for good: ANALYZE passes these columns over from here on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

TEXTS = {
    "asked_people": ["question"],
    "asked_questions": ["words", "answer", "question"],
    "documents": ["terms"],
    "drafts": ["words", "why", "topics"],
    "earlier": ["words", "why", "topics"],
    "first_answers": ["question", "words"],
    "learnings": ["words", "why", "shortened_from", "cut", "files"],
    "occurrences": ["question"],
    "outdated": ["why"],
    "pockets": ["purpose"],
    "prompts": ["question", "example", "use"],
    "removals": ["words", "why"],
    "rounds": ["question"],
    "schedules": ["questions"],
    "vocabulary": ["words"],
}
"""Columns, by their tables."""


INDEX = (
    """
    ALTER TABLE documents ADD COLUMN vector tsvector
        GENERATED ALWAYS AS (array_to_tsvector(string_to_array(btrim(terms), ' '))) STORED
    """,
    "CREATE INDEX ix_documents_vector ON documents USING gin (vector)",
)
"""As revision 0017 made it."""

TYPE_OF = sa.text(
    "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = :of ::regclass AND attname = :name"
)


def upgrade() -> None:
    _set("0")
    _forget()


def downgrade() -> None:
    _set("-1")


def _set(target: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, columns in TEXTS.items():
            for column in columns:
                op.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" SET STATISTICS {target}')


def _forget() -> None:
    """Drop what was sampled, as a table's owner may: by giving each column the type that it has. It takes no time by itself.

    The index of words, which is made of one of them, has to be made anew: some seconds for 100,000 learnings.
    """
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("ALTER TABLE documents DROP COLUMN vector")
    for table, columns in TEXTS.items():
        for column in columns:
            type_ = op.get_bind().scalar(TYPE_OF, {"of": table, "name": column})
            op.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" TYPE {type_}')
    for statement in INDEX:
        op.execute(statement)
