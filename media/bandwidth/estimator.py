"""How much can be sent to one peer. Pure; time is an argument.

From transport-wide feedback: the delay's trend and the loss say when it is too much, probes say when more is possible.
A peer that sends none but REMB is believed, though not below what every path is started with: such an estimate follows
what the peer is sent, and would never rise again. Of one that sends neither nothing is known.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from media.bandwidth.acknowledgement import Acknowledgements, Outcome
from media.bandwidth.probe import Prober
from media.bandwidth.rate import LITTLE_LOSS, MAX_BPS, START_BPS, RateControl
from media.bandwidth.throughput import Loss, Throughput
from media.bandwidth.trend import DelayTrend, Usage
from media.dataplane.interface import SentPacket
from media.rtcp import TransportFeedback

#: What is sent for so long without any feedback counts as a sign of congestion.
STARVING: Final = 1.5
_STARVING_STEP: Final = 0.5
#: After so long without feedback the peer's own estimate counts.
FALLBACK: Final = 5.0
_DEFAULT_RTT: Final = 0.1
#: A path that loses nothing has at least this: delay and silence alone also come from a page that is busy.
LEAST_WITHOUT_LOSS: Final = 250_000


class BandwidthEstimator:
    """One peer. Numbered packets are noted with sent() before feedback about them comes."""

    def __init__(self) -> None:
        self._acknowledgements = Acknowledgements()
        self._trend = DelayTrend()
        self._throughput = Throughput()
        self._loss = Loss()
        self._rate = RateControl()
        self._prober = Prober()
        self._numbered = False
        self._unheard_since: float | None = None
        self._heard_at: float | None = None
        self._told_bps: int | None = None

    def available_bps(self, now: float) -> int | None:
        """What the peer can take; None if nothing is known of it."""
        heard = self._heard_at is not None and now - self._heard_at < FALLBACK
        if self._told_bps is not None and not heard:
            return self._told_bps
        if not self._numbered:
            return None
        return int(self._rate.bps if self._loss.ratio >= LITTLE_LOSS else max(self._rate.bps, LEAST_WITHOUT_LOSS))

    @property
    def rate_bps(self) -> int:
        """The estimate from feedback alone."""
        return int(self._rate.bps)

    def sent(self, packets: Sequence[SentPacket]) -> None:
        """Packets were sent under transport-wide numbers."""
        if not packets:
            return
        self._numbered = True
        if self._unheard_since is None:
            self._unheard_since = packets[0][2]
        self._acknowledgements.note(packets)
        self._prober.sent(packets)

    def told(self, bps: int) -> None:
        """The peer's own estimate (REMB)."""
        self._told_bps = max(START_BPS, min(MAX_BPS, bps))

    def feedback(self, feedback: TransportFeedback, rtt: float | None, now: float) -> None:
        """What arrived. Nothing but what was sent counts, each packet once."""
        outcome = self._acknowledgements.match(feedback)
        told = len(outcome.arrived) + len(outcome.lost)
        if not told:
            return
        self._heard_at, self._unheard_since = now, None
        self._take_in(outcome)
        self._loss.add(len(outcome.lost), told, now)
        shown = self._prober.observe(outcome, now)
        lowered = self._rate.update(
            self._trend.usage, self._throughput.bps, self._loss.ratio, _DEFAULT_RTT if rtt is None else rtt, now
        )
        if lowered:
            self._loss.clear()
            self._prober.cancel(now)
        elif shown is not None and shown > self._rate.bps and self._trend.usage is not Usage.OVERUSE:
            self._rate.set(shown)

    def padding(self, wanted_bps: float, now: float) -> int:
        """To be called every tick: bytes of padding to send now, as more than the known rate is wanted."""
        self._notice_silence(now)
        if self._heard_at is None or now - self._heard_at > STARVING:
            return 0
        return self._prober.padding(self._rate.bps, min(wanted_bps, MAX_BPS), self._rate.decreased_at, now)

    def cannot_pad(self, now: float) -> None:
        """There is nothing to send padding with."""
        self._prober.cancel(now)

    def _take_in(self, outcome: Outcome) -> None:
        sent_at = [at for _, _, at in outcome.arrived]
        self._throughput.add(outcome.arrived_at, [size for _, size, _ in outcome.arrived])
        if not self._prober.is_probing:
            self._trend.add(sent_at, outcome.arrived_at)
            return
        for is_probe, timed in groupby(zip(sent_at, outcome.arrived_at, strict=True), self._is_of_probe):
            if is_probe:
                self._trend.pass_over()  # the queue is the probe's own
            else:
                self._trend.add(*zip(*timed, strict=True))

    def _is_of_probe(self, timed: tuple[float, float]) -> bool:
        return self._prober.covers(timed[0])

    def _notice_silence(self, now: float) -> None:
        if self._unheard_since is None or self._heard_at is None or now - self._unheard_since < STARVING:
            return
        if self._rate.decreased_at is None or now - self._rate.decreased_at >= _STARVING_STEP:
            self._rate.starve(now)
