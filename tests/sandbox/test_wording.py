"""What Slack's client makes of what is typed, whatever it is."""

from hypothesis import example, given
from hypothesis import strategies as st

from sandbox.reading import read
from sandbox.shapes import pings
from sandbox.wording import typed_command, typed_text
from sandbox.world import World
from tests.sandbox.parrot import MANIFEST

WORLD = World(MANIFEST)
ANA = WORLD.add_person("ana")
WORLD.add_channel("learning")

PIECES = st.sampled_from(
    [
        "@ana",
        "@here",
        "#learning",
        "https://x.io/?a=1&b=<2>",
        "<!channel>",
        f"<@{ANA.id}>",
        "&amp;",
        "&lt;",
        "<",
        ">",
        "|",
        " ",
    ]
)
TYPED = st.lists(st.one_of(st.text(), PIECES)).map("".join)


@given(TYPED)
@example("<https://x.io|there>")
def test_what_is_read_is_what_was_typed(text: str) -> None:
    """Nothing is lost on the way through Slack."""
    assert read(typed_text(WORLD, text), WORLD) == text


@given(st.text(alphabet="<>!@#&;|channelhere ^US0123"))
@example("<!channel>")
@example(f"<@{ANA.id}>")
def test_signs_that_are_typed_ping_nobody(text: str) -> None:
    """Only a name after an @ does."""
    assert not pings({"text": typed_text(WORLD, text.replace("@", ""))})


@given(TYPED)
def test_a_commands_text_is_escaped_and_else_left_alone(text: str) -> None:
    """Names are no mentions, unless the manifest says otherwise."""
    sent = typed_command(WORLD, text, should_escape=False)
    assert not {"<", ">"} & set(sent)
    assert sent.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == text
