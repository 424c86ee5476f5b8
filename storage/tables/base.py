"""What all tables have in common."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import JSON, Connection, Double, Index, MetaData, Text, event, text
from sqlalchemy.orm import DeclarativeBase


def one_of(column: str, values: tuple[str, ...]) -> str:
    """The condition of a CHECK: one of these."""
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


def index_of_some(*columns: str, where: str, name: str | None = None, unique: bool = False) -> Index:
    """An index of those rows alone for which `where` holds, on both engines.

    Said in the dialects' own options, it would load PostgreSQL's dialect, a large one, also where all is in SQLite.
    """
    return Index(name, *columns, unique=unique, info={"where": where})


@event.listens_for(Base.metadata, "before_create")
def _tell_the_dialect(metadata: MetaData, connection: Connection, **_: object) -> None:
    """By then one of them is loaded anyway."""
    for index in (one for table in metadata.tables.values() for one in table.indexes):
        if where := index.info.get("where"):
            index.dialect_options[connection.dialect.name]["where"] = text(where)
