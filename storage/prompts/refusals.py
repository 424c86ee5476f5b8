"""What people are told of schedules and prompts that can't be: each docstring is the sentence that they read."""

from storage.refusals import Refusal


class NotADate(Refusal):
    """“{typed}” is no date that there is. Write dates like 24 Dec 2026 or 2026-12-24, one a line, or 24 Dec to 2 Jan."""


class BackwardsDates(Refusal):
    """“{typed}” ends before it begins. Write the first day, then the last, such as 24 Dec 2026 to 2 Jan 2027."""


class TooLongAway(Refusal):
    """“{typed}” is more than {limit} days. Pause the schedule instead, or let it end and schedule another one later."""


class NotATime(Refusal):
    """“{typed}” is no time of day. Write it as hours and minutes, such as 10:00 or 16:30."""


class InThePast(Refusal):
    """{date} is in the past. Choose today or a later date."""


class OverByThen(Refusal):
    """By {date} it would be over, and never ask again. Choose an earlier date, or remove it."""


class TimeIsPast(Refusal):
    """{time} on {date} has passed in {zone}. Choose a later time, or a later date."""


class EndsBeforeItStarts(Refusal):
    """It would end on {end}, before it starts on {start}. Choose a later end, or leave it empty."""


class NeverHappens(Refusal):
    """With this, nothing would ever be asked: no date is left between its start and its end that is not skipped."""


class NoWeekday(Refusal):
    """Choose at least one day of the week."""


class OneWeekday(Refusal):
    """Choose one day of the week: once a month it is asked on one."""


class NotARecurrence(Refusal):
    """Choose how often it is asked: every so many weeks (1 to {weeks}), monthly on a weekday or on a day (1 to 31), or once."""


class NoHolidays(Refusal):
    """No public holidays are known for “{region}”. Choose another country or region, or pick the dates to skip yourself."""


class NoQuestion(Refusal):
    """There is no question in it yet. Write one: short, and about something that happened lately."""


class NotAllQuestions(Refusal):
    """“{begins}” (question {number}) asks nothing. Write one question a line."""


class QuestionTooLong(Refusal):
    """“{begins}” (question {number}) is {length} characters long; up to {limit} fit. Please shorten it."""


class QuestionsBesideATheme(Refusal):
    """With a theme, the questions below would never be asked. Choose them here, or empty them: the bank takes them, too."""


class TooManyQuestions(Refusal):
    """Those are {count} questions; up to {limit} fit in a list. Keep the best ones; the pocket's bank takes the others."""


class TooManySkips(Refusal):
    """Those are {count} dates; up to {limit} can be skipped. Choose public holidays below, or pause the schedule for a while."""


class UnknownTheme(Refusal):
    """Choose a theme of the bank in which there is a prompt: this one has none."""


class NotOpenSoLong(Refusal):
    """A round can stay open for 1 to {limit} working days."""


class NotSoLate(Refusal):
    """A prompt can be asked up to {limit} hours late: choose how many from the menu."""


class TooManySchedules(Refusal):
    """This pocket has {limit} schedules already, and more than that nobody would answer. Remove one first."""


class NoSuchSchedule(Refusal):
    """This schedule is not there any more, so there is nothing to change. `/prompts` shows what there is."""


class CantBeRead(Refusal):
    """This version of Outloud can't read this schedule, so nothing is asked by it. Remove it, or ask whoever runs Outloud."""


class ChangedMeanwhile(Refusal):
    """<@{by}> changed this while you had it open, so yours is not saved yet. Compare, and send it again to put it there."""


class AskedToday(Refusal):
    """This schedule has a prompt of today already, and never asks twice a day. Ask something else by a schedule of its own."""


class NothingToCopy(Refusal):
    """This schedule is over, so a copy would ask nothing. Give it a later date with *Edit* first, or schedule a new one there."""


class NothingToSkip(Refusal):
    """That is not its next time any more. Type `/prompts` again: it shows what is."""


class Unskippable(Refusal):
    """This was undone already, or its day has come."""


class NoSuchPrompt(Refusal):
    """This prompt is not in the bank any more, so there is nothing to change."""


class TooManyPrompts(Refusal):
    """This pocket has {limit} prompts of its own already. Retire some first: those that got no answers."""


class TakenUp(Refusal):
    """<@{by}> took this up meanwhile, so it is in the bank. Whoever leads this pocket can retire it there."""


class SamePrompt(Refusal):
    """This pocket's bank has that question already."""
