"""Files of the sealed store on their way out: opened piece by piece, as fast as the reader takes them and no faster."""

import asyncio
import logging
from collections.abc import Callable, Iterator
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


@dataclass(frozen=True, slots=True)
class Content:
    """What is sent: its size, and its bytes from one place to another, opened when they are asked for."""

    what: str  # for the hub's own log
    size: int
    pieces: Callable[[int, int], Iterator[bytes]]
    name: str
    content_type: str


async def send_file(request: web.Request, store: BlobStore, file: SealedFile, *, download: bool) -> web.StreamResponse:
    """Send a blob like send_pieces()."""

    def pieces(start: int, stop: int) -> Iterator[bytes]:
        return store.pieces(file.blob, file.document_id, file.version, file.label, start=start, stop=stop)

    content = Content(file.document_id, file.blob.size, pieces, file.name, file.content_type)
    return await send_pieces(request, content, download=download)


async def send_pieces(request: web.Request, content: Content, *, download: bool) -> web.StreamResponse:
    """Send a file, or the range of it that was asked for (RFC 9110 §14); only that is opened.

    Raises SealError as long as nothing was sent. Afterwards a broken file, or a reader who takes nothing for a minute,
    ends in a cut connection, which no client mistakes for the whole.
    """
    part = _range(request, content.size)
    response = web.StreamResponse(
        status=200 if part is None else 206, headers=_headers(content.name, download=download)
    )
    if part is not None:
        response.headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{content.size}"
    sent = part or range(content.size)
    response.content_type = content.content_type
    response.content_length = len(sent)
    pieces = content.pieces(sent.start, sent.stop)
    first = await asyncio.to_thread(next, pieces, b"")
    await response.prepare(request)
    try:
        await _write(response, first, pieces)
    except (ConnectionError, TimeoutError, DocumentError) as error:
        logger.info("sending %s was broken off: %r", content.what, error)
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


def _headers(name: str, *, download: bool) -> dict[str, str]:
    return FRESH | {
        "Content-Disposition": disposition(name, download=download),
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
