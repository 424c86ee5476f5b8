"""The sandbox's own clock: it can be sped up, moved, and set to another day.

Three readings, for three needs:

- `now()` dates things (message times, `event_ts`): seconds since 1970, UTC. `set` relabels it.
- `passed()` measures quotas and the waits between retries: it runs `speed` times as fast as the wall, and `move` adds
  to it.
- `lived()` measures what bounds the app's own work (3-second deadlines, the life of a `trigger_id`): real seconds, plus
  `move`. It does not follow `speed`, because the app lives in real time.
"""

import time


class Clock:
    """A clock that starts at the wall's time, or at `now` (seconds since 1970, UTC), and runs `speed` times as fast."""

    def __init__(self, *, now: float | None = None, speed: float = 1.0) -> None:
        self.speed = speed
        self._started = time.monotonic()
        self._moved = 0.0
        self._kept = 0.0
        self._offset = time.time() if now is None else now

    def lived(self) -> float:
        """Real seconds since the start, plus what was moved."""
        return time.monotonic() - self._started + self._moved

    def passed(self) -> float:
        """Seconds that have passed in the sandbox's world since the start."""
        return (time.monotonic() - self._started) * self.speed + self._moved + self._kept

    def now(self) -> float:
        """The date of the sandbox's world: seconds since 1970, UTC."""
        return self._offset + self.passed()

    def move(self, seconds: float) -> None:
        """Let `seconds` pass at once: quotas refill, retries fall due, triggers expire.

        Raises `ValueError` for a negative number: time does not pass backwards (see `set`).
        """
        if seconds < 0:
            raise ValueError("Time passes forwards only; use set() to give the clock another date.")
        self._moved += seconds

    def set(self, now: float) -> None:
        """Give the clock another date, without any time passing."""
        self._offset = now - self.passed()

    def run(self, speed: float) -> None:
        """Run `speed` times as fast as the wall from now on; no reading jumps.

        Raises `ValueError` for a speed of 0 or less: time does not stand still.
        """
        if speed <= 0:
            raise ValueError("The clock's speed is a number above 0.")
        self._kept += (time.monotonic() - self._started) * (self.speed - speed)
        self.speed = speed

    def real(self, seconds: float) -> float:
        """How many real seconds it takes until `seconds` of the sandbox's world have passed."""
        return seconds / self.speed
