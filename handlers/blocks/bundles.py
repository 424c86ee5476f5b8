"""Several private words in one message: each stays a part of its own, that a press on its buttons changes alone."""

from __future__ import annotations

from collections.abc import Sequence

from .elements import Block

PART = "notice"
MOST_BLOCKS = 50
"""Blocks in a message (Block Kit)."""

ROOM = 9_000
"""Characters of several parts: Slack refuses a message whose blocks hold far more (`msg_blocks_too_long`), and names no limit."""

DIVIDER: Block = {"type": "divider"}


def bundle(parts: Sequence[list[Block]]) -> list[Block]:
    """The parts below each other. A block that brings an id of its own is a part within its part."""
    blocks: list[Block] = []
    for number, part in enumerate(parts):
        blocks += ([DIVIDER] if number else []) + _named(part, str(number))
    return blocks


def fit(parts: Sequence[list[Block]]) -> bool:
    """Whether a message takes them all; one alone may be as long as it is."""
    is_short = len(parts) == 1 or sum(map(_length, parts)) <= ROOM
    return sum(map(len, parts)) + len(parts) - 1 <= MOST_BLOCKS and is_short


def replaced(blocks: list[Block], pressed: str, part: list[Block]) -> list[Block]:
    """What a message says once the part with the block `pressed` says something else: all of it, where it has one part."""
    number = _part_of(pressed)
    mine = [place for place, block in enumerate(blocks) if number and _part_of(block.get("block_id", "")) == number]
    if not mine:
        return part
    return [*blocks[: mine[0]], *_named(part, number), *blocks[mine[-1] + 1 :]]


def _length(part: list[Block]) -> int:
    """Characters of its sections: the rest is short."""
    return sum(len(str((block.get("text") or {}).get("text", ""))) for block in part)


def named(blocks: list[Block], id: str) -> str:
    """The first block's own id, in a message, of the part whose blocks brought this id; empty where there is none."""
    ids = [str(block.get("block_id", "")) for block in blocks]
    return next((one for one in ids if _part_of(one).partition("-")[2] == id), "")


def _named(part: list[Block], number: str) -> list[Block]:
    return [
        block | {"block_id": f"{PART}.{'-'.join(filter(None, (number, block.get('block_id'))))}.{place}"}
        for place, block in enumerate(part)
    ]


def _part_of(block_id: str) -> str:
    kind, _, rest = block_id.partition(".")
    return rest.partition(".")[0] if kind == PART else ""
