"""What people read of rounds: the prompt, its form, how it ends, and the private words around it."""

from __future__ import annotations

from storage.ids import PersonId

from .general import PROMPTS, safe, shorten, unadorned
from .nouns import a, capitalised

ANSWER = "Answer"
REMIND = "Remind me"
SLOWER = "Every other week"
STOP_REMINDING = "Don't remind me"
WRITE_FIRST = "Write mine"
FORM_TITLE = "Answer"
FORM_SUBMIT = "Post it"
FIRST_TITLE = "Yours first"
FIRST_SUBMIT = "Keep it ready"
FIELD_ANSWER = "Your answer"
FIELD_ANSWER_PLACEHOLDER = "Two sentences are enough: one thing that happened, and what you make of it."
FIELD_ANSWER_HINT = "It is posted in the prompt's thread for you."
FIRST_HINT = "It is posted with your name, right after the prompt. Until then only you can see it, and change it."
CAME = "*What came:*"
NO_REMINDERS = "Understood: you won't be reminded here any more."
LINE_LIMIT = 140
"""Characters of an answer in the line that a closed prompt has for it."""

NUMBERS = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


def number(many: int) -> str:
    """A small number as a word."""
    return NUMBERS[many] if many < len(NUMBERS) else f"{many:,}"


def asked(question: str) -> str:
    """What a notification shows of a prompt."""
    return safe(shorten(question, 300))


def footer(closes: str, *, noun: str) -> str:
    """What stands under a prompt."""
    return (
        f"Answer in the thread: each person's first answer is kept as {safe(a(noun))}, with their name. ❌ on yours leaves it "
        f"out. Open until {closes}."
    )


def last_time(many: int, *, best: str = "") -> str:
    """How a round opens where the one before it had answers."""
    return f"Last time {number(many)} answered{f'; {best}' if best else ''}."


def has_helped(author: PersonId | None, link: str, *, noun: str) -> str:
    """Of the best of the last round."""
    whose = f"<@{author}>'s {safe(noun)}" if author else safe(a(noun))
    return f"{whose} <{link}|has helped since>"


def line(words: str, author: PersonId | None, link: str | None) -> str:
    """One answer, as a closed prompt carries it."""
    who = f"<@{author}>" if author else "somebody"
    where = f" · <{link}|read it>" if link else ""
    return f"•  {safe(shorten(unadorned(words), LINE_LIMIT))}  · {who}{where}"


def more(many: int) -> str:
    """Where there are more answers than a prompt can carry."""
    return f"… and {many:,} more in the thread."


def closed(many: int) -> str:
    """What stands under a prompt that is closed, where somebody answered."""
    return f"This round is closed. {capitalised(number(many))} answered."


def reminding(channel: str) -> str:
    """What somebody hears who asked to be reminded."""
    return (
        f"You'll be reminded privately, once before a round in <#{channel}> closes, where you have not answered by then. "
        f"Nobody else sees that."
    )


def reminder(question: str, channel: str, link: str, closes: str) -> str:
    """The reminder."""
    return (
        f"You asked to be reminded: <#{channel}> was asked\n>{_quoted(question)}\n"
        f"It is open until {closes}. <{link}|Answer in its thread>, or here:"
    )


def first_wanted(question: str, channel: str, opens: str) -> str:
    """What a lead is asked before a round opens."""
    return (
        f"<#{channel}> is asked, {opens}:\n>{_quoted(question)}\n"
        f"Yours first, ready to go? The first answer makes the second easier. It is posted as yours right after the prompt."
    )


def first_ready(channel: str, opens: str) -> str:
    """What a lead hears whose first answer is ready."""
    return f"It is ready. It will be posted with your name, right after the prompt in <#{channel}>, {opens}."


def first_given_back(channel: str, question: str) -> str:
    """What a lead hears whose first answer had no prompt to follow."""
    return (
        f"<#{channel}> was not asked this after all:\n>{_quoted(question)}\n"
        f"So your answer was not posted, and nobody has seen it. So that nothing is lost, here is what you wrote:"
    )


def slower(when: str) -> str:
    """What a lead hears who had a schedule ask every other week."""
    return f"Every other week from now on. Next: {when}. *`{PROMPTS}`* changes it."


def silence(question: str, channel: str, link: str, *, asker: str, next: str, use: str, again: bool) -> str:
    """What a lead hears where nobody answered but the `asker`, if they did: "you", or a mention.

    With a suggestion for `next`, and, where it was so before, to ask less often.
    """
    suggestion = f"\nPerhaps next: _{safe(next)}_ {safe(use)}" if next else ""
    fewer = (
        "\nIt was so the last time, too: every other week may be better than a thread that nobody opens."
        if again
        else ""
    )
    who = f"Nobody but {asker}" if asker else "Nobody"
    said = "the prompt carries that one answer" if asker else "nothing is said of it there"
    first = "" if asker else "your own answer first, "
    return (
        f"{who} answered <{link}|this> in <#{channel}> this time, and {said}:\n>{_quoted(question)}\n"
        f"It happens to every pocket. What helps: {first}one recent episode, mid-morning between Tuesday and "
        f"Thursday, and a reply to each answer within a day.{suggestion}{fewer}"
    )


def newcomers(people: tuple[PersonId, ...], channel: str, link: str) -> str:
    """What a lead hears of who answered for the first time."""
    names = [f"<@{person}>" for person in people[:20]]
    left = len(people) - len(names)
    who = ", ".join(names) + (f" and {left:,} more" if left else "")
    return f"{who} answered in <#{channel}> (<{link}|here>) for the first time. A line from you counts more than mine."


def _quoted(question: str) -> str:
    return safe(question).replace("\n", "\n>")
