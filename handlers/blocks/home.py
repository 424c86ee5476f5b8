"""The app's Home: a page for one person, of a hundred blocks at most (docs.slack.dev/surfaces/app-home)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers import words
from storage.home.view import Entry, Home, HomePocket
from storage.ids import LearningId
from storage.learned.drafts import Draft

from . import cards, drafts, questions
from .elements import Block, actions, button, context, option, plain, section

MOST_BLOCKS = 100
"""Of a Home (docs.slack.dev/reference/views/home-tab-views)."""

MOST_ASKED = 1000
"""Characters that may be looked for from here."""

MOST_OF_WAITING = 20
"""Blocks for what waits: what does not fit comes as a message in any case."""

SHARE, LEARNED, ASKED, SUGGEST, ABOUT, SETTINGS = "share", "learned", "asked", "suggest", "about", "settings"
"""What a pocket's menu says that is to be done."""


@dataclass(frozen=True, slots=True)
class Told:
    """What waits for them: `said`, each by its blocks, of `many`."""

    said: Sequence[Sequence[Block]] = ()
    many: int = 0


def home(of: Home, told: Told, links: dict[LearningId, str], *, at: float) -> Block:
    """The page. `links`: where each learning stands in Slack."""
    parts = (
        _top(of),
        _waiting(told),
        _pockets(of),
        _new(of, links),
        _questions(of, links),
        _mine(of, links),
        _drafts(of),
        _leading(of),
        _topics(of),
        _settings(of),
    )
    shown = [block for part in parts for block in part]
    return {"type": "home", "blocks": [*shown[: MOST_BLOCKS - 1], context(words.home.seen(at))]}


def _top(of: Home) -> list[Block]:
    row = [
        button(words.home.SHARE_SOMETHING, "home.share", "share") | {"style": "primary"},
        questions.ask_button(words.questions.ASK, None),
        button(words.home.HELP, "home.help", "help"),
        {"type": "users_select", "action_id": "home.person", "placeholder": plain(words.home.WHAT_THEY_KNOW)},
    ]
    unchecked: list[Block] = []
    if of.is_unchecked:
        unchecked = [section(words.home.UNCHECKED), actions(button(words.home.AGAIN, "home.again", "again"))]
    return [section(words.home.welcome(len(of.pockets))), actions(*row), _find(), *unchecked]


def _find() -> Block:
    """Words to look for, and Enter."""
    box = {
        "type": "plain_text_input",
        "action_id": "home.find",
        "max_length": MOST_ASKED,
        "placeholder": plain(words.home.FIND_PLACEHOLDER),
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
    }
    return {"type": "input", "dispatch_action": True, "label": plain(words.home.FIND), "element": box, "optional": True}


def _waiting(told: Told) -> list[Block]:
    shown, many = list[Block](), 0
    for number, one in enumerate(told.said):
        if len(shown) + len(one) > MOST_OF_WAITING:
            break
        shown += [block | {"block_id": f"waiting.{number}.{place}"} for place, block in enumerate(one)]
        many += 1
    if not told.many:
        return []
    return [_divider(), section(words.home.WAITING), *shown, context(words.home.waits(told.many, many))]


def _pockets(of: Home) -> list[Block]:
    rows = [section(words.home.pocket(one)) | {"accessory": _menu(one)} for one in of.pockets]
    none = [] if rows or of.is_unchecked else [section(words.home.NO_POCKETS)]
    more = [context(words.home.more_pockets())] if of.more_pockets else []
    start = [_start()] if of.may_start else []
    return [_divider(), section(words.home.POCKETS), *rows, *none, *more, *start]


def _menu(one: HomePocket) -> Block:
    """What can be done with a pocket from here; five options are the most that an overflow menu holds."""
    names = {SHARE: words.home.SHARE_HERE, LEARNED: words.home.LEARNED, ASKED: words.home.ASKED}
    names |= {SETTINGS: words.home.SETTINGS} if one.pulse else {SUGGEST: words.home.SUGGEST}
    names |= {ABOUT: words.home.ABOUT}
    options = [option(name, f"{deed}:{one.pocket.channel}") for deed, name in names.items()]
    return {"type": "overflow", "action_id": "home.pocket", "options": options}


def _start() -> Block:
    menu = {
        "type": "conversations_select",
        "action_id": "home.start",
        "placeholder": plain(words.home.START_PLACEHOLDER),
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    return section(words.home.START) | {"accessory": menu}


def _new(of: Home, links: dict[LearningId, str]) -> list[Block]:
    if not of.pockets:
        return []
    rows = [_new_entry(one, links) for one in of.new]
    return [_divider(), section(words.home.NEW), *(rows or [section(words.home.NOTHING_NEW)])]


def _new_entry(one: Entry, links: dict[LearningId, str]) -> Block:
    learning = one.learning
    text = words.home.new(
        learning.plain_words,
        words.home.who(learning.author, without_name=learning.without_name, name=learning.author_name),
        links.get(learning.id, ""),
        learning.place.channel,
        helped=one.helped,
        at=learning.said_at,
    )
    return section(text) | {"accessory": button(words.cards.IT_HELPED, "found.helped", learning.id)}


def _questions(of: Home, links: dict[LearningId, str]) -> list[Block]:
    """What others asked in their pockets, each with a button that opens the form to answer it."""
    rows = [
        section(words.home.question(one, links.get(one.learning.id, "")))
        | {"accessory": button(words.rounds.ANSWER, "round.answer", one.round.id)}
        for one in of.questions
    ]
    return [_divider(), section(words.home.QUESTIONS), *rows] if rows else []


def _mine(of: Home, links: dict[LearningId, str]) -> list[Block]:
    rows = [_own_entry(one, links) for one in of.mine.newest]
    return [_divider(), section(words.home.MINE), section(words.home.mine(of.mine)), *rows]


def _own_entry(one: Entry, links: dict[LearningId, str]) -> Block:
    learning = one.learning
    text = words.home.own(
        learning.plain_words,
        links.get(learning.id, ""),
        learning.place.channel,
        helped=one.helped,
        at=learning.said_at,
    )
    return section(text) | {"accessory": cards.menu(learning.id)}


def _drafts(of: Home) -> list[Block]:
    if not of.drafts:
        return []
    names = {one.pocket.channel: one.pocket.name for one in of.pockets}
    rows = [block for draft in of.drafts for block in _draft(draft, names.get(draft.channel, ""))]
    more = [context(words.home.more_drafts())] if of.more_drafts else []
    return [_divider(), section(words.home.DRAFTS), *rows, *more]


def _draft(draft: Draft, channel: str) -> list[Block]:
    """As `/share drafts` lists it; thrown away here, the page itself says that it is gone."""
    return drafts.entry(draft, channel, throw_away="home.throw_away")


def _leading(of: Home) -> list[Block]:
    rows = [
        section(words.home.pulse(one.pocket.channel, one.pulse, one.unclaimed))
        | {"accessory": button(words.home.DIGEST, "digest.when", one.pocket.channel)}
        for one in of.pockets
        if one.pulse
    ]
    return [_divider(), section(words.home.LEADING), *rows] if rows else []


def _topics(of: Home) -> list[Block]:
    """What they may be asked about, as `/askme` has it; and an invitation to stand for what nobody does yet."""
    text = words.home.topics(of.topics, hidden=of.is_hidden)
    own = section(text) | {"accessory": button(words.home.MY_TOPICS, "askme.open", "all")}
    return [_divider(), own, *([_invitation(of.invited)] if of.invited else [])]


def _invitation(topics: Sequence[str]) -> Block:
    menu = {
        "type": "static_select",
        "action_id": "askme.stand",
        "placeholder": plain(words.home.ASK_ME),
        "options": [option(topic, topic) for topic in topics],
    }
    return section(words.home.invitation(topics)) | {"accessory": menu}


def _settings(of: Home) -> list[Block]:
    allow = button(words.home.ALLOW, "mine.allow", "allow")
    never = button(words.home.NEVER, "pocket.not_mine", "never")
    text = words.home.NEVER_KEPT if of.is_never_kept else words.home.LET_IN
    return [_divider(), section(text) | {"accessory": allow if of.is_never_kept else never}]


def _divider() -> Block:
    return {"type": "divider"}
