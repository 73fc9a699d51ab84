"""All sources of a room that come over one transport, each into its own file. No socket, no clock of its own."""

from collections.abc import Callable
from typing import Final

from media.client import ClientTransport, RelayAddress, Transmit
from media.dtls import DtlsContext
from media.path import Address
from media.recording.clock import SenderClock
from media.recording.source import OpenFile, Source, SourceSpec, Written
from media.rtcp import RtcpPacket, SenderReport, write_estimate, write_receiver_reports
from media.rtp import RtpPacket

REPORT_S: Final = 1.0
ESTIMATE_BPS: Final = 200_000_000  # it is near the relay, and everything is wanted as good as it is


class Recorder:
    """``began`` is the wall time at which all files begin; sources are known by numbers of the caller's choosing."""

    def __init__(self, relay: RelayAddress, context: DtlsContext, transmit: Transmit, began: float, now: float) -> None:
        self._link = ClientTransport(relay, context, transmit, self._hear, now)
        self._began = began
        self._senders: dict[str, SenderClock] = {}
        self._sources: dict[int, Source] = {}
        self._by_ssrc: dict[int, Source] = {}
        self._now = now
        self._wall = began
        self._next_report = now

    @property
    def connected(self) -> bool:
        """Whether media can come."""
        return self._link.connected

    def lost(self, now: float) -> bool:
        """Whether nothing will come any more."""
        return self._link.lost(now)

    def add(self, number: int, spec: SourceSpec, open_file: OpenFile) -> None:
        """Expect a source from now on."""
        sender = self._senders.setdefault(spec.cname, SenderClock())
        source = self._sources[number] = Source(spec, sender, self._began, open_file)
        for ssrc in (spec.ssrc, spec.rtx_ssrc):
            if ssrc is not None:
                self._by_ssrc[ssrc] = source

    def end(self, number: int, wall: float) -> Written:
        """Finish a source's file and tell what it holds; an unknown source holds nothing. Raises RecordingError."""
        source = self._sources.pop(number, None)
        if source is None:
            return Written()
        for ssrc in [ssrc for ssrc, other in self._by_ssrc.items() if other is source]:
            del self._by_ssrc[ssrc]
            self._link.forget(ssrc)
        source.close(wall)
        return source.written

    def receive(self, datagram: bytes, address: Address, now: float, wall: float) -> None:
        """One datagram. Never raises."""
        self._now, self._wall = now, wall
        self._link.receive(datagram, address, now)

    def tick(self, now: float, wall: float, failed: Callable[[int, Exception], None]) -> None:
        """Every 20 ms: write what is due, ask for what is missing. ``failed`` gets sources that cannot be written."""
        self._link.tick(now)
        for number, source in list(self._sources.items()):
            try:
                source.tick(now, wall)
            except Exception as error:
                failed(number, error)
                continue
            if self._link.connected:
                self._link.send_rtcp(source.feedback(now))
        if self._link.connected and now >= self._next_report:
            self._next_report = now + REPORT_S
            blocks = [block for source in self._sources.values() if (block := source.block(now)) is not None]
            self._link.send_rtcp([write_estimate(ESTIMATE_BPS), *write_receiver_reports(blocks)])

    def close(self) -> None:
        """Say goodbye; the files are ended one by one."""
        self._link.close()

    def _hear(self, packet: RtpPacket | RtcpPacket) -> None:
        if isinstance(packet, RtpPacket):
            if (source := self._by_ssrc.get(packet.ssrc)) is not None:
                source.receive(packet, self._now, self._wall)
        elif isinstance(packet, SenderReport) and (source := self._by_ssrc.get(packet.ssrc)) is not None:
            source.report(packet, self._now)
