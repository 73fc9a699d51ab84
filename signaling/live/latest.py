"""Latest values only: the first of a key leaves at once, later ones not more often than a few times per second."""

import asyncio
from collections.abc import Callable, Hashable

INTERVAL_S = 0.25


class Latest:
    """Sends for each key the first value, and from then on the newest once per interval. Runs on the event loop."""

    def __init__(self, delay_s: float = 0.0) -> None:
        """``delay_s`` is how long the first value waits for others of the same moment; 0 sends it within ``offer``."""
        self._delay_s = delay_s
        self._waiting: dict[Hashable, Callable[[], None] | None] = {}

    def offer(self, key: Hashable, send: Callable[[], None]) -> None:
        """Call ``send`` now or when its turn comes, unless a later one takes its place."""
        if key in self._waiting:
            self._waiting[key] = send
        elif self._delay_s:
            self._waiting[key] = send
            self._turn_after(self._delay_s, key)
        else:
            self._waiting[key] = None
            self._turn_after(INTERVAL_S, key)
            send()

    def _turn_after(self, seconds: float, key: Hashable) -> None:
        asyncio.get_running_loop().call_later(seconds, self._turn, key)

    def _turn(self, key: Hashable) -> None:
        send = self._waiting[key]
        if send is None:
            del self._waiting[key]
            return
        self._waiting[key] = None
        self._turn_after(INTERVAL_S, key)
        send()
