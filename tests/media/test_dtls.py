"""DTLS over memory, without a network."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.dtls import (
    Certificate,
    DtlsContext,
    DtlsSession,
    DtlsState,
    fingerprint,
    generate_certificate,
    is_dtls,
    pack_records,
    verify_fingerprints,
)
from media.errors import DtlsError

NOW = datetime.datetime.now(datetime.UTC)
OURS, THEIRS = generate_certificate(NOW), generate_certificate(NOW)
OUR_CONTEXT, THEIR_CONTEXT = DtlsContext(OURS), DtlsContext(THEIRS)


def announce(certificate: Certificate, algorithm: str = "sha-256") -> list[tuple[str, str]]:
    return [(algorithm, fingerprint(certificate.certificate, algorithm))]


def pair(announced: list[tuple[str, str]] | None = None) -> tuple[DtlsSession, DtlsSession]:
    """Server (the relay) and client."""
    theirs = announce(THEIRS) if announced is None else announced
    return (
        DtlsSession(OUR_CONTEXT, theirs, is_client=False),
        DtlsSession(THEIR_CONTEXT, announce(OURS), is_client=True),
    )


def run(server: DtlsSession, client: DtlsSession) -> None:
    client.start()
    for _ in range(8):
        for datagram in client.take_datagrams():
            server.receive(datagram)
        for datagram in server.take_datagrams():
            client.receive(datagram)


def test_both_sides_get_the_same_keys_and_gcm() -> None:
    server, client = pair()
    run(server, client)
    assert server.state is client.state is DtlsState.CONNECTED
    assert server.keys is not None
    assert client.keys is not None
    assert server.keys.profile.name == "SRTP_AEAD_AES_128_GCM"
    assert (server.keys.inbound, server.keys.outbound) == (client.keys.outbound, client.keys.inbound)


@pytest.mark.parametrize("algorithm", ["sha-256", "sha-384", "sha-512"])
def test_any_good_hash_of_the_certificate_will_do(algorithm: str) -> None:
    verify_fingerprints(THEIRS.certificate, [*announce(THEIRS, algorithm), ("sha-1", "AA")])


@pytest.mark.parametrize("announced", [announce(OURS), [("sha-1", "AA")], [], announce(THEIRS) + announce(OURS)])
def test_another_certificate_than_announced_gives_no_keys(announced: list[tuple[str, str]]) -> None:
    server, client = pair(announced)
    run(server, client)
    assert server.state is DtlsState.FAILED
    assert server.keys is None
    assert server.failure


def test_goodbye_ends_the_session_on_the_other_side() -> None:
    server, client = pair()
    run(server, client)
    client.close()
    for datagram in client.take_datagrams():
        server.receive(datagram)
    assert server.state is DtlsState.CLOSED
    server.receive(b"\x16" + bytes(20))
    client.close()
    assert client.take_datagrams() == []


def test_an_unfinished_handshake_can_be_abandoned() -> None:
    server, _client = pair()
    server.handle_timeout()
    server.abandon("too slow")
    assert server.state is DtlsState.FAILED
    assert server.failure == "too slow"
    server.handle_timeout()
    server.abandon("again")
    server.close()
    assert server.failure == "too slow"


def test_forged_records_do_not_end_a_connected_session() -> None:
    server, client = pair()
    run(server, client)
    server.receive(b"\x15\xfe\xfd" + bytes(8) + b"\x00\x02\x02\x28")  # an alert in the clear
    server.receive(b"\x17\xfe\xfd\x00\x01" + bytes(6) + b"\x00\x20" + bytes(32))
    assert server.state is DtlsState.CONNECTED


@given(st.lists(st.binary(min_size=1, max_size=60), max_size=5))
def test_garbage_raises_nothing(datagrams: list[bytes]) -> None:
    server, _ = pair()
    for datagram in datagrams:
        server.receive(b"\x16\xfe\xfd" + datagram)
    server.take_datagrams()


@given(st.lists(st.integers(0, 1500), max_size=12))
def test_records_are_packed_without_being_split(sizes: list[int]) -> None:
    records = [b"\x16\xfe\xfd" + bytes(8) + size.to_bytes(2, "big") + bytes(size) for size in sizes]
    datagrams = pack_records(b"".join(records))
    assert b"".join(datagrams) == b"".join(records)
    for datagram in datagrams:
        assert len(datagram) <= 1200 or datagram in records


def test_dtls_is_told_by_its_first_byte() -> None:
    assert is_dtls(b"\x16" + bytes(12))
    assert not is_dtls(b"\x16")
    assert not is_dtls(b"\x80" + bytes(12))


def test_a_certificate_can_be_kept() -> None:
    assert Certificate.from_pem(OURS.to_pem()).fingerprint == OURS.fingerprint
    with pytest.raises(DtlsError):
        Certificate.from_pem(b"nonsense")
