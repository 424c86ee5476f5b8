"""The clock of what falls due by itself: whoever changes when that is says so here."""

from __future__ import annotations

from sqlalchemy.orm import Session


def look_anew(session: Session) -> None:
    """Once this is committed, the clock looks anew for what is due next."""
    session.info["due"] = True
