"""What people read of who knows what: their own topics, who is found, endorsements, and the weekly question."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from storage.experts.asking import Proposal
from storage.experts.names import Alias
from storage.experts.tags import Tag
from storage.ids import PersonId

from .general import ASKME, HOME, WHOKNOWS, safe, shorten, unadorned

TOPICS = f"{HOME} topics"

ASKME_HELP = f"""\
*`{ASKME} python, incident review`* says: ask me about these. *`{ASKME} -python`* takes one off.
*`{ASKME}`* alone opens a form: your topics, what others see of you, topics from what you shared, how many questions a week you \
want, and *don't let me be found*.
Whoever types `{WHOKNOWS} python` then finds you, with why: your own word, colleagues whose endorsement you said yes to, and \
learnings of yours that they may read. Nobody is ranked or counted. *`{WHOKNOWS} help`* says more."""

WHOKNOWS_HELP = f"""\
*`{WHOKNOWS} python`*, or a whole question (*`{WHOKNOWS} how do we rotate the signing keys`*), names up to five people whom you \
may ask, each with why: they ask to be asked, colleagues endorse them, or they shared learnings on it that you may read.
Only you see the answer. *Endorse* says that you would ask somebody; it counts once they said yes to it.
To be found yourself, or not at all: *`{ASKME}`*."""

FORM_TITLE = "Ask me about"
FORM_SAVE = "Save"
FIELD_TAGS = "Topics that I may be asked about"
FIELD_TAGS_PLACEHOLDER = "Type to find one, or to add a new one"
FIELD_SUGGESTED = "From what you shared"
SUGGEST = "Suggest topics from what I shared"
NOTHING_TO_SUGGEST = "There is nothing to suggest: what you shared with your name has no topics besides these."
FIELD_A_WEEK = "How many questions a week do you want?"
FIELD_A_WEEK_HINT = (
    "Whoever presses “Write to them”, or asks you by “Ask people who know”, counts as one. With as many, you stand lower in what "
    "others find, and it says so; and you are asked nothing more."
)
AS_MANY = "As many as come"
FIELD_CHOICES = "What else holds"
HIDE = "Don't let me be found"
HIDE_WHAT = "You appear nowhere, for nobody, also not as the one who endorses."
STOP = "Don't ask me whether to list me"
STOP_WHAT = "What colleagues or your learnings say of you then counts for nothing."
SAVED_TITLE = "Saved"

WRITE = "Write to them"
ENDORSE = "Endorse"
TAKE_BACK = "Take it back"
SHOWN_PEOPLE = 5
SHOWN_LEARNINGS = 2
SHOWN_GIVERS = 3
SHOWN_WORDS = 70
"""Characters of a learning that stand in its link."""
SHOWN_QUESTION = 100

ENDORSE_TITLE = "Endorse"
ENDORSE_SEND = "Endorse"
PROFILE_WHAT = "Would you ask them about something? Say so, and they are asked whether they want to be listed."
FIELD_FOR = "What would you ask them about?"
FIELD_FOR_HINT = "A topic, or several with commas between, such as: python, incident review"
ENDORSED = (
    "Thank you. It is not counted unless they say yes to it: they are asked privately, once a week, for all together, and you "
    "don't hear what they decide."
)
ENDORSED_COUNTED = "You endorse them for this already, and they said yes to it: it counts."
ENDORSED_BEFORE = "You endorse them for this already. It is not counted so far."
TAKEN_BACK = "Taken back. It is not counted."
REACTED_WHAT = "You would ask whoever wrote that. Say about what, and it is noted."
SAY_WHAT = "Say about what"

LIST_ME = "List me"
NO_THANKS = "No thanks"
STOP_ASKING = "Stop asking"
STOPPED = (
    f"Understood: you are not asked this again, and what waited is not counted. *`{ASKME}`* changes that, and shows what "
    f"others see of you."
)
ALL_ANSWERED = f"Thank you. *`{ASKME}`* shows your topics at any time, and takes them off."

STILL = "Yes, still"
LOOK = "Look at them"
STILL_SO = "Thank you. It stays."

UNCHECKED = "Slack did not say in time what you may see, so somebody may be missing. Try again in a moment."

_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


def named(topics: Collection[str]) -> str:
    """Topics in a row: *a*, *b* and *c*."""
    return _row([f"*{safe(topic)}*" for topic in topics])


def mentioned(people: Sequence[PersonId]) -> str:
    """People in a row, the first few by name."""
    names = [f"<@{person}>" for person in people[:SHOWN_GIVERS]]
    return _row([*names, "others"] if len(people) > SHOWN_GIVERS else names)


def changed(new: Collection[str], gone: Collection[str], *, hidden: bool) -> str:
    """What came of `/askme` with topics behind it."""
    added = f"You can be asked about {named(new)}." if new else ""
    taken = f"You are no longer listed for {named(gone)}." if gone else ""
    same = "" if new or gone else "You can be asked about that already."
    unseen = f"You chose not to be found, so nobody sees it; *`{ASKME}`* changes that." if hidden else ""
    return " ".join(filter(None, (added, taken, same, unseen)))


UNDONE = "Undone: your topics are as they were."


def seen_of_me(tags: Sequence[Tag], shared: dict[str, int], *, hidden: bool) -> str:
    """What others see, in one's own form. `shared`: how many learnings of one's own speak for each."""
    if hidden:
        return "*What others see of you:* nothing. You chose not to be found."
    if not tags:
        return (
            "*What others see of you:* no topics yet. Who looks for something that you shared with your name finds you by it, "
            "if they may read it."
        )
    lines = [f"• *{safe(tag.topic)}*: {_why_mine(tag, shared.get(tag.topic, 0))}" for tag in tags]
    return shorten("*What others see of you:*\n" + "\n".join(lines), 2900)


def found(words: str, topics: Collection[str]) -> str:
    """What stands above the people who are found."""
    about = named(topics) if topics else f"“{_question(words)}”"
    return f"You could ask these about {about}:"


def nobody(words: str, topics: Collection[str], *, but_you: bool) -> str:
    """Nobody stands for it, as far as one may know; or only whoever asks."""
    about = named(topics) if topics else f"“{_question(words)}”"
    mine = f"`{ASKME} {safe(shorten(next(iter(topics)), 60))}`" if topics else f"`{ASKME}`"
    others, you = ("Nobody but you", "") if but_you else ("Nobody", f"If it is you who knows, {mine} says so. ")
    return (
        f"{others} stands for {about} yet, as far as you may see. Ask in one of your pockets: somebody there may know, and what "
        f"comes of it can be kept for the next one who looks. {you}One word, such as a tool's name, finds more than a sentence."
    )


def person(
    id: PersonId,
    *,
    claimed: Collection[str],
    earned: bool,
    endorsed_by: Sequence[PersonId],
    learnings: Sequence[tuple[str, str]],
) -> str:
    """Somebody, and why. `learnings`: the words and the link of each that one may open."""
    why = []
    if claimed:
        why.append(f"asks to be asked about {named(claimed)}")
    if endorsed_by:
        why.append(f"endorsed by {mentioned(endorsed_by)}")
    if earned and not learnings:
        why.append("shared what helped others with it")
    if learnings:
        said = _row([_learning(words, link) for words, link in learnings[:SHOWN_LEARNINGS]])
        why.append(f"shared {said}{', which helped others' if earned else ''}")
    return f"<@{id}>: {'; '.join(why)}"


def around(clock: str, *, away: str | None, full: bool) -> str:
    """Where they are just now. `away`: their status, if it says that they are."""
    said = f"away, they say: “{safe(shorten(unadorned(away), 60))}”" if away else "away, by their status"
    return " · ".join(
        filter(
            None,
            (
                f"{clock} where they are" if clock else "",
                said if away is not None else "",
                "has had their questions for this week" if full else "",
            ),
        )
    )


def profile(id: PersonId, tags: Sequence[Tag]) -> str:
    """What somebody stands for, as far as one may see."""
    if not tags:
        return f"<@{id}> stands for nothing yet, as far as you may see. {PROFILE_WHAT}"
    lines = [f"• *{safe(tag.topic)}*: {_why_of(tag)}" for tag in tags]
    return shorten("\n".join([f"<@{id}> may be asked about", *lines]), 2900)


def _why_of(tag: Tag) -> str:
    claimed = "they ask to be asked" if tag.claimed else ""
    endorsed = f"endorsed by {mentioned(tag.endorsed_by)}" if tag.endorsed_by else ""
    return "; ".join(filter(None, (claimed, endorsed, "what they shared helped others" if tag.earned else "")))


def endorsed_for(topics: Collection[str]) -> str:
    """What somebody hears who reacted to a message."""
    return f"You would ask whoever wrote that about {named(topics)}. {ENDORSED}"


def proposed(one: Proposal) -> str:
    """One topic of the weekly question."""
    if not one.endorsers:
        about = safe(one.topic)
        return f"What you shared about *{about}* helped several people. Shall you be listed, so that others find you for it?"
    who = "Somebody" if one.endorsers == 1 else f"{_number(one.endorsers)} people"
    helped = " What you shared about it has helped people, too." if one.helped else ""
    return f"{who} would ask you about *{safe(one.topic)}*.{helped}"


ABOUT_PROPOSALS = (
    f"Listed, you can be found by `{WHOKNOWS}`. Nobody hears what you answer, and nothing counts without your yes."
)


def answered(topic: str, *, listed: bool) -> str:
    """What became of a topic of the question."""
    if listed:
        return f"Listed for *{safe(topic)}*. *`{ASKME} -{safe(topic)}`* takes it off."
    return f"Not listed for *{safe(topic)}*. Nobody is told, and you are not asked about it again for half a year."


def old(topics: Collection[str]) -> str:
    """Whether it still holds."""
    said = f"More than a year ago you said that you may be asked about {named(topics)}."
    return f"{said} Is that still so? You are asked this once."


TOPICS_HELP = (
    f"*`{TOPICS} py, python3 = python`* says that these are one topic, called *python*: learnings and people of each are then "
    f"found by all of its names. Nothing is rewritten, so an undo brings everything back, such as *`{TOPICS} -py`*. It holds in "
    f"the whole workspace, also for who can't read this channel: give no name that they are not to read."
)


def merged(aliases: Collection[str], topic: str) -> str:
    """What a lead hears who merged topics."""
    return (
        f"{named(aliases)} {'is' if len(aliases) == 1 else 'are'} called *{safe(topic)}* from now on, for everybody in this "
        f"workspace."
    )


def separated(aliases: Collection[str]) -> str:
    """What a lead hears who undid it."""
    one = len(aliases) == 1
    return f"{named(aliases)} {'is a topic of its' if one else 'are topics of their'} own again."


def aliases(many: int) -> str:
    """What stands above the list of them."""
    return f"{'Topics with another name:' if many else 'No topic has another name here yet.'}\n{TOPICS_HELP}"


def alias(one: Alias) -> str:
    """One of them."""
    more = f", which is called *{safe(one.called)}*" if one.called != one.into else ""
    return f"*{safe(one.alias)}* is *{safe(one.into)}*{more} (by <@{one.by}>)"


def _why_mine(tag: Tag, many: int) -> str:
    why = []
    if tag.claimed:
        why.append("you ask to be asked")
    if tag.endorsed_by:
        why.append(f"endorsed by {mentioned(tag.endorsed_by)}")
    if tag.earned:
        why.append("what you shared helped others")
    if many:
        why.append(
            f"{'a learning' if many == 1 else f'{many} learnings'} of yours, for who may read {'it' if many == 1 else 'them'}"
        )
    return "; ".join(why) or "nothing that they may see yet"


def _learning(words: str, link: str) -> str:
    said = shorten(unadorned(words).replace("|", "¦"), SHOWN_WORDS)
    return f"<{link}|{safe(said)}>" if link else f"“{safe(said)}”"


def _question(words: str) -> str:
    return safe(shorten(unadorned(words), SHOWN_QUESTION))


def _number(many: int) -> str:
    return _NUMBERS[many] if many < len(_NUMBERS) else str(many)


def _row(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""
