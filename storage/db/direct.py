"""A session whose statements go straight to its connection: nothing here keeps objects that follow their rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CursorResult, Executable, ScalarResult
from sqlalchemy.orm import Session

Params = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None


class Direct(Session):
    """What storage functions are given. They get rows and values, never objects.

    A session looks at each statement for objects that it may have to load, to write first, or to keep in step: 40 µs for a
    selection that takes 20, and three times that for an update. Here they go to the connection, as if it had been asked for.
    What selects a whole table's class therefore gives its columns: ask for `__table__`.
    """

    def execute(  # type: ignore[override]  # all that a session may be asked for besides is about objects
        self, statement: Executable, params: Params = None, *, execution_options: Mapping[str, Any] | None = None
    ) -> CursorResult[Any]:
        """As `Connection.execute`."""
        return self.connection().execute(statement, params, execution_options=execution_options)

    def scalar(  # type: ignore[override]
        self, statement: Executable, params: Params = None, *, execution_options: Mapping[str, Any] | None = None
    ) -> Any:  # noqa: ANN401 -- of whatever type its column is
        """As `Connection.scalar`."""
        return self.execute(statement, params, execution_options=execution_options).scalar()

    def scalars(  # type: ignore[override]
        self, statement: Executable, params: Params = None, *, execution_options: Mapping[str, Any] | None = None
    ) -> ScalarResult[Any]:
        """As `Connection.scalars`."""
        return self.execute(statement, params, execution_options=execution_options).scalars()
