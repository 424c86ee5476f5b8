"""An empty Bolt app that hears of one event, and acknowledges it."""

from __future__ import annotations

from slack_bolt.context.ack.async_ack import AsyncAck

from bench.baselines import serving

app = serving.app()


@app.event("reaction_added")
async def reacted(ack: AsyncAck) -> None:
    """Say nothing but that it came."""
    await ack()


if __name__ == "__main__":
    serving.serve(app)
