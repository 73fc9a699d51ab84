"""What a relay tells about its own addresses."""

import pytest

from media.addresses import LOOK_EVERY, Announced, own_addresses
from media.announce import Announcement
from media.errors import AnnouncementError


def test_every_own_address_is_announced_for_a_wildcard() -> None:
    assert own_addresses("192.0.2.1") == ("192.0.2.1",)
    assert own_addresses("0.0.0.0")[-1] == "127.0.0.1"
    assert all(":" not in ip for ip in own_addresses("0.0.0.0"))
    assert set(own_addresses("0.0.0.0")) <= set(own_addresses("::"))
    assert own_addresses("") == own_addresses("::")


def test_an_address_that_comes_later_is_noticed_within_five_seconds() -> None:
    machine: tuple[str, ...] = ("192.0.2.1", "127.0.0.1")
    announced = Announced((), "", lambda _: machine)
    assert not announced.changed(100.0)
    machine = ("192.0.2.1", "2001:db8::1", "127.0.0.1")
    assert not announced.changed(100.0 + LOOK_EVERY - 0.1)
    assert announced.changed(100.0 + LOOK_EVERY)
    assert not announced.changed(100.0 + 2 * LOOK_EVERY)
    assert Announcement("2001:db8::1") in announced.addresses


def test_what_the_settings_announce_does_not_follow_the_machine() -> None:
    announced = Announced(("203.0.113.5:443/tcp",), "", lambda _: ("192.0.2.1",))
    assert not announced.changed(100.0)
    assert announced.addresses == (Announcement("203.0.113.5", 443, "tcp"),)


def test_a_name_is_not_announced() -> None:
    with pytest.raises(AnnouncementError):
        Announced(("relay.example.org",), "")
