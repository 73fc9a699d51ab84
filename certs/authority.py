"""The embedded certificate authority: a root, an issuing authority, and what they issue.

The folder holds ``root.key root.pem issuing.key issuing.pem revoked.json``, files 0600 in a folder 0700.
"""

import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from . import profiles
from .errors import AuthorityDamaged
from .files import private_folder, sync_folder, write_file
from .profiles import Issuer, Profile
from .revocation import Revocation, RevocationList, make_crl

ISSUING_RENEWAL = profiles.TLS_LIFETIME + timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Issued:
    """A new certificate (PEM), the issuing chain without the root (PEM), and its private key (PKCS#8 PEM)."""

    certificate_pem: bytes
    chain_pem: bytes
    key_pem: bytes

    def __repr__(self) -> str:
        return f"Issued(serial={x509.load_pem_x509_certificate(self.certificate_pem).serial_number:x})"


class Authority:
    """Root and issuing authority with their keys in memory; make one with ``open_or_create``."""

    def __init__(self, organisation: str, root: Issuer, issuing: Issuer, revoked: RevocationList) -> None:
        self._organisation = organisation
        self._root = root
        self._issuing = issuing
        self._revoked = revoked

    @classmethod
    def open_or_create(cls, directory: Path, organisation: str, now: datetime) -> "Authority":
        """Open the authority in ``directory`` or make it.

        Creation is atomic: a process killed at any point leaves a complete authority or none. The issuing certificate
        is renewed here, under the same key, when its remaining life gets short. Raises ``AuthorityDamaged`` for a
        folder that is incomplete.
        """
        if not directory.exists() or not any(directory.iterdir()):
            _create(directory, organisation, now)
        directory.chmod(0o700)
        root = _load(directory, "root")
        issuing = _load(directory, "issuing")
        try:
            issuing.certificate.verify_directly_issued_by(root.certificate)
        except (ValueError, TypeError, InvalidSignature) as error:
            raise AuthorityDamaged("the issuing authority does not belong to the root") from error
        if issuing.certificate.not_valid_after_utc - now < ISSUING_RENEWAL:
            issuing = _renew_issuing(directory, organisation, root, issuing, now)
        return cls(organisation, root, issuing, RevocationList(directory / "revoked.json"))

    @property
    def root_pem(self) -> bytes:
        """The trust anchor, for browsers and verifiers."""
        return _pem(self._root.certificate)

    @property
    def chain_pem(self) -> bytes:
        """The certificates between an end entity and the root."""
        return _pem(self._issuing.certificate)

    @property
    def revoked_serials(self) -> frozenset[int]:
        """Serial numbers of all revoked certificates, as of now."""
        return self._revoked.serials

    def issue_tls(self, names: Sequence[str], now: datetime) -> Issued:
        """Issue a TLS server certificate for DNS names and IP addresses; raises ``InvalidName``."""
        return self._issue(profiles.tls_profile(self._organisation, names), now)

    def issue_relay(self, relay_id: str, now: datetime) -> Issued:
        """Issue a relay's client certificate with the URI ``plenum:relay:ID``; raises ``InvalidName``."""
        return self._issue(profiles.relay_profile(self._organisation, relay_id), now)

    def issue_signer(self, person_id: str, display_name: str, now: datetime) -> Issued:
        """Issue a person's document-signing certificate, whose key the server holds; raises ``InvalidName``."""
        return self._issue(profiles.signer_profile(self._organisation, person_id, display_name), now)

    def issue_timestamper(self, now: datetime) -> Issued:
        """Issue the certificate of the timestamp authority (RFC 3161 §2.3)."""
        return self._issue(profiles.timestamper_profile(self._organisation), now)

    def revoke(
        self, certificate_pem: bytes, now: datetime, reason: x509.ReasonFlags = x509.ReasonFlags.unspecified
    ) -> None:
        """Revoke a certificate from ``now`` on; durable at return. Revoking twice changes nothing."""
        serial = x509.load_pem_x509_certificate(certificate_pem).serial_number
        self._revoked.add(Revocation(serial, now, reason))

    def crl(self, now: datetime) -> bytes:
        """Return the issuing authority's DER revocation list as of ``now``."""
        return make_crl(self._issuing, self._revoked.entries, now)

    def root_crl(self, now: datetime) -> bytes:
        """Return the root's DER revocation list, which covers the issuing authority."""
        return make_crl(self._root, self._revoked.entries, now)

    @staticmethod
    def renewal_due(certificate_pem: bytes, now: datetime) -> bool:
        """Say whether less than a third of the certificate's life remains at ``now``."""
        certificate = x509.load_pem_x509_certificate(certificate_pem)
        start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        return end - now < (end - start) / 3

    def _issue(self, profile: Profile, now: datetime) -> Issued:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = profiles.certify(profile, key.public_key(), self._issuing, key, now)
        return Issued(_pem(certificate), self.chain_pem, _key_pem(key))


def _create(directory: Path, organisation: str, now: datetime) -> None:
    """Make the authority in a sibling folder and rename it into place; a concurrent creator's authority stands."""
    parent = private_folder(directory.parent) if not directory.parent.exists() else directory.parent
    temporary = private_folder(parent / f".{directory.name}.{secrets.token_hex(6)}")
    try:
        root = _new_issuer(profiles.root_profile(organisation), None, now)
        issuing = _new_issuer(profiles.issuing_profile(organisation), root, now)
        for stem, issuer in (("root", root), ("issuing", issuing)):
            write_file(temporary / f"{stem}.key", _key_pem(issuer.key))
            write_file(temporary / f"{stem}.pem", _pem(issuer.certificate))
        temporary.rename(directory)  # replaces an empty folder, fails on a filled one
    except OSError:
        shutil.rmtree(temporary, ignore_errors=True)
        if not directory.exists() or not any(directory.iterdir()):
            raise
    sync_folder(parent)


def _renew_issuing(directory: Path, organisation: str, root: Issuer, issuing: Issuer, now: datetime) -> Issuer:
    """Certify the same issuing key anew, so that chains and revocation lists made before stay valid."""
    profile = profiles.issuing_profile(organisation)
    renewed = profiles.certify(profile, issuing.key.public_key(), root, root.key, now)
    if renewed.subject != issuing.certificate.subject or renewed.not_valid_after_utc <= (
        issuing.certificate.not_valid_after_utc
    ):
        return issuing  # another organisation name, or the root itself ends: nothing can be gained
    write_file(directory / "issuing.pem", _pem(renewed))
    return Issuer(renewed, issuing.key)


def _new_issuer(profile: Profile, issuer: Issuer | None, now: datetime) -> Issuer:
    key = ec.generate_private_key(ec.SECP256R1())
    return Issuer(profiles.certify(profile, key.public_key(), issuer, key, now), key)


def _load(directory: Path, stem: str) -> Issuer:
    try:
        certificate = x509.load_pem_x509_certificate((directory / f"{stem}.pem").read_bytes())
        key = load_pem_private_key((directory / f"{stem}.key").read_bytes(), None)
    except (OSError, ValueError) as error:
        raise AuthorityDamaged(f"{stem}.pem or {stem}.key is missing or unreadable") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise AuthorityDamaged(f"{stem}.key does not belong to {stem}.pem")
    return Issuer(certificate, key)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.PEM)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
