"""TLS contexts of the hub and the relays, and who a relay's certificate says it is."""

import ssl
from collections.abc import Collection, Mapping
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from .errors import PeerRejected
from .profiles import RELAY_URI

PeerCertificate = Mapping[str, object]


def server_context(cert_file: Path, key_file: Path) -> ssl.SSLContext:
    """Return the context of the browsers' listener: TLS 1.2 and 1.3, no client certificate asked for.

    ``cert_file`` holds the server's certificate followed by its chain.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE+AESGCM:ECDHE+CHACHA20")
    context.options |= ssl.OP_NO_RENEGOTIATION
    context.load_cert_chain(cert_file, key_file)
    return context


def control_server_context(cert_file: Path, key_file: Path, root_pem: bytes) -> ssl.SSLContext:
    """Return the context of the relays' listener: TLS 1.3, a client certificate under ``root_pem`` is required.

    The handshake proves the chain; who the peer is, and that it is not revoked, says ``peer_relay_id``.
    """
    context = server_context(cert_file, key_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(cadata=root_pem.decode())
    return context


def relay_client_context(cert_file: Path, key_file: Path, root_pem: bytes) -> ssl.SSLContext:
    """Return a relay's context for the hub: TLS 1.3, presents the relay's certificate, trusts ``root_pem`` alone."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_verify_locations(cadata=root_pem.decode())
    context.load_cert_chain(cert_file, key_file)
    return context


def peer_relay_id(certificate: PeerCertificate | bytes | None, revoked: Collection[int] = ()) -> str:
    """Return the relay id of a client certificate whose chain the handshake has proved.

    ``certificate`` is what ``SSLObject.getpeercert()`` gives: the dictionary, or the DER bytes. Raises
    ``PeerRejected`` when there is none, when it is not a relay's, or when its serial number is in ``revoked``.
    """
    if not certificate:
        raise PeerRejected("no client certificate was presented")
    if isinstance(certificate, bytes):
        serial, uris = _from_der(certificate)
    else:
        serial, uris = _from_mapping(certificate)
    if serial in revoked:
        raise PeerRejected("the certificate is revoked")
    ids = [uri.removeprefix(RELAY_URI) for uri in uris if uri.startswith(RELAY_URI)]
    if len(ids) != 1 or not ids[0]:
        raise PeerRejected("the certificate does not name exactly one relay")
    return ids[0]


def _from_der(der: bytes) -> tuple[int, list[str]]:
    try:
        certificate = x509.load_der_x509_certificate(der)
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        usages = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (ValueError, x509.ExtensionNotFound) as error:
        raise PeerRejected("the certificate is not a relay's") from error
    if ExtendedKeyUsageOID.CLIENT_AUTH not in usages:
        raise PeerRejected("the certificate is not for clients")
    return certificate.serial_number, names.get_values_for_type(x509.UniformResourceIdentifier)


def _from_mapping(certificate: PeerCertificate) -> tuple[int, list[str]]:
    names, serial = certificate.get("subjectAltName", ()), certificate.get("serialNumber", "")
    if not isinstance(names, tuple) or not isinstance(serial, str) or not serial:
        raise PeerRejected("the certificate is not a relay's")
    return int(serial, 16), [value for kind, value in names if kind == "URI"]
