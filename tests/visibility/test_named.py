"""No surface is forgotten: whatever Outloud answers or says is in the matrix, or stands elsewhere, with a reason."""

from __future__ import annotations

from collections import Counter

from handlers import ACTIONS, CLOSINGS, COMMANDS, DUTIES, FORMS, NOTICES, SHORTCUTS, SUGGESTIONS

from .nothing import FAMILIES, NOTHING
from .surfaces import SURFACES

ALL = (COMMANDS, SHORTCUTS, ACTIONS, FORMS, CLOSINGS, SUGGESTIONS, NOTICES, DUTIES)
EXCUSED = [name for names in NOTHING.values() for name in names]


def test_all_that_outloud_answers_or_says_is_named() -> None:
    """A new command, button, form, suggestion, notice or duty has to be thought about here first; events only write."""
    named = {*EXCUSED, *(name for surface in SURFACES for name in surface.names)}
    known = [name for table in ALL for name in table]
    assert [name for name in known if name not in named and not name.startswith(tuple(FAMILIES))] == []


def test_nothing_is_named_that_is_not_there() -> None:
    """Nor is anything both a surface and excused."""
    known = {name for table in ALL for name in table}
    surfaces = {name for surface in SURFACES for name in surface.names}
    assert [name for name in (*EXCUSED, *surfaces) if name not in known] == []
    assert surfaces & {*EXCUSED} == set()
    assert [name for name, times in Counter(EXCUSED).items() if times > 1] == []
