"""What Alembic runs for every command: on the connection that `migrations` opened."""

from alembic import context

from storage.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite can't ALTER most things: Alembic makes the table anew
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
