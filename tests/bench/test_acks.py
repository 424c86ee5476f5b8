"""The benches of acks in their shortest form: not how long it takes, but that it is measured, and of what was truly saved."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator

import pytest
import typer

from bench import __main__ as command
from bench import acks, load, stand
from sandbox.companion import AppFailed

SHORT = acks.Effort(rounds=1, requests=4, at_once=2, followed=2)
"""Two of them come before, to warm up."""


def test_an_ack_is_measured_beside_an_empty_one() -> None:
    """CPU of both, and how they stand to each other; and what it costs with all that follows."""
    row, all_of_it = acks.shares(SHORT)
    assert (row.name, all_of_it.name) == ("share-ack", "share-ack, with its card")
    assert row.baseline is not None
    assert row.ratio == row.value / row.baseline
    assert row.value > 0


def test_what_was_acknowledged_and_is_not_there_is_no_figure() -> None:
    """A sentence that says what is missing."""
    stand.require("sqlite://", ("SELECT 6",), 6)
    with pytest.raises(AppFailed, match="6 were answered, but there are 5: SELECT 5"):
        stand.require("sqlite://", ("SELECT 6", "SELECT 5"), 6)


def test_without_postgresql_the_bench_that_needs_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A sentence, and no traceback."""
    monkeypatch.setenv("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:1/postgres")
    with pytest.raises(typer.Exit) as ended:
        command.main(only="share-ack-postgres", export=None)
    assert ended.value.exit_code == 1
    assert "PostgreSQL is needed, where TEST_POSTGRES_URL says" in capsys.readouterr().err


async def test_who_waits_for_the_others_has_waited() -> None:
    """Of those that come by chance, seconds are counted from when each was due, whatever keeps it from being sent."""
    async with served(takes=0.02) as port:
        took = await load.by_chance(port, [ASKED] * 20, 10_000, random.Random(1))  # noqa: S311 -- again the same
    assert len(took) == 20
    assert max(took) >= 20 * 0.02 * 0.9, (
        "the last waits for all that came before it, at a server that takes one at a time"
    )


async def test_what_is_not_acknowledged_is_no_figure() -> None:
    """A sentence with the status, and how often."""
    async with served(status=503) as port:
        with pytest.raises(AppFailed, match=r"\{503: 3\}, of 3"):
            await load.at_once(port, [ASKED] * 3, 2)


ASKED = b"POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n"


@contextlib.asynccontextmanager
async def served(*, takes: float = 0.0, status: int = 200) -> AsyncIterator[int]:
    """Whoever asks at this port is answered so, one after another, after so many seconds."""
    one_at_a_time = asyncio.Lock()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while await reader.readuntil(b"\r\n\r\n"):
                async with one_at_a_time:
                    await asyncio.sleep(takes)
                writer.write(f"HTTP/1.1 {status} Said\r\nContent-Length: 0\r\n\r\n".encode())
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
