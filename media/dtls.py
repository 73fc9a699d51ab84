"""DTLS 1.2 with use_srtp (RFC 5763, RFC 5764) over memory BIOs: datagrams in, datagrams out, no socket.

The one module that touches pyOpenSSL. OpenSSL reads its own clock for retransmission; handle_timeout() must be called
now and then while the handshake runs, and does nothing when it is not due.
"""

import datetime
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from OpenSSL import SSL

from media.errors import DtlsError, UnsupportedCrypto
from media.srtp import PROFILES, Profile, SrtpKeys, split_keys

_DTLS_1_2: Final = 0xFEFD
_CIPHERS: Final = b"ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305"
_DIGESTS: Final[dict[str, hashes.HashAlgorithm]] = {
    "sha-256": hashes.SHA256(),
    "sha-384": hashes.SHA384(),
    "sha-512": hashes.SHA512(),
}
_RECORD_HEADER: Final = 13
_MAX_DATAGRAM: Final = 1200
_LIFETIME: Final = datetime.timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Certificate:
    """The relay's own DTLS identity: self-signed, known to peers by its fingerprint alone."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """SHA-256 as ``AA:BB:…`` (RFC 8122 §5)."""
        return fingerprint(self.certificate, "sha-256")

    def to_pem(self) -> bytes:
        """Key and certificate, to keep across restarts."""
        key = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return key + self.certificate.public_bytes(serialization.Encoding.PEM)

    @classmethod
    def from_pem(cls, data: bytes) -> "Certificate":
        """Read what to_pem() wrote. Raises DtlsError."""
        try:
            key = serialization.load_pem_private_key(data, None)
            certificate = x509.load_pem_x509_certificate(data)
        except ValueError as error:
            raise DtlsError("the stored DTLS certificate cannot be read") from error
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise DtlsError("the stored DTLS key is not an elliptic curve key")
        return cls(certificate, key)


def generate_certificate(now: datetime.datetime) -> Certificate:
    """A fresh self-signed ECDSA P-256 certificate, valid from a day before ``now`` for a year."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, secrets.token_hex(8))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + _LIFETIME)
        .sign(key, hashes.SHA256())
    )
    return Certificate(certificate, key)


def fingerprint(certificate: x509.Certificate, algorithm: str) -> str:
    """Hash of a certificate as SDP writes it."""
    return certificate.fingerprint(_DIGESTS[algorithm]).hex(":").upper()


def verify_fingerprints(certificate: x509.Certificate, announced: Iterable[tuple[str, str]]) -> None:
    """Raise DtlsError unless at least one announced (algorithm, value) is understood and all of those match."""
    understood = [(name.lower(), value.upper()) for name, value in announced if name.lower() in _DIGESTS]
    if not understood:
        raise DtlsError("no fingerprint with a supported hash")
    for name, value in understood:
        if fingerprint(certificate, name) != value:
            raise DtlsError(f"the certificate does not match the announced {name} fingerprint")


class DtlsContext:
    """What all DTLS sessions of a relay share. Raises UnsupportedCrypto where OpenSSL lacks a profile."""

    def __init__(self, certificate: Certificate, profiles: Sequence[Profile] = PROFILES) -> None:
        context = SSL.Context(SSL.DTLS_METHOD)
        context.set_min_proto_version(_DTLS_1_2)
        context.set_max_proto_version(_DTLS_1_2)
        context.set_options(SSL.OP_NO_TICKET | SSL.OP_NO_RENEGOTIATION)
        context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
        # The chain means nothing here: verify_fingerprints() decides, after the handshake.
        context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, lambda *_: True)
        context.use_certificate(certificate.certificate)
        context.use_privatekey(certificate.key)
        context.set_cipher_list(_CIPHERS)
        try:
            context.set_tlsext_use_srtp(b":".join(profile.name.encode() for profile in profiles))
        except SSL.Error as error:
            raise UnsupportedCrypto("OpenSSL lacks an SRTP profile") from error
        self.fingerprint = certificate.fingerprint
        self._context = context

    def connection(self) -> SSL.Connection:
        """A connection over memory BIOs."""
        connection = SSL.Connection(self._context, None)
        connection.set_ciphertext_mtu(_MAX_DATAGRAM)
        return connection


class DtlsState(Enum):
    """Where a session stands. CLOSED is the peer's close_notify, FAILED everything that went wrong."""

    HANDSHAKE = "handshake"
    CONNECTED = "connected"
    CLOSED = "closed"
    FAILED = "failed"


class DtlsSession:
    """One DTLS association. Feed it datagrams, then send what take_datagrams() gives."""

    def __init__(self, context: DtlsContext, announced: Iterable[tuple[str, str]], *, is_client: bool) -> None:
        self._announced = tuple(announced)
        self._is_client = is_client
        self._ssl = context.connection()
        self.state = DtlsState.HANDSHAKE
        self.keys: SrtpKeys | None = None
        self.failure = ""
        if is_client:
            self._ssl.set_connect_state()
        else:
            self._ssl.set_accept_state()

    def start(self) -> None:
        """Send the first flight, if this side speaks first."""
        if self._is_client:
            self._handshake()

    def receive(self, datagram: bytes) -> None:
        """Take a datagram. Sets ``state``, and ``keys`` once connected and the certificate is the announced one."""
        if self.state in (DtlsState.CLOSED, DtlsState.FAILED):
            return
        self._ssl.bio_write(datagram)
        if self.state is DtlsState.HANDSHAKE:
            self._handshake()
        else:
            self._read()

    def handle_timeout(self) -> None:
        """Repeat the last flight if it is due."""
        if self.state is not DtlsState.HANDSHAKE:
            return
        try:
            self._ssl.DTLSv1_handle_timeout()
        except SSL.Error as error:
            self._fail(f"no answer: {error}")

    def abandon(self, reason: str) -> None:
        """Give the handshake up."""
        if self.state is DtlsState.HANDSHAKE:
            self._fail(reason)

    def close(self) -> None:
        """Tell the peer that nothing more comes."""
        if self.state is DtlsState.CONNECTED:
            self.state = DtlsState.CLOSED
            try:
                self._ssl.shutdown()
            except SSL.Error:
                self.state = DtlsState.FAILED

    def take_datagrams(self) -> list[bytes]:
        """What is to be sent, records packed into datagrams of at most 1,200 bytes."""
        chunks: list[bytes] = []
        while True:
            try:
                chunks.append(self._ssl.bio_read(65536))
            except SSL.Error:
                return pack_records(b"".join(chunks))

    def _handshake(self) -> None:
        try:
            self._ssl.do_handshake()
            self._finish()
        except SSL.WantReadError:
            return
        except (SSL.Error, DtlsError) as error:
            self._fail(str(error) or type(error).__name__)

    def _finish(self) -> None:
        certificate = self._ssl.get_peer_certificate(as_cryptography=True)
        if certificate is None:
            raise DtlsError("no certificate")
        verify_fingerprints(certificate, self._announced)
        name = self._ssl.get_selected_srtp_profile().decode()
        profile = next((profile for profile in PROFILES if profile.name == name), None)
        if profile is None:
            raise DtlsError("no SRTP profile in common")
        exported = self._ssl.export_keying_material(b"EXTRACTOR-dtls_srtp", profile.exported_length)
        self.keys = split_keys(profile, exported, is_client=self._is_client)
        self.state = DtlsState.CONNECTED

    def _read(self) -> None:
        """Let OpenSSL see alerts and repeated flights; application data is not used."""
        try:
            while True:
                self._ssl.recv(2048)
        except SSL.ZeroReturnError:
            self.state = DtlsState.CLOSED
        except SSL.WantReadError:
            return
        except SSL.Error as error:
            self._fail(str(error) or type(error).__name__)

    def _fail(self, reason: str) -> None:
        self.state = DtlsState.FAILED
        self.failure = reason
        self.keys = None


def is_dtls(data: bytes) -> bool:
    """RFC 7983 §7: the first byte of DTLS is 20 to 63."""
    return len(data) >= _RECORD_HEADER and 20 <= data[0] <= 63


def pack_records(stream: bytes) -> list[bytes]:
    """Cut OpenSSL's stream of DTLS records (RFC 6347 §4.1) into datagrams without splitting a record."""
    datagrams: list[bytes] = []
    start = position = 0
    while position < len(stream):
        length = _RECORD_HEADER + int.from_bytes(stream[position + 11 : position + 13], "big")
        if position > start and position + length - start > _MAX_DATAGRAM:
            datagrams.append(stream[start:position])
            start = position
        position += length
    if start < len(stream):
        datagrams.append(stream[start:])
    return datagrams
