"""Certificate profiles (RFC 5280): what each kind of certificate may do, for how long. Pure; no files, no clock."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from .errors import InvalidName

ROOT_LIFETIME = timedelta(days=3653)
ISSUING_LIFETIME = timedelta(days=1827)
TLS_LIFETIME = timedelta(days=397)
RELAY_LIFETIME = timedelta(days=397)
SIGNER_LIFETIME = timedelta(days=731)
TIMESTAMPER_LIFETIME = timedelta(days=1827)
CLOCK_SKEW = timedelta(minutes=5)

RELAY_URI = "plenum:relay:"
PERSON_URI = "plenum:person:"
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336 id-kp-documentSigning
NAME_BYTES = 64  # RFC 5280 appendix A, ub-common-name and ub-organization-name


@dataclass(frozen=True, slots=True)
class Issuer:
    """A certificate and the key that signs under it."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class Profile:
    """What one certificate says: subject, alternative names, key usages, extended usages, lifetime."""

    subject: x509.Name
    lifetime: timedelta
    usage: x509.KeyUsage
    extended: tuple[ObjectIdentifier, ...] = ()
    extended_critical: bool = False
    alternative: tuple[x509.GeneralName, ...] = ()
    authority_depth: int | None = None  # path length of a CA; None for an end entity


def fit(text: str, limit: int = NAME_BYTES) -> str:
    """Return ``text`` cut at a character so that its UTF-8 form has at most ``limit`` bytes."""
    return text.encode()[:limit].decode(errors="ignore").strip() or "-"


def name(organisation: str, common_name: str, *more: x509.NameAttribute[str]) -> x509.Name:
    """Return the distinguished name O=organisation, CN=common_name, with ``more`` attributes."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, fit(organisation)),
            x509.NameAttribute(NameOID.COMMON_NAME, fit(common_name)),
            *more,
        ]
    )


def key_usage(*allowed: str) -> x509.KeyUsage:
    """Return a ``KeyUsage`` with the named bits set (RFC 5280 §4.2.1.3)."""
    bits = dict.fromkeys(
        (
            "digital_signature",
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    bits |= dict.fromkeys(allowed, True)
    return x509.KeyUsage(**bits)


def root_profile(organisation: str) -> Profile:
    """The trust anchor; signs issuing authorities only."""
    subject = name(organisation, f"Plenum Root CA {fit(organisation, 44)}")
    return Profile(subject, ROOT_LIFETIME, key_usage("key_cert_sign", "crl_sign"), authority_depth=1)


def issuing_profile(organisation: str) -> Profile:
    """The authority that signs all end entities."""
    subject = name(organisation, f"Plenum Issuing CA {fit(organisation, 44)}")
    return Profile(subject, ISSUING_LIFETIME, key_usage("key_cert_sign", "crl_sign"), authority_depth=0)


def tls_profile(organisation: str, names: Sequence[str]) -> Profile:
    """A TLS server under DNS names and addresses.

    Raises ``InvalidName`` for an empty list or a name that is neither a host name nor an address.
    """
    if not names:
        raise InvalidName("a server certificate needs at least one name")
    alternative = tuple(_server_name(each) for each in names)
    return Profile(
        name(organisation, names[0]),
        TLS_LIFETIME,
        key_usage("digital_signature"),
        (ExtendedKeyUsageOID.SERVER_AUTH,),
        alternative=alternative,
    )


def relay_profile(organisation: str, relay_id: str) -> Profile:
    """A relay that identifies itself to the hub by mutual TLS."""
    return Profile(
        name(organisation, relay_id),
        RELAY_LIFETIME,
        key_usage("digital_signature"),
        (ExtendedKeyUsageOID.CLIENT_AUTH,),
        alternative=(_plenum_uri(RELAY_URI, relay_id),),
    )


def signer_profile(organisation: str, person_id: str, display_name: str) -> Profile:
    """A person's signature under documents: non-repudiation, RFC 9336."""
    serial = x509.NameAttribute(NameOID.SERIAL_NUMBER, fit(person_id))
    return Profile(
        name(organisation, display_name, serial),
        SIGNER_LIFETIME,
        key_usage("digital_signature", "content_commitment"),
        (DOCUMENT_SIGNING,),
        alternative=(_plenum_uri(PERSON_URI, person_id),),
    )


def timestamper_profile(organisation: str) -> Profile:
    """The timestamp authority: the extended usage is critical and alone (RFC 3161 §2.3)."""
    return Profile(
        name(organisation, "Plenum Timestamp Authority"),
        TIMESTAMPER_LIFETIME,
        key_usage("digital_signature"),
        (ExtendedKeyUsageOID.TIME_STAMPING,),
        extended_critical=True,
    )


def certify(
    profile: Profile,
    public_key: ec.EllipticCurvePublicKey,
    issuer: Issuer | None,
    self_key: ec.EllipticCurvePrivateKey,
    now: datetime,
) -> x509.Certificate:
    """Make the certificate of ``public_key`` under ``profile``.

    ``issuer`` is None for a root, which ``self_key`` then signs. The end of validity never passes the issuer's.
    """
    signing_key = self_key if issuer is None else issuer.key
    issuer_name = profile.subject if issuer is None else issuer.certificate.subject
    not_after = now + profile.lifetime
    if issuer is not None:
        not_after = min(not_after, issuer.certificate.not_valid_after_utc)
    builder = (
        x509.CertificateBuilder()
        .subject_name(profile.subject)
        .issuer_name(issuer_name)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_SKEW)
        .not_valid_after(not_after)
    )
    for extension, critical in _extensions(profile, public_key, signing_key):
        builder = builder.add_extension(extension, critical)
    return builder.sign(signing_key, hashes.SHA256())


def _extensions(
    profile: Profile, public_key: ec.EllipticCurvePublicKey, signing_key: ec.EllipticCurvePrivateKey
) -> list[tuple[x509.ExtensionType, bool]]:
    is_authority = profile.authority_depth is not None
    extensions: list[tuple[x509.ExtensionType, bool]] = [
        (x509.BasicConstraints(is_authority, profile.authority_depth), True),
        (profile.usage, True),
        (x509.SubjectKeyIdentifier.from_public_key(public_key), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), False),
    ]
    if profile.extended:
        extensions.append((x509.ExtendedKeyUsage(profile.extended), profile.extended_critical))
    if profile.alternative:
        extensions.append((x509.SubjectAlternativeName(profile.alternative), False))
    return extensions


def _server_name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text.strip("[]")))
    except ValueError:
        pass
    labels = text.removeprefix("*.").split(".")
    if len(text) > 253 or not all(_is_host_label(each) for each in labels):
        raise InvalidName(f"{text!r} is neither a host name nor an address")
    return x509.DNSName(text.lower())


def _is_host_label(label: str) -> bool:
    allowed = label.isascii() and label.replace("-", "").isalnum()
    return allowed and len(label) <= 63 and not label.startswith("-") and not label.endswith("-")


def _plenum_uri(prefix: str, identifier: str) -> x509.UniformResourceIdentifier:
    if not identifier or not identifier.isascii() or not identifier.replace("-", "").replace("_", "").isalnum():
        raise InvalidName(f"{identifier!r} is not an identifier of letters, digits, - and _")
    return x509.UniformResourceIdentifier(prefix + identifier)
