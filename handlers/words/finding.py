"""What people read of finding: `/recall`, its results, and where there are none."""

from __future__ import annotations

from collections.abc import Sequence

from storage import markup
from storage.ids import ChannelId, PersonId
from storage.learned.shown_here import MOST_LOOKED_AT, Reason
from storage.search import looking
from storage.search.finding import Found, Latest
from storage.tables import KINDS

from .cards import by_author
from .general import HOME, RECALL, safe, shorten

HELP = f"""\
*`{RECALL} how do we rotate the keys`* finds what was shared and kept, in all pockets that you may read. Only you see the results.
`#topic` narrows to a topic, `in:#pocket` to a pocket, `from:@ana` or `from:me` to who wrote it; choose names from Slack's list.
`kind:idea` (`question`, `story`, `learning`) and `since:2026-01`, `since:monday` or `since:30d` narrow further.
`"these very words"` must stand there so, and `-word` must not. An error message, pasted whole, is fine.
*`{RECALL}`* alone shows what helped most and what is new, of the last 90 days."""

ALOUD_HELP = f"""\
Ask me something, in a pocket by my name or in our direct message, and I look for it among what was shared and kept. Only you see
what I find. *`{RECALL} help`* says what narrows it, and *`{HOME} help`* what else there is."""
NO_POCKET = (
    f"I answer in learning pockets, and this channel is none. *`{RECALL}`* and your words works here, too, and so does a direct "
    f"message to me: only you see what I find. *`{HOME} start`* makes this channel a pocket."
)
POST_HERE = "Post this here"
WHO_KNOWS = "Who knows this?"
POSTED = "It is posted here, for everybody in this channel, and says that you showed it."
NOT_SHOWN: dict[Reason, str] = {
    "too many": f"More than {MOST_LOOKED_AT} people are in {{channel}} now, too many to ask Slack what each of them may see. "
    "So what you wanted to post there is not posted; its link works for those who may.",
    "gone": "What you wanted to post in {channel} was taken back meanwhile, so it is not posted.",
    "not for all": "Not everybody who is in {channel} now may see what you wanted to post there, or Slack did not say in time. "
    "So it is not posted; its link works for those who may.",
    "closed": "I can't post in {channel} any more, so what you wanted to post there is not posted.",
}
MORE, EARLIER, OPEN = "More", "Earlier", "Open"
NEWEST, HELPFUL = "*New*", "*What helped most*, in the last 90 days"
OUT_OF_DATE = "⏳ *Out of date*, says its card."
COULD_NOT_CHECK = (
    "Slack did not say in time what else you may read, so some could not be checked and are left out. "
    "Please try again in a moment."
)
NOTHING_LATELY = (
    f"Nothing new that you may read, in the last 90 days. `{RECALL}` with words looks through all there is; "
    f"`{RECALL} help` says how."
)
NOTHING_TO_LOOK_FOR = f"There is no word in that to look for. `{RECALL} help` says what works."
NO_SIGNS = (
    "There is no word in that to look for, and of the newest {many} that you may read, none has “{signs}” in it. "
    f"`{RECALL} help` says what works."
)
CUT = (
    "There are older ones, too: where so many have what you look for, I go through the newest alone. "
    "Another word, `#topic`, `in:#pocket` or `from:@ana` narrows it, and brings older ones up."
)
NO_MORE = "That was all. Something that stood here before may be gone by now."
UNKNOWN = {
    "from": (
        "I don't know who is meant by",
        f"A name that nobody else has will do, or one of Slack's list, behind *`{RECALL} from:@`* in any channel, or `from:me`.",
    ),
    "kind": (
        "I don't know the kind",
        "I know " + ", ".join(f"`kind:{one.replace(' ', '-')}`" for one in KINDS) + ".",
    ),
    "since": (
        "I don't know which day is meant by",
        "I know `since:2026-01-15`, `since:2026-01`, `since:2026`, `since:yesterday`, `since:monday` and `since:last week`.",
    ),
}
NOBODY = (
    "I don't know who is meant by {which}, so it is looked for as it stands. To narrow it to what somebody wrote: a name that "
    f"nobody else has will do, or one of Slack's list, behind *`{RECALL} from:@`* in any channel."
)
UNKNOWN_WORDS = "What stands in quotes is looked for as it is."
SHOWN = 120
"""Characters of what was asked that an answer repeats."""

DAY, MONTH, YEAR = 1, 30.44, 365.25


def summary(found: Found) -> str:
    """What stands above results, and in a notification of them."""
    if found.asked.unknown:
        return unknown(found.asked.unknown)
    said = _summary(found) if found.hits else _nothing(found)
    return "\n".join([said, *([nobody(found.asked.nobody)] if found.asked.nobody else [])])


def _summary(found: Found) -> str:
    asked = f"For “{_repeated(found.asked.typed)}”:"
    if found.corrected:
        pairs = ", ".join(f"“{safe(meant)}” instead of “{safe(typed)}”" for typed, meant in found.corrected)
        asked = f"Nothing has exactly that. This is for {pairs}:"
    elif found.loosened:
        asked = f"Nothing has exactly “{_repeated(found.asked.typed)}”. This comes close:"
    return asked


def _nothing(found: Found) -> str:
    if found.asked.is_empty:
        return NOTHING_TO_LOOK_FOR
    if found.first:
        return NO_MORE
    if found.asked.signs:
        return NO_SIGNS.format(many=looking.RARE, signs=_repeated(found.asked.typed))
    return (
        f"Nothing that you may read speaks of “{_repeated(found.asked.typed)}”. "
        f"Fewer or other words may do; `{RECALL} help` says what narrows it."
    )


def unknown(filters: Sequence[str]) -> str:
    """What was to narrow it, and does not: what would."""
    said = list[str]()
    for key, (why, works) in UNKNOWN.items():
        if meant := [one for one in filters if one.startswith(f"{key}:")]:
            said.append(f"{why} {', '.join(f'`{_code(one)}`' for one in meant)}. {works}")
    return "\n".join([*said, UNKNOWN_WORDS])


def nobody(filters: Sequence[str]) -> str:
    """What reads as if it named somebody, and was looked for."""
    return NOBODY.format(which=", ".join(f"`{_code(one)}`" for one in filters))


def _code(typed: str) -> str:
    return safe(shorten(typed, SHOWN).replace("`", ""))


def shown_here(by: PersonId, channel: ChannelId) -> str:
    """What stands above what somebody shows a channel."""
    return f"<@{by}> shows what was learned in <#{channel}>:"


def not_shown(channel: ChannelId, reason: Reason) -> str:
    """What somebody hears who wanted to show a channel what they found."""
    return NOT_SHOWN[reason].format(channel=f"<#{channel}>")


def latest(found: Latest) -> str:
    """The same, where no words were asked for."""
    return "What helped, and what is new" if found.helpful or found.newest else NOTHING_LATELY


def about(
    author: PersonId | None,
    channel: ChannelId,
    days: float,
    *,
    helped: str,
    without_name: bool,
    kind: str,
    link: str | None,
    name: str | None = None,
    is_own: bool = False,
) -> str:
    """Who said it, where and when, and how many it helped. `is_own`: whoever wrote it reads this, and nobody else does."""
    who = (
        "by you, without your name"
        if without_name and is_own
        else by_author(author, without_name=without_name, name=name)
    )
    parts = [who, f"<#{channel}>", age(days)]
    to_it = f"<{link}|{OPEN}>" if link else ""
    return "  ·  ".join([*parts, *filter(None, (kind, helped, to_it))])


def age(days: float) -> str:
    """How long ago it was said."""
    for unit, name in ((YEAR, "year"), (MONTH, "month"), (DAY, "day")):
        many = int(days / unit)
        if many >= 1:
            return "yesterday" if (name, many) == ("day", 1) else f"{many} {name}{'' if many == 1 else 's'} ago"
    return "today"


def _repeated(typed: str) -> str:
    return safe(shorten(" ".join(markup.plain(typed).split()), SHOWN))
