"""Something was written: below a round it is an answer, below a card its author hears of it, and below a question both.

All else costs nothing.
"""

from __future__ import annotations

from handlers.desk import Call
from handlers.learned import discussing
from handlers.payloads import WrittenEvent
from handlers.slack.showing import answers_to
from storage.prompts import rounds

from . import round_answers


async def written(call: Call) -> None:
    """Only what people write in the threads of Outloud's own messages is looked at; of all else nothing is remembered."""
    if answers_to(call.bot, call.body["event"]):
        event = WrittenEvent.of(call)
        may_be_round = await call.desk.db.read(rounds.is_awaited, event.place)  # first: it may be known any moment
        round = await call.desk.db.read(rounds.of_thread, event.place, event.thread_ts)
        if round is None or round.asked is not None:
            await discussing.replied(call, event)
        if round is not None or may_be_round:
            await round_answers.replied(call, event)
    await call.ack()
