"""How much can be sent to one peer. Pure; time is an argument.

From transport-wide feedback: the delay's trend and the loss say when it is too much, probes say when more is possible.
A peer that sends none but REMB is believed, though not below what every path is started with: such an estimate follows
what the peer is sent, and would never rise again. Of one that sends neither nothing is known.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from media.bandwidth.probe import Prober, Sent
from media.bandwidth.queue import Queue
from media.bandwidth.rate import LITTLE_LOSS, MAX_BPS, MUCH_LOSS, START_BPS, RateControl
from media.bandwidth.throughput import Loss, Throughput
from media.bandwidth.trend import DelayTrend, Usage
from media.dataplane.interface import Acknowledged, Burst

#: What is sent for so long without any feedback counts as a sign of congestion.
STARVING: Final = 1.5
_STARVING_STEP: Final = 0.5
#: After so long without feedback the peer's own estimate counts.
FALLBACK: Final = 5.0
_DEFAULT_RTT: Final = 0.1
#: What waits for less is no queue, whatever the trend is; what waits for longer is one that must not grow.
NOTICED, LARGE = 0.05, 0.25
#: What is told lost so soon after a silence was lost in it, as where a cable was pulled, and says nothing of the path.
_AFTERMATH: Final = 0.5
#: After the rate was lowered the path is left in peace for so long; for less where nothing waits any more.
PEACE, SHORT_PEACE = 3.0, 1.0
_CALM: Final = 0.02
_MOST_SPARED: Final = 0.4


class BandwidthEstimator:
    """One peer, as DataPlane.acknowledge() tells of it."""

    def __init__(self) -> None:
        self._trend = DelayTrend()
        self._queue = Queue()
        self._throughput = Throughput()
        self._loss = Loss()
        self._rate = RateControl()
        self._prober = Prober()
        #: The last number that was sent, half a second after the last feedback.
        self._number: int | None = None
        self._unheard_since: float | None = None
        self._heard_at: float | None = None
        self._told_bps: int | None = None
        #: The queue as it was when it was last looked at, and whether it had grown.
        self._looked_at, self._stood, self._grows = 0.0, 0.0, False
        self._silent_until = float("-inf")
        #: Whether anything was sent under transport-wide numbers.
        self.numbered = False

    def available_bps(self, now: float) -> int | None:
        """What the peer can take; None if nothing is known of it."""
        heard = self._heard_at is not None and now - self._heard_at < FALLBACK
        if self._told_bps is not None and not heard:
            return self._told_bps
        return int(self._rate.bps * self._spared()) if self.numbered else None

    def _spared(self) -> float:
        """Where much is lost in a queue that stands, less than the path carries: it runs empty. Sound waits too."""
        return 1.0 - min(self._queue.standing, _MOST_SPARED) if self._loss.ratio > MUCH_LOSS else 1.0

    @property
    def rate_bps(self) -> int:
        """The estimate from feedback alone."""
        return int(self._rate.bps)

    @property
    def queue_s(self) -> float:
        """How long everything waits before the peer, in seconds; 0 while nothing is known of it."""
        return self._queue.standing

    @property
    def probed(self) -> tuple[int, int]:
        """``after`` and ``until`` of DataPlane.acknowledge()."""
        return self._prober.numbers

    def told(self, bps: int) -> None:
        """The peer's own estimate (REMB)."""
        self._told_bps = max(START_BPS, min(MAX_BPS, bps))

    def acknowledged(self, outcome: Acknowledged, rtt: float | None, now: float) -> None:
        """What a feedback says."""
        if not outcome.told:
            return
        if self._heard_at is not None and now - self._heard_at > _STARVING_STEP:
            self._silent_until = now
        self._heard_at, self._unheard_since, self._number = now, None, None
        if outcome.bursts:
            self._take_in(outcome.bursts)
        usage = self._usage(now)
        lost = outcome.lost > MUCH_LOSS * outcome.told
        self._rate.end_silence(waits=self._queue.standing >= LARGE, lost=lost)
        if now - self._silent_until < _AFTERMATH:
            self._loss.clear()
        else:
            self._loss.add(outcome.lost, outcome.told, now)
        shown = self._prober.observe(outcome.bursts, outcome.highest, now)
        lowered = self._rate.update(
            usage, self._throughput.bps, self._loss.ratio, _DEFAULT_RTT if rtt is None else rtt, now
        )
        if lowered:
            self._loss.clear()
            self._prober.cancel(now)
        elif shown is not None and shown > self._rate.bps and usage is not Usage.OVERUSE:
            self._rate.set(shown)

    def padding(self, wanted_bps: float, sent: Sent, now: float) -> int:
        """To be called every tick: bytes of padding to send now, as more than the known rate is wanted."""
        if self._heard_at is None:
            return 0
        if now - self._heard_at > _STARVING_STEP:
            self._notice_silence(sent, now)
        if now - self._heard_at > STARVING or (self._prober.is_idle and now < self._left_in_peace_until()):
            return 0
        return self._prober.padding(self._rate.bps, min(wanted_bps, MAX_BPS), sent, now)

    def cannot_pad(self, now: float) -> None:
        """There is nothing to send padding with."""
        self._prober.cancel(now)

    def _take_in(self, bursts: Sequence[Burst]) -> None:
        self._throughput.add(bursts)
        self._queue.add(bursts)
        if self._prober.is_idle:
            self._trend.add(bursts)
            return
        after, until = self._prober.numbers
        for is_probe, some in groupby(bursts, lambda burst: after < burst[0] <= until):
            if is_probe:
                self._trend.pass_over()  # the queue is the probe's own
            else:
                self._trend.add(some)

    def _usage(self, now: float) -> Usage:
        """The trend counts where there is a queue; of a long one neither the rate must grow, nor the queue."""
        usage, standing = self._trend.usage, self._queue.standing
        if now - self._looked_at >= 1.0:
            self._looked_at, self._stood, self._grows = now, standing, standing > self._stood + NOTICED
        if standing > LARGE:
            return Usage.OVERUSE if self._grows or usage is Usage.OVERUSE else Usage.UNDERUSE
        return Usage.NORMAL if usage is Usage.OVERUSE and standing < NOTICED else usage

    def _left_in_peace_until(self) -> float:
        calm = self._queue.standing < _CALM and self._loss.ratio < LITTLE_LOSS
        return self._rate.decreased_at + (SHORT_PEACE if calm else PEACE)

    def _notice_silence(self, sent: Sent, now: float) -> None:
        """For some time nothing was heard: does it go on while more is sent?"""
        if self._unheard_since is None:
            number = sent()[0]
            if self._number is not None and number > self._number:
                self._unheard_since = now
            self._number = number
        elif now - self._unheard_since >= STARVING - _STARVING_STEP and now - self._rate.decreased_at >= _STARVING_STEP:
            self._rate.starve(self._loss.ratio, now)
