"""The rate at which may be sent: up slowly, down at once (draft-ietf-rmcat-gcc-02 §5.5, §6). Pure."""

import math
from typing import Final

from media.bandwidth.trend import Usage

START_BPS: Final = 500_000
MIN_BPS: Final = 30_000
MAX_BPS: Final = 100_000_000
#: A path that loses nothing has at least this: delay and silence alone also come from a computer that is busy.
LEAST_WITHOUT_LOSS: Final = 250_000
#: What is left of the arriving rate after a queue was seen to grow.
DECREASE: Final = 0.85
GROWTH_PER_SECOND: Final = 0.08
MUCH_LOSS, LITTLE_LOSS = 0.10, 0.02
_PACKET_BITS: Final = 1200 * 8
_LEAST_GROWTH: Final = 4000.0


class Capacity:
    """What the path was seen to carry when it was full: a mean, and how far the samples are from it."""

    def __init__(self) -> None:
        self._mean: float | None = None
        self._variance = 0.4

    def saw(self, bps: float) -> None:
        """The path was full at this rate."""
        sample = bps / 1000
        if self._mean is None:
            self._mean = sample
            return
        error = self._mean - sample
        self._mean = 0.95 * self._mean + 0.05 * sample
        self._variance = max(0.4, min(2.5, 0.95 * self._variance + 0.05 * error * error / max(self._mean, 1.0)))

    def is_near(self, bps: float) -> bool:
        """Whether a rate is about what the path carries; one that is clearly above makes it forgotten."""
        if self._mean is None:
            return False
        spread = 3 * math.sqrt(self._variance * self._mean)
        if bps / 1000 > self._mean + spread:
            self._mean = None
            return False
        return bps / 1000 > self._mean - spread


class RateControl:
    """``bps`` is what may be sent. Times in seconds."""

    def __init__(self) -> None:
        self.bps = float(START_BPS)
        self.decreased_at = -math.inf
        self._capacity = Capacity()
        self._updated_at: float | None = None
        self._loss_decreased_at = -math.inf
        self._before_silence: float | None = None

    def update(self, usage: Usage, arriving: float | None, loss: float, rtt: float, now: float) -> bool:
        """Take in a feedback; whether the rate was lowered."""
        elapsed = min(1.0, now - self._updated_at) if self._updated_at is not None else 0.0
        self._updated_at = now
        if usage is Usage.OVERUSE:
            return self._back_off(arriving, loss, rtt, now)
        if loss > MUCH_LOSS:
            return self._yield_to_loss(arriving, loss, rtt, now)
        if usage is Usage.NORMAL and loss < LITTLE_LOSS and arriving is not None:
            self._grow(arriving, rtt, elapsed)
        return False

    def set(self, bps: float) -> None:
        """Go to a rate that a probe has shown, or the peer has told."""
        self.bps = max(float(MIN_BPS), min(float(MAX_BPS), bps))

    def starve(self, loss: float, now: float) -> None:
        """No feedback comes for what is sent."""
        if self._before_silence is None:
            self._before_silence = self.bps
        self._lower(self.bps * 0.8, loss, now)

    def end_silence(self, *, waits: bool, lost: bool) -> None:
        """Feedback comes again. If nothing ``waits`` on the way it was only late, and the rate is what it was.

        If much was ``lost`` meanwhile the path was gone, and may be another one now: it has at least what a path has
        that loses nothing.
        """
        before, self._before_silence = self._before_silence, None
        if before is not None and not waits:
            self.set(max(self.bps, min(before, LEAST_WITHOUT_LOSS) if lost else before))

    def _lower(self, bps: float, loss: float, now: float) -> bool:
        before = self.bps
        least = LEAST_WITHOUT_LOSS if loss < LITTLE_LOSS else MIN_BPS
        self.set(min(before, max(bps, least)))
        self.decreased_at = now
        return self.bps < before

    def _back_off(self, arriving: float | None, loss: float, rtt: float, now: float) -> bool:
        if now - self.decreased_at < 0.2 + rtt:
            return False
        full = arriving if arriving is not None else self.bps
        self._capacity.saw(full)
        return self._lower(DECREASE * full, loss, now)

    def _yield_to_loss(self, arriving: float | None, loss: float, rtt: float, now: float) -> bool:
        """Lower, but not below what got through."""
        if now - self._loss_decreased_at < 0.3 + rtt:
            return False
        least = DECREASE * arriving if arriving is not None else 0.0
        self._loss_decreased_at = now
        return self._lower(max(self.bps * (1 - loss / 2), least), loss, now)

    def _grow(self, arriving: float, rtt: float, elapsed: float) -> None:
        """By one packet in a round trip near the known capacity, else by 8 % a second; only as far as it is used."""
        if self._capacity.is_near(arriving):
            grown = self.bps + max(_LEAST_GROWTH, _PACKET_BITS / (rtt + 0.1)) * elapsed
        else:
            grown = self.bps * (1 + GROWTH_PER_SECOND) ** elapsed
        self.set(max(self.bps, min(grown, 1.5 * arriving + 10_000)))
