"""An empty Bolt app with one command, which it acknowledges."""

from __future__ import annotations

from slack_bolt.context.ack.async_ack import AsyncAck

from bench.baselines import serving

app = serving.app()


@app.command("/share")
async def share(ack: AsyncAck) -> None:
    """Say nothing but that it came."""
    await ack()


if __name__ == "__main__":
    serving.serve(app)
