"""What each receiver is sent of each source: estimates, allocates and probes, and says what nobody needs. No I/O.

It reads the data plane's counters and sets its aims; see ``allocation.py`` for the order in which receivers' wishes are
met, and ``bandwidth/`` for how much there is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from media.allocation import SUSPENDED, Aim, Allocation, Step, Wish, allocate, fitting, steps_of
from media.control.state import ConsumerSpec, ProducerSpec
from media.dataplane.interface import EVERYTHING, ConsumerRoute, DataPlane, ProducerRoute
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


Producers = Mapping[str, tuple[ProducerSpec, ProducerRoute]]
Consumers = Mapping[str, tuple[ConsumerSpec, ConsumerRoute, str]]


class Quality:
    """Producers and consumers are the relay's own tables, read when they are needed."""

    def __init__(self, producers: Producers, consumers: Consumers, plane: DataPlane) -> None:
        self._producers = producers
        self._consumers = consumers
        self._plane = plane
        self._rates = SourceRates()
        self._steps: dict[str, tuple[Step, ...]] = {}
        self._aims: dict[str, Aim] = {}
        #: The encoding that each consumer would be sent if its sender had it.
        self._desired: dict[str, int] = {}
        self._falls: dict[str, _Fall] = {}
        self._allocations: dict[str, Allocation] = {}
        self._serve_at: dict[str, float] = {}
        #: What each transport had when it was served last.
        self._room: dict[str, int] = {}
        self._members: dict[str, list[ConsumerSpec]] | None = None
        self._next_measure = 0.0
        self._allocated = 0
        self._desires_changed = False
        self.wanted = WantedLayers()

    # ---- what changes

    def changed(self, transport_id: str) -> None:
        """Consumers of a transport came, went, or are looked at in another way: it is served at the next tick."""
        self._members = None
        self._serve_at.pop(transport_id, None)
        self._desires_changed = True

    def rerouted(self, consumer_id: str) -> None:
        """The data plane has a consumer anew, with the aim that all begin with."""
        self._aims.pop(consumer_id, None)
        self._desired.pop(consumer_id, None)
        self._falls.pop(consumer_id, None)

    def forget(self, transport_id: str) -> None:
        """A transport is gone."""
        self._members = None
        self._serve_at.pop(transport_id, None)
        self._allocations.pop(transport_id, None)
        self._room.pop(transport_id, None)

    # ---- the beat

    def begin(self, now: float) -> None:
        """To be called every tick, before the transports are served."""
        self._allocated = 0
        if now >= self._next_measure:
            self._next_measure = now + MEASURE_INTERVAL
            self._rates.measure(self._plane.sources(), now)
            self._steps.clear()
            self._desires_changed = True
        if self._desires_changed:
            self._desires_changed = False
            self.wanted.update(self._wanted_by_source(), now)

    def serve(self, transport: Transport, now: float) -> None:
        """To be called every tick for each transport that is connected."""
        if not self._consumers_of(transport.id) and transport.id in self._allocations:
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
        members = self._consumers_of(transport.id)
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
        desired = result.aims[wish.consumer][0]
        if wish.tile_height != 0 and result.aims[wish.consumer] == result.tops[wish.consumer]:
            _, heights = self._table(self._consumers[wish.consumer][1].producer)
            desired = max(desired, fitting(wish.tile_height, heights))
        if self._desired.get(wish.consumer) != desired:
            self._desired[wish.consumer] = desired
            self._desires_changed = True

    def _table(self, producer: str) -> tuple[Sequence[Sequence[int]], Sequence[int]]:
        return self._rates.table(producer, _encodings(self._producers[producer][1]))

    def _wish(self, spec: ConsumerSpec, available: int | None, now: float) -> Wish:
        view, fall = spec.view, self._falls.get(spec.id)
        return Wish(
            consumer=spec.id,
            rank=DEFAULT_RANK if view is None else view.rank,
            tile_height=None if view is None else (view.height if view.width else 0),
            steps=self._steps_of(spec.producer_id, now),
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

    def _steps_of(self, producer: str, now: float) -> tuple[Step, ...]:
        steps = self._steps.get(producer)
        if steps is None:
            rates, heights = self._table(producer)
            steps = self._steps[producer] = steps_of(rates, heights, self._available(producer, len(rates), now))
        return steps

    def _available(self, producer: str, encodings: int, now: float) -> Iterable[int]:
        """Encodings that come, or would come if they were wanted; all, where nothing is known."""
        layers = self._rates.of(producer)
        live = {index for index, layer in layers.items() if layer.live}
        return live | self.wanted.held_back(producer, encodings, now) or range(encodings)

    def _wanted_by_source(self) -> dict[str, tuple[int, int]]:
        """The highest encoding that anybody desires, of each source that has several, and how many it has."""
        encodings = {key: _encodings(route) for key, (_, route) in self._producers.items() if _encodings(route) > 1}
        highest = dict.fromkeys(encodings, -1)
        for spec, route, _ in self._consumers.values():
            if route.producer not in highest or route.paused:
                continue
            if route.encoding is not None:  # another relay wants it, for somebody there
                highest[route.producer] = max(highest[route.producer], route.encoding)
            elif route.peer in self._allocations:
                desired = self._desired.get(spec.id, encodings[route.producer] - 1)
                highest[route.producer] = max(highest[route.producer], desired)
        return {key: (desired, encodings[key]) for key, desired in highest.items()}

    # ---- the relay's tables

    def _consumers_of(self, transport_id: str) -> list[ConsumerSpec]:
        if self._members is None:
            self._members = {}
            for spec, _, _ in self._consumers.values():
                self._members.setdefault(spec.transport_id, []).append(spec)
        return self._members.get(transport_id, [])

    def _is_video(self, spec: ConsumerSpec) -> bool:
        return spec.producer_id in self._producers and self._producers[spec.producer_id][1].kind == "video"

    def _is_paused(self, spec: ConsumerSpec) -> bool:
        return spec.paused or self._producers[spec.producer_id][1].paused

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
