"""Which encodings of which source anybody wants, so that senders can pause the others. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

#: What nobody wants any more is still asked for this long: views come back, and an encoding takes time to start.
LINGER: Final = 5.0
#: How long an encoding that is wanted again may take to come, before it counts as one that the sender does not have.
STARTUP: Final = 3.0


@dataclass(slots=True)
class _Source:
    wanted: int
    since: float
    lower_since: float | None = None
    told: bool = False


class WantedLayers:
    """Rises at once, sinks after five seconds. At first everything is wanted, and nothing is said."""

    def __init__(self) -> None:
        self._sources: dict[str, _Source] = {}
        self._changes: dict[str, int] = {}

    def update(self, wanted: Mapping[str, tuple[int, int]], now: float) -> None:
        """The highest encoding that is wanted now of each source, and how many it has; other sources are forgotten."""
        for gone in self._sources.keys() - wanted.keys():
            del self._sources[gone]
            self._changes.pop(gone, None)
        for producer, (highest, encodings) in wanted.items():
            source = self._sources.setdefault(producer, _Source(encodings - 1, now))
            if highest >= source.wanted:
                source.lower_since = None
                if highest > source.wanted:
                    self._change(producer, source, highest, now)
            elif source.lower_since is None:
                source.lower_since = now
            elif now - source.lower_since >= LINGER:
                self._change(producer, source, highest, now)

    def held_back(self, producer: str, encodings: int, now: float) -> set[int]:
        """Encodings that do not come, or not yet, because nobody wanted them."""
        source = self._sources.get(producer)
        if source is None:
            return set()
        first = 0 if now - source.since < STARTUP else source.wanted + 1
        return set(range(max(0, first), encodings))

    def take_changes(self) -> Mapping[str, int]:
        """What to tell the senders since the last call."""
        changes, self._changes = self._changes, {}
        return changes

    def all(self) -> Mapping[str, int]:
        """Everything that was told, for a hub that has just come."""
        return {producer: source.wanted for producer, source in self._sources.items() if source.told}

    def _change(self, producer: str, source: _Source, highest: int, now: float) -> None:
        source.wanted, source.since, source.lower_since, source.told = highest, now, None, True
        self._changes[producer] = highest
