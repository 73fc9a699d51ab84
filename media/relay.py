"""The relay without a socket: demultiplexes datagrams, holds transports, links, producers and consumers.

Time is an argument.

It knows no rooms. Nothing that a peer sends makes it raise; it costs the sender its packet and one count.
"""

import logging
from collections import Counter
from collections.abc import Callable
from typing import ParamSpec

from media.association import Association
from media.control.messages import TransportState
from media.control.state import ConsumerSpec, PipeSpec, ProducerSpec, TransportSpec
from media.dataplane.interface import DataPlane, Transmit
from media.dtls import DtlsContext, is_dtls
from media.errors import MalformedPacket, ParametersError, SrtpError
from media.feedback import Due, Feedback
from media.forwarding import Forwarding
from media.ice import IceLite, is_binding_response, is_stun, parse_binding_request, requested_ufrag
from media.path import Path
from media.pipes import Pipes
from media.ratelimit import RateLimit
from media.rtcp import is_rtcp
from media.transport import Transport
from media.whereabouts import Whereabouts

HANDSHAKES_PER_SECOND = 200
TICK = 0.02
P = ParamSpec("P")

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
        self._where = Whereabouts(self._note)
        self._forwarding = Forwarding(self.plane, self._peer)
        self.quality = self._forwarding.quality
        self._states: dict[str, TransportState] = {}
        self._changes: list[tuple[str, TransportState]] = []
        self._handshakes = RateLimit(HANDSHAKES_PER_SECOND, HANDSHAKES_PER_SECOND)
        consumers = self._forwarding.consumers
        self._feedback = Feedback(self._peer, self.plane, lambda consumer: consumers[consumer].cname)

    # ---- what the hub wants

    def put_transport(self, spec: TransportSpec, now: float) -> None:
        """Add a transport, or take over its changes. Raises ParametersError."""
        holder = self._where.asked_for(spec.ufrag.encode())
        if holder is not None and holder.id != spec.id:
            raise ParametersError("the user fragment belongs to another transport")
        transport = self.transports.get(spec.id)
        former = None
        if transport is None:
            transport = Transport(spec, self._context, self._transmit, self._handshakes.admits)
            self.transports[spec.id] = transport
            self._states[spec.id] = "new"
        else:
            former = transport.spec.ufrag
            transport.update(spec, now)
        self._where.enter(spec.ufrag, transport, instead_of=former)
        self._note(transport, now)

    def put_pipe(self, spec: PipeSpec, now: float) -> None:
        """Add a pipe, and open its link if it is the first. Raises ParametersError, KeyReused."""
        holder = self._where.asked_for(spec.ufrag.encode())
        if spec.link in self.transports or (holder is not None and holder.id != spec.link):
            raise ParametersError("the link or its user fragment belongs to a transport")
        link = self.pipes.put(spec, now)
        if isinstance(link.ice, IceLite):
            self._where.enter(spec.ufrag, link)
        state = self._states.setdefault(link.id, "new")
        if state != "new":
            self._changes.append((spec.id, state))
        link.tick(now)
        self._forwarding.hand_over(spec.id, link.id, now)
        self._feedback.send_keyframe_requests(now)

    def put_producer(self, spec: ProducerSpec, now: float) -> None:
        """Add or replace a producer; a change of ``paused`` alone keeps its streams. Raises ParametersError."""
        self._forwarding.put_producer(spec, self.pipes.peer_of(spec.transport_id), now)
        self._feedback.send_keyframe_requests(now)

    def put_consumer(self, spec: ConsumerSpec, producer: ProducerSpec, now: float) -> None:
        """Add or replace a consumer; a change of ``paused`` alone keeps its stream. Raises ParametersError."""
        self._forwarding.put_consumer(spec, producer, self.pipes.peer_of(spec.transport_id), now)
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

    def remove_producer(self, producer_id: str) -> None:
        """Idempotent."""
        self._forwarding.remove_producer(producer_id)

    def remove_consumer(self, consumer_id: str) -> None:
        """Idempotent."""
        self._forwarding.remove_consumer(consumer_id)

    def _forget(self, peer: Association) -> None:
        self.plane.remove_peer(peer.id)
        self._forwarding.end(peer.id)
        self._states.pop(peer.id, None)
        self._where.leave(peer)

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
        return self._where.proven(path) is not None

    def lose(self, path: Path, now: float) -> None:
        """The path exists no more, as when its TCP connection ended: nothing is sent there. Idempotent."""
        self._where.lose(path, now)

    def tick(self, now: float) -> None:
        """To be called every 20 ms. Never raises: what goes wrong for one peer does not touch the others."""
        due = self._feedback.due(now)
        self._guard(self.quality.begin, now)
        for transport in self.transports.values():
            self._guard(self._serve, transport, due, now)
            if transport.id in self._forwarding.live:
                self._guard(self.quality.serve, transport, now)
        for link in self.pipes.links.values():
            self._guard(self._serve, link, due, now)
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
        peer = self._where.proven(address)
        if peer is None:
            self._drop("unvalidated_address")
        elif is_dtls(datagram):
            self._on_dtls(peer, datagram, address, now)
        elif not datagram or not 128 <= datagram[0] <= 191:
            self._drop("unknown_protocol")
        elif is_rtcp(datagram) and not peer.reports.admits(now):
            self._drop("too_many_reports")
        elif is_rtcp(datagram):
            self._feedback.receive(peer, datagram, now)
        else:
            self.plane.receive(peer.id, datagram, now)

    def _peer(self, peer_id: str) -> Association | None:
        return self.transports.get(peer_id) or self.pipes.links.get(peer_id)

    def _on_dtls(self, peer: Association, datagram: bytes, address: Path, now: float) -> None:
        dropped = peer.on_dtls(datagram, address, now)
        if dropped:
            self._drop(dropped)
        else:
            self._note(peer, now)

    def _on_answer(self, datagram: bytes, address: Path, now: float) -> None:
        link = self.pipes.answered(datagram, address, now)
        if link is None:
            self._drop("unauthentic_check")
        else:
            self._where.learn(link, address, now)
            self._note(link, now)

    def _on_check(self, datagram: bytes, address: Path, now: float) -> None:
        peer = self._where.asked_for(requested_ufrag(datagram))
        if peer is None:
            self._drop("unauthentic_check")
        elif not peer.checks.admits(now):
            self._drop("too_many_checks")
        elif not self._where.may_claim(peer, address, now):
            self._drop("address_in_use")
        elif not peer.on_check(parse_binding_request(datagram), address, now):
            self._drop("unauthentic_check")
        else:
            self._where.learn(peer, address, now)
            self._note(peer, now)

    # ---- where peers stand

    def _serve(self, peer: Association, due: Due, now: float) -> None:
        peer.tick(now)
        self._note(peer, now)
        self._feedback.serve(peer, due, now)

    def _note(self, peer: Association, now: float) -> None:
        """Let the data plane and the hub know where a peer stands."""
        if peer.keys is not None and peer.id not in self._forwarding.live and peer.ice.selected is not None:
            self.plane.add_peer(peer.id, peer.keys, peer.ice.selected, peer.bounds.sources)
            self._forwarding.begin(peer.id, now)
            self._feedback.send_keyframe_requests(now)
        state = peer.state(now)
        peer.may_send = state != "failed"
        if peer.id in self._forwarding.live:
            self.plane.move_peer(peer.id, peer.ice.selected if peer.may_send else None)
        if self._states[peer.id] != state:
            log.info("%s %s: %s", peer.KIND, peer.id, state)
            self._states[peer.id] = state
            self._changes += [(object_id, state) for object_id in self.pipes.of(peer.id) or [peer.id]]

    def _guard(self, step: Callable[P, None], *args: P.args, **more: P.kwargs) -> None:
        try:
            step(*args, **more)
        except Exception:
            self._on_fault()

    def _on_fault(self) -> None:
        """Something is wrong with the relay itself: to be called where an exception is handled."""
        self._drop("internal")
        if self.dropped["internal"] == 1:
            log.exception("a fault of the relay; further ones are only counted")

    def _drop(self, reason: str) -> None:
        self.dropped[reason] += 1
