"""Transactions that run at once, each in a thread of its own, as those of several processes do."""

from __future__ import annotations

import threading
from collections.abc import Callable

from sqlalchemy import Engine
from sqlalchemy.orm import Session


def at_once(engine: Engine, *works: Callable[[Session], object]) -> list[object]:
    """Each in a transaction and a thread of its own; what came of them."""
    ended: dict[int, object] = {}
    begun = threading.Barrier(len(works), timeout=20)

    def run(number: int, work: Callable[[Session], object]) -> None:
        begun.wait()
        with Session(engine) as session:
            came = work(session)
            session.commit()
            ended[number] = came

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [ended[number] for number in range(len(works))]
