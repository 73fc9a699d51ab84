"""What each receiver is sent of each source: estimates, allocates and probes, and says what nobody needs. No I/O.

It reads the data plane's counters and sets its aims; see ``allocation.py`` for the order in which receivers' wishes are
met, and ``bandwidth/`` for how much there is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from media.allocation import SUSPENDED, Aim, Allocation, Step, Wish, allocate, fitting, steps_of
from media.control.state import ConsumerSpec
from media.dataplane.interface import EVERYTHING, ConsumerRoute, DataPlane, ProducerRoute
from media.forwarded import Consumers, Producers
from media.rates import SourceRates
from media.transport import Transport
from media.wanted import WantedLayers

MEASURE_INTERVAL: Final = 0.5
#: How often a receiver is served again: one that has less than it could use, and one that has all.
SHORT_INTERVAL, LONG_INTERVAL = 0.5, 1.0
#: Those that were served in one tick are served again in as many, so that no tick takes long.
SPREAD, SPREAD_OVER = 0.02, 20
#: A picture that became smaller for want of room stays so long before it becomes larger again, twice as long each time
#: that this happens again within a minute.
SETTLING, LONGEST_SETTLING, MEMORY = 3.0, 30.0, 60.0
#: Least rate that is kept free for a source of sound.
SOUND_BPS: Final = 20_000
DEFAULT_RANK: Final = 100


@dataclass(frozen=True, slots=True)
class _Fall:
    """When a picture became smaller for want of room, how long it stays so, and how much room there was before."""

    at: float
    settling: float
    before: int

    def is_over(self, available: int | None, now: float) -> bool:
        """One that was a mistake is over as soon as there is as much room as before; but one, not each."""
        forgiven = self.settling == SETTLING and (available is None or available >= self.before)
        return forgiven or now - self.at >= self.settling


class Quality:
    """Producers and consumers are the relay's own tables, read when they are needed."""

    def __init__(self, producers: Producers, consumers: Consumers, plane: DataPlane) -> None:
        self._producers = producers
        self._consumers = consumers
        self._plane = plane
        self._rates = SourceRates()
        #: Of each source since the last measurement: what it can be reduced to, and the heights of its encodings.
        self._steps: dict[str, tuple[tuple[Step, ...], Sequence[int]]] = {}
        self._aims: dict[str, Aim] = {}
        #: The encoding that each consumer would be sent if its sender had it.
        self._desired: dict[str, int] = {}
        self._falls: dict[str, _Fall] = {}
        self._allocations: dict[str, Allocation] = {}
        self._serve_at: dict[str, float] = {}
        #: What each transport had when it was served last.
        self._room: dict[str, int] = {}
        #: The highest encoding that anybody desires of each source that has several, and how many it has.
        self._highest: dict[str, tuple[int, int]] = {}
        #: Sources of which that may have changed.
        self._unsure: set[str] = set()
        self._next_measure = 0.0
        self._allocated = 0
        self.wanted = WantedLayers()

    # ---- what changes

    def changed(self, consumer: ConsumerRoute) -> None:
        """It came, went, or is looked at in another way: its transport is served at the next tick."""
        self._serve_at.pop(consumer.peer, None)
        self._unsure.add(consumer.producer)

    def source_changed(self, producer_id: str) -> None:
        """A producer came or went, or has other encodings."""
        self._unsure.add(producer_id)

    def rerouted(self, consumer: ConsumerRoute) -> None:
        """The data plane has a consumer anew, with the aim that all begin with."""
        self._aims.pop(consumer.id, None)
        self._desired.pop(consumer.id, None)
        self._falls.pop(consumer.id, None)
        self._unsure.add(consumer.producer)

    def forget(self, transport_id: str) -> None:
        """A transport is gone."""
        self._serve_at.pop(transport_id, None)
        self._allocations.pop(transport_id, None)
        self._room.pop(transport_id, None)

    # ---- the beat

    def begin(self, now: float) -> None:
        """To be called every tick, before the transports are served."""
        self._allocated = 0
        due = now >= self._next_measure
        if due:
            self._next_measure = now + MEASURE_INTERVAL
            self._rates.measure(self._plane.sources(), now)
            self._steps.clear()
        if due or self._unsure:
            self._look_again()
            self.wanted.update(self._highest, now)

    def serve(self, transport: Transport, now: float) -> None:
        """To be called every tick for each transport that is connected."""
        if transport.id in self._allocations and not self._consumers.of_peer(transport.id):
            return
        estimator, sent = transport.estimator, partial(self._plane.sent, transport.id)
        estimator.numbered = estimator.numbered or sent()[0] > 0
        transport.available_bps = estimator.available_bps(now)
        if now >= self._serve_at.get(transport.id, 0.0) or self._is_over(transport):
            self._allocate(transport, now)
        allocation = self._allocations[transport.id]
        padding = estimator.padding(allocation.wanted_bps, sent, now)
        if padding and not self._plane.pad(transport.id, padding, now):
            estimator.cannot_pad(now)

    def _is_over(self, transport: Transport) -> bool:
        allocation, available = self._allocations.get(transport.id), transport.available_bps
        return allocation is None or (available is not None and allocation.used_bps > available)

    # ---- who gets what

    def _allocate(self, transport: Transport, now: float) -> None:
        members = [one.spec for one in self._consumers.of_peer(transport.id)]
        if transport.id not in self._allocations:  # from now on it has a say
            self._unsure.update(spec.producer_id for spec in members)
        sound = sum(self._sound_bps(spec) for spec in members if not self._is_video(spec))
        wishes = [
            self._wish(spec, transport.available_bps, now)
            for spec in members
            if self._is_video(spec) and not self._is_paused(spec)
        ]
        available, before = transport.available_bps, self._room.get(transport.id, 0)
        self._room[transport.id] = available or 0
        result = allocate(None if available is None else max(0, available - sound), wishes)
        missing = result.used_bps < result.wanted_bps
        for consumer, aim in result.aims.items():
            if missing and aim < self._aims.get(consumer, SUSPENDED):
                self._falls[consumer] = _fallen(self._falls.get(consumer), before, now)
            self._apply(consumer, aim, now)
        for wish in wishes:
            self._desire(wish, result)
        # What is used at the least cannot be reduced further, and is no reason to try again at every tick.
        used = result.used_bps + sound if result.used_bps else 0
        self._allocations[transport.id] = replace(result, used_bps=used, wanted_bps=result.wanted_bps + sound)
        early = self._allocated % SPREAD_OVER * SPREAD
        self._allocated += 1
        self._serve_at[transport.id] = now + (SHORT_INTERVAL if missing else LONG_INTERVAL) - early

    def _desire(self, wish: Wish, result: Allocation) -> None:
        """Who gets the best that there is may want what the sender does not have at the moment."""
        producer = self._consumers[wish.consumer].route.producer
        desired = result.aims[wish.consumer][0]
        if wish.tile_height != 0 and result.aims[wish.consumer] == result.tops[wish.consumer]:
            _, heights = self._steps[producer]
            desired = max(desired, fitting(wish.tile_height, heights))
        if self._desired.get(wish.consumer) != desired:
            self._desired[wish.consumer] = desired
            self._unsure.add(producer)

    def _wish(self, spec: ConsumerSpec, available: int | None, now: float) -> Wish:
        view, fall = spec.view, self._falls.get(spec.id)
        return Wish(
            consumer=spec.id,
            rank=DEFAULT_RANK if view is None else view.rank,
            tile_height=None if view is None else (view.height if view.width else 0),
            steps=self._steps_of(spec.producer_id, now)[0],
            current=self._aims.get(spec.id, SUSPENDED),
            settled=fall is None or fall.is_over(available, now),
        )

    def _apply(self, consumer: str, aim: Aim, now: float) -> None:
        before = self._aims.get(consumer)
        if before == aim:
            return
        self._aims[consumer] = aim
        if before is not None or aim != EVERYTHING:
            self._plane.aim(consumer, aim[0], aim[1], now)

    def _steps_of(self, producer: str, now: float) -> tuple[tuple[Step, ...], Sequence[int]]:
        known = self._steps.get(producer)
        if known is None:
            rates, heights = self._rates.table(producer, _encodings(self._producers[producer].route))
            steps = steps_of(rates, heights, self._available(producer, len(rates), now))
            known = self._steps[producer] = (steps, heights)
        return known

    def _available(self, producer: str, encodings: int, now: float) -> Iterable[int]:
        """Encodings that come, or would come if they were wanted; all, where nothing is known."""
        layers = self._rates.of(producer)
        live = {index for index, layer in layers.items() if layer.live}
        return live | self.wanted.held_back(producer, encodings, now) or range(encodings)

    def _look_again(self) -> None:
        """Find the highest encoding that is desired where it may be another than before."""
        unsure, self._unsure = self._unsure, set()
        for producer in unsure:
            entry = self._producers.get(producer)
            encodings = _encodings(entry.route) if entry is not None else 0
            if encodings > 1:
                self._highest[producer] = (self._highest_of(producer, encodings), encodings)
            else:
                self._highest.pop(producer, None)

    def _highest_of(self, producer: str, encodings: int) -> int:
        highest = -1
        for spec, route, _ in self._consumers.of_producer(producer):
            if route.paused:
                continue
            if route.encoding is not None:  # another relay wants it, for somebody there
                highest = max(highest, route.encoding)
            elif route.peer in self._allocations:
                highest = max(highest, self._desired.get(spec.id, encodings - 1))
        return highest

    # ---- the relay's tables

    def _is_video(self, spec: ConsumerSpec) -> bool:
        return spec.producer_id in self._producers and self._producers[spec.producer_id].route.kind == "video"

    def _is_paused(self, spec: ConsumerSpec) -> bool:
        return spec.paused or self._producers[spec.producer_id].route.paused

    def _sound_bps(self, spec: ConsumerSpec) -> int:
        if spec.producer_id not in self._producers or self._is_paused(spec):
            return 0
        layer = self._rates.of(spec.producer_id).get(0)
        return max(SOUND_BPS, int(sum(layer.by_temporal)) if layer is not None and layer.live else 0)


def _fallen(last: _Fall | None, before: int, now: float) -> _Fall:
    if last is None or now - last.at > MEMORY:
        return _Fall(now, SETTLING, before)
    again = now - last.at >= last.settling
    return _Fall(now, min(LONGEST_SETTLING, 2 * last.settling) if again else last.settling, max(before, last.before))


def _encodings(route: ProducerRoute) -> int:
    return max(1, len(route.streams))
