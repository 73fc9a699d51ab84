"""The relay without a socket: demultiplexes datagrams, holds transports, links, producers and consumers.

Time is an argument.

It knows no rooms. Nothing that a peer sends makes it raise; it costs the sender its packet and one count.
"""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from media.control.messages import TransportState
from media.control.state import ConsumerSpec, PipeSpec, ProducerSpec, TransportSpec
from media.dataplane.interface import ConsumerRoute, DataPlane, ProducerRoute, Transmit
from media.dtls import DtlsContext, is_dtls
from media.errors import MalformedPacket, MediaError, ParametersError, SrtpError
from media.feedback import Feedback
from media.ice import IceLite, is_binding_response, is_stun, parse_binding_request, requested_ufrag
from media.path import Path
from media.pipes import Link, Pipes
from media.quality import Quality
from media.ratelimit import RateLimit
from media.routes import cname, consumer_route, producer_route
from media.rtcp import is_rtcp
from media.transport import Transport

HANDSHAKES_PER_SECOND = 200
TICK = 0.02

log = logging.getLogger(__name__)


class Relay:
    """``transmit`` sends a datagram at once or drops it; the data plane is made around it."""

    def __init__(self, context: DtlsContext, transmit: Transmit, make_plane: Callable[[Transmit], DataPlane]) -> None:
        self._context = context
        self._transmit = transmit
        self.plane = make_plane(transmit)
        self.transports: dict[str, Transport] = {}
        self.pipes = Pipes(transmit)
        #: What was dropped, by reason.
        self.dropped: Counter[str] = Counter()
        self._by_ufrag: dict[bytes, Transport | Link] = {}
        self._by_address: dict[Path, Transport | Link] = {}
        self._producers: dict[str, tuple[ProducerSpec, ProducerRoute]] = {}
        self._consumers: dict[str, tuple[ConsumerSpec, ConsumerRoute, str]] = {}
        #: Which consumer uses an SSRC towards a peer.
        self._sent_ssrcs: dict[tuple[str, int], str] = {}
        self._live: set[str] = set()
        self._states: dict[str, TransportState] = {}
        self._changes: list[tuple[str, TransportState]] = []
        self._handshakes = RateLimit(HANDSHAKES_PER_SECOND, HANDSHAKES_PER_SECOND)
        self.quality = Quality(self._producers, self._consumers, self.plane)
        self._feedback = Feedback(self._peer, self.plane, lambda consumer: self._consumers[consumer][2])

    # ---- what the hub wants

    def put_transport(self, spec: TransportSpec, now: float) -> None:
        """Add a transport, or take over its changes. Raises ParametersError."""
        holder = self._by_ufrag.get(spec.ufrag.encode())
        if holder is not None and holder.id != spec.id:
            raise ParametersError("the user fragment belongs to another transport")
        transport = self.transports.get(spec.id)
        if transport is None:
            transport = self.transports[spec.id] = Transport(
                spec, self._context, self._transmit, self._handshakes.admits
            )
            self._states[spec.id] = "new"
        else:
            former = transport.spec.ufrag.encode()
            transport.update(spec, now)
            del self._by_ufrag[former]
        self._by_ufrag[spec.ufrag.encode()] = transport
        self._note(transport, now)

    def put_pipe(self, spec: PipeSpec, now: float) -> None:
        """Add a pipe, and open its link if it is the first. Raises ParametersError, KeyReused."""
        holder = self._by_ufrag.get(spec.ufrag.encode())
        if spec.link in self.transports or (holder is not None and holder.id != spec.link):
            raise ParametersError("the link or its user fragment belongs to a transport")
        link = self.pipes.put(spec, now)
        if isinstance(link.ice, IceLite):
            self._by_ufrag[spec.ufrag.encode()] = link
        state = self._states.setdefault(link.id, "new")
        if state != "new":
            self._changes.append((spec.id, state))
        link.tick(now)
        for producer, _ in list(self._producers.values()):  # what came while the pipe was out of service
            if producer.transport_id == spec.id:
                self.put_producer(producer, now)
        for consumer, route, _ in list(self._consumers.values()):
            if consumer.transport_id == spec.id:
                self._put_route(consumer, replace(route, peer=link.id), now)

    def put_producer(self, spec: ProducerSpec, now: float) -> None:
        """Add or replace a producer; a change of ``paused`` alone keeps its streams. Raises ParametersError."""
        route = replace(producer_route(spec), peer=self.pipes.peer_of(spec.transport_id))
        self._refuse_conflicts(route)
        old = self._producers.get(spec.id)
        self._producers[spec.id] = (spec, route)
        if route.peer in self.pipes.links:
            self.pipes.links[route.peer].expect(_ssrcs(route))
        if old is None or replace(old[1], paused=route.paused) != route:
            self.plane.remove_producer(spec.id)
            if route.peer in self._live:
                self.plane.add_producer(route, now)
        elif old[1].paused != route.paused:
            self.plane.pause(spec.id, route.paused, now)
        self._feedback.send_keyframe_requests(now)

    def put_consumer(self, spec: ConsumerSpec, producer: ProducerSpec, now: float) -> None:
        """Add or replace a consumer; a change of ``paused`` alone keeps its stream. Raises ParametersError."""
        route = consumer_route(spec, producer)
        self._put_route(spec, replace(route, peer=self.pipes.peer_of(spec.transport_id)), now)

    def _put_route(self, spec: ConsumerSpec, route: ConsumerRoute, now: float) -> None:
        wanted = _sent_ssrcs(route)
        if any(self._sent_ssrcs.get(key, spec.id) != spec.id for key in wanted):
            raise ParametersError("the SSRC is in use on this transport")
        old = self._consumers.get(spec.id)
        if old is not None:
            self._forget_ssrcs(old[1])
        self._sent_ssrcs.update(dict.fromkeys(wanted, spec.id))
        self._consumers[spec.id] = (spec, route, cname(spec))
        if old is None or replace(old[1], paused=route.paused) != route:
            self._unroute(spec.id, route.peer)
            self.quality.rerouted(spec.id)
            if route.peer in self._live:
                self.plane.route(route, now)
        elif old[1].paused != route.paused:
            self.plane.pause(spec.id, route.paused, now)
        self.quality.changed(route.peer)
        self._feedback.send_keyframe_requests(now)

    def remove_transport(self, transport_id: str) -> None:
        """Close a transport. Its producers and consumers are the caller's to remove. Idempotent."""
        transport = self.transports.pop(transport_id, None)
        if transport is None:
            return
        transport.close()
        self.quality.forget(transport_id)
        self._forget(transport)

    def remove_pipe(self, pipe_id: str) -> None:
        """Close a pipe, and its link if it was the last. Producers and consumers are the caller's. Idempotent."""
        link = self.pipes.remove(pipe_id)
        if link is not None:
            self._forget(link)

    def _forget(self, peer: Transport | Link) -> None:
        self.plane.remove_peer(peer.id)
        self._live.discard(peer.id)
        self._states.pop(peer.id, None)
        self._by_ufrag = {key: value for key, value in self._by_ufrag.items() if value is not peer}
        self._by_address = {key: value for key, value in self._by_address.items() if value is not peer}

    def remove_producer(self, producer_id: str) -> None:
        """Idempotent."""
        gone = self._producers.pop(producer_id, None)
        if gone is None:
            return
        self.plane.remove_producer(producer_id)
        link = self.pipes.links.get(gone[1].peer)
        if link is not None:
            for ssrc in link.end(_ssrcs(gone[1])):
                self.plane.forget_source(link.id, ssrc)
                link.forget_source(ssrc)

    def remove_consumer(self, consumer_id: str) -> None:
        """Idempotent."""
        gone = self._consumers.pop(consumer_id, None)
        if gone is not None:
            self._forget_ssrcs(gone[1])
            self._unroute(consumer_id, gone[1].peer)
            self.quality.rerouted(consumer_id)
            self.quality.changed(gone[1].peer)

    def _unroute(self, consumer_id: str, peer_id: str) -> None:
        peer = self._peer(peer_id)
        for ssrc in self.plane.unroute(consumer_id):
            if peer is not None:
                peer.forget(ssrc)

    def _forget_ssrcs(self, route: ConsumerRoute) -> None:
        for key in _sent_ssrcs(route):
            self._sent_ssrcs.pop(key, None)

    def _refuse_conflicts(self, route: ProducerRoute) -> None:
        """A mid or SSRC names one producer of a transport."""
        for _, other in self._producers.values():
            if other.peer != route.peer or other.id == route.id:
                continue
            if route.mid is not None and route.mid == other.mid:
                raise ParametersError("the mid is in use on this transport")
            if _ssrcs(route) & _ssrcs(other):
                raise ParametersError("the SSRC is in use on this transport")

    # ---- what peers send

    def receive(self, datagram: bytes, address: Path, now: float) -> None:
        """One datagram. Never raises."""
        try:
            self._dispatch(datagram, address, now)
        except (MalformedPacket, SrtpError) as error:
            self._drop(error.code)
        except Exception:
            self._on_fault()

    def belongs(self, path: Path) -> bool:
        """Whether a transport of a peer who proved itself has this path."""
        transport = self._by_address.get(path)
        return transport is not None and transport.ice.is_validated(path)

    def lose(self, path: Path, now: float) -> None:
        """The path exists no more, as when its TCP connection ended: nothing is sent there. Idempotent."""
        transport = self._by_address.pop(path, None)
        if transport is not None:
            transport.ice.forget(path)
            self._note(transport, now)

    def tick(self, now: float) -> None:
        """To be called every 20 ms. Never raises: what goes wrong for one transport does not touch the others."""
        due = self._feedback.due(now)
        self._guard(self.quality.begin, now)
        for transport in self.transports.values():
            try:
                transport.tick(now)
                self._note(transport, now)
                self._feedback.serve(transport, due, now)
                if transport.id in self._live:
                    self.quality.serve(transport, now)
            except Exception:
                self._on_fault()
        for link in self.pipes.links.values():
            try:
                link.tick(now)
                self._note(link, now)
                self._feedback.serve(link, due, now)
            except Exception:
                self._on_fault()
        self._feedback.send_keyframe_requests(now)

    def take_changes(self) -> list[tuple[str, TransportState]]:
        """Transports and pipes whose state changed since the last call, in order."""
        changes, self._changes = self._changes, []
        return changes

    def state_of(self, transport_id: str) -> TransportState:
        """The state of a transport or pipe that was last reported."""
        return self._states[self.pipes.peer_of(transport_id)]

    def _dispatch(self, datagram: bytes, address: Path, now: float) -> None:
        """RFC 7983 §7: by the first byte."""
        if is_stun(datagram):
            if is_binding_response(datagram):
                self._on_answer(datagram, address, now)
            else:
                self._on_check(datagram, address, now)
            return
        transport = self._by_address.get(address)
        if transport is None or not transport.ice.is_validated(address):
            self._drop("unvalidated_address")
        elif is_dtls(datagram) and isinstance(transport, Transport):
            self._on_dtls(transport, datagram, address, now)
        elif not datagram or not 128 <= datagram[0] <= 191:
            self._drop("unknown_protocol")
        elif is_rtcp(datagram) and not transport.reports.admits(now):
            self._drop("too_many_reports")
        elif is_rtcp(datagram):
            self._feedback.receive(transport, datagram, now)
        else:
            self.plane.receive(transport.id, datagram, now)

    def _peer(self, peer: str) -> Transport | Link | None:
        return self.transports.get(peer) or self.pipes.links.get(peer)

    def _on_dtls(self, transport: Transport, datagram: bytes, address: Path, now: float) -> None:
        if not transport.records.admits(now):
            self._drop("too_much_dtls")
            return
        transport.on_dtls(datagram, address, now)
        self._note(transport, now)

    def _on_answer(self, datagram: bytes, address: Path, now: float) -> None:
        link = self.pipes.answered(datagram, address, now)
        if link is None:
            self._drop("unauthentic_check")
        else:
            self._learn_address(link, address, now)

    def _on_check(self, datagram: bytes, address: Path, now: float) -> None:
        transport = self._by_ufrag.get(requested_ufrag(datagram))
        if transport is None:
            self._drop("unauthentic_check")
            return
        if not transport.checks.admits(now):
            self._drop("too_many_checks")
            return
        if not self._may_claim(transport, address, now):
            self._drop("address_in_use")
        elif not transport.on_check(parse_binding_request(datagram), address, now):
            self._drop("unauthentic_check")
        else:
            self._learn_address(transport, address, now)

    def _may_claim(self, peer: Transport | Link, address: Path, now: float) -> bool:
        """Whether a check from the address is worth looking at: no other peer is alive there.

        A page that was there before may come back, but not to where a relay is; a relay's address is nobody else's.
        """
        holder = self._by_address.get(address)
        if holder is None or holder is peer or not holder.holds(address, now) or isinstance(peer, Link):
            return True
        return peer.ice.is_validated(address) and not isinstance(holder, Link)

    def _learn_address(self, peer: Transport | Link, address: Path, now: float) -> None:
        """Something authentic came from the address."""
        holder = self._by_address.get(address)
        if holder is not peer:
            if holder is not None and holder.ice.liveness(now) == "live":
                holder.ice.forget(address)
                self._note(holder, now)
            self._by_address[address] = peer
            known = peer.ice.addresses
            stale = [key for key, value in self._by_address.items() if value is peer and key not in known]
            for key in stale:
                del self._by_address[key]
        self._note(peer, now)

    def _note(self, transport: Transport | Link, now: float) -> None:
        """Let the data plane and the hub know where a transport stands."""
        if transport.keys is not None and transport.id not in self._live and transport.ice.selected is not None:
            self._bring_to_life(transport, now)
        state = transport.state(now)
        transport.may_send = state != "failed"
        if transport.id in self._live:
            self.plane.move_peer(transport.id, transport.ice.selected if transport.may_send else None)
        if self._states[transport.id] != state:
            log.info("%s %s: %s", "link" if isinstance(transport, Link) else "transport", transport.id, state)
            self._states[transport.id] = state
            named = self.pipes.of(transport.id) if isinstance(transport, Link) else [transport.id]
            self._changes += [(object_id, state) for object_id in named]

    def _bring_to_life(self, transport: Transport | Link, now: float) -> None:
        """There are keys and an address: media may flow."""
        if transport.keys is None or transport.ice.selected is None:
            raise MediaError("not connected")
        self._live.add(transport.id)
        self.plane.add_peer(transport.id, transport.keys, transport.ice.selected, transport.bounds.ssrcs)
        for _, producer in list(self._producers.values()):
            if producer.peer == transport.id:
                self.plane.add_producer(producer, now)
        for _, consumer, _ in list(self._consumers.values()):
            if consumer.peer == transport.id:
                self.quality.rerouted(consumer.id)
                self.plane.route(consumer, now)
        self._feedback.send_keyframe_requests(now)

    def _guard(self, step: Callable[[float], None], now: float) -> None:
        try:
            step(now)
        except Exception:
            self._on_fault()

    def _on_fault(self) -> None:
        """Something is wrong with the relay itself: to be called where an exception is handled."""
        self._drop("internal")
        if self.dropped["internal"] == 1:
            log.exception("a fault of the relay; further ones are only counted")

    def _drop(self, reason: str) -> None:
        self.dropped[reason] += 1


def _sent_ssrcs(route: ConsumerRoute) -> list[tuple[str, int]]:
    return [(route.peer, ssrc) for ssrc in (route.ssrc, route.rtx_ssrc) if ssrc is not None]


def _ssrcs(route: ProducerRoute) -> set[int]:
    return {ssrc for stream in route.streams for ssrc in (stream.ssrc, stream.rtx_ssrc) if ssrc is not None}
