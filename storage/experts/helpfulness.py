"""Helpfulness: how much people helped others lately, of whatever topic, as far as whoever asks sees it.

Helped is who said so, by a reaction or the button, who kept it, and who asked what it answers: others than its author, and each
once for each learning. It costs the same however much there is: the newest that they see are looked at, no further back than it
takes to have these.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Row, Select, and_, bindparam, func, select, union

from storage import visibility
from storage.db.among import among
from storage.ids import PersonId
from storage.search.looking import Look
from storage.tables import Answer, Help, Keep, Learning, PersonRow, Round

from .ranking import LATELY, fade, worth

LOOKED_AT, MOST = 5000, 1000
"""Learnings, the newest of all that whoever asks sees; and those of them, of the people asked about, that count."""

FIRST, LONGEST = 2 * 86400.0, 4 * LATELY
"""Seconds that are looked back at first, and at most."""

MORE = 1.5
"""How much further than to where so many would stand, if as much came before as does now."""


def of(search: Look, people: Collection[PersonId]) -> dict[PersonId, float]:
    """How much each of these helped lately by what bears their name, from 0 to 1: who helped most, 1."""
    rows = _newest(search, people) if people else ()
    whom, much = _whom(search, rows), dict[PersonId, float]()
    for row in rows:
        person = PersonId(row.author)
        many = len(whom.get(row.id, set()) - {person})
        much[person] = much.get(person, 0.0) + worth(many) * fade(search.at - row.said_at, LATELY)
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


def _whom(search: Look, rows: Sequence[Row[Any]]) -> dict[str, set[str]]:
    """Whom each of these helped, as far as is known."""
    values = {"of_workspace": search.viewer.person.workspace, "ids": sorted(row.id for row in rows)}
    whom = dict[str, set[str]]()
    for id, person in search.session.connection().execute(_HELPED, values) if rows else ():
        whom.setdefault(id, set()).add(person)
    values["ids"] = sorted(row.id for row in rows if row.source_ts is not None)
    for id, person in search.session.connection().execute(_KEPT, values) if values["ids"] else ():
        whom.setdefault(id, set()).add(person)
    return whom


def _by_people(person: Any) -> ColumnElement[bool]:  # noqa: ANN401 -- a column
    """Of whom it is known that they are no bots."""
    return and_(PersonRow.workspace == bindparam("of_workspace"), PersonRow.id == person, PersonRow.is_bot.is_(False))


_SAID = (
    select(Help.learning, Help.person)
    .join(PersonRow, _by_people(Help.person))
    .where(Help.workspace == bindparam("of_workspace"), among(Help.learning, "ids"), Help.standing)
)
_ASKED = (
    select(Answer.learning, Round.lead)
    .join(Round, and_(Round.workspace == Answer.workspace, Round.id == Answer.round, Round.asked.is_not(None)))
    .where(Answer.workspace == bindparam("of_workspace"), among(Answer.learning, "ids"))
)
_HELPED: CompoundSelect[str, str] = union(_SAID, _ASKED)
_ON = and_(
    Keep.workspace == Learning.workspace, Keep.channel == Learning.channel, Keep.message_ts == Learning.source_ts
)
_KEPT = (
    select(Learning.id, Keep.person)
    .join(Keep, and_(_ON, Keep.standing))
    .join(PersonRow, _by_people(Keep.person))
    .where(Learning.workspace == bindparam("of_workspace"), among(Learning.id, "ids"))
    .distinct()
)


@lru_cache
def _many(shape: visibility.Shape) -> Select[int]:
    return select(func.count()).select_from(Learning).where(*_lately(shape))


@lru_cache
def _theirs(shape: visibility.Shape) -> Select[*tuple[Any, ...]]:
    """With each row, how many were looked at: to count them apart would read them twice."""
    shown = (Learning.__table__.c[name] for name in ("id", "author", "said_at", "source_ts"))
    of_all = select(*shown).where(*_lately(shape))
    newest = of_all.order_by(Learning.said_at.desc()).limit(bindparam("looked_at")).cte("newest")
    many = select(func.count()).select_from(newest).scalar_subquery().label("many")
    found = select(newest, many).where(among(newest.c.author, "people"))
    return found.order_by(newest.c.said_at.desc()).limit(bindparam("most"))


def _lately(shape: visibility.Shape) -> tuple[ColumnElement[bool], ...]:
    sees = visibility.visible_of_others(visibility.prepared(shape))
    return sees, ~Learning.without_name, Learning.said_at > bindparam("after")
