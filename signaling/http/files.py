"""Files of the sealed store on their way out: opened piece by piece, as fast as the reader takes them and no faster."""

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from aiohttp import web

from auth.model import Label
from documents.errors import DocumentError
from documents.model import BlobRef
from documents.store import BlobStore
from signaling.http.pipeline import FRESH
from signaling.http.security import DOCUMENT_POLICY

logger = logging.getLogger(__name__)
WRITE_TIMEOUT_S = 60.0  # for one piece


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A blob with what it is sealed to, and how it is to be called."""

    blob: BlobRef
    document_id: str
    version: int
    label: Label
    name: str
    content_type: str = "application/pdf"


async def send_file(request: web.Request, store: BlobStore, file: SealedFile, *, download: bool) -> web.StreamResponse:
    """Send a file, or the range of it that was asked for (RFC 9110 §14); only that is opened.

    Raises SealError as long as nothing was sent. Afterwards a broken file, or a reader who takes nothing for a minute,
    ends in a cut connection, which no client mistakes for the whole.
    """
    size = file.blob.size
    part = _range(request, size)
    response = web.StreamResponse(status=200 if part is None else 206, headers=_headers(file, download=download))
    if part is not None:
        response.headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    sent = part or range(size)
    response.content_type = file.content_type
    response.content_length = len(sent)
    pieces = store.pieces(file.blob, file.document_id, file.version, file.label, start=sent.start, stop=sent.stop)
    first = await asyncio.to_thread(next, pieces, b"")
    await response.prepare(request)
    try:
        await _write(response, first, pieces)
    except (ConnectionError, TimeoutError, DocumentError) as error:
        logger.info("sending %s was broken off: %r", file.document_id, error)
        if request.transport is not None:
            request.transport.abort()
    return response


async def _write(response: web.StreamResponse, first: bytes, others: Iterator[bytes]) -> None:
    piece = first
    while piece:
        async with asyncio.timeout(WRITE_TIMEOUT_S):
            await response.write(piece)
        piece = await asyncio.to_thread(next, others, b"")
    async with asyncio.timeout(WRITE_TIMEOUT_S):
        await response.write_eof()


def _headers(file: SealedFile, *, download: bool) -> dict[str, str]:
    return FRESH | {
        "Content-Disposition": disposition(file.name, download=download),
        "Content-Security-Policy": DOCUMENT_POLICY,
        "Accept-Ranges": "bytes",
    }


def _range(request: web.Request, size: int) -> range | None:
    try:
        asked = request.http_range
    except ValueError:
        return None
    if asked.start is None and asked.stop is None:
        return None
    start, stop, _ = asked.indices(size)
    if start >= stop:
        raise web.HTTPRequestRangeNotSatisfiable(headers={"Content-Range": f"bytes */{size}"})
    return range(start, stop)


def disposition(name: str, *, download: bool) -> str:
    """Return a Content-Disposition with an encoded name (RFC 6266 §4, RFC 8187)."""
    kind = "attachment" if download else "inline"
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in " ._-") else "_" for letter in name)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
