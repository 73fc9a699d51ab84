"""What senders are told of their encodings."""

from media.wanted import LINGER, STARTUP, WantedLayers


def test_less_is_wanted_after_a_while_and_more_at_once() -> None:
    layers = WantedLayers()
    layers.update({"a": (2, 3)}, 1.0)
    assert layers.take_changes() == {}
    layers.update({"a": (0, 3)}, 2.0)
    layers.update({"a": (0, 3)}, 2.0 + LINGER - 0.1)
    assert layers.take_changes() == {}
    layers.update({"a": (0, 3)}, 2.0 + LINGER)
    assert layers.take_changes() == {"a": 0}
    assert layers.take_changes() == {}
    layers.update({"a": (1, 3)}, 8.0)
    assert layers.take_changes() == {"a": 1}
    assert layers.all() == {"a": 1}


def test_what_comes_back_in_time_is_never_missed() -> None:
    layers = WantedLayers()
    for step in range(10):
        layers.update({"a": (step % 2, 2)}, float(step))
    assert layers.take_changes() == {}
    assert layers.all() == {}


def test_what_was_not_wanted_may_come_and_what_was_wanted_for_long_has_to() -> None:
    layers = WantedLayers()
    assert layers.held_back("a", 3, 0.0) == set()
    layers.update({"a": (-1, 3)}, 0.0)
    assert layers.held_back("a", 3, 1.0) == {0, 1, 2}
    assert layers.held_back("a", 3, STARTUP) == set()
    layers.update({"a": (-1, 3)}, LINGER)
    assert layers.held_back("a", 3, 99.0) == {0, 1, 2}
    layers.update({"a": (1, 3)}, 100.0)
    assert layers.held_back("a", 3, 101.0) == {0, 1, 2}
    assert layers.held_back("a", 3, 100 + STARTUP) == {2}


def test_sources_that_are_gone_are_forgotten() -> None:
    layers = WantedLayers()
    layers.update({"a": (-1, 3)}, 0.0)
    layers.update({"a": (-1, 3)}, LINGER)
    layers.update({}, LINGER)
    assert layers.take_changes() == {}
    assert layers.all() == {}
