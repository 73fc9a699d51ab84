"""The deployment's own timestamp authority: RFC 3161 requests answered in the process that holds its key."""

import hashlib
import secrets
from datetime import UTC, datetime

from asn1crypto import algos, cms, pem, tsp, x509  # type: ignore[import-untyped]
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from .errors import SigningFailed
from .signer_keys import SignerKey

# Our own policy identifier, made from a random UUID (ITU-T X.667).
POLICY = "2.25.127883023433584102117294187681240336071"
ACCURACY_SECONDS = 1
DIGEST_BYTES = {"sha256": 32, "sha384": 48, "sha512": 64}


def answer(request: tsp.TimeStampReq, authority: SignerKey, at: datetime) -> tsp.TimeStampResp:
    """Return the signed answer to ``request``, with the time ``at`` (RFC 3161 §2.4.2).

    Raises ``SigningFailed`` for a digest of an algorithm or a length that is not accepted.
    """
    imprint = request["message_imprint"]
    algorithm = imprint["hash_algorithm"]["algorithm"].native
    if DIGEST_BYTES.get(algorithm) != len(imprint["hashed_message"].native):
        raise SigningFailed(f"no timestamp over a digest of {algorithm}")
    certificate = _certificate(authority.certificate_pem)
    token_info = _token_info(request, certificate, at).dump()
    token = cms.ContentInfo(
        {"content_type": "signed_data", "content": _signed_data(token_info, certificate, authority)}
    )
    return tsp.TimeStampResp({"status": tsp.PKIStatusInfo({"status": "granted"}), "time_stamp_token": token})


def _token_info(request: tsp.TimeStampReq, certificate: x509.Certificate, at: datetime) -> tsp.TSTInfo:
    fields = {
        "version": "v1",
        "policy": POLICY,
        "message_imprint": request["message_imprint"],
        "serial_number": secrets.randbits(127),
        "gen_time": at.astimezone(UTC).replace(microsecond=0),
        "accuracy": tsp.Accuracy({"seconds": ACCURACY_SECONDS}),
        "tsa": x509.GeneralName(name="directory_name", value=certificate.subject),
    }
    if request["nonce"].native is not None:
        fields["nonce"] = request["nonce"]
    return tsp.TSTInfo(fields)


def _signed_data(token_info: bytes, certificate: x509.Certificate, authority: SignerKey) -> cms.SignedData:
    attributes = _signed_attributes(token_info, certificate)
    key = load_pem_private_key(authority.key_pem, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise SigningFailed("the timestamp authority's key is not an elliptic curve key")
    digest = algos.DigestAlgorithm({"algorithm": "sha256"})
    issuer = cms.IssuerAndSerialNumber({"issuer": certificate.issuer, "serial_number": certificate.serial_number})
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier({"issuer_and_serial_number": issuer}),
            "digest_algorithm": digest,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
            "signed_attrs": attributes,
            "signature": key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256())),
        }
    )
    chain = [certificate, *_certificates(authority.chain_pem)]
    return cms.SignedData(
        {
            "version": "v3",  # RFC 5652 §5.1: the content is not plain data
            "digest_algorithms": cms.DigestAlgorithms([digest]),
            "encap_content_info": {"content_type": "tst_info", "content": cms.ParsableOctetString(token_info)},
            "certificates": cms.CertificateSet([cms.CertificateChoices("certificate", each) for each in chain]),
            "signer_infos": [signer],
        }
    )


def _signed_attributes(token_info: bytes, certificate: x509.Certificate) -> cms.CMSAttributes:
    """Content type, digest, and the signer's certificate by its SHA-256 (RFC 5816)."""
    identifier = tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(certificate.dump()).digest()})
    values: list[tuple[str, object]] = [
        ("content_type", "tst_info"),
        ("message_digest", hashlib.sha256(token_info).digest()),
        ("signing_certificate_v2", tsp.SigningCertificateV2({"certs": [identifier]})),
    ]
    return cms.CMSAttributes([cms.CMSAttribute({"type": kind, "values": [value]}) for kind, value in values])


def _certificate(pem_bytes: bytes) -> x509.Certificate:
    return _certificates(pem_bytes)[0]


def _certificates(pem_bytes: bytes) -> list[x509.Certificate]:
    return [x509.Certificate.load(der) for _, _, der in pem.unarmor(pem_bytes, multiple=True)]
