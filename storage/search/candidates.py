"""Candidates: the newest documents that hold some terms, by the full-text index of either engine. One function, two dialects.

What it finds is looked through again by the rule of who may see what (`finding`): the marks here only spare the index from
walking past what nobody of these may see.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import TextClause, bindparam, text
from sqlalchemy.orm import Session

from storage.ids import ChannelId, Place, WorkspaceId
from storage.visibility import Reach, Viewer

from . import marks

FEW = 60
"""Channels that are looked for one by one, where a viewer reads less than half of all; more are cheaper to leave out."""

WALKED = 20_000
"""Documents, the newest with some terms, that are looked through for those that hold these in a row."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where is looked: what bears one of these marks, where there are any, and comes from none of the channels left out."""

    workspace: WorkspaceId
    marks: tuple[str, ...] = ()
    left_out: tuple[ChannelId, ...] = ()
    own: str = ""
    """The mark of what the viewer wrote: that is looked for also where it comes from a channel left out."""
    is_empty: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a document is to hold: of each group one term at least, and none of `without`; and to be from `since` on, a number.

    `runs`: terms in a row, each apart by a space, that it holds so, and none of `runs_without`.
    """

    groups: tuple[tuple[str, ...], ...] = ()
    without: tuple[str, ...] = ()
    since: int | None = None
    runs: tuple[str, ...] = ()
    runs_without: tuple[str, ...] = ()

    def and_any(self, *terms: str) -> Wanted:
        """The same, and one of these."""
        return replace(self, groups=(*self.groups, terms))

    def and_all(self, *terms: str) -> Wanted:
        """The same, and all of these."""
        return replace(self, groups=(*self.groups, *((term,) for term in terms)))


def scope(viewer: Viewer, reach: Reach, beyond: Callable[[], tuple[ChannelId, ...]]) -> Scope:
    """Where is looked for a viewer; `beyond` says which channels they don't read."""
    workspace = viewer.person.workspace
    own = marks.written_by(workspace, viewer.person.id)
    if viewer.is_nobody:
        return Scope(workspace, is_empty=True)
    few = min(FEW, reach.others - 1)
    if len(reach.reads) <= max(few, reach.others // 4):
        return Scope(workspace, marks=(*(marks.of_channel(Place(workspace, one)) for one in reach.reads), own))
    return Scope(workspace, left_out=beyond(), own=own)


def find(session: Session, where: Scope, wanted: Wanted, *, limit: int) -> Sequence[int]:
    """The numbers of the newest documents."""
    if where.is_empty:
        return []
    groups = (*wanted.groups, where.marks) if where.marks else wanted.groups
    values: dict[str, Any] = {"workspace": where.workspace, "most": limit}
    if session.get_bind().dialect.name == "sqlite":
        conditions, number = ["documents_fts MATCH :query"], "f.rowid"
        everywhere = () if where.marks else ((marks.of_workspace(where.workspace),),)
        values["query"] = _for_sqlite((*everywhere, *groups), wanted.without)
        source = "documents_fts f"
        if (
            where.left_out
        ):  # CROSS: the index leads, though SQLite may think otherwise (sqlite.org/optoverview.html, 8.2)
            source += " CROSS JOIN documents d ON d.number = f.rowid"
    else:
        conditions, number, source = ["d.workspace = :workspace"], "d.number", "documents d"
        if groups or wanted.without:
            conditions.append("d.vector @@ CAST(:query AS tsquery)")
            values["query"] = _for_postgresql(groups, wanted.without)
    if wanted.since is not None:
        conditions.append(f"{number} >= :since")
        values["since"] = wanted.since
    if where.left_out:
        conditions.append("(d.channel NOT IN :left_out OR d.terms LIKE :own)")
        values |= {"left_out": list(where.left_out), "own": f"% {where.own} %"}
    sql = f"SELECT {number} AS number FROM {source} WHERE {' AND '.join(conditions)} ORDER BY {number} DESC LIMIT :most"  # noqa: S608 -- no word of theirs
    if wanted.runs or wanted.runs_without:
        sql, runs = _in_a_row(sql, wanted, is_sqlite=session.get_bind().dialect.name == "sqlite")
        values |= runs
    used = {name: value for name, value in values.items() if f":{name}" in sql}
    return session.connection().scalars(_statement(sql), used).all()


def _in_a_row(sql: str, wanted: Wanted, *, is_sqlite: bool) -> tuple[str, dict[str, Any]]:
    """The same, of what holds these runs; of the newest alone, as each is read for it."""
    find, join = ("instr", "CROSS JOIN") if is_sqlite else ("strpos", "JOIN")
    held = {f"run_{at}": run for at, run in enumerate(wanted.runs)}
    not_held = {f"no_run_{at}": run for at, run in enumerate(wanted.runs_without)}
    conditions = [f"{find}(h.terms, :{name}) > 0" for name in held] + [
        f"{find}(h.terms, :{name}) = 0" for name in not_held
    ]
    walked = f"SELECT w.number FROM ({sql.replace(':most', ':walked')}) w {join} documents h ON h.number = w.number"  # noqa: S608 -- as above
    held_so = f"{walked} WHERE {' AND '.join(conditions)} ORDER BY w.number DESC LIMIT :most"
    return held_so, {**held, **not_held, "walked": WALKED}


@lru_cache
def _statement(sql: str) -> TextClause:
    statement = text(sql)
    return statement.bindparams(bindparam("left_out", expanding=True)) if ":left_out" in sql else statement


def _for_sqlite(groups: Sequence[Sequence[str]], without: Sequence[str]) -> str:
    """Each term is a string of FTS5's: nothing in it is syntax (sqlite.org/fts5.html, 3.1)."""
    wanted = " AND ".join(f"({' OR '.join(_quoted(term, chr(34)) for term in group)})" for group in groups)
    return f"({wanted}) NOT ({' OR '.join(_quoted(term, chr(34)) for term in without)})" if without else wanted


def _for_postgresql(groups: Sequence[Sequence[str]], without: Sequence[str]) -> str:
    """Each term is a quoted lexeme, taken as it is (postgresql.org/docs/current/datatype-textsearch.html)."""
    wanted = [f"({' | '.join(_lexeme(term) for term in group)})" for group in groups]
    return " & ".join([*wanted, *(f"!{_lexeme(term)}" for term in without)])


def _lexeme(term: str) -> str:
    return _quoted(term.replace("\\", "\\\\"), "'")


def _quoted(term: str, mark: str) -> str:
    return f"{mark}{term.replace(mark, mark * 2)}{mark}"
