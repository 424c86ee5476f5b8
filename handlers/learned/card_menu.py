"""A card's menu: what changes the learning, for its author and the leads; and endorsing its author, for everybody else."""

from __future__ import annotations

from handlers import blocks, experts
from handlers.desk import Call
from handlers.payloads import MenuPress

from . import changing


async def chosen(call: Call) -> None:
    """Something was chosen in it."""
    is_endorsing = MenuPress.of(call).choice == blocks.cards.ENDORSE
    await (experts.endorsing.chosen_on_card if is_endorsing else changing.chosen)(call)
