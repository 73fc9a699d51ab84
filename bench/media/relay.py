"""The product's relay as a process of its own, its hub, and peers that were brought to life by real handshakes."""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench.media import load
from bench.media.errors import BenchFailed, NotHere
from bench.media.load import End, Receivers, Result, Sender
from bench.media.offer import Offer
from bench.media.peer import FarEnd, Peer, certificate
from bench.media.relay_process import NOT_HERE
from media.control.mint import connected, mint_consumer, mint_producer, mint_transport
from media.control.state import ConsumerSpec, ProducerSpec, TransportSpec, View
from media.ortc import ROUTER_CAPABILITIES
from media.parameters import TRANSPORT_CC, parse_parameters
from tests.media.hub import Hub, running_hub

START_TIMEOUT_S: Final = 20.0
STOP_TIMEOUT_S: Final = 10.0
CONNECTING_AT_ONCE: Final = 16
DTLS: Final = {"role": "client", "fingerprints": [{"algorithm": "sha-256", "value": certificate().fingerprint}]}


@dataclass(slots=True)
class Relay:
    """A relay process with one room."""

    variant: str
    hub: Hub
    process: asyncio.subprocess.Process
    peers: dict[str, Peer] = field(default_factory=dict)

    @property
    def pid(self) -> int:
        """The process whose CPU and memory count."""
        return self.process.pid

    def rss_bytes(self) -> int:
        """Resident memory now."""
        if self.process.returncode is not None:
            raise BenchFailed(f"the relay ended with status {self.process.returncode}")
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    async def join(self, count: int) -> list[str]:
        """Connect so many transports; their ids. Raises BenchFailed."""
        specs = [connected(mint_transport(), DTLS) for _ in range(count)]
        await self.hub.apply(put=specs)
        gate = asyncio.Semaphore(CONNECTING_AT_ONCE)

        async def connect(spec: TransportSpec) -> None:
            async with gate:
                peer = self.peers[spec.id] = Peer()
                await peer.connect(self._far_end(spec))

        await asyncio.gather(*map(connect, specs))
        return [spec.id for spec in specs]

    async def leave(self, transports: Sequence[str]) -> None:
        """Remove transports with all that stands on them."""
        await self.hub.apply(remove=transports)
        for transport in transports:
            self.peers.pop(transport).close()

    async def publish(self, transport: str, offer: Offer) -> ProducerSpec:
        """Let a peer send video."""
        producer = mint_producer(transport, "video", offer.parameters())
        await self.hub.apply(put=[producer])
        return producer

    async def subscribe(
        self, transports: Sequence[str], producer: ProducerSpec, views: Sequence[View] = ()
    ) -> list[ConsumerSpec]:
        """Let peers receive a producer, each as it looks at it."""
        consumers = [mint_consumer(one, producer, ROUTER_CAPABILITIES, cname="bench") for one in transports]
        if views:
            consumers = [one.model_copy(update={"view": view}) for one, view in zip(consumers, views, strict=True)]
        await self.hub.apply(put=consumers)
        return consumers

    def end(self, consumer: ConsumerSpec) -> End:
        """Where a subscriber gets what it subscribed to."""
        peer = self.peers[consumer.transport_id]
        extensions = parse_parameters(consumer.rtp_parameters).header_extensions
        transport_id = next((one.id for one in extensions if one.uri == TRANSPORT_CC), 0)
        return End(peer.sock, peer.inbound, consumer.ssrc, peer.outbound, transport_id)

    def refresh(self) -> None:
        """To be called now and then while nothing else happens: keeps consent, and forgets what came meanwhile."""
        for peer in self.peers.values():
            peer.refresh()

    def _far_end(self, spec: TransportSpec) -> FarEnd:
        registration = self.hub.registration
        if registration is None:
            raise BenchFailed("the relay has not registered")
        candidate = next(one for one in registration.candidates if one.protocol == "udp")
        return FarEnd((candidate.ip, candidate.port), spec.ufrag, spec.pwd, registration.fingerprint)


@asynccontextmanager
async def running_relay(variant: str, *, busy: bool = False) -> AsyncIterator[Relay]:
    """Start a relay on the forwarder's core with this data plane. Raises NotHere or BenchFailed."""
    with tempfile.TemporaryFile() as log:
        async with running_hub() as (hub, port):
            with load.pinned(load.forwarder_core()):
                process = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", "bench.media.relay_process", f"ws://127.0.0.1:{port}", variant),
                    *(["--busy"] if busy else []),
                    stderr=log,
                )
            relay = Relay(variant, hub, process)
            try:
                await _registered(relay, log.fileno())
                yield relay
            finally:
                await _end(relay)


async def _registered(relay: Relay, log: int) -> None:
    waits = [asyncio.ensure_future(relay.hub.registered.wait()), asyncio.ensure_future(relay.process.wait())]
    await asyncio.wait(waits, timeout=START_TIMEOUT_S, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
    if not relay.hub.registered.is_set():
        words = os.pread(log, 4000, 0).decode("utf-8", "replace")
        if relay.process.returncode == NOT_HERE:
            raise NotHere(f"the data plane {relay.variant} does not run here: {words.strip()}")
        raise BenchFailed(f"the relay did not start: {words}")
    if relay.hub.registration is None or relay.hub.registration.capabilities.dataplane != relay.variant:
        raise BenchFailed(f"another data plane than {relay.variant} runs")


async def _end(relay: Relay) -> None:
    for peer in relay.peers.values():
        peer.close()
    if relay.process.returncode is None:
        relay.process.terminate()
    try:
        async with asyncio.timeout(STOP_TIMEOUT_S):
            await relay.process.wait()
    except TimeoutError:
        relay.process.kill()
        await relay.process.wait()


@dataclass(slots=True)
class Stage:
    """One publisher and its subscribers at a relay; implements forwarders.Forwarder."""

    variant: str
    relay: Relay
    sender: Sender
    receivers: Receivers

    def refresh(self) -> None:
        """Keep everybody's consent."""
        self.relay.refresh()

    async def run(self, kind: str, seconds: float) -> Result:
        """Measure one run."""
        self.refresh()
        await asyncio.sleep(0.05)
        spec = load.specification(kind, self.receivers.count, seconds, self.relay.pid)
        return await load.run(spec, self.sender, self.receivers)


async def staged(relay: Relay, subscribers: int, offer: Offer | None = None, views: Sequence[View] = ()) -> Stage:
    """Let one peer publish and the others subscribe."""
    offer = offer or Offer()
    publisher, *transports = await relay.join(subscribers + 1)
    producer = await relay.publish(publisher, offer)
    consumers = await relay.subscribe(transports, producer, views)
    sending = relay.peers[publisher]
    sender = Sender(sending.sock, sending.outbound, offer.encodings())
    ends = [relay.end(consumer) for consumer in consumers]
    return Stage(relay.variant, relay, sender, Receivers(ends))


@asynccontextmanager
async def relay_stage(variant: str, subscribers: int) -> AsyncIterator[Stage]:
    """A relay of its own with one publisher."""
    async with running_relay(variant) as relay:
        yield await staged(relay, subscribers)
