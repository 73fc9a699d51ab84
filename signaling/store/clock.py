"""The hub's clock: it never goes back, and what changed a meeting has an instant of its own.

The order of ballots and stays is that of their instants, and it must be the order of their events, or a snapshot would
differ from the events that lead to it. So an instant is ``take``n by a unit of work that stored an event; other units,
such as refusals, share one, and no flood of them moves the clock ahead of the world.
"""

from datetime import UTC, datetime, timedelta

STEP = timedelta(milliseconds=1)  # the database keeps milliseconds


class Clock:
    """``tick`` and ``take`` belong to the one writer; ``now`` may be asked by anybody.

    Only while more than a thousand changes are stored in one second (a large vote, for as long as it has electors), or
    after the machine's clock was set back, does the hub's clock run ahead of it, until that has caught up.
    """

    def __init__(self) -> None:
        self._last = datetime.fromtimestamp(0, UTC)
        self._taken = False

    def tick(self) -> datetime:
        """Return the instant of a unit of work, in whole milliseconds: after every one that was taken."""
        earliest = self._last + STEP if self._taken else self._last
        self._last, self._taken = max(_milliseconds(datetime.now(UTC)), earliest), False
        return self._last

    def take(self) -> None:
        """Keep the instant of the last tick for its unit alone."""
        self._taken = True

    def now(self) -> datetime:
        """Return the instant at which something is read: not before anything that was written."""
        return max(datetime.now(UTC), self._last)


def _milliseconds(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
