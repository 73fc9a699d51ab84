"""What one more participant costs the hub's loop and the relay's, in a room where everybody sends and receives all.

Hub and relays run in this process, one after the other, and nothing is between them but their messages. The newcomer
does what a page does: joins, opens and connects its transports, sends a camera and a microphone, takes and looks at
what it receives; and everybody else takes and looks at the newcomer. Then it leaves.
"""

import asyncio
import contextlib
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from statistics import median
from typing import Final, Literal, TypeVar

from bench import report
from bench.media.errors import BenchFailed
from bench.media.peer import certificate, context
from media.control.messages import (
    Capabilities,
    Delta,
    Drop,
    Register,
    RelayMessage,
    Snapshot,
    encode,
    parse_hub_message,
    parse_relay_message,
)
from media.control.mint import mint_consumer
from media.control.state import Candidate, ConsumerSpec
from media.dataplane.choice import DATA_PLANES
from media.dtls import DtlsContext, DtlsSession, is_dtls
from media.ice import write_check
from media.ortc import ROUTER_CAPABILITIES
from media.path import Path, UdpPath
from media.relay import TICK, Relay
from media.rooms import Rooms as RelayRooms
from signaling.live.endpoint import Endpoint, EndpointIdentity
from signaling.live.room import CloseReason, Room, new_endpoint_id
from signaling.live.rooms import Rooms
from signaling.live.views import set_views
from signaling.live.vouching import Vouching
from signaling.relays.link import RelayLink
from signaling.relays.placement import TRANSPORTS, Placement
from signaling.relays.registry import RelayRegistry
from signaling.wire.media import RoomChanged, Source
from signaling.wire.media_view import ConsumerView
from tests.media import parameters

T = TypeVar("T")
ROOM: Final = "room"
DIRECTIONS: Final[tuple[Literal["send"], Literal["recv"]]] = ("send", "recv")
DTLS: Final = {"role": "client", "fingerprints": [{"algorithm": "sha-256", "value": certificate().fingerprint}]}
CAMERA: Final = parameters.vp8(encodings=[{"rid": rid} for rid in "qhf"])
VOICE: Final = parameters.opus()
TELL_EVERY: Final = 12  # ticks: a room that changes is told to pages four times a second
FLIGHTS: Final = 8
ALL: Final = 1_000  # pictures: nobody is spared any
IDLE_TICKS: Final = 50


class Stopwatch:
    """Milliseconds of processor time of each loop, and the most for which one did nothing else."""

    def __init__(self) -> None:
        self.ms: dict[str, float] = defaultdict(float)
        self.longest: dict[str, float] = defaultdict(float)

    @contextlib.contextmanager
    def of(self, loop: str) -> Iterator[None]:
        """Whatever happens inside is done by this loop."""
        began = time.thread_time()
        yield
        spent = (time.thread_time() - began) * 1000
        self.ms[loop] += spent
        self.longest[loop] = max(self.longest[loop], spent)


class Silent:
    """What the rooms announce goes to nobody; that the room has changed is remembered."""

    changed = False

    def room_changed(self, room: Room) -> None:
        """To be told with others a few times per second."""
        self.changed = True

    def endpoint_closed(self, room_id: str, endpoint: Endpoint, reason: CloseReason) -> None:
        """Nobody listens."""

    def active_speaker(self, room_id: str, endpoint_id: str | None) -> None:
        """Nobody listens."""

    def layers_wanted(self, room_id: str, endpoint: Endpoint, layers: Mapping[str, int | None]) -> None:
        """Nobody listens."""


class Channel:
    """One relay behind its control channel. What the hub says waits until obey()."""

    def __init__(self, name: str, variant: str) -> None:
        self.sent: dict[Path, list[bytes]] = defaultdict(list)
        self.relay = Relay(DtlsContext(certificate()), self._transmit, DATA_PLANES[variant])
        self.rooms = RelayRooms(self.relay)
        self.heard: list[str] = []
        self.registration = Register(
            relay_id=name,
            fingerprint=certificate().fingerprint,
            candidates=(Candidate(ip="192.0.2.1", port=7443),),
            capabilities=Capabilities(dataplane=variant),
        )

    def obey(self, text: str, now: float) -> list[str]:
        """Do what a message says; the answers."""
        answers: list[RelayMessage] = []
        match parse_hub_message(text):
            case Delta() as message:
                answers += self.rooms.delta(message, now)
            case Snapshot() as message:
                answers += self.rooms.snapshot(message, now)
            case Drop() as message:
                self.rooms.drop(message.room, now)
        return [encode(answer) for answer in answers]

    def _transmit(self, data: bytes | memoryview, path: Path) -> None:
        if is_dtls(data := bytes(data)):
            self.sent[path].append(data)


class Hall:
    """A hub with one room on some relays, each of which takes an equal share of ``people`` and one more."""

    def __init__(self, variant: str, relays: int, people: int) -> None:
        self.watch = Stopwatch()
        self.changes = 0
        self.now = 1000.0
        self.ticks: list[float] = []
        self.channels = [Channel(f"relay-{number}", variant) for number in range(relays)]
        self._announcer = Silent()
        share = -(-people // relays) * TRANSPORTS
        self._registry = RelayRegistry(Placement(full_transports=share, full_share=1.0))
        self._rooms = Rooms(self._registry, self._announcer, Vouching(bytes(32)))
        self._links: dict[str, RelayLink] = {}
        for channel in self.channels:
            link = self._registry.register(channel.registration, channel.heard.append, self._rooms)
            self._links[link.id] = link

    @property
    def room(self) -> Room:
        """The room, in which somebody is."""
        room = self._rooms.get(ROOM)
        if room is None:
            raise LookupError
        return room

    # --- the two loops

    def hub(self, work: Callable[[], T]) -> T:
        """Let the hub do something, then the relays what it wants."""
        with self.watch.of("hub"):
            result = work()
        self.converge()
        return result

    def converge(self) -> None:
        """Let the relays obey, and the hub hear what they answer."""
        while waiting := [(channel, channel.heard.pop(0)) for channel in self.channels if channel.heard]:
            for channel, text in waiting:
                self.changes += 1
                with self.watch.of("relay"):
                    answers = channel.obey(text, self.now)
                for answer in answers:
                    with self.watch.of("hub"):
                        self._links[channel.registration.relay_id].receive(parse_relay_message(answer))

    def tick(self) -> None:
        """20 ms pass at the relays; now and then the hub tells everybody of the room."""
        self.now += TICK
        for channel in self.channels:
            began = time.thread_time()
            channel.relay.tick(self.now)
            self.ticks.append((time.thread_time() - began) * 1000)
        if self._announcer.changed and round(self.now / TICK) % TELL_EVERY == 0:
            self._announcer.changed = False
            room = self.room
            with self.watch.of("hub"):
                RoomChanged(meeting_id=ROOM, endpoints=room.wire()).model_dump_json(by_alias=True)

    # --- what pages do

    def join(self, name: str) -> Endpoint:
        """Open an endpoint with two connected transports."""
        identity = EndpointIdentity(new_endpoint_id(), "personal", name, name, None, None)
        endpoint, _ = self.hub(lambda: self._rooms.join(ROOM, identity, name, resume=None, take_over=True))
        for direction in DIRECTIONS:
            self.hub(lambda way=direction: self.room.create_transport(endpoint, way))  # type: ignore[misc]
        self.now += TICK  # a relay begins so many handshakes a second, and not more
        for number, transport in enumerate(list(endpoint.transports)):
            self.hub(lambda one=transport: self.room.connect_transport(endpoint, one, DTLS))  # type: ignore[misc]
            self._connect(endpoint, transport, UdpPath(f"198.51.{number}.{len(self.room.endpoints)}", 5000))
        return endpoint

    def produce(self, endpoint: Endpoint) -> None:
        """Send a camera and a microphone."""
        self._produce(endpoint, "camera")
        self._produce(endpoint, "microphone")

    def _produce(self, endpoint: Endpoint, source: Source) -> None:
        kind, offer = ("video", CAMERA) if source == "camera" else ("audio", VOICE)
        send = _way(endpoint, "send")
        self.hub(lambda: self.room.produce(endpoint, send, kind, source, offer, paused=False))  # type: ignore[arg-type]

    async def consume(self, endpoint: Endpoint, producer_id: str) -> None:
        """Ask for a source, and for it to begin once the page is ready."""
        with self.watch.of("hub"):
            recv = _way(endpoint, "recv")
            asked = asyncio.create_task(self.room.consume(endpoint, recv, producer_id, dict(ROUTER_CAPABILITIES)))
            await asyncio.sleep(0)
        self.converge()
        with self.watch.of("hub"):
            spec, _ = await asked
        self.hub(lambda: self.room.set_consumer(endpoint, spec.id, paused=False))

    def look(self, endpoint: Endpoint, consumers: list[ConsumerSpec], height: int) -> None:
        """Draw pictures at a size."""
        views = [ConsumerView(consumer_id=one.id, width=height * 16 // 9, height=height) for one in consumers]
        self.hub(lambda: set_views(self.room, endpoint, views, ALL))

    def leave(self, name: str) -> None:
        """Go."""
        self.hub(lambda: self._rooms.leave(ROOM, name))

    def take_all(self) -> None:
        """Let everybody receive everything, in one change: not a thing that pages do."""
        room, made = self.room, list[ConsumerSpec]()
        sources = [(one, producer) for one in room.endpoints.values() for producer in one.producers]
        for endpoint in room.endpoints.values():
            recv, taken = _way(endpoint, "recv"), set[int]()
            for sender, producer in sources:
                if sender is not endpoint:
                    made.append(
                        mint_consumer(
                            recv,
                            room.state.producers[producer],
                            ROUTER_CAPABILITIES,
                            cname=sender.identity.id,
                            taken=taken,
                        )
                    )
                    taken.add(made[-1].ssrc)
                    endpoint.consumers.add(made[-1].id)
        self.hub(lambda: room.spread.change(made))

    def _connect(self, endpoint: Endpoint, transport: str, path: UdpPath) -> None:
        """Checks and DTLS of a page, of which the relay's half counts."""
        channel = next(one for one in self.channels if transport in one.relay.transports)
        spec = channel.relay.transports[transport].spec
        check = write_check(to_ufrag=spec.ufrag, to_pwd=spec.pwd, from_ufrag=endpoint.identity.id, tie_breaker=1)
        dtls = DtlsSession(context(), [("sha-256", certificate().fingerprint)], is_client=True)
        dtls.start()
        flight = [check, *dtls.take_datagrams()]
        for _ in range(FLIGHTS):
            with self.watch.of("relay"):
                for datagram in flight:
                    channel.relay.receive(datagram, path, self.now)
            for datagram in channel.sent.pop(path, []):
                dtls.receive(datagram)
            flight = dtls.take_datagrams()
        if channel.relay.state_of(transport) != "connected":
            raise BenchFailed(f"a page did not connect: {channel.relay.state_of(transport)}")


def _way(endpoint: Endpoint, direction: str) -> str:
    return next(one for one, way in endpoint.transports.items() if way == direction)


async def row(variant: str, people: int, relays: int) -> str:
    """Fill a room, let one more come and go, and return the line. Raises BenchFailed where a page gets nothing."""
    hall = Hall(variant, relays, people)
    for number in range(people):
        hall.produce(hall.join(f"member-{number}"))
    hall.take_all()
    consumers = len(hall.room.state.consumers)
    hall.ticks.clear()
    for _ in range(IDLE_TICKS):
        hall.tick()
    idle, hall.ticks, hall.watch, hall.changes = median(hall.ticks), [], Stopwatch(), 0
    await _come(hall)
    came, hall.watch = hall.watch, Stopwatch()
    hall.leave("newcomer")
    for channel in hall.channels:
        channel.relay.plane.close()
    return report.line(
        "media_participant",
        variant=variant,
        people=people,
        relays=relays,
        consumers=consumers,
        changes=hall.changes,
        hub_ms=round(came.ms["hub"]),
        hub_longest_ms=round(came.longest["hub"], 1),
        relay_ms=round(came.ms["relay"]),
        relay_longest_ms=round(came.longest["relay"], 1),
        tick_ms=round(median(hall.ticks), 1),
        idle_tick_ms=round(idle, 1),
        leave_hub_ms=round(hall.watch.ms["hub"], 1),
        leave_relay_ms=round(hall.watch.ms["relay"], 1),
    )


async def _come(hall: Hall) -> None:
    """One more, and what all pages do about it. Everybody's consumers are made within a tick."""
    others = list(hall.room.endpoints.values())
    newcomer = hall.join("newcomer")
    known = hall.hub(lambda: hall.room.consume_all(newcomer, _way(newcomer, "recv"), dict(ROUTER_CAPABILITIES)))
    hall.produce(newcomer)
    hall.tick()
    for other in others:
        before = set(other.consumers)
        for producer in newcomer.producers:
            await hall.consume(other, producer)
        for producer in other.producers.keys() - {spec.producer_id for spec, _ in known}:
            await hall.consume(newcomer, producer)
        state = hall.room.state
        hall.look(other, [state.consumers[one] for one in other.consumers - before], 180)
        hall.tick()
    state = hall.room.state
    hall.look(newcomer, [state.consumers[one] for one in newcomer.consumers], 180)
    hall.tick()
    if len(newcomer.consumers) != 2 * len(others):
        raise BenchFailed(f"the newcomer receives {len(newcomer.consumers)} sources of {2 * len(others)}")
