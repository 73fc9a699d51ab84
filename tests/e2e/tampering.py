"""A signed PDF whose page is replaced afterwards by an incremental update, as an attacker would do it."""

import hashlib
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from certs.authority import Authority
from documents.acceptance import verify_pdf
from documents.errors import NotAccepted
from documents.trust import Trust


def refused_after_tampering(pdf: bytes, root_pem: bytes, authority_folder: Path, now: datetime) -> bool:
    """Whether the untouched file is accepted and the altered one refused, even under its own digest."""
    authority = Authority.open_or_create(authority_folder, "", now)
    assert authority.root_pem == root_pem
    trust = Trust.of(authority, now)
    assert len(verify_pdf(pdf, trust, _digest(pdf), now)) == 2
    altered = _replace_first_page(pdf)
    with pytest.raises(NotAccepted):
        verify_pdf(altered, trust, _digest(altered), now)
    return True


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _replace_first_page(pdf: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
    page, _ = writer.find_page_for_modification(0)  # type: ignore[no-untyped-call]
    stream = generic.StreamObject(stream_data=b"BT /F1 24 Tf 72 700 Td (Rejected) Tj ET")
    page.get_object()["/Contents"] = writer.add_object(stream)
    writer.update_container(page.get_object())
    output = BytesIO()
    writer.write(output)  # type: ignore[no-untyped-call]
    return output.getvalue()
