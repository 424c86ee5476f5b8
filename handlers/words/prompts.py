"""What people read of what is asked: on the board, of its commands, and what leads hear unasked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from storage.ids import PersonId
from storage.prompts.plans import Plan
from storage.prompts.recurrence import Time
from storage.prompts.views import UNREADABLE, AnySchedule, ScheduleView, Unread

from .general import HOME, NAME, PROMPTS, SAVE, safe
from .schedules import full_day, next_times, open_days, schedule, what, when, zone

BOARD_TITLE = "Prompts"
BOARD_EMPTY = (
    "Nothing is asked here yet. A good start: one question a week, mid-morning from Tuesday to Thursday, about something that "
    "happened lately; you answer first, and somebody replies to every answer within a day."
)
ADD = "Schedule a prompt"
BANK = "The bank"
EDIT = "Edit"
SKIP = "Skip the next"
PAUSE = "Pause…"
RESUME = "Resume"
MORE = {"ask": "Ask now", "preview": "Preview to me", "duplicate": "Duplicate…", "remove": "Remove"}
EARLIER, LATER = "Earlier", "More"
SUGGEST = "Suggest a prompt"
PREVIEW_TITLE = "Preview"
RESUME_ALL = "Resume them"
UNDONE = "Taken back:"
ASKED_AFTER_ALL = "Not skipped any more:"
PAUSED = "Paused."
RESUMED = "Resumed:"
REMOVED_NOW = "Removed, and asked no more:"
REMOVED_LINE = "Removed. It asks nothing."
HELP = f"""\
*`{PROMPTS}`* shows what is asked here, and when; a lead changes it there, or adds to it.
*`{PROMPTS} weekly wed 10:00 What did we learn this week?`* schedules it in a line. So do `every 2 weeks tue,thu 9:30 …`, \
`weekdays 14:00 …`, `monthly first mon …`, `monthly last fri …`, `monthly 15 …` and `once 24 Dec 11:00 …`; without a time it is \
ten o'clock, and without a timezone behind it, such as `Europe/Berlin`, this pocket's.
*`{PROMPTS} bank`* opens the bank: prompts by theme, each with an example and when to use it.
*`{PROMPTS} suggest How did …?`* suggests a question to the leads; anybody here can.
Each person's first answer is kept with their name; ❌ on it leaves it out. *`{HOME} help`* says what else there is."""


def for_others(schedules: Sequence[AnySchedule], leads: Sequence[PersonId]) -> str:
    """What somebody hears of `/prompts` who leads nothing here: what is scheduled, and whom to ask."""
    led = ", ".join(f"<@{lead}>" for lead in leads)
    shown = [f"•  {schedule(one)}" for one in schedules[:10]]
    more = [f"…and {len(schedules) - 10} more."] if len(schedules) > 10 else []  # noqa: PLR2004 -- those above
    what_is = "\n".join([*shown, *more]) or "Nothing is asked here on a schedule yet."
    return f"{what_is}\nWhoever wants this to change asks a lead: {led}. A question of yours is welcome at any time."


def scheduled(plan: Plan, times: Sequence[Time]) -> str:
    """What a lead hears after `/prompts weekly …`."""
    return f"Scheduled. *{when(plan.rule)}:* {what(plan.source)}\n{_capitalised(next_times(times))}."


def done(deed: str, view: AnySchedule) -> str:
    """What stands on the board after something was done there."""
    if isinstance(view, Unread):
        return f"{deed} one that can't be read."
    about = f"{when(view.plan.rule)}: {what(view.plan.source)}"
    return f"{deed} {about}"


def skipped(on: date) -> str:
    """The same of a skip."""
    return f"Skipped, on {full_day(on)}:"


def bring_back(on: date) -> str:
    """In the menu of a schedule: take back that a date is skipped."""
    return f"Don't skip {full_day(on)}"


def asked_now(channel: str) -> str:
    """The same of a prompt that was asked at once."""
    return f"Asked in <#{channel}> just now:"


def missed(view: ScheduleView, first: date, count: int) -> str:
    """What a lead hears where Outloud, or Slack, was away when it should have asked."""
    many = f"on {full_day(first)}" if count == 1 else f"{count} times, from {full_day(first)} on"
    goes_on = f" It goes on: {next_times(view.next)}." if view.next else ""
    return (
        f"{NAME} could not ask in <#{view.place.channel}> {many} in time, because it could not reach Slack or was not running: "
        f"{when(view.plan.rule)}, {what(view.plan.source)}.{goes_on} *`{PROMPTS}`* there asks it now, if you want."
    )


def rests(channel: str, why: str) -> str:
    """What leads hear, once, where nothing can be asked in their pocket any more."""
    because = {
        "stopped": "the pocket was stopped",
        "archived": "the channel was archived",
        "removed": f"{NAME} was removed from the channel",
        "refused": f"Slack lets {NAME} post nothing there: the channel's settings say who may",
    }.get(why, "the channel was deleted")
    paused = f"What is scheduled in <#{channel}> is paused, because {because}."
    if why == "refused":
        return f"{paused} When that has changed, *{RESUME}* in *`{PROMPTS}`* there lets it go on."
    return f"{paused} When that has changed, you are asked whether it goes on."


def refused(channel: str, code: str, *, paused: bool) -> str:
    """What a lead hears whose prompt Slack did not take, and why, by Slack's word for it."""
    if paused:
        return (
            f"A prompt was not asked in <#{channel}>, because Slack lets {NAME} post nothing there (`{code}`): the channel's "
            f"settings say who may. What is scheduled there is paused. Let {NAME} post there; then *{RESUME}* in "
            f"*`{PROMPTS}`* lets it go on, and *{MORE['ask']}*, on the same day, asks what was not asked."
        )
    return (
        f"A prompt was not asked in <#{channel}>, because Slack did not take it there (`{code}`). If {NAME} is no longer in "
        f"it, `/invite @{NAME}` there lets it in; *`{PROMPTS}`* there shows what is asked next, and *{MORE['ask']}*, on the "
        f"same day, asks what was not asked."
    )


def set_aside(view: AnySchedule) -> str:
    """What its lead hears, once, where a schedule pauses by itself."""
    if isinstance(view, Unread):
        return (
            f"A schedule in <#{view.place.channel}> asks nothing any more: this version of {NAME} can't read it. "
            f"*{MORE['remove']}*, in *`{PROMPTS}`* there, takes it away; whoever runs {NAME} can say what became of it."
        )
    if view.rests == UNREADABLE:
        return (
            f"Nothing is asked in <#{view.place.channel}> by {when(view.plan.rule)}, {what(view.plan.source)}: “"
            f"{safe(view.plan.rule.zone)}” is no timezone any more. It is paused. Choose another with *{EDIT}* in "
            f"*`{PROMPTS}`* there; *{RESUME}*, beside it, lets it go on."
        )
    return (
        f"Nothing was asked in <#{view.place.channel}>: there is no prompt left in {what(view.plan.source)} "
        f"({when(view.plan.rule)}). It is paused. Add a prompt in *`{PROMPTS} bank`* there, or choose another source with "
        f"*{EDIT}* in *`{PROMPTS}`*; *{RESUME}*, beside it, lets it go on."
    )


def back(channel: str) -> str:
    """What they hear when it can."""
    return f"<#{channel}> is a place to ask in again. What was scheduled there is still paused: shall it go on?"


def resumed_all(channel: str, many: int) -> str:
    """What stands there once they said so."""
    if not many:
        return f"Nothing is left in <#{channel}> that could go on: it goes on already, or is over by now."
    return (
        f"{many} {'schedule goes' if many == 1 else 'schedules go'} on in <#{channel}>. *`{PROMPTS}`* there shows when."
    )


def duplicated(channel: str) -> str:
    """What stands on the board after a schedule was copied to another pocket."""
    return f"Duplicated to <#{channel}>, with you as its lead there. Its own `{PROMPTS}` shows it."


def preview(question: str, view: ScheduleView) -> str:
    """What a lead sees of the next prompt, before anybody else does."""
    on = f"On {full_day(view.next[0].on)}" if view.next else "Where it asked now"
    return (
        f"{on}, this is asked in <#{view.place.channel}>, at {view.plan.rule.time:%H:%M}, {zone(view.plan.rule.zone)}:\n"
        f">{safe(question)}\nThe round stays open for {open_days(view.plan.open_days)}."
    )


def changed_meanwhile(by: PersonId, now: ScheduleView) -> str:
    """What stands on the form of the second of two who changed a schedule at once."""
    return (
        f"*<@{by}> changed this while you had it open, so yours is not saved yet.* Theirs says: {schedule(now)}\n"
        f"Yours is below. *{SAVE}* puts it in its place."
    )


def saved(plan: Plan) -> str:
    """What stands on the board after a schedule was saved."""
    return f"Saved: {when(plan.rule)}: {what(plan.source)}"


def page(number: int, of: int) -> str:
    """Which page of how many."""
    return f"Page {number} of {of}"


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
