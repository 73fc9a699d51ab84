"""The list of revoked certificates on disk, and the certificate revocation lists (RFC 5280 §5) made from it."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from .errors import AuthorityDamaged
from .files import write_file
from .profiles import CLOCK_SKEW, Issuer

CRL_LIFETIME = timedelta(days=7)
_Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Revocation:
    """One revoked certificate: its serial number, since when, and why (a flag of RFC 5280 §5.3.1)."""

    serial: int
    since: datetime
    reason: x509.ReasonFlags = x509.ReasonFlags.unspecified


class RevocationList:
    """Revoked serial numbers in one durable file. A revocation is on disk before ``add`` returns.

    What another process writes into the file counts as well. Everything here reads the file system, and raises
    AuthorityDamaged for a file that cannot be read; a file that vanishes takes no revocation back.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._entries: dict[int, Revocation] = {}
        self._read_at: _Stamp | None = None
        self._refresh()

    def add(self, entry: Revocation) -> None:
        """Record ``entry``; the first revocation of a serial number stands."""
        self._refresh()
        if entry.serial in self._entries:
            return
        entries = {**self._entries, entry.serial: entry}
        write_file(self._path, _dump(list(entries.values())))
        self._entries = entries

    @property
    def serials(self) -> frozenset[int]:
        """All revoked serial numbers."""
        self._refresh()
        return frozenset(self._entries)

    @property
    def entries(self) -> tuple[Revocation, ...]:
        """All revocations in the order in which they were made."""
        self._refresh()
        return tuple(self._entries.values())

    def _refresh(self) -> None:
        stamp = _stamp(self._path)
        if stamp is not None and stamp != self._read_at:
            self._entries = {entry.serial: entry for entry in _read(self._path)}
            self._read_at = stamp


def make_crl(issuer: Issuer, entries: tuple[Revocation, ...], now: datetime) -> bytes:
    """Return the DER revocation list that ``issuer`` signs at ``now``; its number grows with time."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(now - CLOCK_SKEW)
        .next_update(now + CRL_LIFETIME)
        .add_extension(x509.CRLNumber(int(now.timestamp() * 1000)), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()),
            critical=False,
        )
    )
    for entry in entries:
        builder = builder.add_revoked_certificate(_revoked(entry))
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)


def _revoked(entry: Revocation) -> x509.RevokedCertificate:
    builder = x509.RevokedCertificateBuilder().serial_number(entry.serial).revocation_date(entry.since)
    if entry.reason is not x509.ReasonFlags.unspecified:  # RFC 5280 §5.3.1: leave "unspecified" out
        builder = builder.add_extension(x509.CRLReason(entry.reason), critical=False)
    return builder.build()


def _dump(entries: list[Revocation]) -> bytes:
    rows = [
        {"serial": f"{entry.serial:x}", "since": entry.since.isoformat(), "reason": entry.reason.value}
        for entry in entries
    ]
    return json.dumps({"format": 1, "revoked": rows}, indent=1).encode()


def _stamp(path: Path) -> _Stamp | None:
    """What changes whenever the file is replaced; None if there is no file."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size


def _read(path: Path) -> list[Revocation]:
    try:
        rows = json.loads(path.read_bytes())["revoked"]
        return [
            Revocation(
                int(row["serial"], 16),
                datetime.fromisoformat(row["since"]).astimezone(UTC),
                x509.ReasonFlags(row["reason"]),
            )
            for row in rows
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise AuthorityDamaged(f"{path.name} cannot be read") from error
