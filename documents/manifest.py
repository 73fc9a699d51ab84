"""Signed JSON: compact JWS (RFC 7515), ES256 with the certificate chain in ``x5c``, over the exact stored bytes.

Nothing that the header points at is fetched or believed: ``jku``, ``x5u`` and ``jwk`` are ignored, ``alg`` must be
ES256, and the chain must lead to a root that the caller trusts.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import datetime

import jwt
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from certs.chain import check_chain
from certs.errors import SignerRejected
from certs.lists import revocations
from certs.profiles import DOCUMENT_SIGNING

from .errors import NotAccepted, SigningFailed
from .signer_keys import SignerKey
from .trust import Trust

ALGORITHM = "ES256"
TYPE = "plenum-manifest+jws"
MAX_CHAIN = 5


def canonical_json(value: Mapping[str, object]) -> bytes:
    """Return JSON as it is stored and signed: UTF-8, sorted keys, no spaces, no floating-point numbers.

    Raises ``ValueError`` for a number that has no single form.
    """
    _refuse_floats(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def sign_manifest(payload: bytes, key: SignerKey) -> str:
    """Return the compact JWS over ``payload``. Raises ``SigningFailed`` for a key that is not on P-256."""
    private = load_pem_private_key(key.key_pem, None)
    if not isinstance(private, ec.EllipticCurvePrivateKey) or not isinstance(private.curve, ec.SECP256R1):
        raise SigningFailed("manifests are signed with a key on P-256")
    chain = x509.load_pem_x509_certificates(key.certificate_pem + key.chain_pem)
    headers = {"typ": TYPE, "x5c": [base64.b64encode(each.public_bytes(Encoding.DER)).decode() for each in chain]}
    return jwt.PyJWS().encode(payload, private, ALGORITHM, headers)


def verify_manifest(jws: str, trust: Trust, now: datetime) -> bytes:
    """Return the signed bytes. Raises ``NotAccepted`` unless the signature and the signer's chain hold at ``now``."""
    chain = _chain(jws)
    public = chain[0].public_key()
    if not isinstance(public, ec.EllipticCurvePublicKey):
        raise NotAccepted("the signer's key is not on P-256")
    try:
        intermediates = (
            [*chain[1:], *x509.load_pem_x509_certificates(trust.chain_pem)] if trust.chain_pem else chain[1:]
        )
        roots = x509.load_pem_x509_certificates(trust.roots_pem)
        check_chain(chain[0], intermediates, roots, now, usage=DOCUMENT_SIGNING, revoked=_revoked(trust, now))
        payload = jwt.PyJWS().decode(jws, public, algorithms=[ALGORITHM])
    except (SignerRejected, jwt.PyJWTError, ValueError) as error:
        raise NotAccepted(f"the manifest's signature does not hold: {error}") from error
    if not isinstance(payload, bytes):
        raise NotAccepted("the manifest has no payload")
    return payload


def _chain(jws: str) -> list[x509.Certificate]:
    try:
        header = jwt.get_unverified_header(jws)
        encoded = header.get("x5c")
        if header.get("typ") != TYPE or not isinstance(encoded, list) or not 1 <= len(encoded) <= MAX_CHAIN:
            raise NotAccepted("the manifest does not carry its signer's certificate")
        return [x509.load_der_x509_certificate(base64.b64decode(each, validate=True)) for each in encoded]
    except (jwt.PyJWTError, binascii.Error, ValueError, TypeError) as error:
        raise NotAccepted("the manifest is not a signed manifest") from error


def _revoked(trust: Trust, now: datetime) -> frozenset[int]:
    authorities = x509.load_pem_x509_certificates(trust.roots_pem + trust.chain_pem)
    return frozenset(serial for serial, since in revocations(trust.crls, authorities).items() if since <= now)


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise ValueError("a manifest holds whole numbers and texts only")
    if isinstance(value, Mapping):
        for each in value.values():
            _refuse_floats(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            _refuse_floats(each)
