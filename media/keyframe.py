"""When to ask a video source for a keyframe. Pure.

Requests are coalesced to one a second. A receiver that has no picture yet does not wait that long: its request goes
out at once (but not within 0.2 s of the last keyframe request), and one that is still unanswered after 0.5 s is
repeated, whoever asked. It is so ten times in a row and then every two seconds; else one receiver who loses its picture
again and again would have all others pay for the keyframes.
"""

from typing import Final

from media.ratelimit import RateLimit

INTERVAL: Final = 1.0
FIRST_INTERVAL: Final = 0.2
RETRY: Final = 0.5
HURRIES: Final = 10
HURRIES_PER_S: Final = 0.5
MAX_RETRIES: Final = 20


class KeyFrameRequests:
    """The requests of all receivers of one source."""

    __slots__ = ("_due", "_hurries", "_retries", "_sent")

    def __init__(self) -> None:
        self._sent: float | None = None
        self._due: float | None = None
        self._retries = 0
        self._hurries = RateLimit(HURRIES_PER_S, HURRIES)

    def want(self, now: float, *, first: bool) -> None:
        """A receiver wants a keyframe; ``first`` if it has no picture at all."""
        self._retries = 0
        due = now if self._sent is None else max(now, self._sent + INTERVAL)
        if self._due is None or due < self._due:
            self._due = due
        if not first or self._sent is None:
            return
        sooner = max(now, self._sent + FIRST_INTERVAL)
        if sooner < self._due and self._hurries.admits(now):
            self._due = sooner

    def remind(self, now: float) -> None:
        """A receiver still waits; ask again unless that is on its way."""
        if self._due is None:
            self.want(now, first=False)

    def arrived(self) -> None:
        """A keyframe came; everybody is served."""
        self._due = None

    def take(self, now: float) -> bool:
        """Whether to send a request now. Stays due, RETRY later, until a keyframe arrives or after 20 attempts."""
        if self._due is None or now < self._due:
            return False
        self._sent = now
        self._retries += 1
        self._due = now + RETRY if self._retries < MAX_RETRIES else None
        return True
