"""Results of a search: a few lines each, with the words that matched in bold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers import words
from storage.ids import ChannelId
from storage.learned.learnings import LearningView
from storage.search import finding, tokens
from storage.search.finding import Found, Hit, Latest

from .cards import topics_to_show
from .closeness import Also, see_also
from .elements import Block, actions, button, context, mrkdwn, paragraphs, plain, section
from .questions import MOST_CARRIED, ask_button

SHOWN = 320
"""Characters of its words that a result shows: four lines of a screen."""

BEFORE = 80
"""Of these, in front of the first word that matched."""

A_DAY = 86400.0


@dataclass(frozen=True, slots=True)
class Card:
    """A result: what was found, its link, its pocket's emoji for what helped, and whether it is whoever asked's own."""

    hit: Hit
    link: str | None
    key: str
    is_own: bool
    at: float
    also: tuple[Also, ...] = ()
    """Where it leads, as far as they may see that."""
    post: str = ""
    """What goes along with *post this here*; empty where that is not offered."""


def page(found: Found, cards: Sequence[Card], *, text: str, pocket: ChannelId | None = None) -> list[Block]:
    """A page of results. Below the last, or where there are none, is how to ask a pocket (this one, if it is one), or people."""
    shown = [block for card in cards for block in _result(card)]
    cut: list[Block] = [context(words.finding.CUT)] if found.is_cut and found.hits else []
    return [
        section(text),
        *shown,
        *cut,
        *_leaves(found),
        *_ask(found, pocket),
        *_unchecked(is_so=found.could_not_check),
    ]


def shown_here(learning: LearningView, *, text: str, link: str | None, at: float) -> list[Block]:
    """What somebody shows a channel of what they found. `text` says who does."""
    about = words.finding.about(
        learning.author,
        learning.place.channel,
        (at - learning.said_at) / A_DAY,
        helped="",
        without_name=learning.without_name,
        kind=words.sharing.OTHER_KINDS.get(learning.kind, ""),
        link=link,
        name=learning.author_name,
    )
    helped = actions(button(words.cards.IT_HELPED, "found.helped", learning.id))
    return [context(text), *paragraphs(learning.plain_words), context(about), helped]


def latest(found: Latest, helpful: Sequence[Card], newest: Sequence[Card], *, text: str) -> list[Block]:
    """What helped most, and what is new."""
    if not helpful and not newest:
        return [section(text), *_unchecked(is_so=found.could_not_check)]
    blocks: list[Block] = []
    for title, cards in ((words.finding.HELPFUL, helpful), (words.finding.NEWEST, newest)):
        if cards:
            blocks += [section(title), *(block for card in cards for block in _result(card))]
    return [*blocks, *_unchecked(is_so=found.could_not_check)]


def excerpt(text: str, wanted: frozenset[str]) -> Block:
    """The part of a text around the first of the wanted terms, with what matches in bold.

    Rich text: what people wrote is no markup there. Nothing in it can ping, and bold needs no spaces around it.
    """
    text = " ".join(text.split())
    spans = tokens.matching(text, wanted)
    start = _begins_at(text, spans[0][0] - BEFORE) if spans and spans[0][1] > SHOWN else 0
    shown = words.shorten(text[start:], SHOWN)
    parts, at = [_part("… " if start else "")], 0
    for span in spans:
        begins, ends = (min(max(edge - start, at), len(shown)) for edge in span)
        parts += [_part(shown[at:begins]), _part(shown[begins:ends], bold=True)]
        at = ends
    elements = [part for part in (*parts, _part(shown[at:])) if part["text"]]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def _part(text: str, *, bold: bool = False) -> Block:
    return {"type": "text", "text": text} | ({"style": {"bold": True}} if bold else {})


def _begins_at(text: str, at: int) -> int:
    """The beginning of the next word, if one begins soon."""
    space = text.find(" ", at, at + BEFORE // 2)
    return space + 1 if space >= 0 else at


def _result(card: Card) -> list[Block]:
    hit = card.hit
    old: list[Block] = [context(words.finding.OUT_OF_DATE)] if hit.is_out_of_date else []
    return [
        *old,
        excerpt(_text(card), frozenset(hit.why.telling)),
        _about(card),
        *see_also(card.also),
        *_controls(card),
    ]


def _text(card: Card) -> str:
    """Its words; and why it matters, where only that says what was looked for."""
    learning, wanted = card.hit.learning, frozenset(card.hit.why.telling)
    said = learning.plain_words
    if learning.why and not tokens.matching(said, wanted) and tokens.matching(learning.why, wanted):
        said = f"{words.shorten(said, SHOWN // 2)} {words.cards.WHY} {learning.why}"
    return said


def _about(card: Card) -> Block:
    learning = card.hit.learning
    told = words.finding.about(
        learning.author,
        learning.place.channel,
        (card.at - learning.said_at) / A_DAY,
        helped=words.cards.helped(card.hit.helped, card.key) if card.hit.helped else "",
        without_name=learning.without_name,
        kind=words.sharing.OTHER_KINDS.get(learning.kind, ""),
        link=card.link,
        name=learning.author_name,
        is_own=card.is_own,
    )
    left = topics_to_show(learning)
    return context(mrkdwn(told), *([plain("".join(f"·  #{topic}  " for topic in left).rstrip())] if left else []))


def _controls(card: Card) -> list[Block]:
    """Whether it helped is for others to say than its author."""
    learning = card.hit.learning.id
    helped = [] if card.is_own else [button(words.cards.IT_HELPED, "found.helped", learning)]
    post = [button(words.finding.POST_HERE, "found.post", card.post)] if card.post else []
    return [actions(*helped, *post)] if helped or post else []


def _ask(found: Found, pocket: ChannelId | None) -> list[Block]:
    """What was found may be something else than what was meant, too."""
    said = found.asked.question[:MOST_CARRIED]
    if found.more or found.asked.is_empty or found.asked.unknown or not said:
        return []
    text = words.questions.ASK_THIS_POCKET if pocket else words.questions.ASK_A_POCKET
    people = button(words.private_questions.ASK_PEOPLE, "people.ask", f"{pocket or ''}:{said}")
    return [actions(ask_button(text, pocket, said), people, button(words.finding.WHO_KNOWS, "who.look", said))]


def _leaves(found: Found) -> list[Block]:
    """*Earlier* and *More*. What was asked goes along with the button, as it was typed."""
    before, after = max(found.first - finding.PAGE, 0), found.first + finding.PAGE
    asked = f"{f',{found.besides}' if found.besides else ''}:{found.asked.typed}"
    earlier = [button(words.finding.EARLIER, "found.earlier", f"{before}{asked}")] if found.first else []
    more = [button(words.finding.MORE, "found.more", f"{after}{asked}")] if found.more else []
    return [actions(*earlier, *more)] if earlier or more else []


def _unchecked(*, is_so: bool) -> list[Block]:
    return [context(words.finding.COULD_NOT_CHECK)] if is_so else []
