"""What people wrote stands in PostgreSQL's statistics no more.

ANALYZE, which autovacuum runs, copies samples of a column's values into `pg_statistic`, where they outlive the row: until so much
of the table has changed that it runs again. No plan needs them of texts that nobody compares.
"""

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


def upgrade() -> None:
    _set("0")


def downgrade() -> None:
    _set("-1")


def _set(target: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, columns in TEXTS.items():
            for column in columns:
                op.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" SET STATISTICS {target}')
