"""What was promised, held against what stands: the sandbox's Slack on one side, the database on the other.

For each message: a person's 💡 stands on it, if and only if exactly one live learning says so, with the right author,
curators, words, link and time, if and only if 📚 stands on it. For each share: one learning and one card, or neither.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import fields

from sqlalchemy import Connection, text

from bench import kept
from bench.kept import Remembered
from bench.program import reading
from sandbox.records import Message
from sandbox.slack import Slack

from .proof import Tally
from .traffic import NOTHING_SAVED, Share

ASKED, UNASKED = "keep.undo", "kept.undo"
NOTICES = {ASKED: "what their first keep does", UNASKED: "that words of theirs were kept"}
"""The button by which each of the notices that come once is known, and what it tells."""

ANNOUNCED = "made this channel"
"""What the message that a channel hears once, when it becomes a pocket, says."""


DEFECT = "Something broke"
"""How the bot's answer to an error begins that nobody thought of."""


def check(
    slack: Slack, url: str, channels: list[str], shares: list[Share], tally: Tally, *, besides: Collection[str] = ()
) -> None:
    """Everything, once it is quiet. `besides`: how what Outloud was asked to post begins, beside cards."""
    with reading(url) as connection:
        wanted, found = kept.in_slack(slack, channels), kept.in_database(connection, channels)
        _keeps(wanted, found, tally)
        _marks(found, kept.acknowledged(slack, channels), tally)
        _shares(slack, connection, shares, tally)
        _leftovers(connection, tally)
        waiting = _waiting(connection)
    _answers(shares, tally)
    _announcements(slack, channels, tally)
    _strays(slack, channels, shares, besides, tally)
    _private(slack, tally)
    _notices(slack, found, waiting, tally)


def _keeps(wanted: list[Remembered], found: list[Remembered], tally: Tally) -> None:
    times, by_place = Counter(one.place for one in found), {one.place: one for one in found}
    for one in wanted:
        there = by_place.pop(one.place, None)
        if there is None:
            tally.lost.append(f"A 💡 stands on {_name(one.place)}, and it is not remembered.")
        elif there != one:
            differing = [field.name for field in fields(one) if getattr(one, field.name) != getattr(there, field.name)]
            tally.wrong.append(f"{_name(one.place)} is remembered otherwise: {', '.join(differing)}.")
    tally.wrong.extend(f"{_name(place)} is remembered, and no 💡 stands on it." for place in by_place)
    tally.doubled.extend(f"{_name(place)} is remembered {n} times." for place, n in times.items() if n > 1)


def _marks(found: list[Remembered], marked: list[tuple[str, str]], tally: Tally) -> None:
    remembered, acknowledged = {one.place for one in found}, set(marked)
    tally.lost.extend(f"{_name(place)} is remembered, and has no 📚." for place in sorted(remembered - acknowledged))
    tally.wrong.extend(f"{_name(place)} has 📚, and is not remembered." for place in sorted(acknowledged - remembered))


def _shares(slack: Slack, connection: Connection, shares: list[Share], tally: Tally) -> None:
    rows = connection.execute(text("SELECT * FROM learnings WHERE state = 'live' AND source_ts IS NULL"))
    live, topics = defaultdict(list), _topics(connection)
    for row in rows:
        live[row.words].append(row)
    shown = Counter((one.channel, _first_line(slack, one)) for one in _in_channels(slack))
    for share in shares:
        learnings = live.pop(share.words, [])
        _share(share, len(learnings), shown[share.channel, share.words], tally)
        for row in learnings:
            said = (row.channel, row.author, topics[row.id])
            if said != (share.channel, share.person, [share.topic]):
                tally.wrong.append(f"“{share.words}” is remembered with another channel, author or topics.")
    tally.wrong.extend(f"A learning stands that nobody shared: {words!r}." for words in live)


def _share(share: Share, learnings: int, cards: int, tally: Tally) -> None:
    """What somebody read of it, held against how often it stands."""
    name, stands = f"“{share.words}”", f"{learnings} learnings, {cards} cards."
    if learnings > 1 or cards > 1:
        tally.doubled.append(f"{name} is remembered {learnings} times, and has {cards} cards.")
    elif share.undo == "done" and (learnings or cards):
        tally.wrong.append(f"{name} was undone: {stands}")
    elif share.is_refused and (learnings or cards):
        tally.wrong.append(f"{name}: “{NOTHING_SAVED}”, and yet {stands}")
    elif share.undo == "refused" and not (learnings and cards):
        tally.lost.append(f"{name} was not to be undone: {stands}")
    elif share.acknowledged and share.undo == "no" and not (learnings and cards):
        tally.lost.append(f"{name} was acknowledged: {stands}")
    elif learnings != cards:
        tally.wrong.append(f"{name} is half done: {stands}")


def _answers(shares: list[Share], tally: Tally) -> None:
    """Somebody must have been able to share, or nothing was tried; and no answer may speak of a defect."""
    if not any(share.acknowledged for share in shares):
        tally.wrong.append(f"None of {len(shares)} shares was acknowledged: nothing was tried.")
    broken = sum(share.heard.startswith(DEFECT) for share in shares)
    if broken:
        tally.wrong.append(f"{broken} people were told that something broke.")


def _topics(connection: Connection) -> dict[str, list[str]]:
    found = defaultdict(list)
    for row in connection.execute(text("SELECT learning, topic FROM learning_topics ORDER BY position")):
        found[row.learning].append(row.topic)
    return found


def _leftovers(connection: Connection, tally: Tally) -> None:
    for row in connection.execute(text("SELECT kind, state, reason FROM outbox")):
        tally.wrong.append(f"The outbox still holds «{row.kind}», {row.state}: {row.reason}.")
    for row in connection.execute(text("SELECT channel, source_ts FROM learnings WHERE state = 'pending'")):
        tally.wrong.append(f"{_name((row.channel, row.source_ts))} is still pending.")


def _announcements(slack: Slack, channels: list[str], tally: Tally) -> None:
    for id in channels:
        channel = slack.world.channel(id)
        times = sum(ANNOUNCED in one.text for one in _of_the_app(slack, channel.messages.values()))
        if times > 1:
            tally.doubled.append(f"#{channel.name} heard {times} times that it is a pocket.")
        elif not times and slack.app.id in channel.members:
            tally.lost.append(f"#{channel.name} did not hear that it is a pocket.")


def _strays(slack: Slack, channels: list[str], shares: list[Share], besides: Collection[str], tally: Tally) -> None:
    """Outloud says nothing in a channel but that it is a pocket, cards of what was shared there, and what it was asked to."""
    known = {(share.channel, share.words) for share in shares}
    for message in _in_channels(slack):
        first = _first_line(slack, message)
        is_announced = ANNOUNCED in message.text and message.channel in channels
        is_asked = any(one in f"{first} {message.text}" for one in besides)
        if not (is_announced or is_asked or (message.channel, first) in known):
            name = slack.world.channel(message.channel).name
            tally.doubled.append(f"In #{name} Outloud says what nobody accounts for: {first!r}.")


def _private(slack: Slack, tally: Tally) -> None:
    """Nobody hears the same twice, nor more than one thing a day that they did not ask for: a proof takes less than one."""
    for person, messages in _told(slack).items():
        for words, times in Counter(slack.text_of(one) for one in messages).items():
            if times > 1:
                tally.doubled.append(f"{person} was told {times} times: {words.partition(chr(10))[0]!r}.")
        unasked = sum(not _is_notice(one, ASKED) for one in messages)
        if unasked > 1:
            tally.wrong.append(f"{person} was told {unasked} things in a day that they did not ask for.")


def _waiting(connection: Connection) -> set[str]:
    """For whom the word that something of theirs was kept still waits."""
    return {row.person for row in connection.execute(text("SELECT person FROM notices WHERE kind = 'first kept'"))}


def _notices(slack: Slack, found: list[Remembered], waiting: set[str], tally: Tally) -> None:
    """Each notice at most once; and surely once to whom a learning that stands gave cause for it, or tomorrow.

    It waits for tomorrow where somebody heard something else today that they did not ask for, and Slack shows what: the
    bot's own tables are no excuse.
    """
    told: Counter[tuple[str, str]] = Counter()
    tomorrow = set[tuple[str, str]]()
    for person, messages in _told(slack).items():
        for message in messages:
            kinds = [notice for notice in NOTICES if _is_notice(message, notice)]
            told.update((person, notice) for notice in kinds)
            if not kinds and person in waiting:
                tomorrow.add((person, UNASKED))
    cause = {(curator, ASKED) for one in found for curator in one.curators}
    cause |= {(one.author, UNASKED) for one in found if one.author not in one.curators}
    for (person, notice), times in told.items():
        if times > 1:
            tally.doubled.append(f"{person} was told {times} times {NOTICES[notice]}.")
    tally.lost.extend(
        f"{person} was never told {NOTICES[notice]}." for person, notice in sorted(cause - told.keys() - tomorrow)
    )


def _is_notice(message: Message, notice: str) -> bool:
    return f'"{notice}"' in json.dumps(message.blocks)


def _told(slack: Slack) -> dict[str, list[Message]]:
    """What Outloud wrote to each person alone."""
    found = {}
    for channel in slack.world.channels.values():
        if channel.is_im:
            (person, *_) = [id for id in channel.members if id != slack.app.id]
            found[person] = _of_the_app(slack, channel.messages.values())
    return found


def _in_channels(slack: Slack) -> list[Message]:
    """What Outloud wrote anywhere else."""
    rooms = [channel for channel in slack.world.channels.values() if not channel.is_im]
    return [one for room in rooms for one in _of_the_app(slack, room.messages.values())]


def _first_line(slack: Slack, message: Message) -> str:
    return (slack.text_of(message) or message.text).partition("\n")[0]


def _of_the_app(slack: Slack, messages: Iterable[Message]) -> list[Message]:
    return [one for one in messages if one.user == slack.app.id and one.app_id]


def _name(place: tuple[str, str]) -> str:
    return " ".join(place)
