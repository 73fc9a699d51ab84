"""How often something may be asked for."""

from signaling.errors import TooManyRequests


class Pace:
    """``burst`` at once, ``per_s`` a second for longer. Time is in seconds of a steady clock."""

    def __init__(self, per_s: float, burst: float) -> None:
        self._per_s = per_s
        self._burst = burst
        self._left = burst
        self._at = 0.0

    def take(self, now: float) -> None:
        """Count one more. Raises TooManyRequests."""
        self._left = min(self._burst, self._left + max(0.0, now - self._at) * self._per_s)
        self._at = now
        if self._left < 1:
            raise TooManyRequests("slow down")
        self._left -= 1
