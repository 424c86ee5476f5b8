"""The vocabulary: which terms stand in any documents of a workspace, in how many, and how they are written: for typos.

It is counted by the clock (`counting`). What goes is taken off at once: of a deleted word nothing stays.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, delete, func, or_, select, update
from sqlalchemy.orm import Session

from storage.db.among import among
from storage.db.upserts import Upsert
from storage.ids import WorkspaceId
from storage.tables import Corpus, Term

from . import tokens


def _hold(insert):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    statement = insert(Corpus)
    news = {"untidy": or_(Corpus.untidy, statement.excluded.untidy)}
    return statement.on_conflict_do_update(index_elements=["workspace"], set_=news)


_HOLD = Upsert(_hold)
_NEAR = select(func.aggregate_strings(Term.term + " " + Term.words, "\n")).where(
    Term.workspace == bindparam("of_workspace"),
    Term.begins.in_(bindparam("begins", expanding=True)),
    func.length(Term.term).between(bindparam("least"), bindparam("most")),
)
_THESE = select(func.aggregate_strings(Term.term + " " + Term.words, "\n")).where(
    Term.workspace == bindparam("of_workspace"), among(Term.term, "terms")
)


def hold(session: Session, workspace: WorkspaceId, *, untidy: bool = False) -> None:
    """Nobody else changes what is counted there before this transaction ends. It comes before documents and terms, always.

    `untidy`: some have gone.
    """
    _HOLD.run(session, workspace=workspace, version=tokens.VERSION, untidy=untidy)


def went(session: Session, workspace: WorkspaceId, terms: Iterable[str]) -> None:
    """A document's words are not there any more. `terms` is empty where they had not been counted."""
    hold(session, workspace, untidy=True)
    gone = sorted(set(terms))
    if not gone:
        return
    here = (Term.workspace == workspace, Term.term.in_(gone))
    session.execute(select(Term.term).where(*here).order_by(Term.term).with_for_update()).all()  # all in one order
    session.execute(delete(Term).where(*here, Term.many <= 1))
    session.execute(
        update(Term).where(*here).values(many=Term.many - 1, words="")
    )  # some forms may have been its alone


def is_untidy(session: Session) -> bool:
    """Whether words went, in any workspace, of which traces may stand in an index still."""
    return session.scalar(select(Corpus.workspace).where(Corpus.untidy).limit(1)) is not None


def tidied(session: Session) -> None:
    """No trace is left, of any workspace."""
    session.execute(update(Corpus).where(Corpus.untidy).values(untidy=False))


def near(session: Session, workspace: WorkspaceId, word: str, *, typos: int) -> list[list[str]]:
    """The terms that somebody may have meant who typed this word, by how many typos lead to it: those of the fewest first.

    They are `typos` at most. Where the first letter is another, or missing, that is the only one.

    They are all there are, wherever they stand: whoever uses one must find something by it that the asker may see, and must not
    choose by what others wrote; else that would show.
    """
    typed = tokens.fold(word)
    if len(typed) < SHORTEST or not typed.isalpha():
        return []
    far, stem = min(1 if len(typed) < LONG else 2, typos), tokens.stem(typed)
    begins = sorted({typed[0], typed[1]})  # the first two may have changed places
    values = {"of_workspace": workspace, "begins": begins, "least": len(stem) - 2 * far, "most": len(typed) + far}
    others = {"of_workspace": workspace, "terms": _begun_otherwise(typed)}
    lines = [*(session.scalar(_NEAR, values) or "").split("\n"), *(session.scalar(_THESE, others) or "").split("\n")]
    terms = [line.partition(" ")[0] for line in lines]
    forms = [(form, term) for line, term in zip(lines, terms, strict=True) for form in line.split()]
    found = [(far_, forms[at][1]) for far_, at in _near(typed, [form for form, _ in forms], far)]
    found += [(far_, terms[at]) for far_, at in _near(stem, terms, far)]
    nearest = {term: far_ for far_, term in sorted(found, reverse=True)}
    alike = [sorted(term for term, far_ in nearest.items() if far_ == at)[:MOST] for at in range(far + 1)]
    return [some for some in alike if some]


def _begun_otherwise(typed: str) -> list[str]:
    """The terms of what differs from this in its first letter, or has one before it: of the letters of its script."""
    blocks = {ord(mark) // BLOCK * BLOCK for mark in typed[:2]}
    letters = {chr(at) for block in blocks for at in range(block, block + BLOCK)}
    words = [f"{letter}{rest}" for letter in letters if letter.isalpha() for rest in (typed[1:], typed)]
    return sorted({tokens.stem(word) for word in words if tokens.fold(word) == word})


def _near(word: str, among: list[str], far: int) -> list[tuple[int, int]]:
    """How many typos lead from what is among these to a word, at most `far`; and the place of each."""
    from rapidfuzz import process  # noqa: PLC0415 -- only where a word was not found as it was typed
    from rapidfuzz.distance import OSA  # noqa: PLC0415

    found = process.extract(word, among, scorer=OSA.distance, score_cutoff=far, limit=None)
    return [(int(distance), at) for _, distance, at in found]


MOST = 2000
"""Terms that are as near: of a vocabulary that people wrote, some dozens are. More, and PostgreSQL would not read the query."""

TYPOS = 2
"""In a word, at most."""

BLOCK = 128
"""Characters of Unicode that are of one script: about as many as an alphabet has room for."""

SHORTEST, LONG = 4, 8
"""Letters of a word that may be a typo at all; and from which on it may be two."""
