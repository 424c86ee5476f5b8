"""A pocket's announcement, its menu, and the forms that start and change it."""

from __future__ import annotations

from handlers import words
from storage.ids import ChannelId, PersonId
from storage.places.pocket_changes import Led
from storage.places.pocket_reactions import DEEDS, Deed, PocketReactions, field_of
from storage.places.pocket_settings import HALF_LIVES, MAX_NOUN, MAX_PURPOSE, PocketSettings

from .elements import Block, actions, button, field, form, option, plain, section, text_field
from .questions import ask_button

NOUNS = ("learning", "tip", "TIL", "insight", "lesson", "win")
"""What a pocket may call a learning, and most do."""

MAX_EMOJI = 110
"""Characters: the longest name that Slack gives an emoji, with its colons."""

OPTIONAL_NAMES = "names are optional"


def announced(text: str, channel: ChannelId) -> list[Block]:
    """What the channel hears, with the way out and the way in."""
    not_mine = button(words.pockets.NOT_MINE, "pocket.not_mine", channel)
    return [section(text), actions(not_mine, button(words.pockets.ABOUT, "pocket.about", channel))]


def offered(text: str, channel: ChannelId) -> list[Block]:
    """What makes a channel a pocket by one press."""
    return [section(text), actions(button(words.pockets.START, "pocket.start", channel))]


def menu(text: str, channel: ChannelId, *, may_lead: bool, in_form: bool = False) -> list[Block]:
    """What `/outloud` shows in a pocket, with the way to ask it something; to those who may change it, how.

    `in_form`: it stands in one, where no other form can be opened.
    """
    forms = [] if in_form else [ask_button(words.questions.ASK, channel)]
    if not may_lead:
        return [section(text), *([actions(*forms)] if forms else [])]
    sure = {
        "title": plain(words.pockets.STOP_TITLE),
        "text": plain(words.pockets.STOP_SURE),
        "confirm": plain(words.pockets.STOP_YES),
        "deny": plain(words.pockets.STOP_NO),
        "style": "danger",
    }
    stop = button(words.pockets.STOP, "pocket.stop", channel, danger=True) | {"confirm": sure}
    settings = button(words.pockets.SETTINGS, "pocket.settings", channel)
    export = button(words.exports.EXPORT, "pocket.export", channel)
    return [section(text), actions(*forms, *([] if in_form else [settings]), export, stop)]


def start_form(settings: PocketSettings, *, metadata: str, is_shared: bool) -> Block:
    """The form to start a pocket; with a plain warning where another organisation reads along."""
    warning = [section(words.pockets.SHARED_WARNING)] if is_shared else []
    fields = [*warning, *_fields(settings)]
    return form("start", words.pockets.START_TITLE, words.pockets.START_SUBMIT, metadata, fields)


def settings_form(pocket: Led, *, metadata: str, news: str = "") -> Block:
    """The form to change one. `news`: what stands above it."""
    emoji = [_emoji(pocket.reactions, deed) for deed in DEEDS]
    more = [_names(pocket.settings), _half_life(pocket.settings), _leads(pocket.leads)]
    fields = [*([section(news)] if news else []), *_fields(pocket.settings), *emoji, *more]
    return form("settings", words.pockets.SETTINGS_TITLE, words.sharing.FORM_SAVE, metadata, fields)


def _fields(settings: PocketSettings) -> list[Block]:
    purpose = text_field("purpose", settings.purpose, placeholder=words.pockets.FIELD_PURPOSE_PLACEHOLDER, focus=True)
    return [
        field(
            "purpose",
            words.pockets.FIELD_PURPOSE,
            purpose | {"max_length": MAX_PURPOSE},
            optional=True,
            hint=words.pockets.FIELD_PURPOSE_HINT,
        ),
        field("noun", words.pockets.FIELD_NOUN, _nouns(settings.noun)),
        field("own_noun", words.pockets.FIELD_OWN_NOUN, _own_noun(), optional=True),
        field("timezone", words.pockets.FIELD_TIMEZONE, _zones(settings.timezone)),
    ]


def _nouns(chosen: str) -> Block:
    """One of their own is the last choice: whatever is chosen counts, unless another word is typed."""
    nouns = list(dict.fromkeys((*NOUNS, chosen)))
    options = [option(words.pockets.choice_of_noun(noun), noun) for noun in nouns]
    initial = options[nouns.index(chosen)]
    return {"type": "static_select", "action_id": "noun", "options": options, "initial_option": initial}


def _own_noun() -> Block:
    return {
        "type": "plain_text_input",
        "action_id": "own_noun",
        "max_length": MAX_NOUN,
        "placeholder": plain(words.pockets.FIELD_OWN_NOUN_PLACEHOLDER),
    }


def _zones(zone: str) -> Block:
    menu: Block = {
        "type": "external_select",
        "action_id": "timezone",
        "min_query_length": 0,
        "placeholder": plain(words.pockets.FIELD_TIMEZONE_PLACEHOLDER),
    }
    return menu | ({"initial_option": option(zone, zone)} if zone else {})


def _emoji(reactions: PocketReactions, deed: Deed) -> Block:
    name, shown = field_of(deed), reactions.shown(deed)
    box = {"type": "plain_text_input", "action_id": name, "max_length": MAX_EMOJI, "initial_value": shown}
    hint = words.pockets.FIELD_EMOJI_HINT if deed == "keep" else ""
    return field(name, words.pockets.FIELD_EMOJI[deed], box, optional=True, hint=hint)


def _names(settings: PocketSettings) -> Block:
    choice = option(words.pockets.NAMES_OPTIONAL, OPTIONAL_NAMES)
    boxes: Block = {"type": "checkboxes", "action_id": "names", "options": [choice]}
    if settings.names_optional:
        boxes["initial_options"] = [choice]
    return field("names", words.pockets.FIELD_NAMES, boxes, optional=True)


def _half_life(settings: PocketSettings) -> Block:
    options = [option(words.pockets.HALF_LIVES[days], str(days)) for days in HALF_LIVES]
    initial = options[HALF_LIVES.index(settings.half_life)]
    menu = {"type": "static_select", "action_id": "half_life", "options": options, "initial_option": initial}
    return field("half_life", words.pockets.FIELD_HALF_LIFE, menu, hint=words.pockets.FIELD_HALF_LIFE_HINT)


def _leads(leads: tuple[PersonId, ...]) -> Block:
    menu = {"type": "multi_users_select", "action_id": "leads", "initial_users": list(leads)}
    return field("leads", words.pockets.FIELD_LEADS, menu, hint=words.pockets.FIELD_LEADS_HINT)
