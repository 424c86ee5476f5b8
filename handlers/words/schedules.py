"""A schedule in plain words: when it asks, and what, and when next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

from storage.prompts.days_off import regions
from storage.prompts.plans import Source
from storage.prompts.recurrence import LAST, Rule, Time
from storage.prompts.views import AnySchedule, ScheduleView, Unread

from .bank import theme_name
from .general import NAME, safe, shorten

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NTHS = {1: "first", 2: "second", 3: "third", 4: "fourth", LAST: "last"}
EVERY_WORKDAY = (0, 1, 2, 3, 4)
EVERY_DAY = (*EVERY_WORKDAY, 5, 6)
LAST_DAY = 31
SHORT = 150
"""Characters of a question on the board."""


def day(on: date) -> str:
    """A date as it stands in a list: 25 Nov."""
    return f"{on.day} {on:%b}"


def full_day(on: date) -> str:
    """A date with its year."""
    return f"{on.day} {on:%b %Y}"


def when(rule: Rule) -> str:
    """A recurrence in plain words: Every Wednesday at 10:00, Europe/Berlin."""
    at = f"at {rule.time:%H:%M}, {zone(rule.zone)}"
    end = f", until {full_day(rule.until)}" if rule.until else ""
    match rule.kind:
        case "weekly" if rule.every == 1 and rule.weekdays == EVERY_WORKDAY:
            days = "Monday to Friday"
        case "weekly" if rule.every == 1 and rule.weekdays == EVERY_DAY:
            days = "Every day"
        case "weekly" if rule.every == 1:
            days = f"Every {_and(DAYS[one] for one in rule.weekdays)}"
        case "weekly":
            days = f"Every {rule.every} weeks on {_and(DAYS[one] for one in rule.weekdays)}"
        case "weekday of month":
            days = f"Every {NTHS[rule.nth]} {DAYS[rule.weekdays[0]]} of the month"
        case "day of month" if rule.day == LAST_DAY:
            days = "On the last day of every month"
        case "day of month":
            days = f"On the {rule.day}{_th(rule.day)} of every month"
        case _:
            days = f"Once, on {full_day(rule.start)}"
    return f"{days} {at}{end}"


def what(source: Source) -> str:
    """What is asked, in plain words; escaped."""
    match source.kind:
        case "question":
            return f"_{safe(shorten(source.questions[0], SHORT))}_"
        case "list":
            order = "shuffled" if source.shuffled else "in turn"
            return f"{len(source.questions)} questions {order}, such as _{safe(shorten(source.questions[0], SHORT))}_"
        case _:
            return f"the bank's _{theme_name(source.theme)}_"


def next_times(times: Sequence[Time]) -> str:
    """Next 25 Nov, 2 Dec, 9 Dec."""
    return f"next {', '.join(day(one.on) for one in times)}"


def schedule(view: AnySchedule) -> str:
    """A schedule in plain words, with its next times, or why there are none."""
    if isinstance(view, Unread):
        return f"*Can't be read:* this version of {NAME} asks nothing by it. Remove it, or ask whoever runs {NAME}."
    return (
        f"*{when(view.plan.rule)}:* {what(view.plan.source)}\n{standing(view)}{_left_out(view)}{_skips(view.plan.rule)}"
    )


def standing(view: ScheduleView) -> str:
    """When it asks next; or why it does not."""
    if view.rests:
        return {
            "paused": "Paused, until somebody resumes it.",
            "archived": "Paused, because this channel was archived. Resume it when it is back.",
            "removed": f"Paused, because {NAME} was removed from this channel. Resume it when it is back.",
            "stopped": "Paused, because this pocket was stopped. Resume it when it has started again.",
            "readable": "Paused, because it could not be read for a while. It can be again: resume it.",
            "unreadable": "Paused, because its timezone is none any more. Choose another, then resume it.",
            "refused": f"Paused, because Slack lets {NAME} post nothing in this channel. Resume it when it may.",
            "empty": "Paused, because no prompt is left in it. Add one in the bank, or choose another source; then resume it.",
            "back": "Paused, because this channel was no place to ask for a while. It is one again: resume it.",
        }.get(view.rests, "Paused, because this channel was deleted.")
    paused = f"Paused until {full_day(view.paused_until)}; " if view.paused_until else ""
    times = next_times(view.next) if view.next else "it is over, and asks no more"
    return f"{paused}{times}." if paused else f"{times[:1].upper()}{times[1:]}."


def _left_out(view: ScheduleView) -> str:
    return f" Skipped: {', '.join(map(full_day, view.left_out[:3]))}." if view.left_out else ""


def breaks(days: Iterable[date], written: Callable[[date], str]) -> list[str]:
    """Dates in their order, each as it is `written`; where three or more follow one another, the first and the last."""
    runs: list[list[date]] = []
    for one in sorted(days):
        if runs and one - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(one)
        else:
            runs.append([one])
    lines: list[str] = []
    for run in runs:
        is_break = len(run) > 2  # noqa: PLR2004 -- two are a line each
        lines += [f"{written(run[0])} to {written(run[-1])}"] if is_break else map(written, run)
    return lines


def _skips(rule: Rule) -> str:
    dates = breaks(rule.skips, full_day)
    off, left = dates[:3], len(dates) - 3
    more = f" and {left} more" if left > 0 else ""
    if rule.region:
        off.insert(0, f"public holidays of {regions()[rule.region].name}" if rule.region in regions() else rule.region)
    if not off:
        return ""
    instead = " (asked on the next working day)" if rule.moves else ""
    return f" Not on {', '.join(off)}{more}{instead}."


def open_days(days: int) -> str:
    """How long a round stays open."""
    return "1 working day" if days == 1 else f"{days} working days"


def zone(name: str) -> str:
    """A timezone as people read it."""
    return name.replace("_", " ")


def _and(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _th(number: int) -> str:
    if number in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
