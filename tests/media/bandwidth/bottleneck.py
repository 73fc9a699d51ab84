"""A peer behind a bottleneck: a queue that empties at a given rate, delay, loss, and feedback every 100 ms.

Behind it there may be a computer that is busy: it reads its socket when it comes to it, and its feedback is as late.
"""

import random
from dataclasses import dataclass, field

from media.bandwidth.estimator import BandwidthEstimator
from media.rtcp import TransportFeedback, parse_rtcp
from media.sentlog import SentLog
from media.twcc import ArrivalLog

TICK = 0.02
DELAY = 0.03


@dataclass
class Bottleneck:
    """Sends sound and video at the rates it is told, in frames, and pads as the estimator wants.

    ``naps`` are between how long and how long the receiver does not come to read; ``room`` is for how many packets its
    socket has room meanwhile.
    """

    capacity: float
    wanted: float = 3e6
    longest_queue: float = 0.4
    loss: float = 0.0
    naps: tuple[float, float] | None = None
    room: int = 300
    now: float = 100.0
    estimator: BandwidthEstimator = field(default_factory=BandwidthEstimator)
    lost: int = 0
    sent: int = 0
    waited: float = 0.0
    _log: SentLog = field(default_factory=SentLog)
    _free_at: float = 0.0
    _arrivals: ArrivalLog = field(default_factory=ArrivalLog)
    _arriving: list[tuple[float, int]] = field(default_factory=list)
    _socket: list[tuple[float, int]] = field(default_factory=list)
    _feedback: list[tuple[float, TransportFeedback]] = field(default_factory=list)
    _awake_at: float = 0.0
    _next_feedback: float = 0.0
    _debt: float = 0.0
    _chance: random.Random = field(default_factory=lambda: random.Random(7))

    def __post_init__(self) -> None:
        self._log.number = 65_000
        self.estimator.numbered = True

    @property
    def queue(self) -> float:
        """How long a packet waits that is sent now."""
        return max(0.0, self._free_at - self.now)

    def send(self, size: int) -> None:
        self._log.element(1)
        self._log.note(size, self.now)
        self.sent += 1
        if self.queue > self.longest_queue or self._chance.random() < self.loss:
            self.lost += 1
            return
        self._free_at = max(self.now, self._free_at) + size * 8 / self.capacity
        self._arriving.append((self._free_at + DELAY, self._log.number))

    def run(self, seconds: float, video_bps: float, sound_bps: float = 40_000) -> None:
        """Time passes; the video comes 25 times a second."""
        end = self.now + seconds
        while self.now < end - 1e-9:
            self.now += TICK
            self.waited = max(self.waited, self.queue)
            self._deliver()
            self.send(int(sound_bps * TICK / 8))
            self._debt += video_bps * TICK / 8
            if int(self.now / TICK + 0.5) % 2 == 0:
                while self._debt >= 200:
                    size = int(min(1200, self._debt))
                    self.send(size)
                    self._debt -= size
            padding = self.estimator.padding(self.wanted, self._counters, self.now)
            while padding > 0:
                self.send(300)
                padding -= 300

    def _counters(self) -> tuple[int, int]:
        return self._log.number, self._log.octets

    def _deliver(self) -> None:
        came = [entry for entry in self._arriving if entry[0] <= self.now]
        self._arriving = [entry for entry in self._arriving if entry[0] > self.now]
        self.lost += max(0, len(self._socket) + len(came) - self.room)
        self._socket = (self._socket + came)[: self.room]
        if self.naps is None or self.now >= self._awake_at:
            self._read()
        while self._feedback and self._feedback[0][0] <= self.now:
            _, feedback = self._feedback.pop(0)
            outcome = self._log.acknowledge(feedback.body, *self.estimator.probed)
            assert outcome is not None
            self.estimator.acknowledged(outcome, 2 * DELAY, self.now)

    def _read(self) -> None:
        """All that waits; who slept takes the time for that of its arrival."""
        for at, number in self._socket:
            self._arrivals.record(number & 0xFFFF, 5000.0 + (at if self.naps is None else self.now))
        self._socket = []
        if self.naps is not None:
            self._awake_at = self.now + self._chance.uniform(*self.naps)
        if self.now >= self._next_feedback:
            self._next_feedback = self.now + 0.1
            for data in self._arrivals.take(1):
                [packet] = parse_rtcp(data)
                assert isinstance(packet, TransportFeedback)
                self._feedback.append((self.now + DELAY, packet))

    @property
    def bps(self) -> int:
        available = self.estimator.available_bps(self.now)
        assert available is not None
        return available
