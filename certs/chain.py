"""Checking that a certificate was issued under a root, holds at a time, and is not revoked (RFC 5280 §6)."""

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import ObjectIdentifier

from .errors import SignerRejected

MAX_DEPTH = 6


def check_chain(
    leaf: x509.Certificate,
    intermediates: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    now: datetime,
    *,
    usage: ObjectIdentifier,
    revoked: frozenset[int] = frozenset(),
) -> None:
    """Raise ``SignerRejected`` unless ``leaf`` leads to one of ``roots``, every certificate on the way holds at ``now``
    and is not revoked, each issuer may issue at its depth, and ``leaf`` names the extended ``usage``."""
    _require_usage(leaf, usage)
    current = leaf
    for depth in range(MAX_DEPTH):
        _require_valid(current, now, revoked)
        if any(current == root for root in roots):
            if depth == 0:
                raise SignerRejected("a root does not sign documents")
            return
        current = _issuer(current, [*roots, *intermediates], depth)
    raise SignerRejected("the chain is too long")


def _issuer(child: x509.Certificate, candidates: Sequence[x509.Certificate], depth: int) -> x509.Certificate:
    for candidate in candidates:
        try:
            child.verify_directly_issued_by(candidate)
        except (ValueError, TypeError, InvalidSignature):
            continue
        if candidate != child and _may_issue(candidate, depth):
            return candidate
    raise SignerRejected("the certificate does not lead to a trusted root")


def _may_issue(issuer: x509.Certificate, authorities_below: int) -> bool:
    try:
        constraints = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = issuer.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return False
    length = constraints.path_length
    return constraints.ca and usage.key_cert_sign and (length is None or authorities_below <= length)


def _require_valid(certificate: x509.Certificate, now: datetime, revoked: frozenset[int]) -> None:
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise SignerRejected("a certificate of the chain has expired or is not valid yet")
    if certificate.serial_number in revoked:
        raise SignerRejected("a certificate of the chain is revoked")


def _require_usage(leaf: x509.Certificate, usage: ObjectIdentifier) -> None:
    try:
        usages = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound as error:
        raise SignerRejected("the certificate has no extended key usage") from error
    if usage not in usages:
        raise SignerRejected("the certificate is for another use")
