"""Which names are one emoji, and what people may type for one."""

from __future__ import annotations

import pytest

from sandbox.emoji import standard_names
from storage import emoji_names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("+1", "thumbsup"),
        ("wave::skin-tone-3", "wave"),
        ("bulb", "light_bulb"),
        ("heart", "red_heart"),
        ("flag-de", "de"),
        ("large_green_circle", "green_circle"),
        ("party_parrot", "party_parrot"),
    ],
)
def test_these_are_one(one: str, other: str) -> None:
    """By whatever name."""
    assert emoji_names.same(one) == emoji_names.same(other)


def test_each_standard_emoji_of_slack_is_known_by_its_name() -> None:
    """But for the few that are Slack's own pictures, and no characters."""
    unknown = {name for name in standard_names() if not emoji_names.is_standard(name)}
    pictures = (
        "bowtie cubimal_chick dusty_stick glitch_crab piggy pride simple_smile slack slack_call squirrel thumbsup_all"
    )
    assert unknown == {*pictures.split(), "flag-sark", *(f"skin-tone-{tone}" for tone in range(2, 7))}


def test_each_that_is_typed_as_a_character_is_the_one_that_slack_names() -> None:
    """From Slack's name to the character, as a text shows it, and back."""
    for name in standard_names():
        if emoji_names.is_standard(name):
            back = emoji_names.typed(emoji_names.shown(name))
            assert back is not None
            assert emoji_names.same(back) == emoji_names.same(name), name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        (" :Party_Parrot: ", "party_parrot"),
        ("bulb", "bulb"),
        ("👋🏽", "wave"),
        (":wave::skin-tone-2:", "wave"),
        ("🟢", "large_green_circle"),
        ("two words", None),
        ("💡💡", None),
        ("<!channel>", None),
        ("", None),
    ],
)
def test_what_people_type(typed: str, name: str | None) -> None:
    """A name, with or without colons, or the character."""
    found = emoji_names.typed(typed)
    assert (found and emoji_names.same(found)) == (name and emoji_names.same(name))
