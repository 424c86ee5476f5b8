"""An empty Bolt app that hears of every command and every event, acknowledges it, and does nothing.

`python -m bench.baselines.empty_app`, with the environment of `outloud run`: the least that a program of Bolt's costs.
"""

from __future__ import annotations

import re

from slack_bolt.context.ack.async_ack import AsyncAck

from bench.baselines import serving

ANYTHING = re.compile("")

app = serving.app()


@app.command(ANYTHING)
@app.event(ANYTHING)
async def acknowledge(ack: AsyncAck) -> None:
    """Say nothing but that it came."""
    await ack()


if __name__ == "__main__":
    serving.serve(app)
