"""Signatures from our own keys, seen by us and by programs that are not ours."""

import hashlib
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import tsp  # type: ignore[import-untyped]

from documents.acceptance import extract_cms, extract_revision, verify_pdf
from documents.errors import NotAccepted, SigningFailed
from documents.render import SignaturePlace
from documents.signing import prepare, sign
from documents.timestamp import answer
from tests.documents import make_fixtures as make
from tests.documents.conftest import Office


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def openssl(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def test_both_signatures_are_accepted_in_their_order(office: Office, fully_signed: bytes) -> None:
    reports = verify_pdf(fully_signed, office.trust, digest(fully_signed), office.now)
    assert [(each.field, each.person_id, each.signer) for each in reports] == [
        ("secretary", "p2", "Người ký p2"),
        ("chair", "p1", "Người ký p1"),
    ]
    assert {each.signed_at for each in reports} == {office.now}
    assert {each.reason for each in reports} == {"Phê duyệt"}


def test_a_single_signature_is_accepted_before_the_next(office: Office, once_signed: bytes) -> None:
    [report] = verify_pdf(once_signed, office.trust, digest(once_signed), office.now)
    assert report.covers_whole_file


def test_the_finished_file_carries_its_own_revocation_lists(office: Office, fully_signed: bytes) -> None:
    trust = type(office.trust)(office.authority.root_pem)
    assert len(verify_pdf(fully_signed, trust, digest(fully_signed), office.now)) == 2


def test_each_signer_is_shown_the_revision_that_they_signed(
    office: Office, once_signed: bytes, fully_signed: bytes
) -> None:
    reports = verify_pdf(fully_signed, office.trust, digest(fully_signed), office.now)
    assert extract_revision(fully_signed, 0) == once_signed
    assert [each.revision_sha256 for each in reports] == [digest(extract_revision(fully_signed, n)) for n in (0, 1)]


def test_openssl_verifies_the_signature_outside_the_product(
    tmp_path: Path, office: Office, fully_signed: bytes
) -> None:
    for index in (0, 1):
        cms, signed_bytes = extract_cms(fully_signed, index)
        (tmp_path / "cms.der").write_bytes(cms)
        (tmp_path / "content").write_bytes(signed_bytes)
        (tmp_path / "root.pem").write_bytes(office.authority.root_pem)
        command = ["cms", "-verify", "-binary", "-inform", "DER", "-in", "cms.der", "-content", "content"]
        command += ["-CAfile", "root.pem", "-purpose", "any", "-out", "out"]
        assert "CMS Verification successful" in openssl(tmp_path, *command)
        (tmp_path / "content").write_bytes(signed_bytes[:-1] + b"x")
        assert "CMS Verification failure" in openssl(tmp_path, *command)


def test_openssl_verifies_our_timestamps(tmp_path: Path, office: Office) -> None:
    (tmp_path / "data").write_bytes(b"content")
    openssl(tmp_path, "ts", "-query", "-data", "data", "-sha256", "-cert", "-out", "query")
    request = tsp.TimeStampReq.load((tmp_path / "query").read_bytes())
    response = answer(request, office.signers.timestamper(office.now), office.now)
    (tmp_path / "answer").write_bytes(response.dump())
    (tmp_path / "root.pem").write_bytes(office.authority.root_pem)
    said = openssl(tmp_path, "ts", "-verify", "-queryfile", "query", "-in", "answer", "-CAfile", "root.pem")
    assert "Verification: OK" in said
    text = openssl(tmp_path, "ts", "-reply", "-in", "answer", "-text")
    assert office.now.strftime("%H:%M:%S %Y GMT") in text


def test_a_timestamp_over_a_weak_digest_is_refused(tmp_path: Path, office: Office) -> None:
    (tmp_path / "data").write_bytes(b"content")
    openssl(tmp_path, "ts", "-query", "-data", "data", "-sha1", "-out", "query")
    request = tsp.TimeStampReq.load((tmp_path / "query").read_bytes())
    with pytest.raises(SigningFailed):
        answer(request, office.signers.timestamper(office.now), office.now)


@pytest.mark.needs("pdfsig")
def test_pdfsig_finds_both_signatures_valid(tmp_path: Path, fully_signed: bytes) -> None:
    (tmp_path / "a.pdf").write_bytes(fully_signed)
    done = subprocess.run(["pdfsig", "-nocert", "a.pdf"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout.count("Signature is Valid") == 2


def test_the_first_signature_allows_signing_and_nothing_else(once_signed: bytes) -> None:
    with pikepdf.open(BytesIO(once_signed)) as pdf:
        permission = pdf.Root.Perms.DocMDP.Reference[0].TransformParams
        assert int(permission.P) == 2


def test_the_signature_shows_in_its_place(once_signed: bytes) -> None:
    with pikepdf.open(BytesIO(once_signed)) as pdf:
        field = next(each for each in pdf.Root.AcroForm.Fields.as_list() if str(each.T) == "secretary")
        assert b"/Import" in field.AP.N.read_bytes()


def test_several_threads_sign_at_the_same_time(office: Office, minutes_pdf: bytes) -> None:
    with ThreadPoolExecutor(4) as threads:
        jobs = [threads.submit(office.sign, minutes_pdf, "chair", f"t{number}") for number in range(8)]
        signed = [job.result() for job in jobs]
    for data in signed:
        assert len(verify_pdf(data, office.trust, digest(data), office.now)) == 1


def test_a_field_is_signed_once_and_must_exist(office: Office, once_signed: bytes) -> None:
    for field in ("secretary", "nobody"):
        with pytest.raises(SigningFailed):
            office.sign(once_signed, field, "p2")


def test_fields_are_made_before_the_first_signature_only(once_signed: bytes, minutes_pdf: bytes) -> None:
    assert prepare(minutes_pdf, ["chair", "secretary"]) == minutes_pdf
    assert b"(seal)" in prepare(minutes_pdf, ["seal"])
    with pytest.raises(SigningFailed):
        prepare(once_signed, ["seal"])


def test_an_invisible_field_is_signed_without_a_stamp(office: Office) -> None:
    pdf = prepare(make.plain(), ["author", SignaturePlace("chair", 0, (50, 50, 220, 120), "Chair")])
    signed = office.sign(office.sign(pdf, "author", "p1"), "chair", "p2", last=True)
    assert len(verify_pdf(signed, office.trust, digest(signed), office.now)) == 2


def test_what_is_no_pdf_is_not_signed(office: Office) -> None:
    with pytest.raises(SigningFailed):
        office.sign(b"no pdf", "chair", "p1")
    with pytest.raises(SigningFailed):
        prepare(b"", ["chair"])


def test_an_expired_key_does_not_sign(office: Office, minutes_pdf: bytes) -> None:
    key = office.signers.for_person("p3", "Somebody", office.now)
    with pytest.raises(SigningFailed):
        sign(minutes_pdf, "chair", key, "", office.now + timedelta(days=800), setup=office.setup)


def test_a_revoked_key_does_not_sign(office: Office, minutes_pdf: bytes) -> None:
    key = office.signers.for_person("p4", "Somebody", office.now)
    office.authority.revoke(key.certificate_pem, office.now - timedelta(minutes=30))
    with pytest.raises(SigningFailed):
        sign(minutes_pdf, "chair", key, "", office.now, setup=office.setup)


def test_only_existing_signatures_can_be_extracted(fully_signed: bytes) -> None:
    for data, index in ((fully_signed, 2), (make.plain(), 0), (b"no pdf", 0)):
        with pytest.raises(NotAccepted):
            extract_cms(data, index)
        with pytest.raises(NotAccepted):
            extract_revision(data, index)
