"""What a prompt, or a question, carries of its answers once it is closed: a line each, with a link to where it stands."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.blocks.rounds import Line
from handlers.desk import Desk
from handlers.slack.showing import message_link
from storage import workspaces
from storage.prompts.answers import AnswerView
from storage.prompts.rounds import RoundView


async def lines(desk: Desk, round: RoundView, came: Sequence[AnswerView]) -> list[Line]:
    """The lines of these answers of a round."""
    me = await desk.db.read(workspaces.find, round.place.workspace)
    return [
        Line(
            answer.learning.plain_words,
            None if answer.learning.without_name else answer.learning.author,
            message_link(me, round.place.channel, answer.ts or round.ts or "", thread=round.ts),
        )
        for answer in came
    ]
