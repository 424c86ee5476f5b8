"""What a pocket's leads decide about it: what it is for, what it calls a learning, its timezone, whose names stand."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from storage import zones
from storage.ids import ChannelId, Place, WorkspaceId
from storage.prompts import digest_times
from storage.refusals import NamesStand, NotANoun, TooLong, UnknownZone
from storage.tables import Pocket

MAX_PURPOSE = 300
"""Characters: a sentence or two, which stand in the channel's announcement."""

DAY = 86400.0

MAX_NOUN = 24
"""Characters: it stands in a button, whose text Slack limits to 75 (Block Kit), and in the middle of sentences."""

HALF_LIVES = (91, 182, 365, 730)
"""Days that a pocket may choose from: a quarter of a year, half of one, one, and two."""

HALF_LIFE = 182

UTC = "UTC"

NOUN = "learning"
"""What a learning is called where nobody chose another noun."""


@dataclass(frozen=True, slots=True)
class PocketSettings:
    """`timezone` is a name of the IANA's. `names_optional`: whether one may share without one's name.

    `half_life`: days after which what shows here that somebody knows something weighs half.
    """

    purpose: str = ""
    noun: str = NOUN
    timezone: str = UTC
    names_optional: bool = True
    half_life: int = HALF_LIFE


_OF = select(Pocket.purpose, Pocket.noun, Pocket.timezone, Pocket.names_optional, Pocket.half_life).where(
    Pocket.workspace == bindparam("of_workspace"), Pocket.channel == bindparam("of_channel")
)


def of(session: Session, place: Place) -> PocketSettings:
    """Those of a channel that is a pocket, or was one; of any other, what they would be."""
    row = session.execute(_OF, {"of_workspace": place.workspace, "of_channel": place.channel}).one_or_none()
    return PocketSettings(*row) if row else PocketSettings()


def noun_of(session: Session, place: Place) -> str:
    """What this pocket calls a learning."""
    return of(session, place).noun


def half_lives(session: Session, workspace: WorkspaceId) -> dict[ChannelId, float]:
    """Seconds after which evidence from a pocket weighs half: of those that chose another time than the usual one."""
    others = select(Pocket.channel, Pocket.half_life).where(
        Pocket.workspace == workspace, Pocket.half_life != HALF_LIFE
    )
    return {ChannelId(row.channel): row.half_life * DAY for row in session.execute(others)}


def require_name(session: Session, place: Place, *, without_name: bool) -> None:
    """Raise `NamesStand` where somebody would share without their name, and the pocket does not allow it."""
    if without_name and not of(session, place).names_optional:
        raise NamesStand(field="name")


def begun(before: PocketSettings, *, purpose: str, zone: str) -> PocketSettings:
    """Those of a pocket that begins, or begins again: its starter's purpose, and their zone where none was chosen before."""
    return replace(before, purpose=purpose, timezone=zone if zone and before.timezone == UTC else before.timezone)


def checked(settings: PocketSettings) -> PocketSettings:
    """The same, tidied. Raises `TooLong`, `NotANoun`, `UnknownZone`, each for its field of the form."""
    purpose, noun = (" ".join(text.split()) for text in (settings.purpose, settings.noun))
    if len(purpose) > MAX_PURPOSE:
        raise TooLong(length=len(purpose), limit=MAX_PURPOSE, field="purpose")
    noun = noun or NOUN
    if len(noun) > MAX_NOUN or not any(unicodedata.category(mark)[0] == "L" for mark in noun):
        raise NotANoun(noun=noun, limit=MAX_NOUN, field="own_noun")
    if settings.timezone not in zones.known():
        raise UnknownZone(zone=settings.timezone, field="timezone")
    return replace(settings, purpose=purpose, noun=noun)


def write(session: Session, place: Place, settings: PocketSettings, *, at: float) -> None:
    """Remember them, of a channel that is a pocket or was one. Its digest follows it into another timezone."""
    session.execute(
        update(Pocket)
        .where(Pocket.workspace == place.workspace, Pocket.channel == place.channel)
        .values(
            purpose=settings.purpose,
            noun=settings.noun,
            timezone=settings.timezone,
            names_optional=settings.names_optional,
            half_life=settings.half_life,
        )
    )
    digest_times.follow(session, place, settings.timezone, at=at)


def zones_like(typed: str, *, limit: int = 100) -> list[str]:
    """Timezones whose name holds what was typed, those of places first (not `Etc/…`)."""
    wanted = typed.strip().replace(" ", "_").lower()
    found = [zone for zone in zones.known() if wanted in zone.lower()]
    return sorted(found, key=lambda zone: ("/" not in zone, zone.startswith("Etc/"), zone))[:limit]
