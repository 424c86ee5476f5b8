"""What people read in the app's Home."""

from __future__ import annotations

from collections.abc import Sequence

from storage.home.view import HomePocket, Mine, Pulse
from storage.ids import PersonId
from storage.prompts.questions import Question

from .experts import named
from .general import ASKME, HOME, NAME, SHARE, moment, safe, shorten, unadorned
from .rounds import number

FIND = "Find what somebody knows"
FIND_PLACEHOLDER = "How do we rotate the keys?"
SHARE_SOMETHING = "Share something"
HELP = "What else there is"
WHAT_THEY_KNOW = "What somebody stands for"
NEVER = "Never keep mine"
ALLOW = "Let mine be kept"
AGAIN = "Look again"
START = "Make a channel a pocket"
START_PLACEHOLDER = "Choose a channel"

WAITING = "*Waiting for you*"
POCKETS = "*My pockets*"
MINE = "*What I shared, and what is kept of mine*"
NEW = "*New in my pockets*"
QUESTIONS = "*Questions that you could answer*"
MY_TOPICS = "My topics…"
ASK_ME = "Ask me about…"
DRAFTS = "*My drafts*, which nobody else sees"
LEADING = "*How the pockets are that you lead*"

DIGEST = "Weekly digest…"
SHARE_HERE, LEARNED, ASKED, SUGGEST, ABOUT, SETTINGS = (
    "Share here",
    "What it learned this week",
    "What is asked there",
    "Suggest a question",
    "What it is for",
    "Its settings",
)
"""What a pocket's menu has."""

NO_POCKETS = (
    "You are in no pocket yet: a channel that chose to learn out loud. Join one, or make one of a channel of yours."
)
NOTHING_OF_MINE = (
    f"Nothing yet. *`{SHARE}`* takes a sentence or two: a fix, a surprise, a thing you'd tell a colleague over coffee."
)
NOTHING_NEW = "Nothing in the last two weeks that you have not written yourself."
LET_IN = "What you write in a pocket may be kept by others as a learning, with your name. You hear so the first time."
NEVER_KEPT = "Nothing that you write is kept, in any channel: you said so."
UNCHECKED = f"Slack did not say in time what else you may see, so it is left out. *{AGAIN}* asks it once more."
WORDS_LIMIT = 140
TOPICS_SHOWN = 10
UNCLAIMED_SHOWN = 5


def welcome(pockets: int) -> str:
    """What stands at the top."""
    where = {0: "", 1: " You are in one pocket."}.get(pockets, f" You are in {number(pockets)} pockets.")
    return f"{NAME} helps you learn out loud, with the people in your pockets.{where} Only you see this page."


def pocket(of: HomePocket) -> str:
    """A pocket, and what is new there."""
    new = {0: "nothing new", 1: "one new"}.get(of.new, f"{number(of.new)} new")
    lead = "  ·  you lead it" if of.pulse else ""
    return f"<#{of.pocket.channel}>  ·  {new} in seven days{lead}"


def pulse(channel: str, of: Pulse, unclaimed: Sequence[str]) -> str:
    """How a pocket is, for whoever leads it. `unclaimed`: topics of it that nobody stands for."""
    learned = f"{number(of.learned)} learned in seven days, {number(of.before)} in the seven before"
    answered = f"  ·  {number(of.answered)} answered" if of.answered else ""
    asks = f"asks next {moment(of.next_at)}" if of.next_at else "asks nothing by itself"
    missing = f"\nNobody stands yet for {named(unclaimed[:UNCLAIMED_SHOWN])}." if unclaimed else ""
    return f"<#{channel}>  ·  {learned}{answered}  ·  {asks}{missing}"


def mine(of: Mine) -> str:
    """How much, and whom it helped."""
    if not (of.shared or of.kept):
        return NOTHING_OF_MINE
    shared = f"You shared {number(of.shared)}." if of.shared else ""
    kept = {0: "", 1: "One message of yours is kept."}.get(of.kept, f"{number(of.kept)} messages of yours are kept.")
    kept = f"{kept[:1].upper()}{kept[1:]}"
    people = "one person" if of.helped == 1 else f"{number(of.helped)} people"
    helped = f"Helped by that, so far: {people}." if of.helped else ""
    return " ".join(filter(None, (shared, kept, helped)))


def own(words: str, link: str, channel: str, *, helped: int, at: float) -> str:
    """One of one's own."""
    many = f"  ·  helped {number(helped)}" if helped else ""
    return f"{_line(words)}\n<#{channel}>  ·  {moment(at)}{many}{_where(link)}"


def new(words: str, who: str, link: str, channel: str, *, helped: int, at: float) -> str:
    """One of others'."""
    many = f"  ·  helped {number(helped)}" if helped else ""
    return f"{_line(words)}\n{who} in <#{channel}>  ·  {moment(at)}{many}{_where(link)}"


def question(of: Question, link: str) -> str:
    """An open question of somebody else's, and how many answered."""
    asked = of.learning
    name = who(asked.author, without_name=asked.without_name, name=asked.author_name)
    answers = {0: "no answer yet", 1: "one answer"}.get(of.answers, f"{number(of.answers)} answers")
    where = f"<#{asked.place.channel}>  ·  {moment(asked.said_at)}  ·  {answers}{_where(link)}"
    return f"{_line(asked.plain_words)}\n{name} in {where}"


def topics(of: Sequence[str], *, hidden: bool) -> str:
    """What one may be asked about."""
    if hidden:
        return "Nobody finds you by what you know: you said so."
    if not of:
        return f"Nobody finds you by a topic yet. What may people ask you about? *`{ASKME} python`* says it, too."
    return (
        f"You may be asked about {safe(', '.join(of[:TOPICS_SHOWN]))}{' and more' if len(of) > TOPICS_SHOWN else ''}."
    )


def invitation(unclaimed: Sequence[str]) -> str:
    """What nobody in one's pockets stands for yet."""
    return (
        f"Nobody whom you may see stands yet for {named(unclaimed)}, which your pockets write about. "
        "If you know one of them, choose it: whoever looks for it then finds you."
    )


def who(author: PersonId | None, *, without_name: bool, name: str | None) -> str:
    """Whose it is. `name`: of one who is not in this workspace, whom a mention would not name."""
    if without_name or author is None:
        return "somebody"
    return safe(unadorned(name)) if name else f"<@{author}>"


def waits(many: int, shown: int) -> str:
    """What stands under the private words that are held back to keep the quiet."""
    rest = f" {number(many - shown).capitalize()} more wait." if many > shown else ""
    return f"{NAME} writes to you unasked once a day at most: this comes with its next word, unless you answer it here.{rest}"


def more_pockets() -> str:
    """There are more than are shown."""
    return f"…and more: *`{HOME}`*, typed in any of them, shows what there is."


def more_drafts() -> str:
    """The same of drafts."""
    return f"…and more: *`{SHARE} drafts`* lists all of them."


def seen(at: float) -> str:
    """As of when it stands there."""
    return f"As of {moment(at)}. Opened anew, it is made anew."


def _line(words: str) -> str:
    return safe(shorten(unadorned(words), WORDS_LIMIT))


def _where(link: str) -> str:
    return f"  ·  <{safe(link).replace('|', '%7C')}|read it>" if link else ""
