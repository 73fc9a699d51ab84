"""Handshakes in memory: who gets in, and who the hub thinks it is."""

import ssl
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from certs.authority import Authority, Issued
from certs.errors import PeerRejected
from certs.tls import control_server_context, peer_relay_id, relay_client_context, server_context

Files = tuple[Path, Path]


def files(folder: Path, name: str, issued: Issued) -> Files:
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    certificate.write_bytes(issued.certificate_pem + issued.chain_pem)
    key.write_bytes(issued.key_pem)
    return certificate, key


def handshake(server: ssl.SSLContext, client: ssl.SSLContext) -> tuple[ssl.SSLObject, ssl.SSLObject]:
    """Join both contexts by two memory buffers; the server has also read the client's last flight at return."""
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [
        client.wrap_bio(down, up, server_hostname="hub.example"),
        server.wrap_bio(up, down, server_side=True),
    ]
    waiting = list(ends)
    for _ in range(10):
        for end in list(waiting):
            try:
                end.do_handshake()
                waiting.remove(end)
            except ssl.SSLWantReadError:
                continue
        if not waiting:
            return ends[0], ends[1]
    raise AssertionError("the handshake does not end")


@pytest.fixture
def hub(tmp_path: Path, authority: Authority, now: datetime) -> ssl.SSLContext:
    return control_server_context(
        *files(tmp_path, "hub", authority.issue_tls(["hub.example"], now)), authority.root_pem
    )


def relay(tmp_path: Path, authority: Authority, now: datetime, relay_id: str = "r1") -> ssl.SSLContext:
    return relay_client_context(*files(tmp_path, "relay", authority.issue_relay(relay_id, now)), authority.root_pem)


def test_a_relay_is_known_by_its_certificate(
    tmp_path: Path, authority: Authority, now: datetime, hub: ssl.SSLContext
) -> None:
    client, server = handshake(hub, relay(tmp_path, authority, now, "dien-bien_2"))
    assert client.version() == "TLSv1.3"
    assert peer_relay_id(server.getpeercert()) == "dien-bien_2"
    assert peer_relay_id(server.getpeercert(binary_form=True)) == "dien-bien_2"


def test_a_relay_of_another_authority_does_not_get_in(
    tmp_path: Path, authority: Authority, now: datetime, hub: ssl.SSLContext
) -> None:
    foreign = Authority.open_or_create(tmp_path / "foreign", "Council", now)
    context = relay_client_context(*files(tmp_path, "x", foreign.issue_relay("r1", now)), authority.root_pem)
    with pytest.raises(ssl.SSLError):
        handshake(hub, context)


def test_a_client_without_a_certificate_does_not_get_in(authority: Authority, hub: ssl.SSLContext) -> None:
    context = ssl.create_default_context(cadata=authority.root_pem.decode())
    with pytest.raises(ssl.SSLError):
        handshake(hub, context)


@pytest.mark.parametrize("kind", ["signer", "server"])
def test_a_certificate_for_another_use_does_not_get_in(
    tmp_path: Path, authority: Authority, now: datetime, hub: ssl.SSLContext, kind: str
) -> None:
    issued = (
        authority.issue_signer("p1", "Somebody", now) if kind == "signer" else authority.issue_tls(["hub.example"], now)
    )
    context = relay_client_context(*files(tmp_path, "x", issued), authority.root_pem)
    with pytest.raises(ssl.SSLError):
        handshake(hub, context)


def test_an_expired_relay_does_not_get_in(
    tmp_path: Path, authority: Authority, now: datetime, hub: ssl.SSLContext
) -> None:
    with pytest.raises(ssl.SSLError):
        handshake(hub, relay(tmp_path, authority, now - timedelta(days=398)))


def test_a_relay_refuses_a_hub_under_another_name(tmp_path: Path, authority: Authority, now: datetime) -> None:
    other = control_server_context(
        *files(tmp_path, "hub", authority.issue_tls(["other.example"], now)), authority.root_pem
    )
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(other, relay(tmp_path, authority, now))


def test_the_browsers_listener_asks_for_no_certificate(tmp_path: Path, authority: Authority, now: datetime) -> None:
    context = server_context(*files(tmp_path, "hub", authority.issue_tls(["hub.example"], now)))
    _, server = handshake(context, ssl.create_default_context(cadata=authority.root_pem.decode()))
    assert server.getpeercert() is None
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2


def test_a_revoked_relay_is_turned_away_after_the_handshake(
    tmp_path: Path, authority: Authority, now: datetime, hub: ssl.SSLContext
) -> None:
    issued = authority.issue_relay("r9", now)
    context = relay_client_context(*files(tmp_path, "relay", issued), authority.root_pem)
    _, server = handshake(hub, context)
    authority.revoke(issued.certificate_pem, now)
    for certificate in (server.getpeercert(), server.getpeercert(binary_form=True)):
        with pytest.raises(PeerRejected):
            peer_relay_id(certificate, authority.revoked_serials)


def test_what_is_no_relay_certificate_names_no_relay(authority: Authority, now: datetime) -> None:
    signer = ssl.PEM_cert_to_DER_cert(authority.issue_signer("p1", "Somebody", now).certificate_pem.decode())
    mappings: list[dict[str, object]] = [
        {"serialNumber": "01", "subjectAltName": (("DNS", "plenum:relay:r1"),)},
        {"serialNumber": "01", "subjectAltName": (("URI", "plenum:relay:"),)},
        {"serialNumber": "01", "subjectAltName": (("URI", "plenum:relay:a"), ("URI", "plenum:relay:b"))},
        {"serialNumber": "", "subjectAltName": (("URI", "plenum:relay:a"),)},
        {"serialNumber": "01"},
    ]
    for certificate in (None, b"", {}, b"\x30\x00", signer, *mappings):
        with pytest.raises(PeerRejected):
            peer_relay_id(certificate)
