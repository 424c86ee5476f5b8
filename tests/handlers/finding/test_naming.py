"""`from:` and a name, where Slack offers none to choose from: it is whoever alone is called so, of those one may see."""

from __future__ import annotations

import json

import pytest
from sqlalchemy.engine import URL

from sandbox.records import Channel
from sandbox.slack import Slack
from tests.bot.typed import Operator
from tests.handlers.experts.asking import looks
from tests.memory import Memory
from tests.sights import card_of

UNKNOWN = "I don't know who is meant by"


@pytest.fixture
async def wheels(slack: Slack, pocket: Channel, memory: Memory) -> Channel:
    """Ben and Cleo each learned something about wheels; Ben's whole name is his alone, and Cleo shares hers."""
    slack.find_person("ben").real_name = "Ben Bërger"
    slack.find_person("cleo").real_name = slack.person("clio").real_name = "Cleo Costa"
    await slack.types("ben", "/share A wheel squeaks", in_=pocket)
    await slack.types("cleo", "/share Oil every wheel", in_=pocket)
    await memory.settled()
    return pocket


async def finds(slack: Slack, who: str, typed: str, where: Channel) -> str:
    """What is found; asked again while Slack has not said in time what people are called."""
    for _ in range(20):
        said = (await looks(slack, who, typed, where)).text
        if UNKNOWN not in said:
            break
    return said


async def test_a_name_in_homes_field_is_whoever_alone_has_it(slack: Slack, wheels: Channel, memory: Memory) -> None:
    """Typed as a mention, as one reads it; there it is no mention, but these very letters."""
    await slack.opens_home("ana")
    await memory.settled()
    page = slack.sees("ana").home
    assert page is not None
    for _ in range(20):
        await slack.presses("ana", "home.find", on=page, value="from:@ben wheel")
        form = slack.sees("ana").form
        assert form is not None
        said = slack.text_of(form)
        await slack.closes("ana", form)
        if UNKNOWN not in said:
            break
    assert "A wheel squeaks" in said
    assert "Oil every wheel" not in said
    assert card_of(slack, wheels, "A wheel squeaks")


@pytest.mark.parametrize(
    "name", ["ben", "@Ben", '"ben bërger"', '"Ben  Bërger"', "@ben,", "U1"], ids=lambda name: name.replace(" ", "_")
)
async def test_a_handle_a_whole_name_and_an_id_do(slack: Slack, wheels: Channel, name: str) -> None:
    """However they are written."""
    name = name.replace("U1", slack.find_person("ben").id)
    said = await finds(slack, "ana", f"from:{name} wheel", wheels)
    assert ("squeaks" in said, "Oil" in said) == (True, False)


async def test_a_name_that_more_have_or_nobody_is_not_guessed(slack: Slack, wheels: Channel) -> None:
    """It says what to do; a guest, who may not see what everybody is called, hears the same of a name that is there."""
    slack.person("gil", guest="multi")
    await slack.invites("ana", "gil", wheels)
    for who, name in (("ana", '"cleo costa"'), ("ana", "@nobody"), ("gil", "ben")):
        said = (await looks(slack, who, f"from:{name} wheel", wheels)).text
        assert UNKNOWN in said, (who, name)
        assert "name that nobody else has will do" in said
        assert ("Oil" in said) == (not name.startswith("@")), (
            "what may be a header that was pasted is looked for as words"
        )


async def test_an_operator_names_people_too(
    slack: Slack, wheels: Channel, database_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`outloud search "from:@ben …" --as`; a name that says nothing narrows nothing, and says so."""
    operator, dan = Operator(slack, database_url, monkeypatch), slack.find_person("dan").id
    for _ in range(20):
        said = json.loads(await operator.types("search", "from:@ben wheel", "--as", dan, "--json"))
        if said["results"]:
            break
    assert [one["text"] for one in said["results"]] == ["A wheel squeaks"]
    assert "Not understood: from:@nobody." in await operator.types("search", "from:@nobody wheel", "--as", dan)
    assert wheels.name == "learning"
