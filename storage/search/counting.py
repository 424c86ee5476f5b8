"""Counting, and what else the clock does for search: indexing anew what an older tokenizer indexed, and tidying.

Terms are counted some documents at a time, and not where one is shared: everybody's shares would wait for one another at the
most common words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from storage.db.upserts import Upsert
from storage.ids import LearningId, WorkspaceId
from storage.tables import Corpus, Document, Learning, Term

from . import documents, tokens, vocabulary

AT_ONCE = 100
"""Documents that are counted in one transaction."""

WALK = 100
"""Learnings that are indexed anew in one transaction."""

PAGES = 256
"""Pages of 4,096 bytes that are tidied in one transaction: some ten milliseconds, for which others wait."""

FORMS = 4
"""In how many forms a term's word is remembered: enough to tell what a typo means."""


_SIGNS = ".,;:!?()[]{}\"'*_~`<>"


def _count(insert):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 -- the dialect's own builder
    statement = insert(Term)
    return statement.on_conflict_do_update(
        index_elements=["workspace", "term"],
        set_={"many": Term.many + statement.excluded.many, "words": statement.excluded.words},
    )


_COUNT = Upsert(_count)


def count(session: Session) -> bool:
    """Count some documents of whatever workspaces that have not been counted. False: there are no more."""
    wait = select(Document.workspace, Document.number).where(~Document.counted)
    next_ones = wait.order_by(Document.number).limit(AT_ONCE).subquery()
    workspaces = sorted(session.scalars(select(next_ones.c.workspace).distinct()))
    if not workspaces:
        return False
    for workspace in workspaces:
        vocabulary.hold(session, WorkspaceId(workspace))
    few = (
        select(Document.number)
        .where(~Document.counted, Document.workspace.in_(workspaces))
        .order_by(Document.number)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    taken = (
        update(Document)
        .where(Document.number.in_(few))
        .values(counted=True)
        .returning(Document.workspace, Document.learning, Document.terms)
    )
    rows = session.execute(taken, execution_options={"synchronize_session": False}).all()
    for workspace in sorted({row.workspace for row in rows}):
        here = [row for row in rows if row.workspace == workspace]
        holding = Counter(term for row in here for term in set(documents.words_of(row.terms)))
        _come(session, workspace, holding, _forms(session, workspace, [row.learning for row in here]))
    return len(rows) == AT_ONCE


def is_due(session: Session) -> bool:
    """Whether documents wait for being counted, or learnings for being indexed anew, in any workspace."""
    uncounted = session.scalar(select(Document.number).where(~Document.counted).limit(1)) is not None
    old = select(Corpus.workspace).where(Corpus.version < tokens.VERSION).limit(1)
    return uncounted or session.scalar(old) is not None


def beat(session: Session) -> bool:
    """Do some of it. False: there is no more."""
    return walk(session) or count(session)


def walk(session: Session) -> bool:
    """Index some learnings that an older tokenizer indexed, or none, of whatever workspace. False: there are no more."""
    old = select(Corpus.workspace, Corpus.walked).where(Corpus.version < tokens.VERSION)
    row = session.execute(old.limit(1)).one_or_none()
    if row is None:
        return False
    learnings = select(Learning.id).where(Learning.workspace == row.workspace, Learning.id > row.walked)
    # Locked: of one that is taken back meanwhile, nothing may be indexed again.
    ids = session.scalars(learnings.order_by(Learning.id).limit(WALK).with_for_update()).all()
    vocabulary.hold(session, WorkspaceId(row.workspace))
    if session.execute(old.where(Corpus.workspace == row.workspace)).one_or_none() != row:
        return True  # another process did these
    for id in ids:
        documents.follow(session, WorkspaceId(row.workspace), LearningId(id))
    now = {"walked": ids[-1]} if len(ids) == WALK else {"walked": "", "version": tokens.VERSION}
    session.execute(update(Corpus).where(Corpus.workspace == row.workspace).values(now))
    return True


def tidy(session: Session) -> bool:
    """Let words that went stand on no page of SQLite's full-text index either, a piece at a time. False: all is done.

    A deletion there is an entry of its own, and takes the deleted one along when the two are merged; `secure-delete`, which does
    so at once, is not in the versions that many have (sqlite.org/fts5.html, 6.11). PostgreSQL's autovacuum does the like.
    """
    if not vocabulary.is_untidy(session):
        return False
    if session.get_bind().dialect.name != "sqlite":
        vocabulary.tidied(session)
        return False
    merge = text("INSERT INTO documents_fts (documents_fts, rank) VALUES ('merge', :pages)")
    changes = text("SELECT total_changes()")
    session.execute(merge, {"pages": -PAGES})  # from the whole of it on, or on with that
    before = session.scalar(changes) or 0
    session.execute(merge, {"pages": PAGES})
    if (session.scalar(changes) or 0) - before < 2:  # noqa: PLR2004 -- "nothing was left to do", as its page says
        vocabulary.tidied(session)
        return False
    return True


def _come(session: Session, workspace: str, holding: Mapping[str, int], forms: Mapping[str, list[str]]) -> None:
    known = select(Term.term, Term.words).where(Term.workspace == workspace, Term.term.in_(holding))
    before = {row.term: row.words for row in session.execute(known.order_by(Term.term).with_for_update())}
    rows = [
        {
            "workspace": workspace,
            "term": term,
            "begins": term[0],
            "many": holding[term],
            "words": _together(before.get(term, ""), forms.get(term, [])),
        }
        for term in sorted(holding)  # locks are taken in one order
    ]
    _COUNT.run_all(session, rows)


def _together(before: str, new: list[str]) -> str:
    return " ".join(list(dict.fromkeys([*before.split(), *new]))[:FORMS])


def _forms(session: Session, workspace: str, ids: list[str]) -> dict[str, list[str]]:
    """How the words of these learnings are written, by their terms."""
    forms: dict[str, list[str]] = {}
    for said in documents.texts_of(session, WorkspaceId(workspace), [LearningId(id) for id in ids]).values():
        for word in {chunk.strip(_SIGNS) for chunk in said.split()}:
            form = tokens.fold(word)
            if vocabulary.SHORTEST <= len(form) <= tokens.LONGEST and form.isalpha():
                for term in tokens.terms(word)[:1]:
                    forms.setdefault(term, []).append(form)
    return {term: sorted(set(some)) for term, some in forms.items()}
