"""What a room's endpoints have on its relays, as if there was one relay. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

from media.control.state import ConsumerSpec, ProducerSpec, RoomState, TransportSpec

EndpointSpec = TransportSpec | ProducerSpec | ConsumerSpec
SpecT = TypeVar("SpecT", TransportSpec, ProducerSpec, ConsumerSpec)


class Wanted(Protocol):
    """As the state of one relay has it, where nothing is piped."""

    @property
    def transports(self) -> Mapping[str, TransportSpec]:
        """By id."""

    @property
    def producers(self) -> Mapping[str, ProducerSpec]:
        """By id, each where its endpoint sends it."""

    @property
    def consumers(self) -> Mapping[str, ConsumerSpec]:
        """By id."""


class Merged(Wanted):
    """Looked up when it is asked for: to make it costs nothing, however many there are."""

    def __init__(self, states: Sequence[RoomState]) -> None:
        ways = [state.transports for state in states]
        self._transports = _OnTransports(ways, ways)
        self._producers = _OnTransports([state.producers for state in states], ways)
        self._consumers = _OnTransports([state.consumers for state in states], ways)

    @property
    def transports(self) -> Mapping[str, TransportSpec]:
        return self._transports

    @property
    def producers(self) -> Mapping[str, ProducerSpec]:
        return self._producers

    @property
    def consumers(self) -> Mapping[str, ConsumerSpec]:
        return self._consumers


class _OnTransports(Mapping[str, SpecT]):
    """Of the objects of each relay those that are or stand on a transport there, and not on a pipe."""

    def __init__(
        self, objects: Sequence[Mapping[str, SpecT]], transports: Sequence[Mapping[str, TransportSpec]]
    ) -> None:
        self._parts: list[tuple[Mapping[str, SpecT], Mapping[str, TransportSpec]]] = []
        self._parts += zip(objects, transports, strict=True)

    def __getitem__(self, key: str) -> SpecT:
        for objects, transports in self._parts:
            spec = objects.get(key)
            if spec is not None and way_of(spec) in transports:
                return spec
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        for objects, transports in self._parts:
            yield from (spec.id for spec in objects.values() if way_of(spec) in transports)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def way_of(spec: EndpointSpec) -> str:
    """Return the transport that it is or stands on."""
    return spec.id if isinstance(spec, TransportSpec) else spec.transport_id
