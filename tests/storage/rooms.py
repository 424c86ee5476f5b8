"""What the rooms of storage offer: for tests that go through all of it."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from types import ModuleType


def functions_with_a_session(*rooms: ModuleType) -> set[str]:
    """Every public function of these rooms that takes a session, by the names of its file and of itself."""
    found = set()
    for room in rooms:
        for info in pkgutil.iter_modules(room.__path__):
            module = importlib.import_module(f"{room.__name__}.{info.name}")
            for name, function in inspect.getmembers(module, inspect.isfunction):
                first = next(iter(inspect.signature(function).parameters), "")
                if function.__module__ == module.__name__ and not name.startswith("_") and first == "session":
                    found.add(f"{info.name}.{name}")
    return found
