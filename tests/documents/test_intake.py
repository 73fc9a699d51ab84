"""What comes in, what is refused, and what is left of a hostile file."""

import contextlib
import pickle
from collections.abc import Callable
from io import BytesIO

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Name

from documents.errors import (
    FileTooLarge,
    IntakeError,
    PdfBomb,
    PdfBroken,
    PdfEncrypted,
    PdfTooManyPages,
    WrongFileType,
)
from documents.intake import Limits, accept_pdf, inspect_upload, rewrite_pdf
from tests.documents import make_fixtures as make

SMALL = Limits(max_bytes=1_000_000, max_pages=5)


def unpacked(data: bytes) -> bytes:
    """All bytes of a PDF with every stream unpacked."""
    with pikepdf.open(BytesIO(data)) as pdf:
        output = BytesIO()
        pdf.save(
            output,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            qdf=True,
        )
    return output.getvalue()


def test_a_plain_pdf_comes_in_with_its_pages() -> None:
    assert inspect_upload("Báo cáo.PDF", make.plain(3)) == 3
    clean = accept_pdf("a.pdf", make.plain(3))
    assert clean.pages == 3
    assert make.SHOWN.encode() in unpacked(clean.data)


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("a.pdf", make.text_named_pdf(), WrongFileType),
        ("a.docx", make.plain(), WrongFileType),
        ("pdf", make.plain(), WrongFileType),
        ("a.pdf", b"", WrongFileType),
        ("a.pdf", b"\n" + make.plain(), WrongFileType),
        ("a.pdf", make.truncated(), PdfBroken),
        ("a.pdf", b"%PDF-1.7\n%%EOF", PdfBroken),
        ("a.pdf", make.encrypted(), PdfEncrypted),
        ("a.pdf", make.encrypted_without_password(), PdfEncrypted),
        ("a.pdf", make.plain(6), PdfTooManyPages),
        ("a.pdf", b"%PDF-" + b"x" * 1_000_000, FileTooLarge),
        ("a.pdf", make.bomb(), PdfBomb),
        ("a.pdf", make.many_bombs(), PdfBomb),
        ("a.pdf", make.pixel_bomb(), PdfBomb),
    ],
)
def test_each_bad_file_has_its_own_error(name: str, data: bytes, error: type[IntakeError]) -> None:
    with pytest.raises(error):
        inspect_upload(name, data, SMALL)


@pytest.mark.parametrize(
    "hostile",
    [
        make.with_javascript,
        make.with_attachment,
        make.with_form,
        make.with_hidden_layer,
        make.with_metadata,
        make.with_old_revision,
    ],
)
def test_nothing_forbidden_survives_the_rewriting(hostile: Callable[[], bytes]) -> None:
    data = hostile()
    assert make.MARK.encode() in data
    clean = accept_pdf("a.pdf", data)
    content = unpacked(clean.data)
    assert make.MARK.encode() not in content
    assert make.SHOWN.encode() in content
    for key in (b"/JavaScript", b"/JS", b"/AcroForm", b"/OpenAction", b"/EmbeddedFiles", b"/OCProperties", b"/AA"):
        assert key not in content


def test_links_inside_the_document_stay_and_lose_their_chain() -> None:
    clean = rewrite_pdf(make.with_javascript())
    with pikepdf.open(BytesIO(clean.data)) as pdf:
        annotations = list(pdf.pages[0].obj[Name.Annots].as_list())
        assert [str(each[Name.A][Name.S]) for each in annotations] == ["/GoTo"]
        assert Name.Next not in annotations[0][Name.A]
        assert Name.A not in pdf.Root[Name.Outlines][Name.First]


def test_what_a_form_shows_becomes_part_of_the_page() -> None:
    assert b"field-value" in unpacked(rewrite_pdf(make.with_form()).data)


def test_visible_layers_stay() -> None:
    content = unpacked(rewrite_pdf(make.with_hidden_layer()).data)
    assert b"layer-visible" in content
    assert b"layer-negated" in content


def test_a_rewritten_file_has_one_revision_and_is_the_same_each_time() -> None:
    first, second = rewrite_pdf(make.with_old_revision()), rewrite_pdf(make.with_old_revision())
    assert first == second
    assert first.data.count(b"%%EOF") == 1
    assert rewrite_pdf(first.data).pages == 1


def test_a_file_nested_too_deeply_is_broken() -> None:
    with pytest.raises(PdfBroken):
        rewrite_pdf(make.deeply_nested())


def test_errors_travel_between_processes() -> None:
    with pytest.raises(PdfEncrypted) as caught:
        inspect_upload("a.pdf", make.encrypted())
    assert isinstance(pickle.loads(pickle.dumps(caught.value)), PdfEncrypted)


@given(st.integers(min_value=5, max_value=900), st.binary(min_size=1, max_size=20))
def test_damage_anywhere_is_an_intake_error_or_harmless(position: int, noise: bytes) -> None:
    data = make.plain()
    damaged = data[:position] + noise + data[position + len(noise) :]
    with contextlib.suppress(IntakeError):
        accept_pdf("a.pdf", damaged)
