"""An empty Bolt app with one command, which writes one row, and acknowledges it once that is committed for good.

SQLite, as durable as the product's (`synchronous=FULL`, WAL), by the driver alone, in a thread: others are heard meanwhile.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor

from slack_bolt.context.ack.async_ack import AsyncAck
from sqlalchemy.engine import make_url

from bench.baselines import serving

app = serving.app()
thread = ThreadPoolExecutor(1)


def connect() -> sqlite3.Connection:
    """The database that `DATABASE_URL` names, with its one table."""
    opened = sqlite3.connect(str(make_url(os.environ["DATABASE_URL"]).database), isolation_level=None)
    opened.execute("PRAGMA journal_mode=WAL")
    opened.execute("PRAGMA synchronous=FULL")
    opened.execute("CREATE TABLE IF NOT EXISTS rows (words TEXT NOT NULL)")
    return opened


database = thread.submit(connect).result()


def write(words: str) -> None:
    """One row, committed."""
    database.execute("INSERT INTO rows (words) VALUES (?)", (words,))


@app.command("/share")
async def share(ack: AsyncAck, body: dict[str, str]) -> None:
    """Say that it came once it is on disk."""
    await asyncio.get_running_loop().run_in_executor(thread, write, body["text"])
    await ack()


if __name__ == "__main__":
    serving.serve(app)
