"""SRTP and SRTCP (RFC 3711, AES-GCM by RFC 7714) with the libsrtp of the pylibsrtp wheel.

The one module that touches pylibsrtp, its private binding included: packets are protected in the buffer in which they
were written. ``tests/media/test_srtp.py`` holds the contract that a new version must keep.

A session refuses to protect a second packet under the index of an earlier one, since under GCM that would give the
key stream away; nothing here allows repeats.
"""

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pylibsrtp import Error, Policy, Session
from pylibsrtp._binding import ffi, lib

from media.errors import SrtpError, UnsupportedCrypto
from media.sources import ALL_IDLE, Sources

#: Longest packet on the wire in either direction.
MAX_PACKET = 1500
_MAX_TRAILER = 148
_WINDOW = 1024


@dataclass(frozen=True, slots=True)
class Profile:
    """A protection profile of DTLS-SRTP (RFC 5764 §4.1.2, RFC 7714 §14.2)."""

    name: str
    libsrtp_id: int
    key_length: int
    salt_length: int

    @property
    def exported_length(self) -> int:
        """Bytes of keying material for both directions, RFC 5764 §4.2."""
        return 2 * (self.key_length + self.salt_length)


#: In order of preference.
PROFILES: Final = (
    Profile("SRTP_AEAD_AES_128_GCM", Policy.SRTP_PROFILE_AEAD_AES_128_GCM, 16, 12),
    Profile("SRTP_AEAD_AES_256_GCM", Policy.SRTP_PROFILE_AEAD_AES_256_GCM, 32, 12),
    Profile("SRTP_AES128_CM_SHA1_80", Policy.SRTP_PROFILE_AES128_CM_SHA1_80, 16, 14),
)


@dataclass(frozen=True, slots=True)
class SrtpKeys:
    """Master key and salt of each direction, as the relay sees it."""

    profile: Profile
    inbound: bytes
    outbound: bytes

    def __repr__(self) -> str:
        return f"SrtpKeys({self.profile.name})"


def split_keys(profile: Profile, exported: bytes, *, is_client: bool) -> SrtpKeys:
    """Keys from the exporter ``EXTRACTOR-dtls_srtp``: client key, server key, client salt, server salt."""
    key, salt = profile.key_length, profile.salt_length
    client = exported[:key] + exported[2 * key : 2 * key + salt]
    server = exported[key : 2 * key] + exported[2 * key + salt : 2 * key + 2 * salt]
    return SrtpKeys(profile, server, client) if is_client else SrtpKeys(profile, client, server)


def require_profiles() -> None:
    """Raise UnsupportedCrypto unless every profile works; some source builds of pylibsrtp lack AES-GCM."""
    for profile in PROFILES:
        key = bytes(profile.key_length + profile.salt_length)
        try:
            sender, receiver = OutboundSession(profile, key), InboundSession(profile, key)
            packet = bytes((0x80, 0, 0, 1)) + bytes(8) + b"self-test"
            if receiver.unprotect(sender.protect_copy(packet)) != packet:
                raise UnsupportedCrypto(f"{profile.name} gives back another packet")
        except (Error, SrtpError) as error:
            raise UnsupportedCrypto(f"libsrtp lacks {profile.name}") from error


class _SrtpSession:
    """A libsrtp session with a buffer of its own. Not for use by two threads."""

    def __init__(self, profile: Profile, key: bytes, ssrc_type: int) -> None:
        policy = Policy(key=key, ssrc_type=ssrc_type, srtp_profile=profile.libsrtp_id)
        policy.window_size = _WINDOW
        self._policy = policy
        self._session = Session(policy)
        self._context = self._session._srtp[0]
        self._cdata = ffi.new("char[]", MAX_PACKET + _MAX_TRAILER)
        self._length = ffi.new("int *")
        #: Where packets are written before protect() and protect_rtcp().
        self.buffer = memoryview(ffi.buffer(self._cdata))

    @property
    def address(self) -> int:
        """The libsrtp context, for native code; valid as long as the session lives."""
        return _address(self._context)

    def _load(self, data: bytes, limit: int) -> None:
        if len(data) > limit:
            raise SrtpError("packet is too long")
        self.buffer[: len(data)] = data
        self._length[0] = len(data)


class OutboundSession(_SrtpSession):
    """Protects what the relay sends to one peer."""

    def __init__(self, profile: Profile, key: bytes) -> None:
        super().__init__(profile, key, Policy.SSRC_ANY_OUTBOUND)

    def protect(self, length: int) -> int:
        """Protect the first ``length`` bytes of the buffer in place; the new length. Raises SrtpError."""
        if length > MAX_PACKET:
            raise SrtpError("packet is too long")
        self._length[0] = length
        status = lib.srtp_protect(self._context, self._cdata, self._length)
        if status:
            raise SrtpError(f"protect: status {status}")
        return int(self._length[0])

    def protect_copy(self, packet: bytes) -> bytes:
        """The protected RTP packet. Raises SrtpError."""
        self._load(packet, MAX_PACKET)
        return bytes(self.buffer[: self.protect(len(packet))])

    def protect_rtcp(self, packet: bytes) -> bytes:
        """The protected RTCP packet. Raises SrtpError."""
        self._load(packet, MAX_PACKET)
        status = lib.srtp_protect_rtcp(self._context, self._cdata, self._length)
        if status:
            raise SrtpError(f"protect RTCP: status {status}")
        return bytes(self.buffer[: self._length[0]])

    def forget(self, ssrc: int) -> None:
        """Free what is kept of an SSRC, which must never be used again: its indices would be. Idempotent."""
        lib.srtp_remove_stream(self._context, socket.htonl(ssrc))


class InboundSession(_SrtpSession):
    """Verifies and decrypts what one peer sends to the relay, under the SSRCs that ``sources`` admits."""

    def __init__(self, profile: Profile, key: bytes, sources: Sources | None = None) -> None:
        super().__init__(profile, key, Policy.SSRC_ANY_INBOUND)
        self._sources = sources or Sources(ALL_IDLE)

    def unprotect(self, packet: bytes) -> bytes:
        """The plain RTP packet. Raises SrtpError for what does not authenticate or is replayed."""
        ssrc = int.from_bytes(packet[8:12], "big")
        self._sources.admit(ssrc)
        self._load(packet, MAX_PACKET)
        status = lib.srtp_unprotect(self._context, self._cdata, self._length)
        if status:
            raise SrtpError(f"unprotect: status {status}")
        self._free(self._sources.came(ssrc))
        return bytes(self.buffer[: self._length[0]])

    def unprotect_rtcp(self, packet: bytes) -> bytes:
        """The plain RTCP packet. Raises SrtpError."""
        ssrc = int.from_bytes(packet[4:8], "big")
        self._sources.admit(ssrc)
        self._load(packet, MAX_PACKET)
        status = lib.srtp_unprotect_rtcp(self._context, self._cdata, self._length)
        if status:
            raise SrtpError(f"unprotect RTCP: status {status}")
        self._free(self._sources.came(ssrc))
        return bytes(self.buffer[: self._length[0]])

    def trim(self) -> Sequence[int]:
        """Give up SSRCs that are of no stream any more, and too many."""
        return self._free(self._sources.trim())

    def forget(self, ssrc: int) -> None:
        """Give up an SSRC under which nothing new comes. Idempotent."""
        self._sources.give_up(ssrc)
        self._free((ssrc,))

    def _free(self, given_up: Sequence[int]) -> Sequence[int]:
        for ssrc in given_up:
            lib.srtp_remove_stream(self._context, socket.htonl(ssrc))
        return given_up


def native_functions() -> tuple[int, ...]:
    """Addresses of srtp_protect and srtp_unprotect, both ``int (srtp_t context, void *packet, int *length)``.

    After them srtp_remove_stream, ``int (srtp_t context, uint32_t ssrc)`` with the SSRC in network order.
    """
    names = ("srtp_protect", "srtp_unprotect", "srtp_remove_stream")
    return tuple(_address(ffi.addressof(lib, name)) for name in names)


def _address(pointer: object) -> int:
    return int(ffi.cast("uintptr_t", pointer))
