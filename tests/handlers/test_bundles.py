"""Several private words in one message: which part of it a press replaces."""

from __future__ import annotations

from handlers.blocks import Block, bundles, section

ONE, TWO = [section("one"), section("more of one")], [section("two")]


def texts(blocks: list[Block]) -> list[str]:
    """What they say."""
    return [block["text"]["text"] if "text" in block else "—" for block in blocks]


def test_the_part_that_was_pressed_is_replaced_again_and_again() -> None:
    """The others stay as they are, and every block has an id of its own."""
    blocks = bundles.bundle([ONE, TWO, ONE])
    assert texts(blocks) == ["one", "more of one", "—", "two", "—", "one", "more of one"]
    for words in ("undone", "redone"):
        pressed = next(one["block_id"] for one in reversed(blocks) if "block_id" in one)
        blocks = bundles.replaced(blocks, pressed, [section(words), section("and on")])
        assert texts(blocks) == ["one", "more of one", "—", "two", "—", words, "and on"]
    ids = [one["block_id"] for one in blocks if "block_id" in one]
    assert len(set(ids)) == len(ids)


def test_a_line_of_a_part_is_replaced_alone_and_its_whole_part_with_it() -> None:
    """Lines that bring an id: each may be undone by itself, or all at once by the part's own button."""
    lines = [section(id) | {"block_id": id} for id in ("a", "b")]
    blocks = bundles.bundle([ONE, [section("head"), *lines, section("foot")]])
    line = next(one["block_id"] for one in blocks if one.get("text", {}).get("text") == "a")
    undone = bundles.replaced(blocks, line, [section("undone")])
    assert texts(undone)[3:] == ["head", "undone", "b", "foot"]
    whole = bundles.replaced(undone, undone[-1]["block_id"], [section("never")])
    assert texts(whole) == ["one", "more of one", "—", "never"]


def test_what_is_too_long_together_waits_and_what_is_long_alone_does_not() -> None:
    """Slack refuses a message whose blocks hold far too much."""
    long = [section("x" * 3000)]
    assert bundles.fit([long * 4])
    assert bundles.fit([long, long, long])
    assert not bundles.fit([long, long, long, ONE])


def test_a_part_is_found_by_the_id_that_it_brought() -> None:
    """In whatever message it stands, and also when another part of it was pressed."""
    mine = [section("asked") | {"block_id": "asked q1"}, section("below") | {"block_id": "asked q1"}]
    blocks = bundles.bundle([ONE, mine])
    first = bundles.named(blocks, "asked q1")
    assert texts(bundles.replaced(blocks, first, [section("over")])) == ["one", "more of one", "—", "over"]
    assert bundles.named(blocks, "asked q2") == ""


def test_a_message_that_is_no_bundle_is_replaced_whole() -> None:
    """As answers to other buttons are."""
    assert bundles.replaced([section("before") | {"block_id": "x1"}], "x1", TWO) == TWO
    assert bundles.replaced([], "", TWO) == TWO
