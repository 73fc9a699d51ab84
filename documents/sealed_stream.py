"""Files that are sealed while they are written: what is on disk can be opened, up to the last whole record.

``magic (8) ‖ prefix (7, random) ‖ record …``. A record is ``offset (8) ‖ length (4) ‖ sealed bytes (length + 16)``:
what is to stand at an offset of the file, AES-256-GCM with the nonce ``prefix ‖ counter (4) ‖ last flag (1)`` and the
context and the record's head as associated data. A record goes to the end of the file, or over what is there (how a
container's beginning gets its length and index). The last record is empty and carries the flag. Records that are
altered, moved, dropped, repeated or taken from another file do not open; a file without its last record says so.
"""

import os
import secrets
import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from auth.model import Label

from .errors import SealBroken

MAGIC: Final = b"PLENUMS\n"
FORMAT: Final = "plenum-sealed-stream-1"
PREFIX_BYTES: Final = 7
TAG_BYTES: Final = 16
RECORD_BYTES: Final = 64 * 1024
MAX_OVERWRITTEN: Final = 2**20
_HEAD: Final = struct.Struct(">QI")


@dataclass(frozen=True, slots=True)
class StreamContext:
    """What a stream belongs to; opening it with any other context fails."""

    owner: str
    number: int
    label: Label
    key_id: str

    def associated_data(self) -> bytes:
        """Return ``format|owner|number|label|data-key id``."""
        if "|" in self.owner + self.key_id:
            raise ValueError("an id in a seal cannot contain '|'")
        return f"{FORMAT}|{self.owner}|{self.number}|{self.label.name}|{self.key_id}".encode()


class SealedWriter:
    """Looks like a file opened for writing that can be sought. ``flush`` lets out what is kept for a fuller record.

    ``file`` is written from its beginning, and closed by ``close``. The key must seal nothing else.
    """

    def __init__(self, file: BinaryIO, key: bytes, context: StreamContext) -> None:
        self._file = file
        self._cipher = AESGCM(key)
        self._associated = context.associated_data()
        self._prefix = secrets.token_bytes(PREFIX_BYTES)
        self._count = 0
        self._kept = bytearray()  # of the end of the file, not yet sealed
        self._sealed = 0
        self._position = 0
        self._closed = False
        file.write(MAGIC + self._prefix)

    @property
    def size(self) -> int:
        """The length of what was written."""
        return self._sealed + len(self._kept)

    def write(self, data: bytes) -> int:
        """Write at the position, as a file does; there can be no holes (ValueError)."""
        data, at = bytes(data), self._position
        if at > self.size:
            raise ValueError("a sealed stream has no holes")
        over = data[: self.size - at]
        if over:
            self._overwrite(at, over)
        self._kept += data[len(over) :]
        while len(self._kept) >= RECORD_BYTES:
            self._seal_kept(RECORD_BYTES)
        self._position = at + len(data)
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move the position."""
        self._position = offset + (0, self._position, self.size)[whence]
        return self._position

    def tell(self) -> int:
        """Return the position."""
        return self._position

    def flush(self) -> None:
        """Seal what is kept; after a kill everything up to here can be read."""
        if self._kept:
            self._seal_kept(len(self._kept))
        self._file.flush()

    def close(self) -> None:
        """Seal the rest and the end, durably; harmless when it is closed."""
        if self._closed:
            return
        self._closed = True
        with self._file:
            self.flush()
            self._record(self._sealed, b"", last=True)
            self._file.flush()
            os.fsync(self._file.fileno())

    def _overwrite(self, at: int, data: bytes) -> None:
        self.flush()
        for start in range(0, len(data), RECORD_BYTES):
            self._record(at + start, data[start : start + RECORD_BYTES])

    def _seal_kept(self, length: int) -> None:
        self._record(self._sealed, bytes(self._kept[:length]))
        del self._kept[:length]
        self._sealed += length

    def _record(self, at: int, data: bytes, *, last: bool = False) -> None:
        head = _HEAD.pack(at, len(data))
        sealed = self._cipher.encrypt(_nonce(self._prefix, self._count, last), data, self._associated + head)
        self._count += 1
        self._file.write(head + sealed)


@dataclass(frozen=True, slots=True)
class _Record:
    index: int
    at: int  # in the file that was written
    length: int
    place: int  # of the sealed bytes on disk


class SealedReader:
    """Opens any range of a stream, also of one that is still written or was cut off. Blocking.

    Raises ``FileNotFoundError``, and ``SealBroken`` for a file that is none of ours or was altered.
    """

    def __init__(self, path: Path, key: bytes, context: StreamContext) -> None:
        self._path = path
        self._cipher = AESGCM(key)
        self._associated = context.associated_data()
        with path.open("rb") as file:
            head = file.read(len(MAGIC) + PREFIX_BYTES)
            if len(head) != len(MAGIC) + PREFIX_BYTES or not head.startswith(MAGIC):
                raise SealBroken("the file is not a sealed stream")
            self._prefix = head[len(MAGIC) :]
            records, end = _scan(file, path.stat().st_size)
            #: Whether the stream was closed in order.
            self.complete = end is not None
            if end is not None:
                self._open(file, end, last=True)
            self.size, self._appended, overwriting = _sort(records)
            self._over = [(one.at, self._open(file, one)) for one in overwriting]
        self._starts = list(accumulate((one.length for one in self._appended), initial=0))[:-1]

    def pieces(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield the bytes from ``start`` to ``stop``, or to the end, opened when they are asked for."""
        end = self.size if stop is None else min(stop, self.size)
        if start >= end:
            return
        with self._path.open("rb") as file:
            for record in self._appended[bisect_right(self._starts, start) - 1 :]:
                if record.at >= end:
                    return
                data = self._patched(record.at, self._open(file, record))
                yield data[max(0, start - record.at) : end - record.at]

    def _patched(self, at: int, data: bytes) -> bytes:
        for place, over in self._over:
            first, last = max(at, place), min(at + len(data), place + len(over))
            if first < last:
                data = data[: first - at] + over[first - place : last - place] + data[last - at :]
        return data

    def _open(self, file: BinaryIO, record: _Record, *, last: bool = False) -> bytes:
        file.seek(record.place)
        sealed = file.read(record.length + TAG_BYTES)
        associated = self._associated + _HEAD.pack(record.at, record.length)
        try:
            return self._cipher.decrypt(_nonce(self._prefix, record.index, last), sealed, associated)
        except InvalidTag as error:
            raise SealBroken(f"record {record.index} does not belong here or was altered") from error


def _scan(file: BinaryIO, size: int) -> tuple[list[_Record], _Record | None]:
    """Return the whole records, and the last one if it is there; a record that was cut off is passed over."""
    records: list[_Record] = []
    while True:
        head = file.read(_HEAD.size)
        place = file.tell()
        if len(head) < _HEAD.size:
            return records, None
        at, length = _HEAD.unpack(head)
        if length > RECORD_BYTES:
            raise SealBroken(f"record {len(records)} has an impossible length")
        if place + length + TAG_BYTES > size:
            return records, None
        record = _Record(len(records), at, length, place)
        if length == 0:
            return records, record
        records.append(record)
        file.seek(length + TAG_BYTES, os.SEEK_CUR)


def _sort(records: list[_Record]) -> tuple[int, list[_Record], list[_Record]]:
    """Return the length, what made it grow, and what was written over that. Raises SealBroken."""
    size, appended, overwriting = 0, [], []
    for record in records:
        if record.at == size:
            appended.append(record)
            size += record.length
        elif record.at + record.length <= size:
            overwriting.append(record)
        else:
            raise SealBroken(f"record {record.index} has an impossible place")
    if sum(one.length for one in overwriting) > MAX_OVERWRITTEN:
        raise SealBroken("too much was written over")
    return size, appended, overwriting


def _nonce(prefix: bytes, index: int, last: bool) -> bytes:
    return prefix + struct.pack(">IB", index, last)
