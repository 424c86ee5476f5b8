"""What people read in the form of a schedule, and in those that pause and duplicate one."""

from __future__ import annotations

from .schedules import zone

FORM_TITLE_NEW, FORM_TITLE_EDIT = "Schedule a prompt", "Edit the schedule"
FIELD_KIND = "How often"
KINDS = {
    "weekly": "Weekly",
    "weekday of month": "Monthly, on a weekday",
    "day of month": "Monthly, on a day",
    "once": "Once, on the first date",
}
FIELD_WEEKDAYS = "On these days of the week"
FIELD_WEEKDAYS_HINT = "Weekly: one or more. Monthly on a weekday: one."
FIELD_EVERY = "Weekly: every how many weeks"
FIELD_NTH = "Monthly on a weekday: which of the month"
FIELD_DAY = "Monthly on a day: which"
FIELD_DAY_HINT = "In a month that has no such day, the last one."
FIELD_TIME = "At"
FIELD_ZONE = "Timezone"
FIELD_ZONE_PLACEHOLDER = "Type a city, such as Berlin"
FIELD_START = "First date, at the earliest"
FIELD_UNTIL = "Last date, at the latest"
FIELD_ORDER = "What is asked"
ORDERS = {
    "in turn": "The questions below, in turn",
    "shuffled": "The questions below, shuffled without repeats",
    "theme": "A theme of the bank, shuffled without repeats",
}
FIELD_QUESTIONS = "Questions"
FIELD_QUESTIONS_HINT = "One a line; one is enough. Short, and about something that happened lately."
FIELD_THEME = "Theme of the bank"
FIELD_OPEN = "How long a round stays open"
FIELD_GRACE = "If I was away at that time"
FIELD_GRACE_HINT = "After that it is left out, and you hear so."
FIELD_NUDGE = "Before it closes"
NUDGE = "Remind those who asked to be reminded, privately"
FIELD_SKIPS = "Dates to skip"
FIELD_SKIPS_HINT = "One a line, such as 24 Dec 2026, or 24 Dec to 2 Jan."
FIELD_REGION = "Skip public holidays of"
FIELD_REGION_PLACEHOLDER = "Type a country or region"
FIELD_MOVES = "What is skipped"
MOVES = {"drop": "is left out", "move": "is asked on the next working day"}
PAUSE_TITLE = "Pause"
PAUSE_SUBMIT = "Pause"
FIELD_PAUSE = "Until"
FIELD_PAUSE_HINT = "On this date it may ask again. Empty: until somebody resumes it."
DUPLICATE_TITLE = "Duplicate"
DUPLICATE_SUBMIT = "Duplicate"
FIELD_TO = "To which pocket that you lead"


def grace(hours: int) -> str:
    """How late it may be asked."""
    return "ask up to one hour late" if hours == 1 else f"ask up to {hours} hours late"


def zone_of_pocket(name: str) -> str:
    """The pocket's timezone, as it is offered."""
    return f"{zone(name)} (this pocket's)"


def zone_of_yours(name: str) -> str:
    """That of whoever asks."""
    return f"{zone(name)} (yours)"


def weeks(every: int) -> str:
    """How many weeks lie between."""
    return "every week" if every == 1 else f"every {every} weeks"
