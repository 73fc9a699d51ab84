"""The encrypted blob store in a folder: one sealed file per blob, one data key per blob.

A blob's id is random, so neither a title nor a person can be read from the folder. Blocking; call it from a thread.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from pathlib import Path

from auth.model import Label
from certs.files import private_folder, sync_folder, write_file

from . import sealed
from .errors import BlobMissing, SealBroken
from .keys import KeyStore
from .model import BlobId, BlobRef
from .sealed import Context

PIECE_BYTES = 4 * sealed.CHUNK_BYTES


class BlobStore:
    """Stores immutable blobs. What ``put`` returned is on disk, key and data."""

    def __init__(self, directory: Path, keys: KeyStore) -> None:
        self._directory = private_folder(directory)
        self._keys = keys

    def put(self, document_id: str, version: int, label: Label, data: bytes) -> BlobRef:
        """Seal ``data`` under a new data key and return where it lies; fsynced with its key before this returns."""
        key_id, key = self._keys.create()
        blob_id = BlobId(secrets.token_hex(16))
        path = self._path(blob_id)
        private_folder(path.parent)
        write_file(path, sealed.seal(key, Context(document_id, version, label, key_id), data))
        return BlobRef(blob_id, key_id, len(data), hashlib.sha256(data).hexdigest())

    def get(self, ref: BlobRef, document_id: str, version: int, label: Label) -> bytes:
        """Return the whole blob.

        Raises ``BlobMissing``, ``KeyMissing``, ``KeyDestroyed``, or ``SealBroken`` if the bytes are not those of this
        document, version and label, or not those that were stored.
        """
        key = self._keys.get(ref.key_id)
        try:
            content = self._path(ref.blob_id).read_bytes()
        except FileNotFoundError as error:
            raise BlobMissing(f"blob {ref.blob_id} is not in the store") from error
        data = sealed.unseal(key, Context(document_id, version, label, ref.key_id), content)
        if len(data) != ref.size or not hmac.compare_digest(hashlib.sha256(data).hexdigest(), ref.sha256):
            raise SealBroken(f"blob {ref.blob_id} is not the one that was stored")
        return data

    def read_range(
        self, ref: BlobRef, document_id: str, version: int, label: Label, *, start: int, length: int
    ) -> bytes:
        """Return the bytes ``start`` to ``start + length`` of the blob, cut at its end, opening only their chunks.

        Raises as ``get``, and ``ValueError`` for a negative ``start`` or ``length``.
        """
        if start < 0 or length < 0:
            raise ValueError("a range starts at or after 0 and has no negative length")
        end = min(start + length, ref.size)
        if start >= end:
            return b""
        key = self._keys.get(ref.key_id)
        first, last = start // sealed.CHUNK_BYTES, (end - 1) // sealed.CHUNK_BYTES
        prefix, chunks = self._read_chunks(ref, first, last)
        context = Context(document_id, version, label, ref.key_id)
        data = sealed.unseal_range(key, context, prefix, chunks, first=first, total=sealed.chunk_count(ref.size))
        offset = first * sealed.CHUNK_BYTES
        return data[start - offset : end - offset]

    def pieces(
        self, ref: BlobRef, document_id: str, version: int, label: Label, *, start: int = 0, stop: int | None = None
    ) -> Iterator[bytes]:
        """Yield the bytes from ``start`` to ``stop``, or to the end, in pieces that are opened when they are asked for.

        Raises as ``read_range``. Of a whole blob the digest is checked, too, before its last piece is handed out.
        """
        end = ref.size if stop is None else min(stop, ref.size)
        whole, digest = (start, end) == (0, ref.size), hashlib.sha256()
        for offset in range(start, end, PIECE_BYTES):
            length = min(PIECE_BYTES, end - offset)
            piece = self.read_range(ref, document_id, version, label, start=offset, length=length)
            digest.update(piece)
            if whole and offset + length == end and not hmac.compare_digest(digest.hexdigest(), ref.sha256):
                raise SealBroken(f"blob {ref.blob_id} is not the one that was stored")
            yield piece

    def reseal(self, ref: BlobRef, document_id: str, version: int, old: Label, new: Label) -> BlobRef:
        """Seal a blob anew under another label, with a new key, and return it. The old one stays until ``delete``."""
        return self.put(document_id, version, new, self.get(ref, document_id, version, old))

    def delete(self, ref: BlobRef) -> None:
        """Destroy the blob's key, then remove its file; harmless if done before."""
        self._keys.destroy(ref.key_id)
        path = self._path(ref.blob_id)
        if path.exists():
            path.unlink()
            sync_folder(path.parent)

    def _read_chunks(self, ref: BlobRef, first: int, last: int) -> tuple[bytes, bytes]:
        path = self._path(ref.blob_id)
        try:
            with path.open("rb") as file:
                header = file.read(sealed.HEADER_BYTES)
                if path.stat().st_size != sealed.sealed_size(ref.size):
                    raise SealBroken(f"blob {ref.blob_id} does not have the size that was stored")
                file.seek(sealed.HEADER_BYTES + first * sealed.SEALED_CHUNK_BYTES)
                chunks = file.read((last - first + 1) * sealed.SEALED_CHUNK_BYTES)
        except FileNotFoundError as error:
            raise BlobMissing(f"blob {ref.blob_id} is not in the store") from error
        return sealed.read_header(header), chunks

    def _path(self, blob_id: str) -> Path:
        if not blob_id.isascii() or not blob_id.isalnum():
            raise BlobMissing("no blob has such an id")
        return self._directory / blob_id[:2] / blob_id
