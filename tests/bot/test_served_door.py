"""The front door on uvicorn, over a real connection: what a server makes of bodies and lengths is part of it."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from bot import signature
from bot.commands.serving import listen
from bot.payloads import LARGEST
from sandbox.serving import serving
from tests.bot.doorstep import EVENT, NOW, SECRET, House

RAW = json.dumps(EVENT).encode()
AT = str(int(NOW))
HEADERS = [
    "POST /slack/events HTTP/1.1",
    "Host: outloud",
    "Content-Type: application/json",
    f"X-Slack-Request-Timestamp: {AT}",
    f"X-Slack-Signature: {signature.sign(RAW, timestamp=AT, secret=SECRET)}",
]

Talk = Callable[..., Awaitable[bytes]]


@asynccontextmanager
async def served(house: House) -> AsyncIterator[Talk]:
    """Send bytes to the served door, and read until it closes the connection."""
    async with serving(house.application, lifespan=True) as address:
        port = int(address.rpartition(":")[2])

        async def exchange(*lines: str, body: bytes = b"") -> bytes:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write("\r\n".join([*HEADERS, *lines, "", ""]).encode() + body)
            answer = b""
            with suppress(ConnectionError):  # it may close before it has read all
                await writer.drain()
                answer = await reader.read()
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()
            return answer

        yield exchange


@pytest.fixture
def house() -> House:
    """A house that waits as long as a test does."""
    return House()


@pytest.fixture
async def talk(house: House) -> AsyncIterator[Talk]:
    """The way to talk to that house."""
    async with served(house) as exchange:
        yield exchange


async def test_a_body_of_known_length_is_taken(house: House, talk: Talk) -> None:
    """As Slack sends it."""
    answer = await talk(f"Content-Length: {len(RAW)}", "Connection: close", body=RAW)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert house.taken[0][0] == EVENT


async def test_a_body_in_chunks_is_taken(house: House, talk: Talk) -> None:
    """A proxy in between may send it so. The signature is over the bytes within the chunks."""
    half = len(RAW) // 2
    parts = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (RAW[:half], RAW[half:], b""))
    answer = await talk("Transfer-Encoding: chunked", "Connection: close", body=parts)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert house.taken[0][0] == EVENT


async def test_an_answer_does_not_wait_until_its_headers_are_acknowledged() -> None:
    """40 ms on a connection that is kept: what the program's own port accepts sends each part at once."""
    undelayed = asyncio.get_running_loop().create_future()

    def accept(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        taken = writer.get_extra_info("socket")
        undelayed.set_result(taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    async with await asyncio.start_server(accept, sock=listen("127.0.0.1", 0)) as server:
        _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        assert await undelayed
        writer.close()


@pytest.mark.parametrize("length", ["-1", "abc", "1, 2", ""])
async def test_a_length_that_is_none_is_400(house: House, talk: Talk, length: str) -> None:
    """The server or the door says so; nothing goes on."""
    assert (await talk(f"Content-Length: {length}", body=RAW)).startswith(b"HTTP/1.1 400 ")
    assert not house.taken


async def test_a_body_said_to_be_too_large_is_413_before_it_comes(talk: Talk) -> None:
    """Nothing of it was sent; the connection ends all the same."""
    answer = await talk(f"Content-Length: {LARGEST + 1}")
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"The request is larger than 2 MiB." in answer


async def test_a_body_without_end_is_413_and_cut_off(talk: Talk) -> None:
    """Four megabytes in one chunk of which more is announced."""
    answer = await talk("Transfer-Encoding: chunked", body=b"%x\r\n" % (1 << 30) + b"x" * (4 << 20))
    assert answer == b"" or answer.startswith(b"HTTP/1.1 413 ")


async def test_a_body_that_stays_away_is_408() -> None:
    """It was announced, and the connection stays open: the door does not wait for ever."""
    async with served(House(patience=0.0)) as talk:
        assert (await talk(f"Content-Length: {len(RAW)}")).startswith(b"HTTP/1.1 408 ")
