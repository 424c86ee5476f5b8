"""The way to the database: readers, the writer and its groups, and what differs between SQLite and PostgreSQL."""
