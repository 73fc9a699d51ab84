"""A token bucket. Pure."""


class RateLimit:
    """At most ``burst`` at once and ``per_second`` in the long run."""

    __slots__ = ("_burst", "_filled_at", "_per_second", "_tokens")

    def __init__(self, per_second: float, burst: int) -> None:
        self._per_second = per_second
        self._burst = burst
        self._tokens = float(burst)
        self._filled_at: float | None = None

    def admits(self, now: float) -> bool:
        """Whether one more may pass now."""
        if self._filled_at is not None:
            self._tokens = min(self._burst, self._tokens + (now - self._filled_at) * self._per_second)
        self._filled_at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def spend(self, more: float) -> None:
        """What passed was worth more than one: later ones wait for that too, at most as long as for a whole burst."""
        self._tokens = max(-self._burst, self._tokens - more)
