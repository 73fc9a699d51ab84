"""SRTP, and the contract with the private parts of pylibsrtp that a new version must keep."""

import struct

import pylibsrtp
import pytest
from pylibsrtp import Policy, Session
from pylibsrtp._binding import ffi, lib

from media import srtp
from media.errors import SrtpError, UnsupportedCrypto
from media.sources import ALL_IDLE, SourceBounds, Sources
from media.srtp import (
    MAX_PACKET,
    PROFILES,
    InboundSession,
    OutboundSession,
    Profile,
    SrtpKeys,
    require_profiles,
    split_keys,
)


def packet(sequence: int, ssrc: int = 7, payload: bytes = b"payload") -> bytes:
    return struct.pack("!BBHII", 0x80, 96, sequence, 0, ssrc) + payload


def pair(profile: Profile = PROFILES[0]) -> tuple[OutboundSession, InboundSession]:
    key = bytes(range(profile.key_length + profile.salt_length))
    return OutboundSession(profile, key), InboundSession(profile, key)


def test_the_private_binding_is_what_it_was() -> None:
    """Trips when a new pylibsrtp moves what media/srtp.py builds on."""
    assert pylibsrtp.__version__ == "1.0.0"
    signature = "srtp_err_status_t(*)(struct srtp_ctx_t_ *, void *, int *)"
    for function in (lib.srtp_protect, lib.srtp_unprotect, lib.srtp_protect_rtcp, lib.srtp_unprotect_rtcp):
        assert signature in str(ffi.typeof(function))
    assert Session(Policy(key=bytes(30), ssrc_type=Policy.SSRC_ANY_OUTBOUND))._srtp[0]
    assert (
        str(ffi.typeof(lib.srtp_remove_stream)) == "<ctype 'srtp_err_status_t(*)(struct srtp_ctx_t_ *, unsigned int)'>"
    )
    assert lib.srtp_err_status_ok == 0


def test_aead_comes_first() -> None:
    assert [profile.name for profile in PROFILES] == [
        "SRTP_AEAD_AES_128_GCM",
        "SRTP_AEAD_AES_256_GCM",
        "SRTP_AES128_CM_SHA1_80",
    ]
    require_profiles()


def test_a_library_without_gcm_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(srtp, "PROFILES", (Profile("SRTP_NONE", 99, 16, 12),))
    with pytest.raises(UnsupportedCrypto, match="SRTP_NONE"):
        require_profiles()


def test_a_library_that_garbles_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(InboundSession, "unprotect", lambda self, data: b"other")
    with pytest.raises(UnsupportedCrypto, match="another packet"):
        require_profiles()


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_rtp_and_rtcp_go_through(profile: Profile) -> None:
    sender, receiver = pair(profile)
    assert receiver.unprotect(sender.protect_copy(packet(1))) == packet(1)
    report = struct.pack("!BBHI", 0x80, 201, 1, 7)
    assert receiver.unprotect_rtcp(sender.protect_rtcp(report)) == report


def test_a_replayed_packet_is_refused() -> None:
    sender, receiver = pair()
    data = sender.protect_copy(packet(1))
    receiver.unprotect(data)
    with pytest.raises(SrtpError):
        receiver.unprotect(data)
    report = sender.protect_rtcp(struct.pack("!BBHI", 0x80, 201, 1, 7))
    receiver.unprotect_rtcp(report)
    with pytest.raises(SrtpError):
        receiver.unprotect_rtcp(report)


@pytest.mark.parametrize("position", [0, 2, 8, 12, -1])
def test_a_changed_packet_is_refused(position: int) -> None:
    sender, receiver = pair()
    data = bytearray(sender.protect_copy(packet(1)))
    data[position] ^= 1
    with pytest.raises(SrtpError):
        receiver.unprotect(bytes(data))


@pytest.mark.parametrize("data", [b"", b"\x80", bytes(11), bytes(MAX_PACKET + 1), b"\x90" + bytes(14)])
def test_what_is_no_packet_is_refused(data: bytes) -> None:
    _sender, receiver = pair()
    with pytest.raises(SrtpError):
        receiver.unprotect(data)
    with pytest.raises(SrtpError):
        receiver.unprotect_rtcp(data)


def test_an_index_is_never_used_for_other_bytes() -> None:
    sender, _ = pair()
    sender.protect_copy(packet(1, payload=b"first"))
    with pytest.raises(SrtpError):
        sender.protect_copy(packet(1, payload=b"other"))


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_what_is_forgotten_of_an_ssrc_is_all(profile: Profile) -> None:
    sender, _ = pair(profile)
    report = struct.pack("!BBHI", 0x80, 201, 1, 7)
    first = sender.protect_rtcp(report)
    sender.protect_copy(packet(1))
    sender.protect_copy(packet(1, ssrc=8))
    sender.forget(7)
    sender.forget(7)
    assert sender.protect_copy(packet(1, payload=b"other"))
    assert sender.protect_rtcp(report) == first
    with pytest.raises(SrtpError):
        sender.protect_copy(packet(1, ssrc=8, payload=b"other"))


def test_too_long_packets_are_refused() -> None:
    sender, _ = pair()
    with pytest.raises(SrtpError):
        sender.protect(MAX_PACKET + 1)
    with pytest.raises(SrtpError):
        sender.protect_rtcp(bytes(MAX_PACKET + 1))
    with pytest.raises(SrtpError):
        sender.protect_rtcp(b"")


def test_of_sources_that_are_given_up_nothing_is_kept_and_nothing_is_taken() -> None:
    profile, key = PROFILES[0], bytes(28)
    sender = OutboundSession(profile, key)
    receiver = InboundSession(profile, key, Sources(SourceBounds(2, 10)))
    reports = [sender.protect_rtcp(struct.pack("!BBHI", 0x80, 201, 1, ssrc)) for ssrc in (1, 1, 2, 1, 3, 4)]
    for report in reports:
        receiver.unprotect_rtcp(report)
    receiver.forget(3)
    receiver.forget(3)
    for given_up in (2, 4):
        with pytest.raises(SrtpError, match="given up"):
            receiver.unprotect_rtcp(reports[given_up])
    receiver.unprotect(sender.protect_copy(packet(1, ssrc=1)))


def test_a_client_may_hear_any_number_of_sources() -> None:
    sender, receiver = pair()
    for ssrc in range(3 * ALL_IDLE.idle):
        last = sender.protect_copy(packet(1, ssrc))
        receiver.unprotect(last)
    with pytest.raises(SrtpError):
        receiver.unprotect(last)


def test_both_ends_derive_the_same_keys() -> None:
    exported = bytes(range(PROFILES[0].exported_length))
    client = split_keys(PROFILES[0], exported, is_client=True)
    server = split_keys(PROFILES[0], exported, is_client=False)
    assert (client.inbound, client.outbound) == (server.outbound, server.inbound)
    assert server.inbound == exported[:16] + exported[32:44]


def test_keys_are_not_shown() -> None:
    assert "secret" not in repr(SrtpKeys(PROFILES[0], b"secret", b"secret"))
