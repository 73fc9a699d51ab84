"""The relay as a process: settings, its port, the clock, and the control channel."""

import asyncio
import datetime
import ipaddress
import logging
import os
import secrets
import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import ifaddr

from media.announce import Announcement, candidates, parse_announcement
from media.control.client import ControlClient
from media.control.messages import (
    AudioLevels,
    Capabilities,
    Delta,
    Drop,
    HubMessage,
    Register,
    RelayMessage,
    Snapshot,
    Statistics,
    TransportStateChanged,
    TransportStatistics,
)
from media.dataplane.python import PythonDataPlane
from media.dtls import Certificate, DtlsContext, generate_certificate
from media.edge import Edge, open_edge
from media.levels import SpeakerDetector
from media.relay import TICK, Relay
from media.rooms import Rooms
from media.srtp import require_profiles
from media.statistics import Meter

LEVELS_INTERVAL: Final = 0.3
STATISTICS_INTERVAL: Final = 2.0
SWEEP_INTERVAL: Final = 1.0
_CERTIFICATE_FILE: Final = "dtls.pem"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RelaySettings:
    """How one relay process runs.

    ``control_url`` is ``wss://…`` with the three files for mutual TLS, or ``ws://…`` without. An empty ``announce``
    means 127.0.0.1 and every address of this machine that ``listen_ip`` covers; parse_announcement() says its form.
    With a ``state_dir`` the DTLS certificate is kept there, else it is new at each start. Port 0 takes a free one.
    """

    relay_id: str
    control_url: str
    ca_file: Path | None = None
    cert_file: Path | None = None
    key_file: Path | None = None
    listen_ip: str = "0.0.0.0"  # noqa: S104 - peers come from anywhere
    port: int = 7443
    announce: tuple[str, ...] = ()
    state_dir: Path | None = None


class RelayService:
    """Ties the relay to its hub; implements media.control.client.Handler."""

    def __init__(self, settings: RelaySettings, certificate: Certificate, edge: Edge) -> None:
        self._settings = settings
        self._instance = secrets.token_hex(8)
        self._edge = edge
        self._context = DtlsContext(certificate)
        self.relay = Relay(self._context, edge.transmit, PythonDataPlane)
        self.rooms = Rooms(self.relay)
        self.control = ControlClient(settings.control_url, _ssl_factory(settings), self)
        self._detectors: dict[str, SpeakerDetector] = {}
        self._meter = Meter()
        self._announced = announced(settings)
        self._next_levels = self._next_statistics = self._next_sweep = 0.0

    def register(self) -> Register:
        return Register(
            relay_id=self._settings.relay_id,
            instance=self._instance,
            fingerprint=self._context.fingerprint,
            candidates=candidates(self._announced, self._edge.port, with_tcp=self._edge.tcp is not None),
            capabilities=Capabilities(dataplane=self.relay.plane.name),
            rooms=dict(self.rooms.states),
        )

    def welcomed(self) -> Iterable[RelayMessage]:
        for transport_id in self.relay.transports:
            yield from self._state_change(transport_id)

    def handle(self, message: HubMessage) -> Iterable[RelayMessage]:
        now = asyncio.get_running_loop().time()
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
        await self._edge.listen(self.relay.receive, self.relay.belongs, self.relay.lose)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._tick_for_ever())
            tasks.create_task(self.control.run())

    async def _tick_for_ever(self) -> None:
        loop = asyncio.get_running_loop()
        failures = 0
        while True:
            await asyncio.sleep(TICK)
            try:
                self._tick(loop.time())
            except Exception:
                failures += 1
                if failures == 1:
                    log.exception("a periodic task failed; further failures are only counted")

    def _tick(self, now: float) -> None:
        self.relay.tick(now)
        for transport_id, _ in self.relay.take_changes():
            if transport_id in self.relay.transports:
                for message in self._state_change(transport_id):
                    self.control.send(message)
        if now >= self._next_levels:
            self._next_levels = now + LEVELS_INTERVAL
            self._report_levels()
        if now >= self._next_sweep:
            self._next_sweep = now + SWEEP_INTERVAL
            self._edge.sweep(now)
        if now >= self._next_statistics:
            self._next_statistics = now + STATISTICS_INTERVAL
            self._report_statistics(now)

    def _state_change(self, transport_id: str) -> Iterable[TransportStateChanged]:
        room = self.rooms.room_of(transport_id)
        if room is not None:
            state = self.relay.state_of(transport_id)
            yield TransportStateChanged(room=room, transport_id=transport_id, state=state)

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
        measured = self._meter.measure(self.relay.transports, self.relay.plane.stats(), now)
        for transport_id, statistics in measured.items():
            room = self.rooms.room_of(transport_id)
            if room is not None:
                rooms.setdefault(room, {})[transport_id] = statistics
        if rooms:
            self.control.send(Statistics(rooms=rooms))


async def run_relay(settings: RelaySettings, stop: asyncio.Event) -> None:
    """Run a relay until ``stop`` is set, then close every transport.

    Raises UnsupportedCrypto where the libraries lack AES-GCM, DtlsError for an unreadable certificate file, and
    OSError when the port is taken. A hub that cannot be reached is no error.
    """
    require_profiles()
    certificate = await asyncio.to_thread(_load_certificate, settings.state_dir)
    edge = open_edge(settings.listen_ip, settings.port)
    service = RelayService(settings, certificate, edge)
    log.info("relay %s: port %d, data plane %s", settings.relay_id, edge.port, service.relay.plane.name)
    running = asyncio.ensure_future(service.run())
    stopping = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait((running, stopping), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (running, stopping):
            task.cancel()
        await asyncio.gather(running, stopping, return_exceptions=True)
        for transport_id in list(service.relay.transports):
            service.relay.remove_transport(transport_id)
        edge.close()
    if running.done() and not running.cancelled():
        running.result()


def announced(settings: RelaySettings) -> tuple[Announcement, ...]:
    """What the settings announce, else every address of this machine. Raises AnnouncementError."""
    if settings.announce:
        return tuple(parse_announcement(text) for text in settings.announce)
    return tuple(Announcement(ip) for ip in own_addresses(settings.listen_ip))


def own_addresses(listen_ip: str) -> tuple[str, ...]:
    """Addresses under which a socket bound to ``listen_ip`` can be reached, others before 127.0.0.1."""
    bound = ipaddress.ip_address(listen_ip)
    if not bound.is_unspecified:
        return (listen_ip,)
    found = [
        ipaddress.ip_address(entry.ip if isinstance(entry.ip, str) else entry.ip[0])
        for adapter in ifaddr.get_adapters()
        for entry in adapter.ips
    ]
    usable = [ip for ip in found if not ip.is_loopback and not ip.is_link_local and bound.version >= ip.version]
    usable.sort(key=lambda ip: ip.version)
    return (*dict.fromkeys(str(ip) for ip in usable), "127.0.0.1")


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
