"""Secrets of second factors at rest: AES-256-GCM under one key of the deployment, bound to their person."""

import secrets
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from auth.errors import FactorUnreadable
from auth.model import PersonId

NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class FactorSeal:
    """Seals and opens the secrets; the key comes from the deployment's key store and stands in no database."""

    key: bytes = field(repr=False)

    def seal(self, person_id: PersonId, secret: bytes) -> bytes:
        """Return nonce and ciphertext; only the same person's row can be opened with it."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCM(self.key).encrypt(nonce, secret, _context(person_id))

    def open(self, person_id: PersonId, sealed: bytes) -> bytes:
        """Return the secret. Raises FactorUnreadable for another key, another person or altered bytes."""
        try:
            return AESGCM(self.key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _context(person_id))
        except (InvalidTag, ValueError) as error:  # ValueError: too short to hold a nonce
            raise FactorUnreadable from error


def _context(person_id: PersonId) -> bytes:
    return f"plenum-second-factor-1|{person_id}".encode()
