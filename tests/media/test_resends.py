"""What is sent again must leave room for what has not been sent yet."""

from media.dataplane.interface import UNLIMITED
from media.resends import LEAST_BURST, SHARE, Resends

NARROW = 300_000


def test_pictures_get_a_share_of_the_known_rate() -> None:
    resends, sent = Resends(), 0
    for step in range(1000):
        most = resends.most(NARROW, step / 100)
        octets = 1200 * (most > 0)
        resends.note(1, (), octets, step / 100)
        sent += octets
    assert 0.9 < sent * 8 / 10 / (SHARE * NARROW) < 1.2


def test_after_a_while_a_burst_that_was_lost_can_be_sent_again_at_once() -> None:
    resends = Resends()
    assert resends.most(NARROW, 0.0) == LEAST_BURST
    assert resends.most(8_000_000, 1.0) > LEAST_BURST
    assert resends.most(8_000_000, 60.0) == int(SHARE * 1_000_000)


def test_of_a_path_of_which_nothing_is_known_nothing_is_withheld() -> None:
    resends = Resends()
    resends.note(1, (), 10**9, 0.0)
    assert resends.most(None, 0.0) == UNLIMITED


def test_much_sound_makes_pictures_wait_for_seconds_and_not_for_ever() -> None:
    resends = Resends()
    resends.note(1, (), 10**9, 0.0)
    assert resends.most(NARROW, 0.0) == 0
    assert resends.most(NARROW, 5.0) > 0


def test_what_may_still_be_on_its_way_is_not_sent_twice() -> None:
    resends = Resends()
    assert resends.missing(1, [5, 6, 5], 0.05, 0.3, 10.0) == [5, 6]
    resends.note(1, [5], 1200, 10.0)
    assert resends.missing(1, [5, 6, 7], 0.05, 0.3, 10.3) == [6, 7], "6 found no room"
    assert resends.missing(2, [5], 0.05, 0.3, 10.3) == [5], "another stream's"
    assert resends.missing(1, [5, 6], 0.05, 0.3, 10.33) == [5, 6]


def test_the_round_trip_may_have_the_queue_in_it_already() -> None:
    for rtt, queue in ((0.6, 0.5), (0.05, 0.58)):
        resends = Resends()
        resends.note(1, [5], 1200, 1.0)
        assert resends.missing(1, [5], rtt, queue, 1.59) == []
        assert resends.missing(1, [5], rtt, queue, 1.61) == [5]


def test_without_a_known_round_trip_a_tenth_of_a_second_is_assumed() -> None:
    resends = Resends()
    resends.note(1, [5], 1200, 1.0)
    assert resends.missing(1, [5], None, 0.0, 1.09) == []
    assert resends.missing(1, [5], None, 0.0, 1.11) == [5]


def test_only_the_last_thousand_are_remembered() -> None:
    resends = Resends()
    resends.note(1, range(5000), 1200, 1.0)
    assert resends.missing(1, [4000, 100], 0.05, 0.0, 1.0) == [100]
