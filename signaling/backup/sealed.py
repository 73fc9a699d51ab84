"""The sealed form of a keys backup: AES-256-GCM under a key made of a passphrase with Argon2id (RFC 9106). Pure.

``magic ‖ header (one line of JSON) ‖ ciphertext``; the header says how the key is made and is authenticated.
"""

import json
import secrets
from dataclasses import asdict, dataclass
from typing import Any

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from signaling.backup.errors import KeysDamaged, PassphraseWeak, PassphraseWrong

MAGIC = b"PLENUM-KEYS-1\n"
MIN_PASSPHRASE = 14  # characters; whoever has the file tries offline, so it is long rather than strange
NONCE_BYTES = 12
SALT_BYTES = 16
MAX_HEADER = 4096


@dataclass(frozen=True, slots=True)
class Cost:
    """Argon2id's cost: memory in KiB, passes, lanes. The default takes about a second, once a day."""

    memory: int = 256 * 1024
    passes: int = 4
    lanes: int = 4


DEFAULT_COST = Cost()
_MAX_COST = Cost(memory=4 * 1024 * 1024, passes=64, lanes=64)  # a forged header must not stop the machine


def seal(plain: bytes, passphrase: str, made_at: str, cost: Cost = DEFAULT_COST) -> bytes:
    """Return ``plain`` sealed under ``passphrase``. Raises PassphraseWeak."""
    if len(passphrase) < MIN_PASSPHRASE:
        raise PassphraseWeak(f"The passphrase needs {MIN_PASSPHRASE} characters or more: it alone guards all keys.")
    salt, nonce = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(NONCE_BYTES)
    body = {"made_at": made_at, "salt": salt.hex(), "nonce": nonce.hex(), **asdict(cost)}
    head = MAGIC + json.dumps(body, sort_keys=True).encode() + b"\n"
    return head + AESGCM(_key(passphrase, salt, cost)).encrypt(nonce, plain, head)


def unseal(sealed: bytes, passphrase: str) -> bytes:
    """Return what was sealed. Raises KeysDamaged, or PassphraseWrong, which altered bytes look like as well."""
    line = sealed[len(MAGIC) : len(MAGIC) + MAX_HEADER].partition(b"\n")[0]
    head = MAGIC + line + b"\n"
    if not sealed.startswith(head):
        raise KeysDamaged("This is not a keys backup of Plenum.")
    salt, nonce, cost = _header(line)
    try:
        return AESGCM(_key(passphrase, salt, cost)).decrypt(nonce, sealed[len(head) :], head)
    except InvalidTag as error:
        raise PassphraseWrong("The passphrase is wrong, or the keys file was altered.") from error


def _header(line: bytes) -> tuple[bytes, bytes, Cost]:
    try:
        body: dict[str, Any] = json.loads(line)
        salt, nonce = bytes.fromhex(body["salt"]), bytes.fromhex(body["nonce"])
        cost = Cost(int(body["memory"]), int(body["passes"]), int(body["lanes"]))
    except (ValueError, KeyError, TypeError) as error:
        raise KeysDamaged("The keys backup's header cannot be read.") from error
    ranges = ((cost.memory, 8, _MAX_COST.memory), (cost.passes, 1, _MAX_COST.passes), (cost.lanes, 1, _MAX_COST.lanes))
    if len(nonce) != NONCE_BYTES or len(salt) != SALT_BYTES or not all(low <= one <= high for one, low, high in ranges):
        raise KeysDamaged("The keys backup's header asks for what no backup of ours asks for.")
    return salt, nonce, cost


def _key(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    return hash_secret_raw(
        passphrase.encode(), salt, cost.passes, max(cost.memory, 8 * cost.lanes), cost.lanes, 32, Type.ID
    )
