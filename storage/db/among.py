"""Among: whether a column holds one of several, which are given by name when the statement is executed.

On PostgreSQL they are one array, so that the text of the statement stays the same, and it is read and planned once; SQLite, which
knows no arrays, has them spelled out. Unlike `in_`, it may stand in a statement twice, once negated: of an `in_` with one
parameter SQLAlchemy would write an empty list, wherever it stands, as its last use has it, and `NOT IN ()` is true.
"""

from __future__ import annotations

from typing import Any, Self

from sqlalchemy import ARRAY, Boolean, ColumnElement, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class among(FunctionElement[bool]):  # noqa: N801 -- it is used as a function
    """`column` holds one of those that are given as `name`: a list."""

    inherit_cache = True
    type = Boolean()

    def __init__(self, column: InstrumentedAttribute[Any] | ColumnElement[Any], name: str) -> None:
        super().__init__(column, bindparam(name, expanding=True, type_=column.type))
        self.name_of_list = name

    def self_group(self, against: Any = None) -> Self:  # noqa: ANN401, ARG002 -- SQLAlchemy's own
        """It is a condition by itself: SQLite would find nothing by an index for one that is compared with 1."""
        return self


@compiles(among)
def _spelled_out(element: among, compiler: SQLCompiler, **more: Any) -> str:  # noqa: ANN401 -- SQLAlchemy's own
    column, given = element.clauses
    return f"({compiler.process(column.in_(given), **more)})"


@compiles(among, "postgresql")
def _as_array(element: among, compiler: SQLCompiler, **more: Any) -> str:  # noqa: ANN401 -- SQLAlchemy's own
    column: ColumnElement[Any] = next(iter(element.clauses))
    array = bindparam(element.name_of_list, type_=ARRAY(column.type))
    return f"({compiler.process(column, **more)} = ANY ({compiler.process(array, **more)}))"
