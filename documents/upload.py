"""Streamed uploads: a sans-IO parser of multipart/form-data (RFC 7578) with hard limits.

One file and a few short fields. Nothing is written to disk, and names never become paths: a file name is kept only as
text for display.
"""

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from .errors import UploadMalformed, UploadTooLarge

if TYPE_CHECKING:  # the library defines it for type checkers only
    from python_multipart.multipart import MultipartCallbacks

MAX_FIELDS = 16
MAX_FIELD_BYTES = 8 * 1024
MAX_NAME_CHARACTERS = 200
OVERHEAD_BYTES = 64 * 1024  # boundaries, part headers and fields beside the file


@dataclass(frozen=True, slots=True)
class Upload:
    """A complete upload: text fields by name, the file's name for display, and its bytes."""

    fields: dict[str, str]
    filename: str
    data: bytes


class UploadParser:
    """Feed it the body as it arrives, then ``finish``. After an error it must be dropped.

    ``max_bytes`` limits the file. Raises ``UploadMalformed`` for a content type that is not multipart/form-data.
    """

    def __init__(self, content_type: str, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._received = 0
        self._header_name = bytearray()
        self._header_value = bytearray()
        self._disposition: bytes | None = None
        self._field: str | None = None  # the part that is being read is a field of this name
        self._file_name: str | None = None
        self._in_file = False
        self._buffer = bytearray()
        self._file: bytearray | None = None
        self._fields: dict[str, str] = {}
        self._ended = False
        self._parser = MultipartParser(_boundary(content_type), self._callbacks())

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes of the body. Raises ``UploadTooLarge`` at the byte that passes a limit, and
        ``UploadMalformed``."""
        self._received += len(chunk)
        if self._received > self._max_bytes + OVERHEAD_BYTES:
            raise UploadTooLarge(f"the upload has more than {self._max_bytes} bytes")
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise UploadMalformed("the body is not multipart/form-data") from error

    def finish(self) -> Upload:
        """Return the upload after the last byte. Raises ``UploadMalformed`` if it is incomplete or holds no file."""
        if not self._ended:
            raise UploadMalformed("the upload ended too early")
        if self._file is None or self._file_name is None:
            raise UploadMalformed("the upload holds no file")
        return Upload(self._fields, self._file_name, bytes(self._file))

    def _callbacks(self) -> "MultipartCallbacks":
        return {
            "on_part_begin": self._on_part_begin,
            "on_header_field": lambda data, start, end: self._header_name.extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._header_value.extend(data[start:end]),
            "on_header_end": self._on_header_end,
            "on_headers_finished": self._on_headers_finished,
            "on_part_data": self._on_part_data,
            "on_part_end": self._on_part_end,
            "on_end": self._on_end,
        }

    def _on_part_begin(self) -> None:
        self._disposition = None
        self._field = None
        self._in_file = False
        self._buffer = bytearray()
        self._header_name.clear()
        self._header_value.clear()

    def _on_header_end(self) -> None:
        if bytes(self._header_name).lower() == b"content-disposition":
            self._disposition = bytes(self._header_value)
        self._header_name.clear()
        self._header_value.clear()

    def _on_headers_finished(self) -> None:
        kind, options = parse_options_header(_as_latin(self._disposition))
        name = options.get(b"name")
        if kind != b"form-data" or not name:
            raise UploadMalformed("a part has no name")
        if b"filename" not in options:
            self._field = self._new_field(name)
            return
        if self._file is not None:
            raise UploadMalformed("the upload holds more than one file")
        self._in_file = True
        self._file = self._buffer
        self._file_name = display_name(_text(options[b"filename"]))

    def _new_field(self, name: bytes) -> str:
        field = _text(name)
        if len(self._fields) >= MAX_FIELDS or len(field) > MAX_NAME_CHARACTERS or field in self._fields:
            raise UploadMalformed("the upload has too many fields, or one twice")
        return field

    def _on_part_data(self, data: bytes, start: int, end: int) -> None:
        limit = self._max_bytes if self._in_file else MAX_FIELD_BYTES
        if len(self._buffer) + end - start > limit:
            raise UploadTooLarge(f"the {'file' if self._in_file else 'field'} has more than {limit} bytes")
        self._buffer += data[start:end]

    def _on_part_end(self) -> None:
        if self._field is not None:
            self._fields[self._field] = _text(bytes(self._buffer))

    def _on_end(self) -> None:
        self._ended = True


def display_text(text: str) -> str:
    """Return one line of at most 200 characters: composed (NFC), without control and format characters, with which
    a text can be made to read as something else."""
    composed = unicodedata.normalize("NFC", text)
    kept = "".join(each for each in composed if each.isspace() or unicodedata.category(each)[0] != "C")
    return " ".join(kept.split())[:MAX_NAME_CHARACTERS]


def display_name(name: str) -> str:
    """Return a file name as harmless text: the last component, composed (NFC), without control, format and separator
    characters, cut to 200 characters with its extension kept; ``-`` if nothing is left."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    composed = unicodedata.normalize("NFC", last)
    kept = "".join(each for each in composed if unicodedata.category(each)[0] != "C")
    text = " ".join(kept.split()).strip(". ") or "-"
    if len(text) <= MAX_NAME_CHARACTERS:
        return text
    stem, dot, extension = text.rpartition(".")
    if not dot or len(extension) > 10:
        return text[:MAX_NAME_CHARACTERS]
    return stem[: MAX_NAME_CHARACTERS - len(extension) - 1] + dot + extension


def _boundary(content_type: str) -> bytes:
    try:
        kind, options = parse_options_header(content_type)
    except UnicodeEncodeError as error:
        raise UploadMalformed("the content type is not text of a header") from error
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not 1 <= len(boundary) <= 70:  # RFC 2046 §5.1.1
        raise UploadMalformed("the body must be multipart/form-data")
    return boundary


def _as_latin(disposition: bytes | None) -> str:
    return (disposition or b"").decode("latin-1")


def _text(data: bytes) -> str:
    """Browsers send names and fields in UTF-8 (RFC 7578 §5.1)."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise UploadMalformed("a name or field is not UTF-8") from error
