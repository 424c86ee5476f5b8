"""Days on which nobody is at work: weekends, and a country's or region's public holidays (the package `holidays`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

WEEKEND = frozenset({5, 6})
"""Saturday and Sunday, where no country says otherwise. Monday is 0."""


@dataclass(frozen=True, slots=True)
class Region:
    """A country, or a part of one. `code` is ISO 3166's, such as `DE` or `DE-BY`."""

    code: str
    name: str


@cache
def regions() -> dict[str, Region]:
    """All whose public holidays are known, by code, in the order of their names."""
    import holidays  # noqa: PLC0415 -- many modules, and only schedules ask for them
    from holidays.registry import COUNTRIES  # noqa: PLC0415

    known = holidays.list_supported_countries(include_aliases=False)
    found = list[Region]()
    for entity, code, *_ in COUNTRIES.values():
        if code not in known:
            continue
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", entity)
        found.append(Region(code, name))
        aliases = {part: alias for alias, part in getattr(holidays, code).subdivisions_aliases.items()}
        found += [Region(f"{code}-{part}", f"{name}, {aliases.get(part, part)}") for part in known[code]]
    return {region.code: region for region in sorted(found, key=lambda region: region.name)}


def regions_like(typed: str, *, limit: int = 100) -> list[Region]:
    """Those whose name or code holds what was typed; whole countries first, and those that begin so before the others."""
    wanted = typed.strip().lower()
    found = [one for one in regions().values() if wanted in one.name.lower() or wanted == one.code.lower()]
    return sorted(found, key=lambda one: ("-" in one.code, not one.name.lower().startswith(wanted), one.name))[:limit]


def is_known(code: str) -> bool:
    """Whether its public holidays are known."""
    return code in regions()


@lru_cache(maxsize=2048)
def in_year(code: str, year: int) -> frozenset[date]:
    """A region's public holidays of a year: a new list each time, because the package's own may not be shared by threads."""
    import holidays  # noqa: PLC0415 -- see `regions`

    country, _, part = code.partition("-")
    return frozenset(holidays.country_holidays(country, subdiv=part or None, years=year, expand=False))


@cache
def weekend(code: str) -> frozenset[int]:
    """The days of the week on which a region rests; Monday is 0. "" is no region."""
    if not code:
        return WEEKEND
    import holidays  # noqa: PLC0415 -- see `regions`

    country, _, part = code.partition("-")
    return frozenset(holidays.country_holidays(country, subdiv=part or None).weekend)
