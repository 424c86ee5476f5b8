"""A history's end: the model, the database and Slack held to each other."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import text

from bench import kept

from .checker import ANNOUNCED
from .history import History

WORDS_LEFT = text("SELECT count(*) FROM learnings WHERE channel = :channel AND source_ts = :ts AND words != ''")
KEEPS_LEFT = text("SELECT count(*) FROM keeps WHERE channel = :channel AND message_ts = :ts AND standing")


def differences(history: History) -> list[str]:
    """What is not as the model says, a sentence each."""
    try:
        found = (_keeps, _forgotten, _shares, _cards, _leftovers)
        return [*history.wrong, *(sentence for differ in found for sentence in differ(history))]
    finally:
        history.connection.rollback()


def _keeps(history: History) -> list[str]:
    found, wrong = {}, []
    for one in kept.in_database(history.connection, [history.channel.id]):
        if one.ts in found:
            wrong.append(f"{one.ts} is remembered twice.")
        found[one.ts] = one
    for number, said in enumerate(history.model.said):
        there, name = found.pop(said.ts, None), f"Message {number}"
        if said.live != (there is not None):
            wrong.append(f"{name} should {'' if said.live else 'not '}be remembered.")
        if said.live != history.marked(said):
            wrong.append(f"{name} should {'' if said.live else 'not '}have a 📚.")
        if said.live and there is not None:
            message = history.slack.world.message(said.channel, said.ts)
            wanted = (said.author, said.words, said.curators, history.slack.world.permalink(message))
            if wanted != (there.author, there.words, there.curators, there.link):
                wrong.append(f"{name} is remembered otherwise: {there}, not {wanted}.")
    return [*wrong, *(f"{ts} is remembered, and nobody said it." for ts in found)]


def _forgotten(history: History) -> list[str]:
    """Of what was deleted in Slack no word may be left, nor who kept it."""
    wrong = []
    for number, said in enumerate(history.model.said):
        if said.gone:
            values = {"channel": said.channel, "ts": said.ts}
            if history.connection.scalar(WORDS_LEFT, values) or history.connection.scalar(KEEPS_LEFT, values):
                wrong.append(f"Message {number} was deleted, and something of it is left.")
    return wrong


def _shares(history: History) -> list[str]:
    rows = history.connection.execute(
        text(
            "SELECT id, author, words, (SELECT count(*) FROM learning_topics WHERE learning = learnings.id) AS topics,"
            " (SELECT min(topic) FROM learning_topics WHERE learning = learnings.id) AS topic"
            " FROM learnings WHERE channel = :channel AND source_ts IS NULL AND state = 'live'"
        ),
        {"channel": history.channel.id},
    )
    found = Counter((row.author, row.words, row.topics, row.topic) for row in rows)
    wanted = Counter(
        (one.author, one.words, len(one.topics), min(one.topics, default=None))
        for one in history.model.shared
        if one.stands
    )
    return [
        *(f"{one[1]!r} is not remembered as it was shared." for one in (wanted - found).elements()),
        *(f"{one[1]!r} is remembered, and should not be, or not so." for one in (found - wanted).elements()),
    ]


def _cards(history: History) -> list[str]:
    slack = history.slack
    posts = [one for one in slack.world.channel(history.channel.id).messages.values() if one.user == slack.app.id]
    found = Counter(slack.text_of(one).splitlines()[0] for one in posts if ANNOUNCED not in one.text)
    wanted = Counter(one.words for one in history.model.shared if one.stands)
    return [
        *(f"No card says {words!r}." for words in (wanted - found).elements()),
        *(f"A card too many says {words!r}." for words in (found - wanted).elements()),
    ]


def _leftovers(history: History) -> list[str]:
    rows = history.connection.execute(text("SELECT kind, state, reason FROM outbox"))
    wrong = [f"The outbox still holds «{row.kind}», {row.state}: {row.reason}." for row in rows]
    pending = text("SELECT count(*) FROM learnings WHERE state = 'pending'")
    number = history.connection.execute(pending).scalar_one()
    return [*wrong, *([f"{number} learnings are still pending."] if number else [])]
