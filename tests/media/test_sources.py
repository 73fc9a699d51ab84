"""Which SSRCs of a peer are kept, and which are refused for ever: the rule alone."""

import pytest

from media.errors import SrtpError
from media.sources import ALL_IDLE, OF_A_PAGE, SourceBounds, Sources


def test_what_is_of_no_stream_is_given_up_in_the_order_of_its_last_packet() -> None:
    sources = Sources(SourceBounds(2, 9))
    assert [list(sources.came(ssrc)) for ssrc in (1, 2, 1, 3, 4, 5)] == [[], [], [], [], [2], [1]]
    for ssrc in (1, 2):
        with pytest.raises(SrtpError):
            sources.admit(ssrc)
    for ssrc in (3, 4, 5, 6):
        sources.admit(ssrc)


def test_what_came_last_is_not_given_up_as_it_may_be_learnt() -> None:
    sources = Sources(SourceBounds(0, 9))
    sources.came(1)
    assert sources.hold(1)
    assert sources.came(2) == []
    assert sources.came(3) == [2]


def test_what_is_held_is_never_given_up_and_goes_last_when_it_is_released() -> None:
    held = {7: "a stream"}
    sources = Sources(SourceBounds(2, 9), held)
    assert sources.hold(7)
    for ssrc in (1, 2):
        assert sources.came(ssrc) == []
    assert sources.came(7) == ()
    del held[7]
    sources.release(7)
    assert sources.trim() == [1]
    assert sources.trim() == []
    assert sources.hold(7)
    assert not sources.hold(1)


def test_when_no_more_can_be_remembered_nothing_new_is_taken() -> None:
    held: dict[int, str] = {}
    sources = Sources(SourceBounds(1, 2), held)
    for ssrc in (0, 1, 2, 3):
        sources.admit(ssrc)
        sources.came(ssrc)
    with pytest.raises(SrtpError, match="too many"):
        sources.admit(4)
    sources.admit(3)
    held[5] = "a stream that was there"
    sources.admit(5)
    del held[5]
    sources.release(5)
    assert sources.trim() == [2, 3]
    with pytest.raises(SrtpError):
        sources.admit(3)


def test_where_nothing_need_be_refused_nothing_is_remembered() -> None:
    sources = Sources(SourceBounds(1, 0))
    assert [list(sources.came(ssrc)) for ssrc in (1, 2, 3)] == [[], [], [1]]
    sources.admit(1)
    assert sources.hold(1)
    assert Sources(ALL_IDLE).hold(1)


def test_what_nobody_wants_any_more_can_be_given_up_at_once() -> None:
    sources = Sources(OF_A_PAGE)
    sources.came(1)
    sources.give_up(1)
    sources.give_up(1)
    sources.give_up(2)  # of which nothing ever came
    with pytest.raises(SrtpError, match="given up"):
        sources.admit(1)
    sources.admit(2)
