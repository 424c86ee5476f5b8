"""A session whose statements go straight to its connection: nothing here keeps objects that follow their rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable, ScalarResult
from sqlalchemy.orm import Session

Params = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None


class Direct(Session):
    """What storage functions are given. They get rows and values, never objects.

    A session looks at each statement for objects that it may have to load, to write first, or to keep in step: 40 µs for a
    selection that takes 20, and three times that for an update. Here they go to the connection, as if it had been asked for.
    What selects a whole table's class therefore gives its columns: ask for `__table__`. Nor does it look anew, at each
    statement, for which engine it is and whether its transaction stands: it has one connection until that ends.
    """

    _held: Connection | None = None

    def connection(self, *args: Any, **kwargs: Any) -> Connection:  # noqa: ANN401 -- SQLAlchemy's own
        """The connection of the transaction, which is begun with the first."""
        if self._held is None:
            self._held = super().connection(*args, **kwargs)
        return self._held

    def commit(self) -> None:
        """As `Session.commit`."""
        self._held = None
        super().commit()

    def rollback(self) -> None:
        """As `Session.rollback`."""
        self._held = None
        super().rollback()

    def close(self) -> None:
        """As `Session.close`."""
        self._held = None
        super().close()

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
