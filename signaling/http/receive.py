"""Receiving a form with a file: as it arrives, no further than a cap and no longer than its time."""

import asyncio

from aiohttp import web

from documents.upload import Upload, UploadParser
from signaling.errors import TooSlow
from signaling.http.pipeline import renewed
from signaling.http.route import Call
from signaling.wire.base import Wire

UPLOAD_S = 600.0  # for a whole body
SILENCE_S = 30.0  # without a byte of it


async def receive_upload(call: Call[Wire], max_bytes: int) -> Upload:
    """Return the uploaded form of somebody whose session is still open when all of it is here.

    Raises TooSlow, documents.errors.UploadTooLarge and UploadMalformed, auth.errors.NoSession and SessionExpired.
    """
    request = call.request
    parser = UploadParser(request.headers.get("Content-Type", ""), max_bytes)
    try:
        async with asyncio.timeout(UPLOAD_S):
            while chunk := await _next_chunk(request):
                parser.feed(chunk)
    except TimeoutError as error:
        raise TooSlow from error
    await renewed(call.services, call.subject)  # whatever takes rights away ends the session
    return parser.finish()


async def _next_chunk(request: web.Request) -> bytes:
    """Return what came next, empty at the end. Raises TimeoutError."""
    async with asyncio.timeout(SILENCE_S):
        return await request.content.read(2**16)
