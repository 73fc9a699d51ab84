"""Producers and consumers: what the hub wants of them, and what of it is in the data plane. No I/O."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from media.association import Association
from media.control.state import ConsumerSpec, ProducerSpec
from media.dataplane.interface import ConsumerRoute, DataPlane, ProducerRoute
from media.errors import ParametersError
from media.forwarded import Consumers, Incoming, Outgoing, Producers
from media.quality import Quality
from media.routes import cname, consumer_route, producer_route


class Forwarding:
    """``peer`` finds who is known by an id, live or not; ``live`` are the ids of those to whom media may flow."""

    def __init__(self, plane: DataPlane, peer: Callable[[str], Association | None]) -> None:
        self.live: set[str] = set()
        self.producers: Final = Producers()
        self.consumers: Final = Consumers()
        self.quality: Final = Quality(self.producers, self.consumers, plane)
        self._plane = plane
        self._peer = peer
        #: Which consumer uses an SSRC towards a peer.
        self._sent_ssrcs: dict[tuple[str, int], str] = {}

    # ---- what is wanted

    def put_producer(self, spec: ProducerSpec, peer: str, now: float) -> None:
        """Add or replace a producer; a change of ``paused`` alone keeps its streams. Raises ParametersError."""
        route = replace(producer_route(spec), peer=peer)
        self._refuse_conflicts(route)
        old = self.producers.get(spec.id)
        self.producers.put(spec.id, Incoming(spec, route))
        if old is None or replace(old.route, paused=route.paused) != route:
            self.quality.source_changed(spec.id)
            self._stop_receiving(spec.id, route.peer)
            if route.peer in self.live:
                self._plane.add_producer(route, now)
        elif old.route.paused != route.paused:
            self._plane.pause(spec.id, route.paused, now)

    def put_consumer(self, spec: ConsumerSpec, producer: ProducerSpec, peer: str, now: float) -> None:
        """Add or replace a consumer; a change of ``paused`` alone keeps its stream. Raises ParametersError."""
        self._put_consumer(Outgoing(spec, replace(consumer_route(spec, producer), peer=peer), cname(spec)), now)

    def _put_consumer(self, new: Outgoing, now: float) -> None:
        spec, route, _ = new
        wanted = _sent_ssrcs(route)
        if any(self._sent_ssrcs.get(key, spec.id) != spec.id for key in wanted):
            raise ParametersError("the SSRC is in use on this transport")
        old = self.consumers.get(spec.id)
        if old is not None:
            self._forget_ssrcs(old.route)
            self.quality.changed(old.route)
        self._sent_ssrcs.update(dict.fromkeys(wanted, spec.id))
        self.consumers.put(spec.id, new)
        if old is None or replace(old.route, paused=route.paused) != route:
            self._unroute(route)
            if route.peer in self.live:
                self._plane.route(route, now)
        elif old.route.paused != route.paused:
            self._plane.pause(spec.id, route.paused, now)
        self.quality.changed(route)

    def remove_producer(self, producer_id: str) -> None:
        """Idempotent."""
        gone = self.producers.pop(producer_id)
        if gone is not None:
            self.quality.source_changed(producer_id)
            self._stop_receiving(producer_id, gone.route.peer)

    def remove_consumer(self, consumer_id: str) -> None:
        """Idempotent."""
        gone = self.consumers.pop(consumer_id)
        if gone is not None:
            self._forget_ssrcs(gone.route)
            self._unroute(gone.route)
            self.quality.changed(gone.route)

    # ---- who is there

    def begin(self, peer: str, now: float) -> None:
        """The data plane has the peer: media may flow."""
        self.live.add(peer)
        for one in self.producers.of_peer(peer):
            self._plane.add_producer(one.route, now)
        for two in self.consumers.of_peer(peer):
            self.quality.rerouted(two.route)
            self._plane.route(two.route, now)

    def end(self, peer: str) -> None:
        """The data plane has it no more."""
        self.live.discard(peer)

    def hand_over(self, before: str, peer: str, now: float) -> None:
        """What has waited under one id is another peer's: a pipe's that was out of service. Raises ParametersError."""
        for one in list(self.producers.of_peer(before)):
            self.put_producer(one.spec, peer, now)
        for two in list(self.consumers.of_peer(before)):
            self._put_consumer(two._replace(route=replace(two.route, peer=peer)), now)

    # ---- SSRCs

    def _stop_receiving(self, producer_id: str, peer_id: str) -> None:
        peer = self._peer(peer_id)
        for ssrc in self._plane.remove_producer(producer_id):
            if peer is not None:
                peer.forget_source(ssrc)

    def _unroute(self, route: ConsumerRoute) -> None:
        peer = self._peer(route.peer)
        for ssrc in self._plane.unroute(route.id):
            if peer is not None:
                peer.forget(ssrc)
        self.quality.rerouted(route)

    def _forget_ssrcs(self, route: ConsumerRoute) -> None:
        for key in _sent_ssrcs(route):
            self._sent_ssrcs.pop(key, None)

    def _refuse_conflicts(self, route: ProducerRoute) -> None:
        """A mid or SSRC names one producer of a transport."""
        for _, other in self.producers.of_peer(route.peer):
            if other.id == route.id:
                continue
            if route.mid is not None and route.mid == other.mid:
                raise ParametersError("the mid is in use on this transport")
            if _ssrcs(route) & _ssrcs(other):
                raise ParametersError("the SSRC is in use on this transport")


def _sent_ssrcs(route: ConsumerRoute) -> list[tuple[str, int]]:
    return [(route.peer, ssrc) for ssrc in route.ssrcs]


def _ssrcs(route: ProducerRoute) -> set[int]:
    return {ssrc for stream in route.streams for ssrc in (stream.ssrc, stream.rtx_ssrc) if ssrc is not None}
