"""`/prompts weekly wed 10:00 What did we learn?`: a schedule in a line, and what of it was not understood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from storage.prompts.plans import Plan, Source
from storage.prompts.recurrence import Kind, Rule
from storage.refusals import Refusal

from . import dates, spoken

TEN = time(10)
EVERY = {"weekly": 1, "every": 1, "daily": 1, "weekdays": 1, "fortnightly": 2, "biweekly": 2}
"""How many weeks lie between, by the word that a line begins with, where no other says so."""

CLEAR = 3
"""Letters that tell a day of the week apart from the question's first word."""

IN_QUOTES = "a question that begins so goes in quotes"

BEGINNINGS = frozenset({*EVERY, "monthly", "once"})


class NotUnderstood(Refusal):
    """{understood}Not understood: {wrong}. A line such as `/prompts weekly wed 10:00 What did we learn?` says it whole."""


BOARD = frozenset(
    "list show edit change pause resume skip ask preview duplicate remove delete stop".split()  # noqa: SIM905 -- read as typed
)
"""What people type who want to do something about a schedule that is there."""


class OnTheBoard(Refusal):
    """`/prompts` alone opens what is scheduled here, to edit it, pause it, skip the next, ask now or remove it."""


@dataclass(slots=True)
class _Reading:
    """What is left to read, and what was understood so far."""

    left: list[str]
    understood: list[str]

    def word(self, number: int = 0) -> str:
        """A word that is left, in small letters; empty, where there is none."""
        return spoken.plain(self.left[number]) if number < len(self.left) else ""

    def next(self, missing: str) -> str:
        """The next word. Raises `NotUnderstood` where there is none."""
        if not self.left:
            raise self.refusal(f"{missing} is missing")
        return self.word()

    def take(self, as_: str, words: int = 1) -> None:
        """The next words were understood."""
        self.understood.append(as_)
        del self.left[:words]

    def skip(self, *fillers: str) -> bool:
        """The next word, if it is one of those that say nothing."""
        if self.word() not in fillers or not self.left:
            return False
        del self.left[0]
        return True

    def refusal(self, wrong: str) -> NotUnderstood:
        """What to say of what was not."""
        so_far = f"Understood: {', '.join(self.understood)}. " if self.understood else ""
        return NotUnderstood(understood=so_far, wrong=wrong)

    def wrong(self, where: str, such_as: str = "", words: int = 1) -> NotUnderstood:
        """The same of the next words: what should stand there instead."""
        shown = " ".join(self.left[:words]).replace("`", "")[:40]
        return self.refusal(f"“{shown}”, where {where} goes{such_as and f', such as {such_as}'}")


@dataclass(slots=True)
class _Said:
    """What a line says besides how often; None: nothing of it."""

    time: time | None = None
    zone: str | None = None
    start: date | None = None
    until: date | None = None


def read(typed: str, *, zone: str, today: date) -> Plan:
    """The plan that a line says. Raises `NotUnderstood`, `OnTheBoard`. What can't be for other reasons, the plan's checks say."""
    reading = _Reading(spoken.bare(typed).split(), [])
    reading.skip("/prompts")
    word = reading.next("how often")
    if word in BOARD:
        raise OnTheBoard
    if word not in BEGINNINGS:
        raise reading.wrong("“weekly”, “daily”, “every 2 weeks”, “monthly” or “once”")
    rule = _rule(reading, word, zone=zone, today=today)
    _refuse_more(reading, today)
    question = spoken.bare(" ".join(reading.left))
    if not question:
        raise reading.refusal("the question is missing")
    return Plan(rule, Source("question", (question,)))


def _rule(reading: _Reading, word: str, *, zone: str, today: date) -> Rule:
    every, nth, day, weekdays, start, at = EVERY.get(word, 1), 0, 0, tuple[int, ...](), None, None
    kind: Kind = "weekly"
    match word:
        case "daily" | "weekdays":
            weekdays = spoken.SEVERAL[word]
            reading.take(word)
        case "every":
            reading.take(word)
            if reading.word() == "month" or _is_nth(reading):
                reading.skip("month")
                kind, nth, weekdays, day = _month(reading)
            else:
                every = _weeks(reading)
                weekdays = _weekdays(reading)
        case "monthly":
            reading.take(word)
            kind, nth, weekdays, day = _month(reading)
        case "once":
            reading.take(word)
            kind, start = "once", _date(reading, today)
        case _:
            reading.take(word)
            at = _said_time(reading)
            weekdays = _weekdays(reading)
    said = _further(reading, _Said(at, start=start), today, is_once=kind == "once")
    return Rule(
        kind,
        said.start or today,
        said.time or TEN,
        said.zone or zone,
        every=every,
        weekdays=weekdays,
        nth=nth,
        day=day,
        until=said.until,
    )


def _further(reading: _Reading, said: _Said, today: date, *, is_once: bool) -> _Said:
    """What may stand between the days and the question, each once and in any order: a time, a timezone, a start, an end."""
    while True:
        before = len(reading.left)
        said.time = said.time or _said_time(reading)
        said.zone = said.zone or _zone(reading)
        said.until = said.until or _bound(reading, ("until", "till"), today, is_once=is_once)
        said.start = said.start or _bound(reading, ("from", "starting"), today, is_once=is_once)
        if len(reading.left) == before:
            return said


def _refuse_more(reading: _Reading, today: date) -> None:
    """What is left is the question, unless it begins with more of when. Raises `NotUnderstood`."""
    word, such_as = reading.word(), f"What did we learn? ({IN_QUOTES})"
    if not word or not (reading.left[0].islower() or word[0].isdigit()):
        return
    if word[0].isdigit() and spoken.time_of_day(word, "", is_marked=False):
        raise reading.wrong("the question", f"{such_as}; each time of day is a line of its own")
    if word in spoken.LEAVING_OUT and _first_date(reading, 1, today)[0]:
        raise reading.wrong(
            "the question", f"{such_as}; dates to skip have a field in the form: “Edit”, once it is scheduled", 3
        )
    joins = word in spoken.AND | spoken.LEAVING_OUT | {"or", "on"} or spoken.weekday(word) is not None
    if joins and _says_when(reading, 1):
        raise reading.wrong("the question", f"{such_as}; what else there is of when is a line of its own", 2)
    if word == "every" and reading.word(2) in ("week", "weeks"):
        raise reading.wrong("the question", f"{such_as}; how often begins the line, such as every 2 weeks wed", 3)


def _says_when(reading: _Reading, here: int) -> bool:
    """Whether a word says more of when: a day, a time of day, an ordinal, or how often."""
    word = reading.word(here)
    return (
        word in BEGINNINGS | spoken.NTHS.keys()
        or spoken.weekdays(word) is not None
        or spoken.ALMOST_A_TIME.match(word) is not None
        or dates.day_of_month(word) is not None
    )


def _zone(reading: _Reading) -> str | None:
    """“Europe/Berlin”, “in europe/berlin”, “(UTC)”."""
    here = 1 if reading.word() == "in" and len(reading.left) > 1 and "/" in reading.left[1] else 0
    word = reading.left[here] if reading.left else ""
    found = spoken.zone(word)
    if found:
        reading.take(found, here + 1)
    elif spoken.is_like_a_zone(word):
        del reading.left[:here]
        raise reading.wrong("a timezone", f"{spoken.nearest_zone(word)} ({IN_QUOTES})")
    return found


def _bound(reading: _Reading, names: tuple[str, ...], today: date, *, is_once: bool) -> date | None:
    """“until 24 Dec”, “starting tomorrow”. Without a date it is none, and in capitals it then begins the question."""
    name = reading.word()
    if name not in names:
        return None
    found, words = _first_date(reading, 1, today)
    if found is None and reading.left[0].islower():
        found, words = spoken.coming(reading.word(1), today), 1
    if found is None:
        is_almost, such_as = reading.word(1)[:1].isdigit(), f"{name} 24 Dec or {name} 2026-12-24"
        if is_almost or reading.left[0].islower():
            such_as += "" if is_almost else f" ({IN_QUOTES})"
            raise reading.wrong(f"“{name}” and a date that there is", such_as, 3 if is_almost else 2)
        return None
    if is_once:
        raise reading.wrong("the question", "What did we learn?, as it is asked once", words + 1)
    reading.take(f"{name} {found.day} {found:%b %Y}", words + 1)
    return found


def _first_date(reading: _Reading, after: int, today: date) -> tuple[date | None, int]:
    """The date that the words behind some say, and how many words it is."""
    for words in (3, 2, 1):
        typed = " ".join(reading.left[after : after + words]).strip(",:;")
        if len(reading.left) >= after + words and (found := dates.one(typed, today=today)):
            return found, words
    return None, 0


def _weekdays(reading: _Reading) -> tuple[int, ...]:
    """“wed”, “tue,thu”, “mon and wed”, “mon - fri”, “weekdays”."""
    found, joined = list[int](), 0
    reading.skip("on")
    reading.next("the day of the week")
    while (days := _days(reading.word(joined), is_first=not found)) is not None:
        if joined and reading.word() in spoken.TO:
            days = spoken.from_to(found[-1], days[-1])
        found += days
        reading.take(f"on {_and(days)}", joined + 1)
        joined = 1 if reading.word() in spoken.AND | spoken.TO else 0
    if not found:
        raise reading.wrong("a day of the week", "wed")
    return tuple(sorted(set(found)))


def _days(word: str, *, is_first: bool) -> tuple[int, ...] | None:
    """Behind a day, “We” and “Day” begin the question."""
    if not is_first and (len(word) < CLEAR or word in spoken.SEVERAL):
        return None
    return spoken.weekdays(word)


def _weeks(reading: _Reading) -> int:
    """“every wed”, “every week wed”, “every 2 weeks wed”, “every other wed”."""
    word = reading.next("how often")
    if reading.skip("week"):
        return 1
    many = int(word) if word.isdecimal() else spoken.COUNTS.get(word)
    if many is None:
        return 1
    if reading.word(1) in ("week", "weeks"):
        reading.take(f"{word} weeks" if word.isdecimal() else f"{word} week", 2)
    elif word == "other" and spoken.weekdays(reading.word(1)):
        reading.take(word)
    else:
        raise reading.refusal(f"“{word[:40]}” without “weeks” behind it")
    return many


def _is_nth(reading: _Reading) -> bool:
    """“every first mon”, “every last fri”; “every second mon” may be every other one."""
    word = reading.word()
    if word in ("second", "2nd") and "month" not in (reading.word(3), reading.word(4)):
        if spoken.weekday(reading.word(1)) is not None:
            day = spoken.DAYS[spoken.weekday(reading.word(1)) or 0][:3]
            raise reading.refusal(f"“{word}”: write “every 2 weeks {day}” or “monthly second {day}”")
        return False
    return word in spoken.NTHS


def _month(reading: _Reading) -> tuple[Kind, int, tuple[int, ...], int]:
    """“monthly first wed”, “monthly on the 15th”, “monthly last” (its last day)."""
    while reading.skip("on", "the"):
        pass
    word = reading.next("the day of the month")
    weekday = spoken.weekday(reading.word(1))
    day = dates.day_of_month(word)
    found: tuple[Kind, int, tuple[int, ...], int]
    if word in spoken.NTHS and weekday is not None:
        reading.take(f"{word} {spoken.DAYS[weekday].capitalize()}", 2)
        found = "weekday of month", spoken.NTHS[word], (weekday,), 0
    elif word == "last":
        reading.take("on its last day", 2 if reading.word(1) == "day" else 1)
        found = "day of month", 0, (), 31
    elif day and weekday is not None and not word.isdecimal():
        such_as = f"first, second, third, fourth or last ({IN_QUOTES})"
        raise reading.wrong("which of the month", such_as, 2)
    elif day:
        reading.take(f"on day {day}")
        found = "day of month", 0, (), day
    else:
        raise reading.wrong("a day of the month", "15, or first wed, or last fri")
    if reading.word() == "of" and "month" in (reading.word(1), reading.word(2)):
        del reading.left[: 2 if reading.word(1) == "month" else 3]
    here = 1 if reading.word() == "of" else 0
    if dates.is_month(reading.word(here)):
        such_as = f"What did we learn? (for one day, write once; {IN_QUOTES})"
        raise reading.wrong("the question", such_as, here + 1)
    return found


def _date(reading: _Reading, today: date) -> date:
    """“once 2026-12-24”, “once 24 Dec”, “once on 24 Dec 2026”, “once tomorrow”, “once fri”."""
    reading.skip("on")
    reading.next("the date")
    found, words = _first_date(reading, 0, today)
    if found is None:
        found, words = spoken.coming(reading.word(), today), 1
    if found is not None:
        reading.take(f"on {found.day} {found:%b %Y}", words)
        return found
    raise reading.wrong("a date that there is", "24 Dec or 2026-12-24", 2 if reading.word().isdecimal() else 1)


def _said_time(reading: _Reading) -> time | None:
    """“10:00”, “at 10”, “2pm”, “2 pm”, “noon”. “Morning” begins the question; “morning” is no time of day."""
    behind = reading.word(1)
    is_marked = reading.word() in ("at", "@") and (
        spoken.ALMOST_A_TIME.match(behind) is not None or behind in spoken.NAMED_TIMES
    )
    if is_marked:
        del reading.left[0]
    word, half = reading.word(), reading.word(1) if reading.word(1) in spoken.HALVES else ""
    if half and reading.word(2) == "i":  # “am I the only one”: a question, and the time is whole without it
        half = ""
    found = spoken.time_of_day(word, half, is_marked=is_marked)
    if found is None and not half and reading.word(1) in spoken.HALVES and word.isdecimal():
        raise reading.wrong("a time of day", f"10:00 or 2pm ({IN_QUOTES})", 3)
    if found is not None:
        reading.take(f"at {found:%H:%M}", 2 if half else 1)
        reading.skip("uhr", "o'clock")
    elif spoken.ALMOST_A_TIME.match(word) or (word in spoken.VAGUE_TIMES and reading.left[0].islower()):
        raise reading.wrong("a time of day", "10:00 or 2pm")
    elif reading.left[0:2] == ["in", "the"] and reading.word(2) in spoken.VAGUE_TIMES:
        raise reading.wrong("a time of day", "10:00 or 2pm", 3)
    return found


def _and(days: tuple[int, ...]) -> str:
    return " and ".join(spoken.DAYS[day].capitalize() for day in days)
