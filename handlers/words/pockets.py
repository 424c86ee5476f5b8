"""What people read of pockets: help, the menu, and how one begins, changes and ends."""

from __future__ import annotations

from collections.abc import Sequence

from storage.places.pocket_changes import Led
from storage.places.pocket_reactions import DEEDS

from .general import ASKME, HOME, KEEP, NAME, PROMPTS, SHARE, WHOKNOWS, safe, shorten
from .nouns import a, capitalised


def home_help(keep: str = KEEP) -> str:
    """What there is. `keep`: the emoji that keeps a message here."""
    return f"""\
{NAME} helps you learn out loud, in channels that chose to: we call them pockets.
*`{HOME} start`* makes this channel a pocket, and you its lead; with a purpose behind it, at once.
*`{HOME}`* in a pocket says what it is for, and *`{HOME} digest`* what it learned of late.
*`{WHOKNOWS} topic`* names people to ask, *`{ASKME} topic`* lets you be asked.
*`{HOME} settings`* changes it, *`{HOME} topics`* says which topics are one, and *`{HOME} stop`* ends it: only a lead can.
*`{SHARE}`* shares what you learned; *`{SHARE} help`* says how.
{keep} on anybody's message keeps it as a learning, credited to whoever wrote it; take it off, and it is taken back."""


STOPPED = f"The pocket is closed. What was learned stays. *`{HOME} start`* opens it again."
SETTINGS = "Settings"
STOP = "Stop the pocket"
STOP_TITLE = "Stop this pocket?"
STOP_SURE = "Nothing more is shared or kept here. What was learned stays, and a member can start it again."
STOP_YES = "Stop it"
STOP_NO = "Leave it"
START = "Make it a pocket"

START_TITLE = "Start a pocket"
START_SUBMIT = "Start"
SETTINGS_TITLE = "This pocket"
FIELD_PURPOSE = "What should be different in three weeks?"
FIELD_PURPOSE_PLACEHOLDER = "Fewer surprises on release day; everybody knows whom to ask about billing; …"
FIELD_PURPOSE_HINT = "It stands in what the channel hears, and in this pocket's menu."
FIELD_NOUN = "What do you call a thing that somebody learned?"
FIELD_OWN_NOUN = "Or another word, of your own"
FIELD_OWN_NOUN_PLACEHOLDER = "nugget"
FIELD_TIMEZONE = "Timezone"
FIELD_TIMEZONE_PLACEHOLDER = "Type a city, such as Berlin"
FIELD_LEADS = "Leads"
FIELD_LEADS_HINT = "They may change this pocket, and end it."
FIELD_EMOJI = {
    "keep": "Emoji that keeps a message",
    "helped": "Emoji that says: this helped me",
    "endorse": "Emoji that says: ask this person about it",
}
FIELD_EMOJI_HINT = "An emoji, or its name, such as :bulb:. What was kept by another one stays kept."
FIELD_NAMES = "Names"
NAMES_OPTIONAL = "One may share without one's name"
NAMES_STAND = "A name stands with everything"
FIELD_HALF_LIFE = "How soon does knowledge grow old here?"
FIELD_HALF_LIFE_HINT = (
    f"After that time, what was shared here, or endorsed by a reaction, counts half in whom {WHOKNOWS} finds."
)
HALF_LIVES = {
    91: "Within a quarter of a year",
    182: "Within half a year, as is usual",
    365: "Within a year",
    730: "Within two years",
}
SHARED_WARNING = (
    "*People of another organisation read this channel.* What is shared or kept here is read by them, too, in this channel "
    f"and wherever {NAME} shows it to members of this channel. Start a pocket only where that is meant."
)

NOT_MINE = "Not mine"
ABOUT = "What is this?"


def what_this_is(keep: str) -> str:
    """What somebody hears who presses *What is this?*."""
    return f"""\
This channel's people want to learn from each other, out loud.
*`{SHARE}`* takes a sentence or two: a fix, a surprise, a thing you'd tell a colleague over coffee.
{keep} on anybody's message keeps it, credited to whoever wrote it; an author hears so the first time, and can undo it.
Only what somebody shares or keeps is stored; nobody is ranked. It is voluntary: *Not mine* says that your words are never kept.
*`{HOME} help`* says what else there is."""


def started(noun: str, *, keep: str) -> str:
    """What the starter of a pocket hears."""
    return (
        f"This channel is a learning pocket now, and you are its lead. Try *`{SHARE}`*, or react with {keep} to a message "
        f"worth keeping as {safe(a(noun))}. *`{HOME} settings`* changes it, *`{HOME} stop`* ends it."
    )


def announced(starter: str, *, purpose: str, noun: str, keep: str) -> str:
    """What the channel hears, once, when it becomes a pocket."""
    aim = f"What should be different in three weeks: _{safe(purpose)}_\n" if purpose else ""
    return (
        f"<@{starter}> made this channel a learning pocket.\n{aim}"
        f"*`{SHARE}`* shares {safe(a(noun))}; {keep} on anybody's message keeps it as one, credited to whoever wrote it, and "
        f"taking it off takes it back. What nobody shares or keeps is not stored."
    )


def offered(channel: str) -> str:
    """What whoever invited Outloud hears."""
    return (
        f"Thank you for the invitation. In <#{channel}> {NAME} does nothing yet: it works in channels that chose to be a "
        f"learning pocket. Shall this be one?"
    )


def menu(*, purpose: str, noun: str, zone: str, leads: tuple[str, ...], keep: str) -> str:
    """What `/outloud` says in a pocket."""
    aim = f"What should be different in three weeks: _{safe(purpose)}_\n" if purpose else ""
    led = ", ".join(f"<@{lead}>" for lead in leads)
    return (
        f"This channel is a learning pocket.\n{aim}"
        f"*`{SHARE}`* shares {safe(a(noun))}; *`{SHARE} help`* says how.\n"
        f"{keep} on anybody's message keeps it as one, credited to whoever wrote it; take it off, and it is taken back.\n"
        f"Led by {led}. Its time is that of {zone.replace('_', ' ')}. *`{HOME} help`* says what there is elsewhere."
    )


def choice_of_noun(noun: str) -> str:
    """How a noun is offered in the form."""
    return capitalised(noun)


def unknown_word(typed: str, *, keep: str) -> str:
    """An answer to `/outloud` and a word that it does not know."""
    shown = safe(shorten(" ".join(typed.replace("`", "").split()), 80))
    return f"`{HOME} {shown}` is nothing that {NAME} knows. Here is what there is:\n{home_help(keep)}"


def prompts_stay(now: str, zones: Sequence[str]) -> str:
    """What whoever moved a pocket to another timezone hears, where its schedules stay in others."""
    stay = " and ".join(zone.replace("_", " ") for zone in zones)
    return (
        f"Saved. This pocket's time is that of {now.replace('_', ' ')} now. Its scheduled prompts stay in {stay}: "
        f"*Edit*, beside each in `{PROMPTS}`, moves it."
    )


def changed_meanwhile(now: Led, both: tuple[str, ...]) -> str:
    """What stands on the form of the second of two who changed the same at once: what it says `now`."""
    settings = now.settings
    said = {
        "purpose": (FIELD_PURPOSE, safe(settings.purpose) or "nothing"),
        "noun": (FIELD_NOUN, safe(settings.noun)),
        "timezone": (FIELD_TIMEZONE, settings.timezone),
        "names_optional": (FIELD_NAMES, NAMES_OPTIONAL if settings.names_optional else NAMES_STAND),
        "half_life": (FIELD_HALF_LIFE, HALF_LIVES[settings.half_life]),
        "leads": (FIELD_LEADS, ", ".join(f"<@{lead}>" for lead in now.leads)),
    } | {deed: (FIELD_EMOJI[deed], now.reactions.shown(deed)) for deed in DEEDS}
    theirs = "\n".join(f"• {label} _{value}_" for label, value in (said[name] for name in both))
    return (
        f"*Another lead changed this while you had it open, so yours is not saved yet.* Theirs says:\n{theirs}\n"
        f"Yours is below. *Save* puts it in its place."
    )
