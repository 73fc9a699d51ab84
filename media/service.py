"""The relay as a process: settings, its port, the clock, and the control channel."""

import asyncio
import datetime
import logging
import os
import secrets
import ssl
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from media.addresses import Announced, own_addresses
from media.announce import Announcement, candidates
from media.control.client import ControlClient
from media.control.messages import (
    AudioLevels,
    Capabilities,
    Delta,
    Draining,
    Drop,
    HubMessage,
    LayersWanted,
    Register,
    RelayMessage,
    Snapshot,
    Statistics,
    TransportStateChanged,
    TransportStatistics,
)
from media.dataplane.choice import MakePlane, choose
from media.dtls import Certificate, DtlsContext, generate_certificate
from media.edge import Edge, open_edge
from media.heap import keep_one_heap
from media.levels import ROUND_S, SpeakerDetector
from media.relay import TICK, Relay
from media.rooms import Rooms
from media.srtp import require_profiles
from media.statistics import Meter, RelayMeter, States

LEVELS_INTERVAL: Final = ROUND_S
STATISTICS_INTERVAL: Final = 2.0
SWEEP_INTERVAL: Final = 1.0
_CERTIFICATE_FILE: Final = "dtls.pem"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RelaySettings:
    """How one relay process runs.

    ``control_url`` is ``wss://…`` with the three files for mutual TLS, or ``ws://…`` without. An empty ``announce``
    means 127.0.0.1 and every address of this machine that ``listen_ip`` covers, and those that it gets later;
    parse_announcement() says its form. An empty ``listen_ip`` takes IPv6 and IPv4 on every address.
    With a ``state_dir`` the DTLS certificate is kept there, else it is new at each start. Port 0 takes a free one.
    ``dataplane`` is ``native``, ``python``, or ``auto``, which prefers native.
    Told to stop, a relay with people on it goes on for up to ``drain_seconds``, while the hub moves them to another.
    """

    relay_id: str
    control_url: str
    ca_file: Path | None = None
    cert_file: Path | None = None
    key_file: Path | None = None
    listen_ip: str = ""
    port: int = 7443
    announce: tuple[str, ...] = ()
    state_dir: Path | None = None
    drain_seconds: float = 0.0
    dataplane: str = "auto"


class RelayService:
    """Ties the relay to its hub; implements media.control.client.Handler."""

    def __init__(self, settings: RelaySettings, certificate: Certificate, edge: Edge, make_plane: MakePlane) -> None:
        self._settings = settings
        self._instance = secrets.token_hex(8)
        self._edge = edge
        self._context = DtlsContext(certificate)
        self.relay = Relay(self._context, edge.transmit, make_plane)
        self.rooms = Rooms(self.relay)
        self.control = ControlClient(settings.control_url, _ssl_factory(settings), self)
        self._detectors: dict[str, SpeakerDetector] = {}
        self._meter = Meter()
        self._relay_meter = RelayMeter()
        self._drain_until: float | None = None
        self._may_end = asyncio.Event()
        self._announced = Announced(settings.announce, settings.listen_ip)
        self._next_levels = self._next_statistics = self._next_sweep = 0.0

    def register(self) -> Register:
        own = [Announcement(ip) for ip in own_addresses(self._settings.listen_ip)]
        return Register(
            relay_id=self._settings.relay_id,
            instance=self._instance,
            fingerprint=self._context.fingerprint,
            candidates=candidates(self._announced.addresses, self._edge.port, with_tcp=self._edge.tcp is not None),
            local=candidates(own, self._edge.port, with_tcp=False),
            capabilities=Capabilities(dataplane=self.relay.plane.name),
            rooms=dict(self.rooms.states),
        )

    def welcomed(self) -> Iterable[RelayMessage]:
        if self._drain_until is not None:
            yield Draining(seconds=max(0.0, self._drain_until - asyncio.get_running_loop().time()))
        for object_id in (*self.relay.transports, *self.relay.pipes.ids):
            yield from self._state_change(object_id)
        yield from self._layers(self.relay.quality.wanted.all())

    def handle(self, message: HubMessage) -> Iterable[RelayMessage]:
        answers = self._obey(message, asyncio.get_running_loop().time())
        if self._drain_until is not None and not self.relay.transports:
            self._may_end.set()
        return answers

    def _obey(self, message: HubMessage, now: float) -> Iterable[RelayMessage]:
        match message:
            case Snapshot():
                return self.rooms.snapshot(message, now)
            case Delta():
                return self.rooms.delta(message, now)
            case Drop():
                self.rooms.drop(message.room, now)
                self._detectors.pop(message.room, None)
        return ()

    async def run(self) -> None:
        """Until cancelled. Owns the clock and the control channel."""
        await self._edge.listen(self.relay.receive, self.relay.belongs, self.relay.lose, self.relay.plane.serve)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._tick_for_ever())
            tasks.create_task(self.control.run())

    async def drain(self, seconds: float) -> None:
        """Ask the hub to move everybody to other relays; return when nobody is left, or time is up, or it shall hurry.

        Media goes on meanwhile.
        """
        if not self.relay.transports or seconds <= 0:
            return
        log.info("draining for up to %g s: %d transports", seconds, len(self.relay.transports))
        self._drain_until = asyncio.get_running_loop().time() + seconds
        self.control.send(Draining(seconds=seconds))
        try:
            async with asyncio.timeout(seconds):
                await self._may_end.wait()
        except TimeoutError:
            log.warning("drained for %g s; %d transports are left", seconds, len(self.relay.transports))

    def hurry(self) -> None:
        """Drain no longer."""
        self._may_end.set()

    async def _tick_for_ever(self) -> None:
        loop = asyncio.get_running_loop()
        failures = 0
        while True:
            due = loop.time() + TICK
            await asyncio.sleep(TICK)
            try:
                self._relay_meter.note_lag(loop.time() - due)
                self._tick(loop.time())
            except Exception:
                failures += 1
                if failures == 1:
                    log.exception("a periodic task failed; further failures are only counted")

    def _tick(self, now: float) -> None:
        self.relay.tick(now)
        for object_id, _ in self.relay.take_changes():
            if object_id in self.relay.transports or object_id in self.relay.pipes.ids:
                for message in self._state_change(object_id):
                    self.control.send(message)
        for layers in self._layers(self.relay.quality.wanted.take_changes()):
            self.control.send(layers)
        if now >= self._next_levels:
            self._next_levels = now + LEVELS_INTERVAL
            self._report_levels()
        if now >= self._next_sweep:
            self._next_sweep = now + SWEEP_INTERVAL
            self._edge.sweep(now)
            if self._announced.changed(now) and self._drain_until is None:
                self.control.renew("the addresses of this machine changed")
        if now >= self._next_statistics:
            self._next_statistics = now + STATISTICS_INTERVAL
            self._report_statistics(now)

    def _state_change(self, transport_id: str) -> Iterable[TransportStateChanged]:
        room = self.rooms.room_of(transport_id)
        if room is not None:
            state = self.relay.state_of(transport_id)
            yield TransportStateChanged(room=room, transport_id=transport_id, state=state)

    def _layers(self, wanted: Mapping[str, int]) -> Iterable[LayersWanted]:
        """What the senders of each room are to be told."""
        by_room: dict[str, dict[str, int]] = {}
        for producer, highest in wanted.items():
            room = self.rooms.room_of(producer)
            if room is not None:
                by_room.setdefault(room, {})[producer] = highest
        return [LayersWanted(room=room, layers=layers) for room, layers in by_room.items()]

    def _report_levels(self) -> None:
        by_room: dict[str, dict[str, int]] = {room: {} for room in self._detectors}
        for producer, level in self.relay.plane.take_levels().items():
            room = self.rooms.room_of(producer)
            if room is not None:
                by_room.setdefault(room, {})[producer] = level
        for room, levels in by_room.items():
            report = self._detectors.setdefault(room, SpeakerDetector()).observe(levels)
            if report is not None:
                self.control.send(AudioLevels(room=room, levels=report[0], speaker=report[1]))

    def _report_statistics(self, now: float) -> None:
        rooms: dict[str, dict[str, TransportStatistics]] = {}
        links = self.relay.pipes.links
        measured = self._meter.measure({**self.relay.transports, **links}, self.relay.plane.stats(), now)
        for peer, statistics in measured.items():
            for object_id in self.relay.pipes.of(peer) if peer in links else [peer]:
                room = self.rooms.room_of(object_id)
                if room is not None:
                    rooms.setdefault(room, {})[object_id] = statistics
        states = States(map(self.relay.state_of, self.relay.transports), map(self.relay.state_of, links))
        connections = self._edge.tcp.connections if self._edge.tcp is not None else 0
        counters = self._relay_meter.measure(
            self.relay.plane, states, self.relay.dropped + Counter(self.relay.plane.dropped()), connections
        )
        self.control.send(Statistics(rooms=rooms, relay=counters))


async def run_relay(settings: RelaySettings, stop: asyncio.Event, hurry: asyncio.Event | None = None) -> None:
    """Run a relay until ``stop`` is set, let the hub move its people, then close every transport.

    ``hurry`` ends the second step at once.

    Raises UnsupportedCrypto where the libraries lack AES-GCM, DataPlaneUnavailable if the one that was asked for is not
    there, DtlsError for an unreadable certificate file, and OSError when the port is taken. A hub that cannot be
    reached is no error.
    """
    keep_one_heap()
    require_profiles()
    certificate = await asyncio.to_thread(_load_certificate, settings.state_dir)
    make_plane = await asyncio.to_thread(choose, settings.dataplane)
    edge = open_edge(settings.listen_ip, settings.port)
    service = RelayService(settings, certificate, edge, make_plane)
    log.info("relay %s: port %d, data plane %s", settings.relay_id, edge.port, service.relay.plane.name)
    running = asyncio.ensure_future(service.run())
    stopping = asyncio.ensure_future(_stopped(service, settings.drain_seconds, stop, hurry or asyncio.Event()))
    try:
        await asyncio.wait((running, stopping), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (running, stopping):
            task.cancel()
        await asyncio.gather(running, stopping, return_exceptions=True)
        for transport_id in list(service.relay.transports):
            service.relay.remove_transport(transport_id)
        service.relay.plane.close()
        edge.close()
    if running.done() and not running.cancelled():
        running.result()


async def _stopped(service: RelayService, seconds: float, stop: asyncio.Event, hurry: asyncio.Event) -> None:
    """Return once the relay shall end and nobody is left who could be moved."""
    await stop.wait()
    hurried = asyncio.ensure_future(hurry.wait())
    hurried.add_done_callback(lambda _: service.hurry())
    try:
        await service.drain(seconds)
    finally:
        hurried.cancel()


def _load_certificate(state_dir: Path | None) -> Certificate:
    """The kept certificate, or a new one, kept if there is where."""
    now = datetime.datetime.now(datetime.UTC)
    if state_dir is None:
        return generate_certificate(now)
    path = state_dir / _CERTIFICATE_FILE
    if path.exists():
        certificate = Certificate.from_pem(path.read_bytes())
        if certificate.certificate.not_valid_after_utc > now + datetime.timedelta(days=30):
            return certificate
    certificate = generate_certificate(now)
    state_dir.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(certificate.to_pem())
    part.replace(path)
    return certificate


def _ssl_factory(settings: RelaySettings) -> Callable[[], ssl.SSLContext] | None:
    """Mutual TLS 1.3 with the deployment's own authority; None for ``ws://``."""
    if not settings.control_url.startswith("wss:"):
        return None

    def make() -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=settings.ca_file)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        if settings.cert_file is not None:
            context.load_cert_chain(settings.cert_file, settings.key_file)
        return context

    return make
