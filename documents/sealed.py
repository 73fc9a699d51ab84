"""The sealed format: AES-256-GCM in chunks, the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015). Pure.

A sealed blob is ``magic (8) ‖ prefix (7, random) ‖ chunk …``. Each chunk holds 64 KiB of plain bytes, the last one the
rest (an empty document has one empty chunk), followed by its 16-byte tag. The nonce of a chunk is
``prefix ‖ counter (4, big endian) ‖ last flag (1)``, the associated data is the :class:`Context`. So a chunk that is
altered, moved, dropped, taken from another blob, version or label, or cut off fails to open; nothing of it is returned.
"""

import secrets
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from auth.model import Label

from .errors import SealBroken

MAGIC = b"PLENUM1\n"
PREFIX_BYTES = 7
HEADER_BYTES = len(MAGIC) + PREFIX_BYTES
CHUNK_BYTES = 64 * 1024
TAG_BYTES = 16
SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES
FORMAT = "plenum-sealed-1"


@dataclass(frozen=True, slots=True)
class Context:
    """What a blob belongs to; opening it with any other context fails."""

    document_id: str
    version: int
    label: Label
    key_id: str

    def __post_init__(self) -> None:
        if "|" in self.document_id + self.key_id:
            raise ValueError("an id in a seal cannot contain '|'")

    def associated_data(self) -> bytes:
        """Return ``format|document|version|label|data-key id``."""
        return f"{FORMAT}|{self.document_id}|{self.version}|{self.label.name}|{self.key_id}".encode()


def seal(key: bytes, context: Context, data: bytes) -> bytes:
    """Return ``data`` sealed under the 256-bit ``key``, which must seal nothing else."""
    cipher, associated = AESGCM(key), context.associated_data()
    prefix = secrets.token_bytes(PREFIX_BYTES)
    last = chunk_count(len(data)) - 1
    parts = [MAGIC, prefix]
    for index in range(last + 1):
        chunk = data[index * CHUNK_BYTES : (index + 1) * CHUNK_BYTES]
        parts.append(cipher.encrypt(_nonce(prefix, index, index == last), chunk, associated))
    return b"".join(parts)


def unseal(key: bytes, context: Context, sealed: bytes) -> bytes:
    """Return the plain bytes of a whole blob. Raises ``SealBroken`` and returns nothing of a blob that was touched."""
    prefix = read_header(sealed[:HEADER_BYTES])
    size = plain_size(len(sealed))
    chunks = _open_chunks(key, context, prefix, sealed[HEADER_BYTES:], first=0, total=chunk_count(size))
    return b"".join(chunks)


def unseal_range(key: bytes, context: Context, prefix: bytes, sealed_chunks: bytes, *, first: int, total: int) -> bytes:
    """Return the plain bytes of consecutive chunks, of which ``first`` is the index of the first.

    ``total`` is the number of chunks of the whole blob, as known from its plain size and not from the file. Raises
    ``SealBroken``.
    """
    return b"".join(_open_chunks(key, context, prefix, sealed_chunks, first=first, total=total))


def read_header(header: bytes) -> bytes:
    """Return the nonce prefix of a blob that starts with ``header``; raises ``SealBroken``."""
    if len(header) != HEADER_BYTES or not header.startswith(MAGIC):
        raise SealBroken("the blob is not in the sealed format")
    return header[len(MAGIC) :]


def chunk_count(size: int) -> int:
    """Return the number of chunks of ``size`` plain bytes: at least one."""
    return max(1, -(-size // CHUNK_BYTES))


def sealed_size(size: int) -> int:
    """Return the length of the sealed form of ``size`` plain bytes."""
    return HEADER_BYTES + size + chunk_count(size) * TAG_BYTES


def plain_size(sealed_length: int) -> int:
    """Return the plain size of a blob of ``sealed_length`` bytes; raises ``SealBroken`` for an impossible length."""
    body = sealed_length - HEADER_BYTES
    chunks = -(-body // SEALED_CHUNK_BYTES)
    size = body - chunks * TAG_BYTES
    if body < TAG_BYTES or size < 0 or sealed_size(size) != sealed_length:
        raise SealBroken("the blob is cut off")
    return size


def _open_chunks(
    key: bytes, context: Context, prefix: bytes, sealed: bytes, *, first: int, total: int
) -> Iterator[bytes]:
    cipher, associated = AESGCM(key), context.associated_data()
    for offset in range(0, len(sealed), SEALED_CHUNK_BYTES):
        index = first + offset // SEALED_CHUNK_BYTES
        chunk = sealed[offset : offset + SEALED_CHUNK_BYTES]
        try:
            yield cipher.decrypt(_nonce(prefix, index, index == total - 1), chunk, associated)
        except InvalidTag as error:
            raise SealBroken(f"chunk {index} does not belong here or was altered") from error


def _nonce(prefix: bytes, index: int, last: bool) -> bytes:
    return prefix + struct.pack(">IB", index, last)
