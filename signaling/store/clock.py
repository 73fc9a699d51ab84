"""The hub's clock: it never goes back and never tells one instant twice, so that time orders what was written."""

from datetime import UTC, datetime, timedelta

STEP = timedelta(milliseconds=1)  # the database keeps milliseconds


class Clock:
    """``tick`` belongs to the one writer; ``now`` may be asked by anybody.

    When more than a thousand units of work are written in one second, or the machine's clock is set back, the hub's
    clock runs ahead of it until that has caught up.
    """

    def __init__(self) -> None:
        self._last = datetime.fromtimestamp(0, UTC)

    def tick(self) -> datetime:
        """Return an instant later than all before, in whole milliseconds."""
        self._last = max(_milliseconds(datetime.now(UTC)), self._last + STEP)
        return self._last

    def now(self) -> datetime:
        """Return the instant at which something is read: not before anything that was written."""
        return max(datetime.now(UTC), self._last)


def _milliseconds(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
