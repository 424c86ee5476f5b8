"""What an export brought into the channels of the matrix, and how one looks for it: the roads are those of all results."""

from __future__ import annotations

import json
import re
from pathlib import Path

from bot.commands import importing
from bot.commands import search as searching
from sandbox.records import Channel, Message, Person
from sandbox.slack import Slack
from storage import ids
from storage.ids import PersonId, WorkspaceId
from tests.bot.importing.packing import said, zipped

from .sample import Sample
from .stage import Stage


def word(number: int) -> str:
    """A word of what is imported into a channel; beside it stands another, that begins with `of`."""
    return f"i{number:02}q"


async def into(slack: Slack, channels: dict[str, Channel], folder: Path) -> None:
    """Of each channel an export, with a message of Ana's that a colleague kept; what the command says tells of neither."""
    ana, team = slack.find_person("ana").id, slack.world.team_id
    authors = [{"id": id, "team_id": team, "name": name} for id, name in ((ana, "ana"), ("U0OTHER", "other"))]
    for number, channel in enumerate(channels.values()):
        text, ts = f"Imported {word(number)} of{word(number)}", f"1600000001.{number:06}"
        kept = {"bulb": ["U0OTHER"]}  # it stands in Slack, too: else it would be forgotten once somebody looks there
        channel.messages[ts] = Message(channel.id, ts, ana, text, reactions=kept)
        files = {
            "users.json": authors,
            "channels.json": [],
            "groups.json" if channel.is_private else "channels.json": [{"id": channel.id, "name": channel.name}],
            f"{channel.name}/2020-09-13.json": [said(ts, ana, text, kept=["U0OTHER"])],
        }
        export = zipped(folder / f"{channel.name}.zip", files)
        for dry in (True, False):
            tally = await importing.carry(export, channel.id, "", dry=dry)
            told = " ".join([*tally.lines(dry=dry), json.dumps(tally.facts())])
            assert tally.facts()["learnings"] == 1
            assert not {word(number), f"of{word(number)}", channel.name, ana} & {*re.findall(r"\w+", told)}


async def look(stage: Stage, who: Person, sample: Sample) -> str:
    """`/recall`, and `outloud search --as` them: what stands there without what was looked for."""
    if not sample.imported:
        return ""
    person = ids.Person(WorkspaceId(stage.slack.world.team_id), PersonId(who.id))
    typed = await stage.types(who, "/recall", sample.imported, sample.channel)
    found = json.loads(await searching.told(stage.desk, person, sample.imported, 10, as_json=True))
    return typed + json.dumps([found["results"], found["corrected"], found["more"]])
