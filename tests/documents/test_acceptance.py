"""Signed files that must be refused, however good they look elsewhere."""

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.validation.ades import ades_lta_validation

from documents.acceptance import _knowledge, _specification, verify_pdf
from documents.errors import NotAccepted, SigningFailed
from documents.signer_keys import SignerKey
from documents.signing import SigningSetup, prepare, sign
from documents.trust import Trust
from tests.documents import make_fixtures as make
from tests.documents.conftest import MakeOffice, Office


def verify(data: bytes, office: Office, trust: Trust | None = None) -> None:
    """Verify against the file's own digest, so that everything but the digest has to find the fault."""
    verify_pdf(data, trust or office.trust, hashlib.sha256(data).hexdigest(), office.now)


def with_another_page(data: bytes, text: str = "Transfer everything") -> bytes:
    """Replace the content of the first page by an incremental update after the signatures."""
    body = make.page_content(text)
    return make.append_revision(
        data, make.contents_number(data), b"<</Length %d>>\nstream\n%s\nendstream" % (len(body), body)
    )


@pytest.fixture(scope="module")
def classic(office: Office) -> bytes:
    """A signed file with a plain cross-reference table, to which an update can be appended by hand."""
    return office.sign(prepare(make.plain(), ["chair"]), "chair", "p1")


def test_another_digest_than_the_logged_one_is_refused(office: Office, fully_signed: bytes) -> None:
    with pytest.raises(NotAccepted, match="not the one that was logged"):
        verify_pdf(fully_signed, office.trust, "0" * 64, office.now)


def test_a_page_replaced_after_signing_is_refused_although_ades_says_passed(office: Office, classic: bytes) -> None:
    forged = with_another_page(classic)
    embedded = PdfFileReader(BytesIO(forged)).embedded_regular_signatures[0]
    specification = _specification(_knowledge(embedded, office.trust, office.now), office.trust)
    result = asyncio.run(ades_lta_validation(embedded, specification))
    assert result.ades_subindic is AdESPassed.OK  # why AdES alone is not enough
    verify(classic, office)
    with pytest.raises(NotAccepted):
        verify(forged, office)


def test_anything_at_all_after_the_last_signature_is_refused(office: Office, classic: bytes) -> None:
    with pytest.raises(NotAccepted):
        verify(classic + b"\n", office)
    with pytest.raises(NotAccepted):
        verify(make.append_revision(classic, 90, b"<</New (object)>>"), office)


@pytest.mark.parametrize("where", [0.1, 0.4, 0.6])
def test_a_changed_byte_is_refused(office: Office, fully_signed: bytes, where: float) -> None:
    position = int(len(fully_signed) * where)
    with pytest.raises(NotAccepted):
        verify(fully_signed[:position] + bytes([fully_signed[position] ^ 1]) + fully_signed[position + 1 :], office)


def test_a_signature_that_was_cut_off_leaves_less_than_the_log_says(
    office: Office, once_signed: bytes, fully_signed: bytes
) -> None:
    with pytest.raises(NotAccepted):
        verify_pdf(once_signed, office.trust, hashlib.sha256(fully_signed).hexdigest(), office.now)


@pytest.mark.parametrize("data", [b"", b"no pdf", make.plain(), make.truncated()])
def test_a_file_without_signatures_is_refused(office: Office, data: bytes) -> None:
    with pytest.raises(NotAccepted):
        verify(data, office)


def test_a_foreign_signer_is_refused(office: Office, make_office: MakeOffice, minutes_pdf: bytes) -> None:
    foreign = make_office(office.now)  # the same names throughout, other keys
    signed = foreign.sign(minutes_pdf, "chair", "p1", last=True)
    verify(signed, foreign)
    with pytest.raises(NotAccepted):
        verify(signed, office)


def test_a_foreign_timestamp_authority_does_not_serve(
    office: Office, make_office: MakeOffice, minutes_pdf: bytes
) -> None:
    foreign = make_office(office.now)
    setup = SigningSetup(office.trust, foreign.signers.timestamper(office.now))
    key = office.signers.for_person("p1", "Người ký p1", office.now)
    with pytest.raises(SigningFailed):
        sign(minutes_pdf, "chair", key, "", office.now, setup=setup)


def test_a_certificate_for_another_use_does_not_count(office: Office, minutes_pdf: bytes) -> None:
    issued = office.authority.issue_relay("r1", office.now)
    key = SignerKey(issued.certificate_pem, issued.chain_pem, issued.key_pem)
    with pytest.raises(SigningFailed):
        sign(minutes_pdf, "chair", key, "", office.now, setup=office.setup)


def test_a_signer_revoked_before_signing_is_refused_once_that_is_known(
    make_office: MakeOffice, minutes_pdf: bytes
) -> None:
    office = make_office(datetime.now(UTC).replace(microsecond=0))
    signed = office.sign(minutes_pdf, "chair", "p1")
    verify(signed, office)
    certificate = office.signers.for_person("p1", "Người ký p1", office.now).certificate_pem
    office.authority.revoke(certificate, office.now - timedelta(minutes=10))
    with pytest.raises(NotAccepted):
        verify(signed, office)


def test_a_signer_revoked_later_keeps_what_was_archived_before(make_office: MakeOffice, minutes_pdf: bytes) -> None:
    office = make_office(datetime.now(UTC).replace(microsecond=0) - timedelta(days=2))
    signed = office.sign(minutes_pdf, "chair", "p1", last=True)
    later = datetime.now(UTC).replace(microsecond=0)
    office.signers.retire("p1", later - timedelta(days=1))
    trust = Trust.of(office.authority, later)
    [report] = verify_pdf(signed, trust, hashlib.sha256(signed).hexdigest(), later)
    assert report.signed_at == office.now


def test_a_signer_whose_certificate_expired_keeps_what_was_archived_before(
    make_office: MakeOffice, minutes_pdf: bytes
) -> None:
    office = make_office(datetime.now(UTC).replace(microsecond=0) - timedelta(days=1000))
    signed = office.sign(minutes_pdf, "chair", "p1", last=True)
    later = datetime.now(UTC).replace(microsecond=0)
    trust = Trust.of(office.authority, later)
    assert len(verify_pdf(signed, trust, hashlib.sha256(signed).hexdigest(), later)) == 1


def test_a_signer_revoked_before_signing_is_refused_after_the_certificate_expired_too(
    make_office: MakeOffice, minutes_pdf: bytes
) -> None:
    office = make_office(datetime.now(UTC).replace(microsecond=0) - timedelta(days=1000))
    signed = office.sign(minutes_pdf, "chair", "p1", last=True)
    office.signers.retire("p1", office.now - timedelta(minutes=1))
    later = datetime.now(UTC).replace(microsecond=0)
    with pytest.raises(NotAccepted):
        verify_pdf(signed, Trust.of(office.authority, later), hashlib.sha256(signed).hexdigest(), later)


def test_a_revoked_timestamp_authority_proves_no_time(make_office: MakeOffice, minutes_pdf: bytes) -> None:
    office = make_office(datetime.now(UTC).replace(microsecond=0) - timedelta(days=1000))
    signed = office.sign(minutes_pdf, "chair", "p1", last=True)
    office.authority.revoke(office.signers.timestamper(office.now).certificate_pem, office.now - timedelta(minutes=1))
    later = datetime.now(UTC).replace(microsecond=0)
    with pytest.raises(NotAccepted):
        verify_pdf(signed, Trust.of(office.authority, later), hashlib.sha256(signed).hexdigest(), later)


def test_a_signature_without_an_archive_does_not_outlive_its_certificate(
    make_office: MakeOffice, minutes_pdf: bytes
) -> None:
    office = make_office(datetime.now(UTC).replace(microsecond=0) - timedelta(days=1000))
    signed = office.sign(minutes_pdf, "chair", "p1")
    later = datetime.now(UTC).replace(microsecond=0)
    with pytest.raises(NotAccepted):
        verify_pdf(signed, Trust.of(office.authority, later), hashlib.sha256(signed).hexdigest(), later)
