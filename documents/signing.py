"""PAdES signatures (ETSI EN 319 142-1). The only module that touches pyHanko's signer.

Order of things: all fields first (:func:`prepare`), then each signature as an incremental update. The first certifies
the document at DocMDP level 2, so that later signatures are allowed and nothing else. Each has a timestamp; the last
adds the validation data (DSS) and a document timestamp (level B-LTA).

Blocking, with private keys: call it from a thread of the hub, never from the event loop and never in a worker.
"""

import asyncio
import binascii
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from asn1crypto import keys, pem, tsp, x509  # type: ignore[import-untyped]
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import (
    MDPPerm,
    SigFieldSpec,
    SigSeedSubFilter,
    append_signature_field,
    enumerate_sig_fields,
)
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_cms import SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner, PdfSigningSession
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.stamp.static import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from .content import StampData
from .errors import SigningFailed
from .render import SignaturePlace, render_stamp
from .signer_keys import SignerKey
from .timestamp import answer
from .trust import Trust


@dataclass(frozen=True, slots=True)
class SigningSetup:
    """What every signature needs beside the signer: whom to trust, the timestamp authority, and how stamps speak."""

    trust: Trust
    timestamper: SignerKey
    language: str = "vi"
    zone: str = "Asia/Ho_Chi_Minh"


def prepare(pdf: bytes, fields: Sequence[SignaturePlace | str]) -> bytes:
    """Return ``pdf`` with a signature field for each of ``fields``; a name alone makes an invisible one.

    Fields that exist stay as they are. Raises ``SigningFailed`` if the document is signed already.
    """
    with _translated("the signature fields cannot be made"):
        writer = IncrementalPdfFileWriter(BytesIO(pdf))
        existing = {name: value is not None for name, value, _ in enumerate_sig_fields(writer.prev)}
        if any(existing.values()):
            raise SigningFailed("fields must be made before the first signature")
        missing = [each for each in fields if _field_name(each) not in existing]
        if not missing:
            return pdf
        for field in missing:
            append_signature_field(writer, _field_spec(field))
        output = BytesIO()
        writer.write(output)  # type: ignore[no-untyped-call]
        return output.getvalue()


def sign(
    pdf: bytes, field: str, signer: SignerKey, reason: str, at: datetime, *, setup: SigningSetup, last: bool = False
) -> bytes:
    """Return ``pdf`` with one more signature in ``field``, made at ``at``.

    ``last`` closes the document for the archive (DSS and document timestamp). Raises ``SigningFailed`` if the field is
    missing or signed, or a certificate does not hold at ``at``.
    """
    with _translated(f"the signature in {field} cannot be made"):
        writer = IncrementalPdfFileWriter(BytesIO(pdf))
        signed = {name: value is not None for name, value, _ in enumerate_sig_fields(writer.prev)}
        if signed.get(field, True):
            raise SigningFailed(f"the document has no unsigned field {field}")
        metadata = PdfSignatureMetadata(
            field_name=field,
            md_algorithm="sha256",
            reason=reason,
            name=signer.common_name,
            certify=not any(signed.values()),
            docmdp_permissions=MDPPerm.FILL_FORMS,
            subfilter=SigSeedSubFilter.PADES,
            validation_context=_validation_context(setup.trust, at),
            embed_validation_info=last,
            use_pades_lta=last,
        )
        pdf_signer = _TimedSigner(
            metadata,
            _signer(signer),
            timestamper=_OwnTimeStamper(setup.timestamper, at),
            stamp_style=_stamp_style(_field_size(writer, field), signer.common_name, reason, at, setup),
            at=at,
        )
        output = BytesIO()
        asyncio.run(pdf_signer.async_sign_pdf(writer, existing_fields_only=True, output=output))
        return output.getvalue()


class _OwnTimeStamper(TimeStamper):
    """pyHanko's view of our timestamp authority: no network between."""

    def __init__(self, authority: SignerKey, at: datetime) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._authority = authority
        self._at = at

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return answer(req, self._authority, self._at)


class _TimedSigner(PdfSigner):
    """Signs at the given time instead of the machine's."""

    def __init__(
        self,
        metadata: PdfSignatureMetadata,
        signer: SimpleSigner,
        *,
        timestamper: TimeStamper,
        stamp_style: StaticStampStyle | None,
        at: datetime,
    ) -> None:
        super().__init__(metadata, signer, timestamper=timestamper, stamp_style=stamp_style)
        self._at = at

    def init_signing_session(self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self._at
        return session


class _ImportedPage(PdfContent):
    """The first page of another PDF as a drawing."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__()
        self._pdf = pdf

    def render(self) -> bytes:
        xobject = self._ensure_writer.import_page_as_xobject(PdfFileReader(BytesIO(self._pdf)), page_ix=0)
        name = b"/Import" + binascii.hexlify(uuid.uuid4().bytes)
        self.resources.xobject[name.decode("ascii")] = xobject
        left, bottom, right, top = xobject.get_object()["/BBox"]
        self.box = BoxConstraints(width=abs(right - left), height=abs(top - bottom))
        return name + b" Do"


class _translated:
    """Turns pyHanko's errors into ``SigningFailed``."""

    def __init__(self, message: str) -> None:
        self._message = message

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, (SigningError, PdfError, PathError, ValidationError, OSError, ValueError)):
            raise SigningFailed(f"{self._message}: {error}") from error


def _field_name(field: SignaturePlace | str) -> str:
    return field if isinstance(field, str) else field.name


def _field_spec(field: SignaturePlace | str) -> SigFieldSpec:
    if isinstance(field, str):
        return SigFieldSpec(field)
    return SigFieldSpec(field.name, on_page=field.page, box=field.box, readable_field_name=field.description)


def _signer(key: SignerKey) -> SimpleSigner:
    registry = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    registry.register_multiple(_certificates(key.chain_pem))
    _, _, private = pem.unarmor(key.key_pem)
    return SimpleSigner(
        signing_cert=_certificates(key.certificate_pem)[0],
        signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=registry,
        embed_roots=False,
    )


def _validation_context(trust: Trust, at: datetime) -> ValidationContext:
    return ValidationContext(
        trust_roots=_certificates(trust.roots_pem),
        other_certs=_certificates(trust.chain_pem),
        crls=list(trust.crls),
        moment=at,
        allow_fetching=False,
        revocation_mode="require",
    )


def _stamp_style(
    size: tuple[float, float], name: str, reason: str, at: datetime, setup: SigningSetup
) -> StaticStampStyle | None:
    """Return what is drawn into the field; None for an invisible one."""
    width, height = size
    if width <= 0 or height <= 0:
        return None
    stamp = StampData(setup.language, setup.zone, name, at, reason, width, height)
    return StaticStampStyle(
        border_width=0,
        background=_ImportedPage(render_stamp(stamp)),
        background_layout=SimpleBoxLayoutRule(
            x_align=AxisAlignment.ALIGN_MIN, y_align=AxisAlignment.ALIGN_MIN, margins=Margins()
        ),
    )


def _field_size(writer: IncrementalPdfFileWriter, field: str) -> tuple[float, float]:
    for name, _, reference in enumerate_sig_fields(writer.prev):
        if name == field:
            annotation = reference.get_object()
            if "/Rect" not in annotation:
                annotation = annotation["/Kids"][0]
            left, bottom, right, top = (float(each) for each in annotation["/Rect"])
            return right - left, top - bottom
    return 0.0, 0.0


def _certificates(pem_bytes: bytes) -> list[x509.Certificate]:
    if not pem_bytes:
        return []
    return [x509.Certificate.load(der) for _, _, der in pem.unarmor(pem_bytes, multiple=True)]
