"""Reading revocation lists (RFC 5280 §5) that one of our authorities signed."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from .errors import SignerRejected


def revocations(crls: Iterable[bytes], authorities: Sequence[x509.Certificate]) -> dict[int, datetime]:
    """Return the revoked serial numbers of DER revocation lists, and since when.

    Raises ``SignerRejected`` for a list that cannot be read or that none of ``authorities`` signed.
    """
    found: dict[int, datetime] = {}
    for der in crls:
        try:
            revoked = x509.load_der_x509_crl(der)
        except ValueError as error:
            raise SignerRejected("a revocation list cannot be read") from error
        if not any(_signed_by(revoked, each) for each in authorities):
            raise SignerRejected("a revocation list is not signed by a trusted authority")
        found |= {each.serial_number: each.revocation_date_utc for each in revoked}
    return found


def _signed_by(revoked: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    key = issuer.public_key()
    named = issuer.subject == revoked.issuer
    return named and isinstance(key, ec.EllipticCurvePublicKey) and revoked.is_signature_valid(key)
