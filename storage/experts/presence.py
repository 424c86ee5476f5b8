"""Being there: how much people shared lately, of whatever topic, as far as whoever asks sees it.

It costs the same however much there is: the newest that they see are looked at, no further back than it takes to have these.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, select

from storage import visibility
from storage.db.among import among
from storage.ids import PersonId
from storage.search.looking import Look
from storage.tables import Learning

from .ranking import LATELY, fade

LOOKED_AT, MOST = 5000, 2000
"""Learnings, the newest of all that whoever asks sees; and those of them, of the people asked about, that count."""

FIRST, LONGEST = 2 * 86400.0, 4 * LATELY
"""Seconds that are looked back at first, and at most."""

MORE = 1.5
"""How much further than to where so many would stand, if as much came before as does now."""


def of(search: Look, people: Collection[PersonId]) -> dict[PersonId, float]:
    """How much each of these shared lately with their name, from 0 to 1: of whom most came, 1."""
    much = dict[PersonId, float]()
    for row in _newest(search, people) if people else ():
        person = PersonId(row.author)
        much[person] = much.get(person, 0.0) + fade(search.at - row.said_at, LATELY)
    most = max(much.values(), default=1.0)
    return {person: one / most for person, one in much.items()}


def _newest(search: Look, people: Collection[PersonId]) -> Sequence[Row[Any]]:
    """Theirs, of the newest; how far back these stand is guessed from the first few days, and again where it is too short."""
    shape, values = visibility.shape(search.viewer), visibility.values(search.viewer)
    values |= {"people": sorted(people), "looked_at": LOOKED_AT, "most": MOST}
    window = _further(FIRST, search.session.scalar(_many(shape), values | {"after": search.at - FIRST}) or 0)
    while True:
        values["after"] = search.at - window
        rows = search.session.execute(_theirs(shape), values).all()
        many = rows[0].many if rows else search.session.scalar(_many(shape), values) or 0
        if many >= LOOKED_AT or window >= LONGEST:
            return rows
        window = _further(window, many)


def _further(window: float, many: int) -> float:
    """How far it is to look, where so many stand within `window`."""
    return window if many >= LOOKED_AT else min(LONGEST, window * MORE * LOOKED_AT / max(1, many))


@lru_cache
def _many(shape: visibility.Shape) -> Select[int]:
    return select(func.count()).select_from(Learning).where(*_lately(shape))


@lru_cache
def _theirs(shape: visibility.Shape) -> Select[*tuple[Any, ...]]:
    """With each row, how many were looked at: to count them apart would read them twice."""
    of_all = select(Learning.author, Learning.said_at).where(*_lately(shape))
    newest = of_all.order_by(Learning.said_at.desc()).limit(bindparam("looked_at")).cte("newest")
    many = select(func.count()).select_from(newest).scalar_subquery().label("many")
    found = select(newest.c.author, newest.c.said_at, many).where(among(newest.c.author, "people"))
    return found.order_by(newest.c.said_at.desc()).limit(bindparam("most"))


def _lately(shape: visibility.Shape) -> tuple[ColumnElement[bool], ...]:
    sees = visibility.visible_of_others(visibility.prepared(shape))
    return sees, ~Learning.without_name, Learning.said_at > bindparam("after")
