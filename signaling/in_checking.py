"""Papers that are on their way into a meeting: received, checked, sealed, but not on its agenda yet."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from meetings.model import MeetingId


class InChecking:
    """Counts them for each meeting, in memory: with the hub's end they end, too."""

    def __init__(self) -> None:
        self._counts: Counter[MeetingId] = Counter()

    @contextmanager
    def one(self, meeting_id: MeetingId) -> Iterator[None]:
        """Count one more while the context lasts."""
        self._counts[meeting_id] += 1
        try:
            yield
        finally:
            self._counts[meeting_id] -= 1
            if not self._counts[meeting_id]:
                del self._counts[meeting_id]

    def count(self, meeting_id: MeetingId) -> int:
        """Return how many are on their way into a meeting."""
        return self._counts[meeting_id]
