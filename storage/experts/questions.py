"""Questions: how what somebody asks is understood. A word, or a few together, may be a topic.

It is one where whoever asks may see that: somebody stands for it, or a learning that they may read is on it, by whatever name.
Anything else is a word like any other; how it is answered tells of nothing that they may not see.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, exists, select

from storage import visibility
from storage.db.each import each
from storage.ids import ChannelId
from storage.learned import topics
from storage.search import marks
from storage.search.candidates import Wanted
from storage.search.looking import Look
from storage.tables import ExpertTag, LearningTopic

from . import findable, names

MOST_WORDS = 60
"""Words of a question that are looked at for topics."""

LONGEST_TOPIC = 3
"""Words of a question that may be one topic together."""

LOOKED_AT = 5
"""Learnings on a topic, the newest, that are looked at for one that is seen: the index leads past almost all others."""

_PARTS = re.compile(r"[\s,;:!?()\"“”„«»]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: its words, and the topics in it, each by all its names, with what it is called.

    `doubtful`: channels of which Slack is to be asked first, as what they are on is a topic only where they are seen.
    """

    words: str
    names: dict[str, str]
    doubtful: frozenset[ChannelId] = frozenset()

    @property
    def topics(self) -> tuple[str, ...]:
        """What its topics are called."""
        return tuple(dict.fromkeys(self.names.values()))


def unread(words: str) -> Asked:
    """What is asked by somebody of whom it is not known what they may see: all of it may be one topic."""
    return Asked(words, {topic: topic for topic in _whole(words)})


def read(search: Look, words: str) -> Asked:
    """What is asked: all of it may be one topic; of more words, each and its neighbours may be one."""
    parts = _parts(words)
    runs = [
        " ".join(parts[at : at + size]) for size in range(1, LONGEST_TOPIC + 1) for at in range(len(parts) - size + 1)
    ]
    whole = _whole(words)
    maybe = [topic for topic in dict.fromkeys([*whole, *(topics.as_one(run) for run in runs)]) if topic]
    about = names.all_of(search.session, search.viewer.person.workspace, maybe)
    known, doubtful = _known(search, about)
    asked = dict.fromkeys(about[topic] for topic in maybe if about[topic] in known)
    by_name = {topic: root for root in asked for topic, called in about.items() if called == root}
    return Asked(words, {topic: topic for topic in whole if about[topic] not in known} | by_name, doubtful)


def _known(search: Look, about: dict[str, str]) -> tuple[set[str], frozenset[ChannelId]]:
    """What of this is a topic, as it is called; and where Slack is to be asked before some of it is."""
    standing, written = _stands(search, about), set[ChannelId]()
    known = {about[topic] for topic, stands, _ in standing if stands}
    for root in sorted({about[topic] for topic, _, is_on in standing if is_on} - known):
        on = tuple(marks.on(topic) for topic, called in about.items() if called == root)
        seen = search.having(Wanted((on,)), limit=LOOKED_AT)
        if seen:
            known.add(root)
        if seen and not any(one.is_sure for one in seen):
            written |= {one.channel for one in seen}
    return known, frozenset(written)


def _stands(search: Look, among: Collection[str]) -> list[tuple[str, bool, bool]]:
    """Of each of these, whether somebody stands for it whom the viewer may be shown, and whether any learning is on it."""
    if not among:
        return []
    shape = visibility.shape(search.viewer)
    found = _of_each(shape, search.session.get_bind().dialect.name)
    values = visibility.values(search.viewer) | {"topics": json.dumps(sorted(among))}
    return [(row.topic, bool(row.stands), bool(row.written)) for row in search.session.execute(found, values)]


@lru_cache
def _of_each(shape: visibility.Shape, dialect: str) -> Select[*tuple[Any, ...]]:
    viewer, topic = visibility.prepared(shape), each(dialect, "topics")
    stands = exists(select(ExpertTag.person).where(findable.stands(viewer), ExpertTag.topic == topic))
    here = (LearningTopic.workspace == viewer.person.workspace, LearningTopic.topic == topic)
    written = exists(select(LearningTopic.learning).where(*here))
    return select(topic.label("topic"), stands.label("stands"), written.label("written"))


def _parts(words: str) -> list[str]:
    return [part for part in _PARTS.split(words)[: MOST_WORDS + 1] if part]


def _whole(words: str) -> list[str]:
    return [topic for topic in [topics.as_one(words)] if topic and len(_parts(words)) <= LONGEST_TOPIC]
