"""A pocket's digest, and the form that says when it is posted."""

from __future__ import annotations

from dataclasses import dataclass

from handlers import words
from storage.ids import ChannelId
from storage.prompts.digest_times import When
from storage.prompts.digests import Contents

from .elements import Block, actions, button, context, field, form, option, section, together

NEVER = "never"
USUAL = When(3, "16:00")
"""What the form proposes: at the end of a week, while people are there still."""


@dataclass(frozen=True, slots=True)
class Links:
    """Where things stand in Slack, in the order of the digest's contents."""

    learned: tuple[str | None, ...]
    helped: tuple[str | None, ...]
    asked: tuple[str, ...]
    open: tuple[str, ...]


def digest(of: Contents, links: Links, *, noun: str) -> list[Block]:
    """What a pocket learned."""
    lines = [words.digests.LEARNED] if of.learned else []
    for learning, link in zip(of.learned, links.learned, strict=True):
        author = None if learning.without_name else learning.author
        lines.append(words.digests.learned(learning.plain_words, author, link))
    if of.many > len(of.learned):
        lines.append(words.digests.more(of.many - len(of.learned), noun=noun))
    helped = [words.digests.HELPED] if of.helped else []
    for (learning, many), link in zip(of.helped, links.helped, strict=True):
        author = None if learning.without_name else learning.author
        helped.append(words.digests.helped(learning.plain_words, author, link, many))
    asked = [words.digests.ASKED] if of.asked else []
    for one, where in zip(of.asked, links.asked, strict=True):
        asked.append(words.digests.asked(one.round.question, one.answers, where))
    still = [words.questions.OPEN] if of.open else []
    for question, where in zip(of.open, links.open, strict=True):
        author = None if question.learning.without_name else question.learning.author
        still.append(words.questions.still_open(question.learning.words, author, question.answers, where))
    parts = [section(text) for part in (lines, helped, asked, still) if part for text in together(part)]
    heading = section(f"*{words.digests.title(of.place.channel)}*")
    return [heading, *parts, context(words.digests.period(of.since, of.until))]


def picture(file: str, alt: str) -> Block:
    """A picture that was brought to Slack before (docs.slack.dev/reference/block-kit/blocks/image-block)."""
    return {"type": "image", "slack_file": {"id": file}, "alt_text": alt}


def when(text: str, channel: ChannelId, *, may_lead: bool) -> list[Block]:
    """What stands under a digest that somebody asked for."""
    way = [actions(button(words.digests.WHEN, "digest.when", channel))] if may_lead else []
    return [context(text), *way]


def when_form(now: When | None, *, metadata: str) -> Block:
    """The form that turns it on and off."""
    choices = [option(words.digests.NEVER, NEVER)]
    choices += [option(day, str(number)) for number, day in enumerate(words.digests.DAYS)]
    chosen = choices[(now or USUAL).weekday + 1]
    menu = {"type": "static_select", "action_id": "day", "options": choices, "initial_option": chosen}
    clock = {"type": "timepicker", "action_id": "time", "initial_time": (now or USUAL).clock}
    fields = [
        field("day", words.digests.FIELD_DAY, menu),
        field("time", words.digests.FIELD_TIME, clock, hint=words.digests.FIELD_TIME_HINT),
    ]
    return form("digest", words.digests.FORM_TITLE, words.digests.FORM_SUBMIT, metadata, fields)
