"""ICE-lite: nobody is believed without MESSAGE-INTEGRITY."""

import contextlib
import struct

import pytest
from aioice import stun
from hypothesis import given
from hypothesis import strategies as st

from media.errors import MalformedStun
from media.ice import (
    DISCONNECTED_AFTER,
    FAILED_AFTER,
    MAX_ADDRESSES,
    MAX_ATTRIBUTES,
    IceLite,
    is_stun,
    parse_binding_request,
    requested_ufrag,
)
from media.path import Path, TcpPath, UdpPath, plain, remote

UFRAG, PWD = "localfrag", "p" * 32
HERE = UdpPath("192.0.2.1", 1000)
THERE = UdpPath("192.0.2.2", 2000)


def _by_place(data: bytes) -> str:
    """Name a datagram by what does not change from run to run: others carry random transaction ids."""
    return f"{len(data)} bytes"


def check(*, ufrag: str = UFRAG, pwd: str | None = PWD, remote: str = "remote", nominate: bool = False) -> bytes:
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    message.attributes["USERNAME"] = f"{ufrag}:{remote}"
    message.attributes["PRIORITY"] = 1
    message.attributes["ICE-CONTROLLING"] = 5
    if nominate:
        message.attributes["USE-CANDIDATE"] = None
    if pwd is not None:
        message.add_message_integrity(pwd.encode())
    return bytes(message)


def answer_to(ice: IceLite, data: bytes, address: Path = HERE, now: float = 0.0) -> bytes | None:
    return ice.check(parse_binding_request(data), address, now)


def test_an_authentic_check_is_answered_and_its_address_learned() -> None:
    ice = IceLite(UFRAG, PWD)
    answer = answer_to(ice, check())
    assert answer is not None
    response = stun.parse_message(answer)
    assert response.message_class == stun.Class.RESPONSE
    assert response.check_message_integrity(PWD.encode())
    assert response.attributes["XOR-MAPPED-ADDRESS"] == remote(HERE)
    assert ice.selected == HERE
    assert ice.is_validated(HERE)


@pytest.mark.parametrize(
    "data",
    [check(pwd=None), check(pwd="wrong" * 6), check(ufrag="other"), check(pwd=None, nominate=True)],
    ids=_by_place,
)
def test_an_unauthentic_check_teaches_nothing(data: bytes) -> None:
    ice = IceLite(UFRAG, PWD)
    assert answer_to(ice, data) is None
    assert ice.selected is None
    assert not ice.is_validated(HERE)
    assert ice.liveness(5.0) == "new"


def test_the_remote_fragment_counts_when_it_is_known() -> None:
    ice = IceLite(UFRAG, PWD, "remote")
    assert answer_to(ice, check(remote="other")) is None
    assert answer_to(ice, check()) is not None


def test_the_last_nominated_address_is_used() -> None:
    ice = IceLite(UFRAG, PWD)
    answer_to(ice, check(), HERE)
    answer_to(ice, check(), THERE)
    assert ice.selected == HERE
    answer_to(ice, check(nominate=True), THERE)
    assert ice.selected == THERE
    answer_to(ice, check(), HERE)
    assert ice.selected == THERE


def test_before_a_nomination_the_address_from_which_the_peer_speaks_is_used() -> None:
    ice = IceLite(UFRAG, PWD)
    answer_to(ice, check(), HERE)
    answer_to(ice, check(), THERE)
    ice.heard_from(THERE)
    assert ice.selected == THERE
    ice.heard_from(UdpPath("198.51.100.9", 9))  # no check came from there
    assert ice.selected == THERE


def test_after_a_nomination_it_does_not_matter_from_where_the_peer_speaks() -> None:
    ice = IceLite(UFRAG, PWD)
    answer_to(ice, check(), THERE)
    answer_to(ice, check(nominate=True), HERE)
    ice.heard_from(THERE)
    assert ice.selected == HERE


def test_a_restart_keeps_sending_to_the_old_address_until_a_check_says_otherwise() -> None:
    ice = IceLite(UFRAG, PWD)
    answer_to(ice, check(nominate=True), HERE)
    ice.restart("newfrag", "q" * 32)
    assert ice.selected == HERE
    assert answer_to(ice, check(nominate=True), THERE) is None
    assert answer_to(ice, check(ufrag="newfrag", pwd="q" * 32, nominate=True), THERE) is not None
    assert ice.selected == THERE


def test_liveness_follows_the_checks() -> None:
    ice = IceLite(UFRAG, PWD)
    answer_to(ice, check(), now=100.0)
    assert ice.liveness(100 + DISCONNECTED_AFTER - 0.1) == "live"
    assert ice.liveness(100 + DISCONNECTED_AFTER) == "disconnected"
    assert ice.liveness(100 + FAILED_AFTER) == "failed"
    answer_to(ice, check(), now=140.0)
    assert ice.liveness(141.0) == "live"


def test_addresses_are_forgotten_but_never_the_one_in_use() -> None:
    ice = IceLite(UFRAG, PWD)
    answer_to(ice, check(nominate=True), HERE)
    for port in range(MAX_ADDRESSES + 5):
        answer_to(ice, check(), UdpPath("198.51.100.1", port + 1))
    assert len(ice.addresses) == MAX_ADDRESSES
    assert ice.is_validated(HERE)


@given(st.binary(max_size=100))
def test_arbitrary_bytes_are_a_request_or_malformed(data: bytes) -> None:
    with contextlib.suppress(MalformedStun):
        parse_binding_request(data)


@given(st.integers(0, 200), st.binary(min_size=1, max_size=4))
def test_mangled_requests_are_a_request_or_malformed(position: int, change: bytes) -> None:
    data = bytearray(check())
    data[position % len(data) : position % len(data) + len(change)] = change
    with contextlib.suppress(MalformedStun):
        request = parse_binding_request(bytes(data))
        ice = IceLite(UFRAG, PWD)
        ice.check(request, HERE, 0.0)


@given(st.lists(st.tuples(st.integers(0, 0xFFFF), st.binary(max_size=24)), max_size=6))
def test_arbitrary_attributes_are_a_request_or_malformed(attributes: list[tuple[int, bytes]]) -> None:
    body = b"".join(struct.pack("!HH", kind, len(value)) + value + bytes(-len(value) % 4) for kind, value in attributes)
    data = struct.pack("!HHI", 1, len(body), stun.COOKIE) + bytes(12) + body
    with contextlib.suppress(MalformedStun):
        parse_binding_request(data)


def other(method: stun.Method, kind: stun.Class, username: str | None) -> bytes:
    message = stun.Message(method, kind)
    if username is not None:
        message.attributes["USERNAME"] = username
    return bytes(message)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        bytes(20),  # no cookie
        check()[:-4],
        check() + bytes(1300),
        other(stun.Method.BINDING, stun.Class.RESPONSE, "a:b"),
        other(stun.Method.BINDING, stun.Class.INDICATION, "a:b"),
        other(stun.Method.ALLOCATE, stun.Class.REQUEST, "a:b"),
        other(stun.Method.BINDING, stun.Class.REQUEST, None),
        other(stun.Method.BINDING, stun.Class.REQUEST, "nocolon"),
    ],
    ids=_by_place,
)
def test_what_is_no_connectivity_check_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedStun):
        parse_binding_request(data)


def test_stun_is_told_by_its_first_byte() -> None:
    assert is_stun(check())
    assert not is_stun(b"\x00")
    assert not is_stun(b"\x80" + bytes(30))


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (UdpPath("192.0.2.1", 5, "192.0.2.2"), ("192.0.2.1", 5)),
        (UdpPath("::ffff:192.0.2.1", 5), ("192.0.2.1", 5)),
        (UdpPath("::ffff:c000:201", 5), ("192.0.2.1", 5)),
        (UdpPath("fe80::1%eth0", 5), ("fe80::1", 5)),
        (TcpPath(1, "2001:db8::1", 5), ("2001:db8::1", 5)),
    ],
)
def test_peers_are_told_their_address_without_what_is_ours(path: Path, shown: tuple[str, int]) -> None:
    assert remote(path) == shown


def test_only_mapped_addresses_become_plain() -> None:
    assert [plain(host) for host in ("::ffff:192.0.2.1", "192.0.2.1", "::ffff:1", "2001:db8::1")] == [
        "192.0.2.1",
        "192.0.2.1",
        "::ffff:1",
        "2001:db8::1",
    ]


def with_attributes(count: int) -> bytes:
    """An unauthenticated check with ``count`` attributes, the user name last."""
    name = f"{UFRAG}:remote".encode()
    body = struct.pack("!HH", 0x8022, 0) * (count - 1) + struct.pack("!HH", 6, len(name)) + name
    body += bytes(-len(body) % 4)
    return struct.pack("!HHI", 1, len(body), stun.COOKIE) + bytes(12) + body


def test_the_user_fragment_is_found_without_parsing_the_rest() -> None:
    assert requested_ufrag(check()) == UFRAG.encode()
    assert requested_ufrag(with_attributes(MAX_ATTRIBUTES)) == UFRAG.encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        bytes(20),
        check() + bytes(1300),
        with_attributes(MAX_ATTRIBUTES + 1),
        other(stun.Method.BINDING, stun.Class.RESPONSE, "a:b"),
        other(stun.Method.BINDING, stun.Class.REQUEST, None),
        other(stun.Method.BINDING, stun.Class.REQUEST, "nocolon"),
    ],
    ids=_by_place,
)
def test_what_names_no_transport_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedStun):
        requested_ufrag(data)


@given(st.binary(max_size=100))
def test_arbitrary_bytes_name_a_transport_or_are_malformed(data: bytes) -> None:
    for datagram in (data, check()[:20] + data):
        with contextlib.suppress(MalformedStun):
            requested_ufrag(datagram)


def test_a_forgotten_address_is_not_sent_to_until_it_is_checked_again() -> None:
    ice = IceLite(UFRAG, PWD)
    answer_to(ice, check(nominate=True), HERE)
    ice.forget(THERE)
    assert ice.selected == HERE
    ice.forget(HERE)
    assert not ice.is_validated(HERE)
    answer_to(ice, check(), THERE)
    assert ice.selected == THERE
