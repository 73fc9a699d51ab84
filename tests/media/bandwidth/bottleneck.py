"""A peer behind a bottleneck: a queue that empties at a given rate, delay, loss, and feedback every 100 ms."""

import random
from dataclasses import dataclass, field

from media.bandwidth.estimator import BandwidthEstimator
from media.dataplane.interface import SentPacket
from media.rtcp import TransportFeedback, parse_rtcp
from media.twcc import ArrivalLog

TICK = 0.02
DELAY = 0.03


@dataclass
class Bottleneck:
    """Sends sound and video at the rates it is told, in frames, and pads as the estimator wants."""

    capacity: float
    wanted: float = 3e6
    longest_queue: float = 0.4
    loss: float = 0.0
    now: float = 100.0
    estimator: BandwidthEstimator = field(default_factory=BandwidthEstimator)
    lost: int = 0
    sent: int = 0
    _number: int = 65_000
    _free_at: float = 0.0
    _log: ArrivalLog = field(default_factory=ArrivalLog)
    _arriving: list[tuple[float, int]] = field(default_factory=list)
    _feedback: list[tuple[float, TransportFeedback]] = field(default_factory=list)
    _unseen: list[SentPacket] = field(default_factory=list)
    _next_feedback: float = 0.0
    _debt: float = 0.0
    _chance: random.Random = field(default_factory=lambda: random.Random(7))

    @property
    def queue(self) -> float:
        """How long a packet waits that is sent now."""
        return max(0.0, self._free_at - self.now)

    def send(self, size: int) -> None:
        self._number += 1
        self.sent += 1
        self._unseen.append((self._number, size, self.now))
        if self.queue > self.longest_queue or self._chance.random() < self.loss:
            self.lost += 1
            return
        self._free_at = max(self.now, self._free_at) + size * 8 / self.capacity
        self._arriving.append((self._free_at + DELAY, self._number))

    def run(self, seconds: float, video_bps: float, sound_bps: float = 40_000) -> None:
        """Time passes; the video comes 25 times a second."""
        end = self.now + seconds
        while self.now < end - 1e-9:
            self.now += TICK
            self._deliver()
            self.send(int(sound_bps * TICK / 8))
            self._debt += video_bps * TICK / 8
            if int(self.now / TICK + 0.5) % 2 == 0:
                while self._debt >= 200:
                    size = int(min(1200, self._debt))
                    self.send(size)
                    self._debt -= size
            self.estimator.sent(self._unseen)
            self._unseen = []
            padding = self.estimator.padding(self.wanted, self.now)
            while padding > 0:
                self.send(300)
                padding -= 300

    def _deliver(self) -> None:
        for at, number in [entry for entry in self._arriving if entry[0] <= self.now]:
            self._log.record(number & 0xFFFF, at + 5000.0)
        self._arriving = [entry for entry in self._arriving if entry[0] > self.now]
        if self.now >= self._next_feedback:
            self._next_feedback = self.now + 0.1
            for data in self._log.take(1):
                [packet] = parse_rtcp(data)
                assert isinstance(packet, TransportFeedback)
                self._feedback.append((self.now + DELAY, packet))
        while self._feedback and self._feedback[0][0] <= self.now:
            self.estimator.feedback(self._feedback.pop(0)[1], 2 * DELAY, self.now)

    @property
    def bps(self) -> int:
        available = self.estimator.available_bps(self.now)
        assert available is not None
        return available
