"""The button that saves a draft, and the list of one's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers import words
from storage.ids import ChannelId
from storage.learned.drafts import Draft

from .elements import Block, actions, button, plain, section


def save_button() -> list[Block]:
    """At the end of the form to share. It acts at once, so that what is not whole can be put aside, too."""
    about = {"type": "mrkdwn", "text": words.drafts.ABOUT, "verbatim": True}
    return [
        actions(button(words.drafts.SAVE, "draft.save", "draft")),
        {"type": "context", "elements": [about]},
    ]


def saved_form() -> Block:
    """What the form to share becomes once it is saved."""
    return {
        "type": "modal",
        "title": plain(words.drafts.SAVED_TITLE),
        "close": plain(words.CLOSE),
        "blocks": [section(words.drafts.SAVED)],
    }


def closed(text: str, key: str) -> list[Block]:
    """What somebody sees who closed the form with words in it."""
    save = button(words.drafts.SAVE, "unsaved.save", key)
    return [section(text), actions(save, button(words.drafts.THROW_AWAY, "unsaved.throw_away", key))]


def closed_unfinished(text: str, key: str) -> list[Block]:
    """The same, of a form that can be opened again."""
    again = button(words.drafts.OPEN_AGAIN, "unsaved.open", key)
    return [section(text), actions(again, button(words.drafts.THROW_AWAY, "unsaved.throw_away", key))]


def listed(drafts: Sequence[Draft], names: Mapping[ChannelId, str]) -> list[Block]:
    """Somebody's own, each with what they can do about it. `names`: of channels, as far as they may know them."""
    entries = (block for draft in drafts for block in entry(draft, names.get(draft.channel, "")))
    return [section(words.drafts.title(len(drafts))), *entries]


def entry(draft: Draft, channel: str, *, throw_away: str = "draft.throw_away") -> list[Block]:
    """A draft, with what can be done about it. `throw_away`: what throws it away, where this stands."""
    text = words.drafts.entry(draft.words or draft.why, topics=draft.topics, channel=channel, saved_at=draft.saved_at)
    return [
        section(text),
        actions(
            button(words.drafts.OPEN, "draft.open", draft.key),
            button(words.drafts.THROW_AWAY, throw_away, draft.key) | {"confirm": _sure()},
        ),
    ]


def _sure() -> Block:
    return {
        "title": plain(words.drafts.SURE_TITLE),
        "text": plain(words.drafts.SURE),
        "confirm": plain(words.drafts.SURE_YES),
        "deny": plain(words.drafts.SURE_NO),
        "style": "danger",
    }
