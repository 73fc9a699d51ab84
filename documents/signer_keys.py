"""Server-held signing keys: one per person, and the timestamp authority's. Their private halves lie in the key store.

The folder holds certificates only, one JSON file per owner; the key store wraps the private key like a data key.
"""

import json
import threading
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID

from certs.authority import Authority, Issued
from certs.errors import InvalidName
from certs.files import private_folder, write_file

from .errors import KeyDestroyed, KeyMissing
from .keys import KeyStore
from .model import KeyId

TIMESTAMPER = "timestamp-authority"
WRAPPED_BY = "file"  # how private keys are wrapped; noted with each key


@dataclass(frozen=True, slots=True)
class SignerKey:
    """A certificate, its chain without the root (PEM) and its private key (PKCS#8 PEM), which stays in the hub."""

    certificate_pem: bytes
    chain_pem: bytes
    key_pem: bytes = field(repr=False)

    @property
    def common_name(self) -> str:
        """Return the name in the certificate."""
        subject = x509.load_pem_x509_certificate(self.certificate_pem).subject
        return str(subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


class SignerKeys:
    """Gives each person a signing key at the first use and renews it. Thread-safe."""

    def __init__(self, directory: Path, keys: KeyStore, authority: Authority) -> None:
        self._directory = private_folder(directory)
        self._keys = keys
        self._authority = authority
        self._lock = threading.Lock()

    def for_person(self, person_id: str, display_name: str, now: datetime) -> SignerKey:
        """Return the person's key; a new one if there is none, it is due for renewal, revoked, or bears another name.

        Call only after a step-up. Raises ``InvalidName`` for an id that cannot stand in a certificate.
        """
        path = self._path(f"person-{person_id}")
        with self._lock:
            held = self._load(path)
            if held is not None and self._usable(held, now) and _same_name(held, display_name):
                return held
            return self._save(path, self._authority.issue_signer(person_id, display_name, now), now)

    def timestamper(self, now: datetime) -> SignerKey:
        """Return the key of the timestamp authority, made or renewed if needed."""
        path = self._path(TIMESTAMPER)
        with self._lock:
            held = self._load(path)
            if held is not None and self._usable(held, now):
                return held
            return self._save(path, self._authority.issue_timestamper(now), now)

    def retire(self, person_id: str, now: datetime) -> None:
        """Revoke the person's certificate and destroy the key, for instance when somebody leaves. Harmless twice."""
        path = self._path(f"person-{person_id}")
        with self._lock:
            if not path.exists():
                return
            row = json.loads(path.read_bytes())
            self._authority.revoke(row["certificate"].encode(), now, x509.ReasonFlags.cessation_of_operation)
            self._keys.destroy(KeyId(row["key_id"]))
            path.unlink()

    def _usable(self, key: SignerKey, now: datetime) -> bool:
        certificate = x509.load_pem_x509_certificate(key.certificate_pem)
        revoked = certificate.serial_number in self._authority.revoked_serials
        return not revoked and not Authority.renewal_due(key.certificate_pem, now)

    def _load(self, path: Path) -> SignerKey | None:
        if not path.exists():
            return None
        row = json.loads(path.read_bytes())
        try:
            key_pem = self._keys.get(KeyId(row["key_id"]))
        except (KeyMissing, KeyDestroyed):
            return None  # a new key takes its place; signatures made with the old one stay valid
        return SignerKey(row["certificate"].encode(), row["chain"].encode(), key_pem)

    def _save(self, path: Path, issued: Issued, now: datetime) -> SignerKey:
        serial = x509.load_pem_x509_certificate(issued.certificate_pem).serial_number
        key_id = KeyId(f"signer-{serial:x}")
        self._keys.store(key_id, issued.key_pem)
        row = {
            "certificate": issued.certificate_pem.decode(),
            "chain": issued.chain_pem.decode(),
            "key_id": key_id,
            "wrapped_by": WRAPPED_BY,
            "created_at": now.isoformat(),
        }
        write_file(path, json.dumps(row, indent=1).encode())
        return SignerKey(issued.certificate_pem, issued.chain_pem, issued.key_pem)

    def _path(self, owner: str) -> Path:
        if not owner.isascii() or not owner.replace("-", "").replace("_", "").isalnum():
            raise InvalidName("a signing key belongs to an id of letters, digits, - and _")
        return self._directory / f"{owner}.json"


def _same_name(key: SignerKey, display_name: str) -> bool:
    return display_name.startswith(key.common_name) or key.common_name == display_name
