"""What pages are told about where the relay is."""

import pytest

from media.announce import Announcement, candidates, parse_announcement
from media.errors import AnnouncementError


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("192.0.2.1", Announcement("192.0.2.1")),
        ("192.0.2.1:443", Announcement("192.0.2.1", 443)),
        ("192.0.2.1/tcp", Announcement("192.0.2.1", None, "tcp")),
        ("192.0.2.1:443/udp", Announcement("192.0.2.1", 443, "udp")),
        ("2001:db8::1", Announcement("2001:db8::1")),
        ("2001:db8::1/udp", Announcement("2001:db8::1", None, "udp")),
        ("[2001:db8::1]", Announcement("2001:db8::1")),
        ("[2001:db8::1]:443/tcp", Announcement("2001:db8::1", 443, "tcp")),
    ],
)
def test_an_address_may_have_a_port_and_a_protocol(text: str, meant: Announcement) -> None:
    assert parse_announcement(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "meet.example.org",
        "192.0.2.1:0",
        "192.0.2.1:65536",
        "192.0.2.1:",
        "192.0.2.1/sctp",
        "[2001:db8::1",
        "1.2.3/udp",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(AnnouncementError):
        parse_announcement(text)


def test_every_udp_candidate_stands_before_any_over_tcp() -> None:
    announced = [Announcement("192.0.2.1"), Announcement("192.0.2.2", 443, "tcp"), Announcement("192.0.2.3", 9, "udp")]
    found = [(one.protocol, one.ip, one.port) for one in candidates(announced, 7443, with_tcp=True)]
    assert found == [
        ("udp", "192.0.2.1", 7443),
        ("udp", "192.0.2.3", 9),
        ("tcp", "192.0.2.1", 7443),
        ("tcp", "192.0.2.2", 443),
    ]


def test_a_relay_that_does_not_listen_on_tcp_announces_none() -> None:
    found = candidates([Announcement("192.0.2.1"), Announcement("192.0.2.2", 443, "tcp")], 7443, with_tcp=False)
    assert [(one.protocol, one.ip) for one in found] == [("udp", "192.0.2.1")]
