"""What the relay receives and passes on: found by id, by peer, and consumers by what they are of. Pure."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Generic, NamedTuple, TypeVar

from media.control.state import ConsumerSpec, ProducerSpec
from media.dataplane.interface import ConsumerRoute, ProducerRoute

EntryT = TypeVar("EntryT")


class Incoming(NamedTuple):
    """A producer as the hub wants it, and as the data plane has it."""

    spec: ProducerSpec
    route: ProducerRoute


class Outgoing(NamedTuple):
    """The same of a consumer, and the CNAME of who is received."""

    spec: ConsumerSpec
    route: ConsumerRoute
    cname: str


class Table(Mapping[str, EntryT], Generic[EntryT]):
    """Entries by id, and together with those that have something in common, in the order in which they came."""

    def __init__(self, *in_common: Callable[[EntryT], str]) -> None:
        self._entries: dict[str, EntryT] = {}
        self._groups: list[dict[str, dict[str, EntryT]]] = [{} for _ in in_common]
        self._in_common = in_common

    def __getitem__(self, key: str) -> EntryT:
        return self._entries[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def put(self, key: str, entry: EntryT) -> None:
        """Add an entry, or replace it in its place."""
        old = self._entries.get(key)
        self._entries[key] = entry
        for groups, name in zip(self._groups, self._in_common, strict=True):
            if old is not None and name(old) != name(entry):
                _leave(groups, name(old), key)
            groups.setdefault(name(entry), {})[key] = entry

    def pop(self, key: str) -> EntryT | None:
        """Remove an entry; None if there is none."""
        gone = self._entries.pop(key, None)
        if gone is not None:
            for groups, name in zip(self._groups, self._in_common, strict=True):
                _leave(groups, name(gone), key)
        return gone

    def group(self, number: int, name: str) -> Collection[EntryT]:
        """Entries that have this in common; not to be changed while it is looked at."""
        return self._groups[number].get(name, {}).values()


class Producers(Table[Incoming]):
    """By id, and by the peer who sends them."""

    def __init__(self) -> None:
        super().__init__(lambda one: one.route.peer)

    def of_peer(self, peer: str) -> Collection[Incoming]:
        """What a peer sends."""
        return self.group(0, peer)


class Consumers(Table[Outgoing]):
    """By id, by the peer who receives them, and by what is received."""

    def __init__(self) -> None:
        super().__init__(lambda one: one.route.peer, lambda one: one.route.producer)

    def of_peer(self, peer: str) -> Collection[Outgoing]:
        """What a peer receives."""
        return self.group(0, peer)

    def of_producer(self, producer: str) -> Collection[Outgoing]:
        """Who receives a producer."""
        return self.group(1, producer)


def _leave(groups: dict[str, dict[str, EntryT]], name: str, key: str) -> None:
    del groups[name][key]
    if not groups[name]:
        del groups[name]
