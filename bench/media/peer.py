"""A WebRTC peer without codecs: real connectivity checks and a real DTLS handshake, then SRTP sessions and a socket."""

import asyncio
import datetime
import functools
import secrets
import socket
from dataclasses import dataclass
from typing import Final

from bench.media import load
from bench.media.errors import BenchFailed
from media.dtls import Certificate, DtlsContext, DtlsSession, DtlsState, generate_certificate, is_dtls
from media.errors import MalformedStun
from media.ice import IceLite, is_check_answer, is_stun, parse_binding_request, write_check
from media.path import UdpPath
from media.srtp import PROFILES, InboundSession, OutboundSession

CONNECT_TIMEOUT_S: Final = 20.0
_RETRY_S: Final = 0.25


@dataclass(frozen=True, slots=True)
class FarEnd:
    """What signalling tells of the other side."""

    address: tuple[str, int]
    ufrag: str
    pwd: str
    fingerprint: str


@functools.cache
def certificate() -> Certificate:
    """The one certificate of all peers."""
    return generate_certificate(datetime.datetime.now(datetime.UTC))


@functools.cache
def context() -> DtlsContext:
    """Offers AEAD_AES_128_GCM alone, so that all that is measured encrypts alike."""
    return DtlsContext(certificate(), PROFILES[:1])


class Peer:
    """Make it where its socket is to live, connect() it, then use ``sock`` with the sessions."""

    def __init__(self) -> None:
        self.ufrag, self.pwd = secrets.token_hex(4), secrets.token_hex(16)
        self._ice = IceLite(self.ufrag, self.pwd)
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.setblocking(False)
        load.enlarge(self.sock)
        self._far: FarEnd | None = None

    async def connect(self, far: FarEnd, *, is_client: bool = True) -> None:
        """Check, then shake hands. Raises BenchFailed."""
        self._far = far
        self.sock.connect(far.address)
        dtls = DtlsSession(context(), [("sha-256", far.fingerprint)], is_client=is_client)
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                await self._checked(far, dtls)
                dtls.start()
                await self._shaken(dtls)
        except TimeoutError as error:
            raise BenchFailed(f"a peer did not connect: {dtls.state}") from error
        if dtls.keys is None:
            raise BenchFailed(f"a peer did not connect: {dtls.failure}")
        self.inbound = InboundSession(dtls.keys.profile, dtls.keys.inbound)
        self.outbound = OutboundSession(dtls.keys.profile, dtls.keys.outbound)

    def check(self) -> None:
        """Send a connectivity check: consent to be sent to must not expire (RFC 7675)."""
        if self._far is None:
            raise BenchFailed("not connected")
        check = write_check(
            to_ufrag=self._far.ufrag, to_pwd=self._far.pwd, from_ufrag=self.ufrag, tie_breaker=secrets.randbits(64)
        )
        self.sock.send(check)

    def refresh(self) -> None:
        """Between runs: answer checks, throw away what else has come, and keep consent."""
        while True:
            try:
                self._answered(self.sock.recv(2048))
            except BlockingIOError:
                break
            except ConnectionRefusedError:
                continue
        self.check()

    def close(self) -> None:
        """Idempotent."""
        self.sock.close()

    async def _checked(self, far: FarEnd, dtls: DtlsSession) -> None:
        while True:
            self.check()
            data = await self._received()
            if data is None:
                continue
            if is_stun(data):
                if is_check_answer(data, far.pwd):
                    return
                self._answered(data)
            else:
                dtls.receive(data)

    async def _shaken(self, dtls: DtlsSession) -> None:
        while dtls.state is DtlsState.HANDSHAKE:
            for datagram in dtls.take_datagrams():
                self.sock.send(datagram)
            data = await self._received()
            if data is None:
                dtls.handle_timeout()
            elif is_dtls(data):
                dtls.receive(data)
            else:
                self._answered(data)
        for datagram in dtls.take_datagrams():
            self.sock.send(datagram)

    def _answered(self, data: bytes) -> None:
        """Answer a check of the other side; anything else is not for here."""
        if not is_stun(data) or self._far is None:
            return
        try:
            answer = self._ice.check(parse_binding_request(data), UdpPath(*self._far.address), 0.0)
        except MalformedStun:
            return
        if answer is not None:
            self.sock.send(answer)

    async def _received(self) -> bytes | None:
        try:
            async with asyncio.timeout(_RETRY_S):
                return await asyncio.get_running_loop().sock_recv(self.sock, 2048)
        except TimeoutError:
            return None
        except ConnectionRefusedError:
            await asyncio.sleep(_RETRY_S)
            return None
