"""A card, and what its author hears of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers import words
from handlers.learned import hashtags
from storage.learned import topics
from storage.learned.changes import MAX_REASON, OutOfDate, Removed
from storage.learned.earlier import Before
from storage.learned.learnings import LearningView
from storage.prompts.questions import Standing as Question

from . import closeness, questions
from .closeness import Also
from .elements import (
    Block,
    actions,
    as_typed,
    button,
    context,
    field,
    form,
    mrkdwn,
    option,
    paragraphs,
    plain,
    section,
)
from .rounds import Line

EDIT, OUTDATE, RENEW, DELETE, UNLINK, ENDORSE = "edit", "outdate", "renew", "delete", "unlink", "endorse"
"""What a card's menu says that is to be done."""

SHOWN_OF_IT = 500
"""Characters of a learning's words that its last question shows: each may be five when it is escaped."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a learning stands in its pocket: what it is called there, how many it helped, whether it is out of date.

    `key` is the emoji by which that pocket says that something helped.
    """

    noun: str
    key: str = ""
    helped: int = 0
    out_of_date: OutOfDate | None = None
    question: Question | None = None
    """Of a question that is asked of the pocket, how it stands."""
    came: tuple[Line, ...] = ()
    """Of one that is answered, what came."""
    also: tuple[Also, ...] = ()
    """Where its card leads, as far as everybody who reads it may see that."""


def card(learning: LearningView, standing: Standing) -> list[Block]:
    """What a pocket sees of a learning, and what one can do with it."""
    old = standing.out_of_date
    warning: list[Block] = [context(mrkdwn(words.cards.out_of_date(old.by, old.at, old.why)))] if old else []
    why = paragraphs(learning.why, before=f"*{words.cards.WHY}* ") if learning.why else []
    files = [section(words.cards.files(learning.files))] if learning.files else []
    also = closeness.see_also(standing.also)
    said = [*warning, *paragraphs(learning.words), *why, *files, _about(learning, standing), *also]
    unlink = [UNLINK] if also else []
    if standing.question is not None:
        own = menu(learning.id, EDIT, DELETE, *unlink)
        return [*said, *questions.below(standing.question, list(standing.came), own, noun=standing.noun)]
    return [*said, _controls(learning, standing)]


def menu(learning: str, *choices: str, topics: Sequence[str] = ()) -> Block:
    """What can be done with it; who has no right to that hears so. `topics`: for what its author may be endorsed.

    No `choices`: all that changes it, for a message that won't follow it.
    """
    names = {
        EDIT: words.cards.EDIT,
        OUTDATE: words.cards.OUTDATE,
        RENEW: words.cards.RENEW,
        DELETE: words.cards.DELETE,
        UNLINK: words.closeness.UNLINK,
        ENDORSE: words.cards.endorse(topics),
    }
    options = [option(names[choice], f"{choice}:{learning}") for choice in choices or (EDIT, OUTDATE, RENEW, DELETE)]
    return {"type": "overflow", "action_id": "card.menu", "options": options}


def outdate_form(*, metadata: str, noun: str, is_hidden: bool) -> Block:
    """The form that asks why it is out of date. `is_hidden`: whoever is asked shared it without their name."""
    box: Block = {"type": "plain_text_input", "action_id": "reason", "max_length": MAX_REASON, "focus_on_load": True}
    fields = [
        field(
            "reason",
            words.cards.field_reason(noun),
            box,
            optional=True,
            hint=words.cards.reason_hint(is_hidden=is_hidden),
        )
    ]
    return form("outdate", words.cards.OUTDATE, words.sharing.FORM_SAVE, metadata, fields)


def delete_form(learning: LearningView, *, metadata: str, noun: str, is_own: bool, is_seen: bool = True) -> Block:
    """The form that asks whether one is sure: it shows what goes, to who may read it now."""
    kept = learning.source_ts is not None
    sure = section(words.cards.delete_sure(noun, is_own=is_own, is_kept=kept))
    what = [section(words.safe(words.shorten(learning.plain_words, SHOWN_OF_IT)))] if is_seen else []
    return form("delete", words.cards.DELETE_TITLE, words.cards.DELETE, metadata, [sure, *what])


def shared(learning: str, text: str = words.sharing.SHARED) -> list[Block]:
    """What somebody sees, privately, right after sharing."""
    return [
        section(text),
        actions(
            button(words.sharing.ADD_DETAILS, "share.details", learning),
            button(words.UNDO, "share.undo", learning),
        ),
    ]


def removed(text: str, gone: Removed) -> list[Block]:
    """What an author sees whose learning a lead took away: all that they wrote."""
    why = [section(f"*{words.cards.WHY}*"), *as_typed(gone.why)] if gone.why else []
    return [section(text), *as_typed(gone.words), *why]


def changed(text: str, learning: LearningView, before: Before | None) -> list[Block]:
    """What an author sees whose learning a lead edited: what they had written, and a way back to it."""
    if before is None:
        return [section(text)]
    why = [section(f"*{words.cards.WHY}*"), *as_typed(before.why)] if before.why else []
    return [section(text), *as_typed(before.words), *why, actions(button(words.UNDO, "card.bring_back", learning.id))]


def words_back(text: str, learning: LearningView) -> list[Block]:
    """What somebody sees whose learning could not be shown: why, and all that they wrote."""
    why = [section(f"*{words.cards.WHY}*"), *as_typed(learning.why)] if learning.why else []
    return [section(text), *as_typed(learning.words), *why]


def _about(learning: LearningView, standing: Standing) -> Block:
    """Who, of what kind, about what; how many it helped, and who else wrote what it says."""
    about = [words.cards.by_author(learning.author, without_name=learning.without_name)]
    if learning.kind != "learning":
        about.append(words.sharing.OTHER_KINDS[learning.kind])
    if learning.shortened_by:
        about.append(words.cards.shortened(learning.shortened_by))
    if learning.edited_by is not None:
        about.append(words.cards.edited_by(learning.edited_by))
    if standing.helped:
        about.append(words.cards.helped(standing.helped, standing.key))
    elements = [mrkdwn("  ·  ".join(about))]
    if left := topics_to_show(learning):
        elements.append(plain("".join(f"·  #{topic}  " for topic in left).rstrip()))
    return context(*elements)


def _controls(learning: LearningView, standing: Standing) -> Block:
    outdate, unlink = RENEW if standing.out_of_date else OUTDATE, [UNLINK] if standing.also else []
    endorse = [] if learning.without_name or learning.kind == "question" else [ENDORSE]  # an overflow menu holds five
    own = menu(learning.id, EDIT, outdate, DELETE, *unlink, *endorse, topics=learning.topics)
    return actions(button(words.cards.IT_HELPED, "card.helped", learning.id), own)


def topics_to_show(learning: LearningView) -> list[str]:
    """The topics that don't stand as hashtags in the words already."""
    there = {topics.as_one(tag) for tag in hashtags.split(learning.words)[1]}
    return [topic for topic in learning.topics if topic not in there]
