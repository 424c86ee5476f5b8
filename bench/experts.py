"""Who is found for a question, on a real chat: by the product's own function, beside the most active and Balog's model 2.

In time order: each opening message is asked, each reply by another than whoever asked is a learning of its author, and their
first is their answer to that question; the asker's 💡 on it says that it helped.
Each opening question of five words or more in the last 30 % of the conversations asks at its own time, knowing only what came
before; right is whoever in fact answered. Nothing is claimed or endorsed.
"""

from __future__ import annotations

import json
import re
import statistics
import tempfile
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import Stemmer
from rank_bm25 import BM25Okapi
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

import migrations
from bench.row import Row
from storage import workspaces
from storage.db import engines
from storage.experts import finding
from storage.ids import ChannelId, LearningId, Person, PersonId, Place, Ts, WorkspaceId
from storage.learned import helps, learnings
from storage.learned.entries import MAX_WORDS, NewLearning
from storage.places import channels, pockets
from storage.places.channels import ChannelFacts
from storage.prompts import answers, asked
from storage.search import counting
from storage.visibility import Viewer
from storage.workspaces import Installation

WORKSPACE = WorkspaceId("TBENCH")
PLACE = Place(WORKSPACE, ChannelId("CBENCH"))
LAST = 0.3
LEAST_WORDS = 5
BEST = 100
"""Documents whose scores Balog's model sums."""
FOREVER = 1e12

ASKS, OPENS, REPLIES, ENDS = range(4)
"""What happens, in order, where it happens at once: who asks knows nothing of what is being said."""

Scores = tuple[float, float, float]
"""Of one question: the reciprocal rank, whether the first is right, how many are among the first five."""


@dataclass(frozen=True)
class Conversation:
    """A question, who asked it when, and what others answered."""

    at: float
    asker: str
    question: str
    replies: tuple[tuple[float, str, str, bool], ...]
    """When, who, what, and whether whoever asked says that it helped."""

    @property
    def right(self) -> set[str]:
        """Who in fact answered."""
        return {who for _, who, _, _ in self.replies}

    @property
    def end(self) -> float:
        """When the last of it was said."""
        return max((at for at, *_ in self.replies), default=self.at)


def measure(_admin: URL, export: Path | None) -> Iterator[Row]:
    """The rows, of an export as Slack makes it, a zip file. Without one there is nothing real to ask."""
    if export is None:
        yield Row("skipped: EXPORT names no export", 0.0, "questions", None, None)
        return
    conversations = read(export)
    asking = [
        one
        for one in conversations[int(len(conversations) * (1 - LAST)) :]
        if one.right and len(one.question.split()) >= LEAST_WORDS
    ]
    ours, active = _ours(conversations, asking), _active(conversations, asking)
    model2, answered = (_model2(some, asking) for some in (_replies(conversations), _answered(conversations)))
    yield Row("questions", float(len(asking)), f"of {len(conversations)} conversations", None, None)
    for at, name in enumerate(("mrr", "p@1", "recall@5")):
        each = (ours, model2, active, answered)
        one, other, third, fourth = (statistics.mean(scores[at] for scores in some) for some in each)
        yield Row(name, one, "beside Balog's model 2 over BM25Okapi", other, one / other)
        yield Row(f"{name}, most active", one, "beside the most active so far", third, one / third)
        yield Row(f"{name}, by questions", one, "beside model 2 over the questions answered", fourth, one / fourth)


def read(export: Path) -> list[Conversation]:
    """The conversations of an export, in time order."""
    threads = defaultdict(list)
    with zipfile.ZipFile(export) as archive:
        days = [name for name in archive.namelist() if re.search(r"/\d{4}-\d\d-\d\d\.json$", name)]
        for message in (message for day in days for message in json.loads(archive.read(day))):
            if message.get("user") and not message.get("bot_id") and (message.get("text") or "").strip():
                threads[message.get("thread_ts") or message["ts"]].append(message)
    found = [_conversation(sorted(some, key=lambda one: float(one["ts"]))) for some in threads.values()]
    return sorted((one for one in found if one), key=lambda one: one.at)


def _conversation(messages: list[dict[str, Any]]) -> Conversation | None:
    first, *rest = messages
    if first.get("thread_ts") not in (None, first["ts"]):
        return None
    asker = first["user"]
    replies = tuple(
        (float(one["ts"]), one["user"], one["text"], _helped(one, asker)) for one in rest if one["user"] != asker
    )
    return Conversation(float(first["ts"]), asker, first["text"], replies)


def _helped(message: dict[str, Any], asker: str) -> bool:
    return any(one["name"] == "bulb" and asker in one["users"] for one in message.get("reactions", ()))


def _ours(conversations: Sequence[Conversation], asking: Sequence[Conversation]) -> list[Scores]:
    """What the product's own function finds, in a database that grows as time goes on."""
    with tempfile.TemporaryDirectory() as folder:
        url = URL.create("sqlite", database=f"{folder}/bench.db")
        migrations.upgrade(url)
        engine = engines.connect(url).execution_options(write=True)
        try:
            with Session(engine) as session:
                return list(_as_time_goes(session, conversations, asking))
        finally:
            engine.dispose()


def _as_time_goes(
    session: Session, conversations: Sequence[Conversation], asking: Sequence[Conversation]
) -> Iterator[Scores]:
    _open(session)
    events: list[tuple[float, int, Any]] = [(one.at, ASKS, one) for one in asking]
    for number, one in enumerate(conversations):
        events += [(one.at, OPENS, (number, one))]
        events += [(at, REPLIES, (number, place, one)) for place, (at, *_) in enumerate(one.replies)]
        events += [(one.end, ENDS, (number, one))]
    ids: dict[tuple[int, int], Any] = {}
    for at, kind, what in sorted(events, key=lambda event: event[:2]):
        if kind == ASKS:
            yield _score(_find(session, what, at=at), what)
        elif kind == OPENS:
            number, one = what
            new = NewLearning(key=f"bench:{number}", place=PLACE, words=one.question[:MAX_WORDS], kind="question")
            _share(session, new, one.asker, at=at)
        elif kind == REPLIES:
            number, place, one = what
            ids[number, place] = _reply(session, one, place, number=number)
        else:
            number, one = what
            _say_helped(session, one, [ids.get((number, place)) for place in range(len(one.replies))])


def _open(session: Session) -> None:
    workspaces.install(
        session, Installation(WORKSPACE, None, "Bench", "https://bench.example/", PersonId("UBOT"), "B1"), at=0.0
    )
    lead = Person(WORKSPACE, PersonId("ULEAD"))
    pockets.start(session, PLACE, ChannelFacts("bench", is_private=False), by=lead, at=0.0)
    channels.described(session, PLACE, ChannelFacts("bench", is_private=False), at=0.0)


def _share(session: Session, new: NewLearning, who: str, *, at: float) -> LearningId:
    try:
        return learnings.share(session, new, by=Person(WORKSPACE, PersonId(who)), here=True, at=at)
    finally:
        while counting.beat(session):
            pass


def _reply(session: Session, one: Conversation, place: int, *, number: int) -> LearningId:
    """A learning of whoever replied; their first is their answer."""
    at, who, text, _ = one.replies[place]
    new = NewLearning(key=f"bench:{number}:{place}", place=PLACE, words=text[:MAX_WORDS])
    id = _share(session, new, who, at=at)
    question = learnings.find_by_key(session, WORKSPACE, f"bench:{number}")
    round = asked.by(session, WORKSPACE, question.id) if question is not None else None
    if round is not None and who not in {reply[1] for reply in one.replies[:place]}:
        answers.take_form(session, round, PersonId(who), id)
    return id


def _say_helped(session: Session, one: Conversation, ids: list[Any]) -> None:
    for id, (_, who, _, helped) in zip(ids, one.replies, strict=True):
        if helped and id is not None and who != one.asker:
            ts = Ts(f"{one.end:.6f}")
            helps.press(session, id, by=Person(WORKSPACE, PersonId(one.asker)), event_ts=ts, at=one.end)


def _find(session: Session, one: Conversation, *, at: float) -> list[str]:
    viewer = Viewer(Person(WORKSPACE, PersonId(one.asker)), "member", since=0.0, until=FOREVER, channels=frozenset())
    return [found.person for found in finding.people(session, viewer, one.question, at=at, limit=1000)]


def _active(conversations: Sequence[Conversation], asking: Sequence[Conversation]) -> list[Scores]:
    """Whoever answered most so far."""
    replies = sorted((at, who) for one in conversations for at, who, _, _ in one.replies)
    found = []
    for one in asking:
        many = Counter(who for at, who in replies if at < one.at and who != one.asker)
        found.append(_score([who for who, _ in sorted(many.items(), key=lambda pair: (-pair[1], pair[0]))], one))
    return found


Texts = list[tuple[float, str, list[str]]]
"""When, who, and the terms of what speaks for them, in time order."""

_STEMS = Stemmer.Stemmer("english")


def _terms(text: str) -> list[str]:
    return list(_STEMS.stemWords(re.findall(r"[a-z0-9]+", text.lower())))


def _replies(conversations: Sequence[Conversation]) -> Texts:
    return sorted((at, who, _terms(text)) for one in conversations for at, who, text, _ in one.replies)


def _answered(conversations: Sequence[Conversation]) -> Texts:
    """Each question, for everybody who answered it, from when they first did."""
    found = Texts()
    for one in conversations:
        first = {who: at for at, who, _, _ in reversed(one.replies)}
        found += [(at, who, _terms(one.question)) for who, at in first.items()]
    return sorted(found)


def _model2(texts: Texts, asking: Sequence[Conversation]) -> list[Scores]:
    """Balog's model 2: the scores of the best documents, summed by author."""
    found = []
    for one in asking:
        before = [text for text in texts if text[0] < one.at]
        scores = BM25Okapi([words for *_, words in before]).get_scores(_terms(one.question))
        much: Counter[str] = Counter()
        for at in np.argsort(-scores, kind="stable")[:BEST]:
            much[before[at][1]] += scores[at]
        order = sorted((who for who in much if who != one.asker), key=lambda who: (-much[who], who))
        found.append(_score(order, one))
    return found


def _score(order: Sequence[str], one: Conversation) -> Scores:
    """The reciprocal rank of the first who answered; whether the first did; how many of them are among the first five."""
    rank = next((at for at, who in enumerate(order, start=1) if who in one.right), 0)
    return 1 / rank if rank else 0.0, float(rank == 1), len({*order[:5]} & one.right) / len(one.right)
