"""An export as if it were said from now on: a bot that looks for what it posted asks from its own clock's time on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from sandbox.export import Export, ExportedChannel, ExportedMessage


class Present(Export):
    """An export whose first message is said a minute from now, and each other as much later as it was then."""

    def __init__(self, path: Path | str) -> None:
        super().__init__(path)
        first = next(super().messages(), None)
        self._later = int(time.time() + 60 - first[1].time) if first else 0

    def messages(self) -> Iterator[tuple[ExportedChannel, ExportedMessage]]:
        """As in the export, at their new times."""
        for channel, message in super().messages():
            moved = {"ts": self._moved(message.ts), "thread_ts": self._moved(message.thread_ts), "edited": None}
            yield channel, message.model_copy(update=moved)

    def _moved(self, ts: str) -> str:
        seconds, dot, micros = ts.partition(".")
        return f"{int(seconds) + self._later}{dot}{micros}" if ts else ts
