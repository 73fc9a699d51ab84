"""How much of a processor a relay has used lately, from what it reports of itself. Pure."""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

REPORTS: Final = 4  # of two seconds each, so three intervals


@dataclass(slots=True)
class Processor:
    """Processor seconds of a relay's process, and when they were heard of."""

    _heard: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=REPORTS))

    def note(self, seconds: float, now: float) -> None:
        """Take in a report; one that has fallen is that of another process."""
        if self._heard and seconds < self._heard[-1][1]:
            self._heard.clear()
        self._heard.append((now, seconds))

    @property
    def share(self) -> float:
        """Of one core over the last reports; 0 as long as too little is known."""
        if len(self._heard) < 2:
            return 0.0
        (began, before), (ended, after) = self._heard[0], self._heard[-1]
        return (after - before) / (ended - began) if ended > began else 0.0
