"""Whether search finds the right thing: the threads of a real chat, each question asked of all the answers.

Of each thread whose question, and whose answers by others, have five words or more, the answers are one learning; the question
is what somebody types behind `/recall`. Right is its own thread's learning. Beside it: `rank-bm25`'s BM25Okapi, as it comes, over
the same terms but function words, with which it finds less (docs/benchmarks.md).
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rank_bm25 import BM25Okapi
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from bench import community, shelves
from bench.row import Row
from bench.shelves import Shelf
from sandbox.export import Export, ExportedMessage
from storage import markup
from storage.search import finding, function_words, tokens

LEAST = 5
"""Words of a question, and of the answers to it."""

TOP = 10


@dataclass(frozen=True, slots=True)
class Thread:
    """A question, and what others answered; when the last of that was said (seconds since 1970, UTC)."""

    question: str
    answers: str
    at: float


Search = Callable[[str], Sequence[int]]
"""Finds at most ten threads by the numbers of their answers, best first."""


def measure(admin: URL, export: Path | None) -> Iterator[Row]:
    """The rows: on either engine, what people's searches find, beside BM25Okapi."""
    with tempfile.TemporaryDirectory(prefix="outloud-bench-") as folder:
        if export is None:
            export = Path(folder) / "made-up.zip"
            community.write(export, seed=7)
        threads = list(read(export))
        other = _score(_okapi(threads), threads)
        for engine in shelves.ENGINES:
            with shelves.shelf(admin, engine, Path(folder)) as shelf:
                ours = _score(_outloud(shelf, threads), threads)
            for name, value, baseline in zip((f"mrr, {engine}", f"recall, {engine}"), ours, other, strict=True):
                yield Row(name, value, f"@{TOP}, {len(threads)} questions", baseline, value / baseline)


def read(path: Path) -> Iterator[Thread]:
    """The threads of an export that are asked."""
    said: dict[tuple[str, str], list[ExportedMessage]] = defaultdict(list)
    with Export(path) as export:
        for channel, message in export.messages():
            if message.user and not message.bot_id:
                said[channel.id, message.thread_ts or message.ts].append(message)
    for (_, root), messages in said.items():
        asked = [one for one in messages if one.ts == root]
        answers = [one for one in messages if asked and one.user != asked[0].user]
        question = " ".join(markup.plain(one.text) for one in asked)
        answer = "\n".join(markup.plain(one.text) for one in answers)
        if min(len(question.split()), len(answer.split())) >= LEAST:
            yield Thread(question, answer, max(one.time for one in answers))


def _outloud(shelf: Shelf, threads: Sequence[Thread]) -> Search:
    """Through the function that people's searches use."""
    numbers = {shelf.share(thread.answers, at=thread.at): number for number, thread in enumerate(threads)}
    shelf.count()
    now = max(thread.at for thread in threads)

    def search(question: str) -> list[int]:
        with Session(shelf.engine) as session:
            asked = finding.understand(markup.escape(question), by=shelf.reader.person, at=now)
            found = finding.find(session, shelf.reader, asked, at=now, page=TOP)
        return [numbers[hit.learning.id] for hit in found.hits]

    return search


def _okapi(threads: Sequence[Thread]) -> Search:
    index = BM25Okapi([_telling(thread.answers) for thread in threads])

    def search(question: str) -> list[int]:
        scores = index.get_scores(_telling(question))
        return sorted(range(len(threads)), key=lambda number: -scores[number])[:TOP]

    return search


def _telling(text: str) -> list[str]:
    return [term for term in tokens.terms(text) if term not in function_words.TERMS]


def _score(search: Search, threads: Sequence[Thread]) -> tuple[float, float]:
    """The mean of one over the right one's rank, and how often it is among the first ten."""
    ranks = list[int]()
    for number, thread in enumerate(threads):
        found = search(thread.question)
        if number in found:
            ranks.append([*found].index(number) + 1)
    return sum(1 / rank for rank in ranks) / len(threads), len(ranks) / len(threads)
