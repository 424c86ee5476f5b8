"""What more than one of the handlers' scenarios needs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, event


@pytest.fixture
def disk() -> Iterator[threading.Event]:
    """Set while the disk takes what is committed; while it is not, whoever commits hangs."""
    works = threading.Event()
    works.set()

    def commit(connection: Any) -> None:
        if connection.get_execution_options().get("write"):
            works.wait(20)

    event.listen(Engine, "commit", commit)
    yield works
    works.set()
    event.remove(Engine, "commit", commit)
