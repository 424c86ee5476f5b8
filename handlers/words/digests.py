"""What people read of a pocket's digest."""

from __future__ import annotations

from storage.ids import PersonId

from .general import SHARE, moment, safe, shorten, unadorned
from .nouns import a
from .rounds import line, number

WHEN = "When it is posted"
FORM_TITLE = "Weekly digest"
FORM_SUBMIT = "Save"
FIELD_DAY = "Post it in this channel"
FIELD_TIME = "At"
FIELD_TIME_HINT = "In the pocket's timezone. A week in which nothing was learned has no digest."
NEVER = "Never"
DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
LEARNED = "*What we learned*"
HELPED = "*What helped most*"
ASKED = "*What was asked, and answered*"
NOTHING = f"Nothing was learned here in the last seven days. What did you learn? *`{SHARE}`* takes a sentence or two."


def title(channel: str) -> str:
    """The digest in a notification."""
    return f"What <#{channel}> learned"


def period(since: float, until: float) -> str:
    """What it tells of."""
    return f"From {moment(since)} to {moment(until)}"


def learned(words: str, author: PersonId | None, link: str | None) -> str:
    """One learning, in a line."""
    return line(words, author, link)


def helped(words: str, author: PersonId | None, link: str | None, many: int) -> str:
    """What helped, and how many people."""
    return f"{line(words, author, link)} · helped {number(many)}"


def more(many: int, *, noun: str) -> str:
    """Where more was learned than a digest names."""
    return f"… and {many:,} more, each {safe(a(noun))}."


def asked(question: str, answers: int, link: str) -> str:
    """A prompt that was answered."""
    return f"•  {safe(shorten(unadorned(question), 140))}  · {number(answers)} answered · <{link}|read them>"


def picture(weeks: tuple[int, ...]) -> str:
    """What the picture shows, for whoever does not see it."""
    return f"Learnings in each of the last {number(len(weeks))} weeks, the oldest first: {', '.join(map(str, weeks))}"


def posted_on(day: int, clock: str, zone: str) -> str:
    """What a lead sees of when it is posted."""
    return f"It is posted here on {DAYS[day]} at {clock}, {zone.replace('_', ' ')}."


NOT_POSTED = "Only you see this. It is not posted by itself: a lead of this pocket can turn that on."
