"""What may come in: a file is checked by name and by content, measured, and rewritten. Pure functions of bytes.

They parse hostile input, so the hub runs them in the :class:`documents.worker.WorkerPool`, never in its own process.
"""

from dataclasses import dataclass
from io import BytesIO

import pikepdf
from pikepdf.settings import set_qpdf_limits

from .cleaning import clean
from .errors import FileTooLarge, PdfBomb, PdfBroken, PdfEncrypted, PdfTooManyPages, WrongFileType

PDF_MAGIC = b"%PDF-"
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may be: bytes as stored, pages, bytes when unpacked (all streams, and each), pixels per image."""

    max_bytes: int = 50 * MEBIBYTE
    max_pages: int = 2000
    max_unpacked_bytes: int = 400 * MEBIBYTE
    max_stream_bytes: int = 100 * MEBIBYTE
    max_image_pixels: int = 200_000_000
    max_objects: int = 500_000


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class CleanPdf:
    """A rewritten PDF and its number of pages."""

    data: bytes
    pages: int


def accept_pdf(name: str, data: bytes, limits: Limits = DEFAULT_LIMITS) -> CleanPdf:
    """Inspect an upload, rewrite it, and return what may be stored; raises as ``inspect_upload``."""
    inspect_upload(name, data, limits)
    return rewrite_pdf(data, limits)


def inspect_upload(name: str, data: bytes, limits: Limits = DEFAULT_LIMITS) -> int:
    """Return the number of pages of an acceptable PDF.

    Raises ``FileTooLarge``, ``WrongFileType`` (by extension and by magic), ``PdfEncrypted``, ``PdfBroken``,
    ``PdfTooManyPages`` or ``PdfBomb``.
    """
    if len(data) > limits.max_bytes:
        raise FileTooLarge(f"the file has {len(data)} bytes, at most {limits.max_bytes} are allowed")
    if not name.lower().endswith(".pdf") or not data.startswith(PDF_MAGIC):
        raise WrongFileType("the file is not a PDF")
    with _open(data, limits) as pdf:
        pages = _count_pages(pdf, limits)
        _measure(pdf, limits)
    return pages


def rewrite_pdf(data: bytes, limits: Limits = DEFAULT_LIMITS) -> CleanPdf:
    """Return the PDF written anew from what is visible on its pages, see :mod:`documents.cleaning`.

    Raises ``PdfEncrypted``, ``PdfBroken`` or ``PdfTooManyPages``.
    """
    with _open(data, limits) as pdf:
        pages = _count_pages(pdf, limits)
        output = BytesIO()
        try:
            clean(pdf)
            pdf.save(output, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError) as error:
            raise PdfBroken("the structure of the PDF is damaged") from error
    return CleanPdf(output.getvalue(), pages)


def _open(data: bytes, limits: Limits) -> pikepdf.Pdf:
    """Open without repair: a repaired file would show less, or other, than its author saw."""
    per_stream = limits.max_stream_bytes
    set_qpdf_limits(
        flate_max_memory=per_stream,
        png_max_memory=per_stream,
        tiff_max_memory=per_stream,
        run_length_max_memory=per_stream,
        dct_max_memory=per_stream,
        max_stream_filters=5,
    )
    try:
        pdf = pikepdf.open(BytesIO(data), attempt_recovery=False, suppress_warnings=True)
    except pikepdf.PasswordError as error:
        raise PdfEncrypted("the PDF has a password") from error
    except (pikepdf.PdfError, RuntimeError, ValueError) as error:
        raise PdfBroken("the PDF cannot be read") from error
    except MemoryError as error:
        raise PdfBomb("the PDF unpacks to more than the memory of a worker") from error
    if pdf.is_encrypted:
        pdf.close()
        raise PdfEncrypted("the PDF is encrypted")
    return pdf


def _count_pages(pdf: pikepdf.Pdf, limits: Limits) -> int:
    if len(pdf.objects) > limits.max_objects:
        raise PdfBomb(f"the PDF has more than {limits.max_objects} objects")
    try:
        pages = len(pdf.pages)
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError) as error:
        raise PdfBroken("the PDF has no readable pages") from error
    if pages == 0:
        raise PdfBroken("the PDF has no pages")
    if pages > limits.max_pages:
        raise PdfTooManyPages(f"the PDF has {pages} pages, at most {limits.max_pages} are allowed")
    return pages


def _measure(pdf: pikepdf.Pdf, limits: Limits) -> None:
    """Unpack every stream once. Raises ``PdfBomb`` as soon as a limit is passed, ``PdfBroken`` for unreadable data."""
    unpacked = 0
    for each in pdf.objects:
        if not isinstance(each, pikepdf.Stream):
            continue
        width, height = each.get("/Width"), each.get("/Height")
        if isinstance(width, int) and isinstance(height, int) and width * height > limits.max_image_pixels:
            raise PdfBomb(f"an image has more than {limits.max_image_pixels} pixels")
        unpacked += _unpacked_size(each)
        if unpacked > limits.max_unpacked_bytes:
            raise PdfBomb(f"the PDF unpacks to more than {limits.max_unpacked_bytes} bytes")


def _unpacked_size(stream: pikepdf.Stream) -> int:
    """Return the size behind all general filters; pictures (DCT, JPX, JBIG2, CCITT) count as they are."""
    try:
        return len(stream.read_bytes(pikepdf.StreamDecodeLevel.generalized))
    except MemoryError as error:
        raise PdfBomb("a part of the PDF unpacks to more than the memory of a worker") from error
    except (pikepdf.PdfError, RuntimeError) as error:
        reason = str(error)
        if "unfilterable" in reason:
            return len(stream.read_raw_bytes())
        if "limit exceeded" in reason:
            raise PdfBomb("a part of the PDF unpacks to more than is allowed") from error
        raise PdfBroken("a part of the PDF is damaged") from error
