"""Accepting signed PDFs. The only module that touches pyHanko's validator.

A signature counts only if all of this holds (each alone is not enough; AdES validation alone says *passed* for a page
whose content was replaced by an incremental update):

- the AdES result is *passed* (ETSI EN 319 102-1 §5.6.3),
- pyHanko's bottom line holds: intact, trusted, timestamp good, later changes allowed by DocMDP,
- the last signature covers the whole file, or only DSS and document timestamps come after it,
- the SHA-256 of the file equals the one that was logged.

Parses untrusted files: run it in the :class:`documents.worker.WorkerPool`.
"""

import asyncio
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from typing import cast

from asn1crypto import cms, crl, pem, x509  # type: ignore[import-untyped]
from cryptography.x509 import load_pem_x509_certificates
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESIndeterminate, AdESPassed
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult, ModificationLevel
from pyhanko.sign.general import SigningError, extract_certificate_info
from pyhanko.sign.validation.ades import AdESLTAValidationResult, ades_lta_validation
from pyhanko.sign.validation.errors import SignatureValidationError, ValidationInfoReadingError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.policy_decl import (
    CertificateFetchingRule,
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator.authority import TrustAnchor
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.errors import PathError
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy, NonRevokedStatusAssertion
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer

from certs.errors import SignerRejected
from certs.lists import revocations

from .errors import NotAccepted
from .trust import Trust

EXPIRED = (AdESIndeterminate.OUT_OF_BOUNDS_NO_POE, AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED)
READING_ERRORS = (
    SignerRejected,
    PdfError,
    SigningError,
    SignatureValidationError,
    ValidationInfoReadingError,
    PathError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    RecursionError,
)


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """An accepted signature. ``signed_at`` is the time that its timestamp proves; ``revision_sha256`` (hex) is the
    digest of the first ``revision_size`` bytes of the file: what this signer signed, signature included."""

    field: str
    signer: str
    person_id: str
    reason: str
    signed_at: datetime
    certificate_serial: int
    revision_size: int
    revision_sha256: str
    covers_whole_file: bool


def verify_pdf(data: bytes, trust: Trust, expected_sha256: str, now: datetime) -> list[SignatureReport]:
    """Return a report for each signature, oldest first. Raises ``NotAccepted`` unless all of them hold.

    ``expected_sha256`` (hex) is the file's digest from the audit log. ``trust.crls`` should be as fresh as can be had.
    """
    if not hmac.compare_digest(hashlib.sha256(data).hexdigest(), expected_sha256.lower()):
        raise NotAccepted("the file is not the one that was logged")
    try:
        return asyncio.run(_verify(data, trust, now))
    except READING_ERRORS as error:
        raise NotAccepted(f"the signatures cannot be read: {error}") from error


def extract_cms(data: bytes, index: int) -> tuple[bytes, bytes]:
    """Return the CMS signature (DER) and the bytes that it signs, of the signature number ``index`` from 0.

    With them the signature is verified outside: ``openssl cms -verify -binary -inform DER -in CMS -content BYTES``.
    Raises ``NotAccepted`` if there is no such signature.
    """
    try:
        embedded = _signatures(PdfFileReader(BytesIO(data)))[index]
        start, length, resume, rest = (int(each) for each in embedded.byte_range)
        return bytes(embedded.pkcs7_content), data[start : start + length] + data[resume : resume + rest]
    except READING_ERRORS as error:
        raise NotAccepted("there is no such signature") from error


def extract_revision(data: bytes, index: int) -> bytes:
    """Return the file as signer number ``index`` signed it, to show it to them. Raises ``NotAccepted``."""
    try:
        return data[: _revision_size(_signatures(PdfFileReader(BytesIO(data)))[index])]
    except READING_ERRORS as error:
        raise NotAccepted("there is no such signature") from error


async def _verify(data: bytes, trust: Trust, now: datetime) -> list[SignatureReport]:
    reader = PdfFileReader(BytesIO(data))
    signatures = _signatures(reader)
    if not signatures:
        raise NotAccepted("the file bears no signature")
    reports = []
    for embedded in signatures:
        embedded.compute_integrity_info(diff_policy=DEFAULT_DIFF_POLICY)  # type: ignore[no-untyped-call]
        result = await _validate(embedded, trust, now)
        _require_passed(embedded, result)
        reports.append(_report(data, embedded))
    _require_coverage(data, reader, signatures[-1])
    return reports


async def _validate(embedded: EmbeddedPdfSignature, trust: Trust, now: datetime) -> AdESLTAValidationResult:
    """Validate as of ``now``; once the signer's certificate has expired, as of the time that the archive proves."""
    authorities = load_pem_x509_certificates(trust.roots_pem + trust.chain_pem)
    revoked = revocations(trust.crls, authorities)
    _require_unrevoked(embedded, revoked)
    timing = ValidationTimingInfo(now, now, point_in_time_validation=False)
    result = await ades_lta_validation(embedded, _specification(_knowledge(embedded, trust, now), trust), timing)
    if result.ades_subindic not in EXPIRED or not trust.crls:
        return result
    knowledge = _archived_knowledge(embedded, trust, revoked, now)
    return await ades_lta_validation(embedded, _specification(knowledge, trust), timing)


def _require_unrevoked(embedded: EmbeddedPdfSignature, revoked: Mapping[int, datetime]) -> None:
    """Neither the signer nor the timestamp authority may have been revoked when they signed, whatever pyHanko makes of
    it: it can say *passed* for an expired certificate that had been revoked before it signed."""
    signed_at = _signing_time(embedded)
    signers = [embedded.signer_cert, *(extract_certificate_info(each).signer_cert for each in _timestamps(embedded))]
    for certificate in signers:
        since = revoked.get(certificate.serial_number)
        if since is not None and since <= signed_at:
            raise NotAccepted(f"{embedded.field_name}: a certificate was revoked before the signature")


def _require_passed(embedded: EmbeddedPdfSignature, result: AdESLTAValidationResult) -> None:
    field, status = embedded.field_name, result.api_status
    if result.ades_subindic is not AdESPassed.OK:
        raise NotAccepted(f"{field}: {result.ades_subindic.standard_name}: {result.failure_msg}")
    if status is None or not status.bottom_line:
        raise NotAccepted(f"{field}: the document was changed after signing, or the signature is not trusted")
    if status.timestamp_validity is None:
        raise NotAccepted(f"{field}: no timestamp")


def _require_coverage(data: bytes, reader: PdfFileReader, last: EmbeddedPdfSignature) -> None:
    """The last signature covers the file to its last byte, or a document timestamp follows it and nothing comes after
    the signature but validation data and document timestamps."""
    if _revision_size(last) == len(data) and last.coverage is SignatureCoverageLevel.ENTIRE_FILE:
        return
    archived = reader.embedded_signatures[-1].sig_object_type == "/DocTimeStamp"
    changes = last.diff_result
    archival = isinstance(changes, DiffResult) and changes.modification_level <= ModificationLevel.LTA_UPDATES
    if not archived or not archival or last.coverage is not SignatureCoverageLevel.ENTIRE_REVISION:
        raise NotAccepted(f"{last.field_name}: something was added after the last signature")


def _report(data: bytes, embedded: EmbeddedPdfSignature) -> SignatureReport:
    subject = embedded.signer_cert.subject.native
    size = _revision_size(embedded)
    return SignatureReport(
        field=str(embedded.field_name),
        signer=str(subject.get("common_name", "")),
        person_id=str(subject.get("serial_number", "")),
        reason=str(embedded.sig_object.get("/Reason", "")),
        signed_at=_signing_time(embedded),
        certificate_serial=embedded.signer_cert.serial_number,
        revision_size=size,
        revision_sha256=hashlib.sha256(data[:size]).hexdigest(),
        covers_whole_file=size == len(data),
    )


def _signing_time(embedded: EmbeddedPdfSignature) -> datetime:
    """The time in the signature's own timestamp; that the timestamp holds is part of the bottom line."""
    tokens = _timestamps(embedded)
    if not tokens:
        raise NotAccepted(f"{embedded.field_name}: no timestamp")
    return cast(datetime, tokens[0]["encap_content_info"]["content"].parsed["gen_time"].native)


def _signatures(reader: PdfFileReader) -> list[EmbeddedPdfSignature]:
    """People's signatures, oldest first, without document timestamps."""
    return list(reader.embedded_regular_signatures)


def _revision_size(embedded: EmbeddedPdfSignature) -> int:
    _, _, resume, rest = (int(each) for each in embedded.byte_range)
    return resume + rest


def _specification(knowledge: LocalKnowledge, trust: Trust) -> PdfSignatureValidationSpec:
    """Nothing is fetched from anywhere: certificates and revocation lists come with the file and with ``trust``."""
    anchors: list[TrustAnchor | x509.Certificate] = list(_certificates(trust.roots_pem))
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(trust_roots=anchors),
        revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO),
    )
    gathering = RevocationInfoGatheringSpec(
        RevinfoOnlineFetchingRule.LOCAL_ONLY, certificate_fetching_rule=CertificateFetchingRule.NEVER_FETCH
    )
    return PdfSignatureValidationSpec(SignatureValidationSpec(policy, gathering, local_knowledge=knowledge))


def _knowledge(embedded: EmbeddedPdfSignature, trust: Trust, now: datetime) -> LocalKnowledge:
    """What is at hand exists now; without a proof of that, pyHanko would date it later than the check itself."""
    knowledge = LocalKnowledge(
        known_crls=[CRLContainer(crl.CertificateList.load(each)) for each in trust.crls],
        # Roots too, since they issue revocation lists. Being listed here trusts none of the embedded certificates.
        known_certs=[*_certificates(trust.roots_pem + trust.chain_pem), *_embedded_certificates(embedded)],
    )
    return replace(knowledge, known_poes=list(knowledge.assert_existence_known_at(now)))


def _archived_knowledge(
    embedded: EmbeddedPdfSignature, trust: Trust, revoked: Mapping[int, datetime], now: datetime
) -> LocalKnowledge:
    """As ``_knowledge``, with the revocation lists of the archive only: fresh ones hold the check at the present, in
    which the signer's certificate has expired. That the timestamp authorities are not revoked now, they still say."""
    knowledge = _knowledge(embedded, replace(trust, crls=()), now)
    timestampers = [each.signer_cert for each in embedded.reader.embedded_timestamp_signatures]
    tokens = [extract_certificate_info(each).signer_cert for each in _timestamps(embedded)]
    authorities = [*timestampers, *tokens, *_certificates(trust.chain_pem)]
    unrevoked = [
        NonRevokedStatusAssertion(each.sha256, now) for each in authorities if each.serial_number not in revoked
    ]
    return replace(knowledge, nonrevoked_assertions=unrevoked)


def _embedded_certificates(embedded: EmbeddedPdfSignature) -> list[x509.Certificate]:
    containers = (embedded.signed_data, *_timestamps(embedded))
    return [each.chosen for data in containers for each in data["certificates"] if each.name == "certificate"]


def _timestamps(embedded: EmbeddedPdfSignature) -> list[cms.SignedData]:
    return list(extract_tst_data_iter(embedded.signer_info, signed=False))


def _certificates(pem_bytes: bytes) -> list[x509.Certificate]:
    if not pem_bytes:
        return []
    return [x509.Certificate.load(der) for _, _, der in pem.unarmor(pem_bytes, multiple=True)]
